"""How the words around a value bound it, and what a rate is measured in."""

from __future__ import annotations

import re

from concord.authority.values.typed import Comparator

_NEGATED = re.compile(
    r"\b(?:no|not|never|cannot|can't|mustn't|shouldn't)\b[^.;]*?"
    r"\b(?:more|longer|greater|higher|later|over|exceed\w*|above)\b(?:\sthan)?\s?[~$£€]?$",
    re.IGNORECASE,
)
# "Carry over 5 days", "spread over 3 months": the word belongs to the verb and bounds nothing.
_WITH_VERB = re.compile(
    r"\b(?:carr(?:y|ies|ied|ying)|roll(?:s|ed|ing)?|hand(?:s|ed|ing)?|transfer(?:s|red|ring)?|spread(?:s|ing)?|left"
    r"|paid|pay(?:s|ing)?|repaid|repay(?:s|ing)?)\s(?:it\s|them\s)?over(?:\sthe)?\s?[~$£€]?$",
    re.IGNORECASE,
)
_BEFORE_WORDS: tuple[tuple[Comparator, str], ...] = (
    (Comparator.AT_LEAST, r"at least|minimum (?:of|is)|(?:no|not) (?:less|fewer) than"),
    (
        Comparator.AT_MOST,
        r"up to|at most|maximum (?:of|is)|(?:no|not) (?:more|longer|later) than|limit(?:ed)? (?:of|to|is)"
        r"|equal to (?:and|or) under|not (?:to )?exceed(?:ing)?|within|inside",
    ),
    (
        Comparator.ABOVE,
        r"(?:more|greater|higher|longer) than(?: the)?|(?:over|above|exceed(?:s|ing)?|in excess of)(?: the)?",
    ),
    (Comparator.BELOW, r"(?:less|fewer|shorter|lower) than(?: the)?|(?:under|below)(?: the)?"),
)
_BEFORE = tuple(
    (comparator, re.compile(rf"\b(?:{words})\s?\(?[~$£€]?$", re.IGNORECASE)) for comparator, words in _BEFORE_WORDS
)
# "By 31 March" is the last day of something, "by 13 weeks" is how much follows or is added.
_BY = re.compile(r"\bby\s?$", re.IGNORECASE)
_AFTER = (
    (Comparator.AT_LEAST, re.compile(r"^\s?(?:or (?:more|longer|above|over)|minimum)\b|^\+", re.IGNORECASE)),
    (
        Comparator.AT_MOST,
        re.compile(r"^\s?(?:or (?:less|fewer|under|below)|maximum|at (?:the )?(?:most|latest))\b", re.IGNORECASE),
    ),
)
# A count's noun stands between it and its bound: "12 characters or more", "12 characters minimum";
# "3 managers or more senior colleagues" has none.
_AFTER_NOUN = tuple(
    (comparator, re.compile(rf"^\s(?:[a-z-]+\s){{1,3}}?(?:{words})\b", re.IGNORECASE))
    for comparator, words in (
        (Comparator.AT_LEAST, r"or (?:more|longer|above|over)(?!\s[a-z]{5})|minimum"),
        (Comparator.AT_MOST, r"or (?:less|fewer|under|below)(?!\s[a-z]{5})|maximum|at (?:the )?most"),
    )
)
_PER = re.compile(
    r"^\s?(?:/|\b(?:per|a|an|each|every)\s)\s?(?P<per>second|minute|hour|day|night|week|fortnight|month|quarter|year|mile|km"
    r"|kilometre|person|head|employee|shift|item|trip|plan|pay period|passenger|container|user|team|project|line)s?\b",
    re.IGNORECASE,
)


def read_comparator(before: str, after: str, *, counted: bool = False, dated: bool = False) -> Comparator:
    """The bound that the words right before and after a value set.

    `counted`: a noun may stand in between. `dated`: "by" is a bound, as of dates and times.
    """
    if _NEGATED.search(before):
        return Comparator.AT_MOST
    for comparator, pattern in (*_AFTER, *_AFTER_NOUN) if counted else _AFTER:
        if pattern.search(after):
            return comparator
    if _WITH_VERB.search(before):
        return Comparator.EXACT
    if dated and _BY.search(before):
        return Comparator.AT_MOST
    return next((comparator for comparator, pattern in _BEFORE if pattern.search(before)), Comparator.EXACT)


def read_rate(after: str) -> str:
    """What a value is measured per: "a week", "per mile"; empty for none."""
    match = _PER.match(after)
    return match["per"].lower() if match else ""
