"""`parse`: finds a document's format and turns it into Markdown, or into a failure; it never raises for content."""

from __future__ import annotations

from collections.abc import Callable

from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.errors import Unparsable
from concord_connectors.parsers import delimited, docx, html, mail, markdown, pdf, pptx, text, xlsx
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.formats import FORMATS, OCTET_STREAM, format_of_name, format_of_type
from concord_connectors.parsers.limits import DEFAULT_LIMITS, Limits

PARSERS_VERSION = 4
"""Raised when a parser gives other Markdown for the same bytes: sources are then read anew."""

Parser = Callable[[bytes, Limits], ParsedDocument]

PARSERS: dict[str, Parser] = {
    "markdown": markdown.parse,
    "html": html.parse,
    "pdf": pdf.parse,
    "docx": docx.parse,
    "pptx": pptx.parse,
    "xlsx": xlsx.parse,
    "csv": delimited.parse_csv,
    "tsv": delimited.parse_tsv,
    "eml": mail.parse,
    "text": text.parse,
}
"""The parser of each format of `FORMATS`, by the format's name."""


def parse(record: SourceRecord, limits: Limits = DEFAULT_LIMITS) -> ParsedDocument | Failure:
    """The document of a record; a failure carries the record's native id and version."""
    result = parse_content(record.content, record.media_type, record.native_id, limits)
    if isinstance(result, Failure):
        return Failure(record.native_id, record.version, result.reason, result.detail)
    return result


def parse_content(
    content: bytes, media_type: str, name: str, limits: Limits = DEFAULT_LIMITS
) -> ParsedDocument | Failure:
    """The document in `content`, its format taken from `media_type`, or from `name` where that says nothing."""
    try:
        return _parse(content, media_type, name, limits)
    except Unparsable as problem:
        return Failure(name, "", problem.reason, f"{name}: {problem.detail}")
    except RecursionError:
        return Failure(name, "", "too_large", f"{name}: it is nested too deeply; simplify it")
    except MemoryError:
        return Failure(name, "", "memory", f"{name}: it needs more memory than there is; split it")
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # Whatever a format's library makes of a broken file (native ones panic outside `Exception`) is a property of
        # that file: one document must not end the crawl.
        detail = f"{name}: it cannot be read as {media_type} ({type(error).__name__}); check that it opens"
        return Failure(name, "", "corrupt", detail)


def _parse(content: bytes, media_type: str, name: str, limits: Limits) -> ParsedDocument:
    known = format_of_type(media_type)
    if known is None and media_type.partition(";")[0].strip() in ("", OCTET_STREAM):
        known = format_of_name(name)
    if known is None:
        names = ", ".join(each.name for each in FORMATS)
        raise Unparsable("unsupported", f"no parser knows {media_type} (there are: {names}); exclude it")
    if len(content) > limits.bytes:
        raise Unparsable("too_large", f"it has {len(content)} bytes, more than {limits.bytes}; split it")
    if not content.strip(b"\0 \t\r\n"):
        raise Unparsable("empty", "it has no content")
    document = PARSERS[known.name](content, limits)
    if not document.markdown.strip():
        raise Unparsable("empty", "it has no text besides its metadata")
    if len(document.markdown) > limits.characters:
        length = len(document.markdown)
        raise Unparsable("too_large", f"its text has {length} characters, more than {limits.characters}; split it")
    return document
