"""Parsers: one file per format, each giving Markdown.

    from concord_connectors.parsers import parse

    document = parse(record)          # a SourceRecord; gives a ParsedDocument or a Failure, never raises

Reasons of failures: `empty`, `encrypted`, `no_text`, `corrupt`, `unsafe`, `too_large`, `bad_front_matter`,
`unsupported`.
"""

from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import DEFAULT_LIMITS, Limits
from concord_connectors.parsers.registry import PARSERS_VERSION, parse, parse_content

__all__ = ["DEFAULT_LIMITS", "PARSERS_VERSION", "Limits", "ParsedDocument", "parse", "parse_content"]
