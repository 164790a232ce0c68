"""What a right answer only contrasts with what is right: "not 50 euros", "no longer in Hamburg", "instead of ..."."""

from __future__ import annotations

import re

from concord.authority.values import extract_values
from concord.governance.cases.sameness import comparable

_REST = r"(?:[^,;.()!–—]|[.,](?=\d))+"
_IS = r"(?:it|this|that)(?:\s(?:is|was)|['’]s)"
_INSTEAD = re.compile(
    rf"(?<![\s,(–—])[\s,(–—]*\b(?:instead\sof|rather\sthan|as\sopposed\sto|in\splace\sof)\b{_REST}\)?", re.IGNORECASE
)
_NOT = re.compile(
    r"(?:\s*[,(–—]\s*|\s-\s|\sand\s)(?:and\s)?"
    rf"(?:not|no\slonger|formerly|previously|(?:it\s)?(?:was|used\sto\sbe))\s(?P<what>{_REST})\)?",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"^(?:{_IS}\s)?(?:not|no\slonger|(?:it|this|that)\sisn['’]t)\s(?P<what>{_REST})[,.;!–—\s]+(?:but|{_IS})\s",
    re.IGNORECASE,
)
_NOW = re.compile(r"\s+now\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][\w'’-]+")


def without_contrasts(text: str) -> str:
    """A right answer without what it says is wrong, where that stands beside what takes its place.

    "Not in the first month" stays where nothing beside it is of its kind: a limit is no contrast.
    """
    kept = _FIRST.sub(lambda found: "" if _beside(found["what"], text[found.end() :]) else found[0], text)
    kept = _INSTEAD.sub("", kept)

    def dropped(found: re.Match[str]) -> str:
        rest = f"{found.string[: found.start()]} {found.string[found.end() :]}"
        return "" if _beside(found["what"], rest) else found[0]

    kept = _NOT.sub(dropped, kept).strip()
    if kept == text or not re.search(r"\w", kept):
        return text
    return _NOW.sub("", kept)


def _beside(what: str, rest: str) -> bool:
    """Whether the rest names something of the same kind: a value, a name, or what follows the same short word."""
    mine, others = extract_values(what), extract_values(rest)
    if mine:
        return any(comparable(one.value, other.value) for one in mine for other in others)
    first = what.split()[0]
    if first[0].isdigit():
        return re.search(r"\d", rest) is not None
    if _NAME.match(first):
        return _NAME.search(rest) is not None
    return first.casefold() in rest.casefold().split()
