"""Counts with the noun they count: 14 characters, more than 7,500 people, one of the 5 business units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue, before
from concord.authority.values.numbers import RANGE, SCALE, is_range, parse_number, plain
from concord.authority.values.typed import TypedValue, ValueType
from concord.authority.words import FUNCTION_WORDS, stem

_NOUN = r"[a-z][a-z’'-]+"
_COUNT = re.compile(
    rf"(?<![\w.,/:$£€#@+&;-]){RANGE}(?P<scale>{SCALE})?(?=\+?[\s-](?P<noun>{_NOUN}(?:\s{_NOUN}){{0,3}}))", re.IGNORECASE
)
# A number right after one of these, or after a name, is a label ("step 4", "Code 50"), not a count.
_LABEL = re.compile(
    r"\b(?:step|page|line|level|section|chapter|code|option|approver|tier|grade|band|phase|appendix|annex|figure|table"
    r"|article|paragraph|item|no|number|room|floor|priority|part|day|week|version|class|category|severity)\.?\s\(?$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[A-Z][\w.-]*\s\(?$")
_STARTER = re.compile(r"(?:^|[.!?:]\s|[-*•]\s)[A-Z][a-z]*\s$")
_STOPS = frozenset({"times", "time", "more", "most", "main", "new", "other", "first", "last", "next"})
_BOUNDS = frozenset({"minimum", "maximum"})
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_counts(text: str) -> Iterator[FoundValue]:
    """Yield counts whose noun stands right after the number; years, labels and "one" as a pronoun are left out."""
    for match in _COUNT.finditer(text):
        ahead = before(text, match.start())
        if _YEAR.fullmatch(match["low"]) or _is_label(ahead):
            continue
        noun = _noun(match["noun"])
        if not noun or match["low"].lower() == "one":
            continue
        ranged = is_range(match["joint"], ahead)
        low, start = match["low"], match.start()
        if match["high"] is not None and not ranged:
            low, start = match["high"], match.start("high")
        high = plain(parse_number(match["high"], match["scale"])) if ranged else None
        value = TypedValue(ValueType.COUNT, plain(parse_number(low, match["scale"])), high, " ".join(noun))
        yield FoundValue(
            value, start, match.end("scale") if match["scale"] else max(match.end("high"), match.end("low"))
        )


def _is_label(before: str) -> bool:
    return _LABEL.search(before) is not None or (_NAMED.search(before) is not None and _STARTER.search(before) is None)


def _noun(text: str) -> list[str]:
    """The stems of a noun phrase: up to the first function word; plain adjectives of rank are dropped."""
    words: list[str] = []
    for word in text.split():
        if word.lower() in FUNCTION_WORDS or (words and word.lower() in _BOUNDS):
            break
        if word[0].isupper() and not words:
            return []
        if word not in _STOPS:
            words.append(stem(word.strip("’'-")))
    return words
