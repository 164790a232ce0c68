"""What changed from one text to the next, readable in a terminal: changed words are marked inside of their line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_PARTS = re.compile(r"\s+|\S+")
_ALIKE = 0.5
"""Likeness above which two lines are one line that changed."""
_CONTEXT_CHARACTERS = 100


def differences(before: str, after: str) -> list[str]:
    """The changed lines with one line around them; nothing where the texts are the same.

    A line begins with `-` (gone), `+` (new), `~` (changed, with `[-old-]` and `{+new+}` words) or a space; `…` stands
    for lines left out.
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[str] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(1):
        lines += ["…"] if lines else []
        for kind, a, b, c, d in group:
            around = [f"  {_short(line)}" for line in old[a:b] if line.strip()]
            lines += around if kind == "equal" else _changed(old[a:b], new[c:d])
    return lines


def words(before: str, after: str) -> str:
    """One text with what went and what came marked."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append("".join(old[a:b]))
        else:
            gone, come = "".join(old[a:b]), "".join(new[c:d])
            parts.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return "".join(parts)


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if len(old) == len(new) and all(_alike(one, other) for one, other in zip(old, new, strict=True)):
        yield from (f"~ {words(one, other)}" for one, other in zip(old, new, strict=True))
    else:
        yield from (f"- {line}" for line in old if line.strip())
        yield from (f"+ {line}" for line in new if line.strip())


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _PARTS.findall(one), _PARTS.findall(other), autojunk=False).ratio() >= _ALIKE


def _short(line: str) -> str:
    return line if len(line) <= _CONTEXT_CHARACTERS else line[:_CONTEXT_CHARACTERS].rsplit(" ", 1)[0] + " …"
