"""Plain text, and the decoding of every text format."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GUESSED_ENCODING = "encoding_guessed_cp1252"
"""Warning of a text that is not UTF-8 and was taken for Windows-1252."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with line feeds as line ends, warnings, and whether its lines are those that git and editors count."""

    text: str
    warnings: tuple[str, ...] = ()
    own_lines: bool = True


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Plain text as it stands; its lines are the source's."""
    decoded = decode(content)
    body, first_line = strip_blank_lines(decoded.text)
    return ParsedDocument(body, first_line=first_line if decoded.own_lines else None, warnings=decoded.warnings)


def decode(content: bytes) -> Decoded:
    """The text in `content`: by its byte order mark, else UTF-8, else Windows-1252 with a warning.

    Raises `Unparsable("corrupt")` for what is none of them, such as a binary file under a text's name.
    """
    warnings: tuple[str, ...] = ()
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            text = _decode(content[len(mark) :], encoding)
            break
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = _decode(content, "cp1252")
            warnings = (GUESSED_ENCODING,)
    if "\0" in text:
        raise Unparsable("corrupt", "it is a binary file under the name of a text; rename or exclude it")
    text = text.replace("\r\n", "\n")
    if "\n" not in text and "\r" in text:  # line ends of the first Macintoshes
        return Decoded(text.replace("\r", "\n"), warnings, own_lines=False)
    return Decoded(text.replace("\r", " "), warnings)


def strip_blank_lines(text: str, first_line: int = 0) -> tuple[str, int]:
    """`text` without blank lines around it, and the source line at which it now begins."""
    lines = text.split("\n")
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    end = next((index for index in range(len(lines) - 1, -1, -1) if lines[index].strip()), -1)
    return "\n".join(lines[start : end + 1]), first_line + start


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unparsable("corrupt", f"its bytes are no text ({encoding} was tried); save it as UTF-8") from error
