"""Markdown, also behind front matter and with ERB or Liquid tags in it (`.md.erb`, Jekyll, Eleventy)."""

from __future__ import annotations

from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.front_matter import split_front_matter
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.markdown_lines import first_heading, normalise_lines
from concord_connectors.parsers.markdown_scan import clean
from concord_connectors.parsers.text import decode, strip_blank_lines


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Clean Markdown whose lines stay those of the source: what is taken out leaves its line ends behind."""
    decoded = decode(content)
    metadata, body, first_line = split_front_matter(decoded.text)
    cleaned, code_lines = clean(body, metadata)
    lines = normalise_lines(cleaned.split("\n"), code_lines)
    title = first_heading(lines, code_lines)
    markdown, first_line = strip_blank_lines("\n".join(lines), first_line)
    return ParsedDocument(
        markdown,
        title,
        metadata,
        first_line=first_line if decoded.own_lines else None,
        warnings=decoded.warnings,
    )
