"""Names as sources give them, and what makes one unfit to be a native id."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_NAME_BYTES = 1_000
"""Bytes of a native id, in UTF-8; what indexes of databases can hold, with room for what they add."""
_KEPT_BYTES = MAX_NAME_BYTES - 40
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")

Problem = tuple[str, str]
"""The reason of a failure, and a sentence for a person."""


def plain(name: str) -> str:
    """`name` as a native id can show it: no control characters, no bytes that are no text, of bounded length.

    Bytes that are no UTF-8 are expected as Python's file functions give them (`surrogateescape`).
    """
    text = "".join(_shown(character) for character in name)
    packed = text.encode("utf-8")
    if len(packed) <= MAX_NAME_BYTES:
        return text
    digest = hashlib.sha256(packed).hexdigest()[:20]
    return f"{packed[:_KEPT_BYTES].decode('utf-8', 'ignore')}~{digest}"


def name_problem(name: str) -> Problem | None:
    """What is wrong with a path inside a source (with `/`): it leads somewhere else, or it cannot be shown."""
    if name.startswith(("/", "\\\\")) or _DRIVE.match(name) or not {".", ".."}.isdisjoint(name.split("/")):
        return "unsafe", "its name leads out of where it stands; give it a plain relative name"
    if len(name.encode("utf-8", "surrogateescape")) > MAX_NAME_BYTES:
        return "bad_name", f"its name is longer than {MAX_NAME_BYTES:,} bytes; shorten it"
    if plain(name) != name or "" in name.split("/"):
        return "bad_name", "its name is not plain Unicode text; rename it"
    return None


def _shown(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is no text
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if unicodedata.category(character) in ("Cc", "Cs") else character
