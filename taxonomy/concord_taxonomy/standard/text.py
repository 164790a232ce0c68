"""Values as clean text: what the standard's text fields hold, whatever a source's metadata held."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

# Control characters, lone surrogates and non-characters: databases and RDF refuse them, and nobody can read them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")


def as_text(value: Any) -> str | None:
    """Return a scalar as text (`true`, `2.1`, an ISO date), or None where it is no scalar."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return None


def clean(text: str) -> str:
    """Return `text` without unprintable characters and without white space around it."""
    return _UNPRINTABLE.sub("", text).strip()


def one_line(text: str) -> str:
    """Return `text` cleaned, with every run of white space as one space."""
    return _SPACE.sub(" ", clean(text)).strip()


def shown(value: Any, limit: int = 80) -> str:
    """Return a value as it can stand in a message: quoted, on one line, shortened."""
    text = as_text(value)
    line = one_line(text if text is not None else type(value).__name__)
    return f"{line[: limit - 1]}…" if len(line) > limit else line


def _number(value: float) -> str | None:
    # An int of more digits than Python converts (an attack, never a version number) has no text.
    try:
        return str(value)
    except ValueError:
        return None
