"""How often something is done, in whatever words: "every 12 months" is "once a year", and "every 2 years" is not."""

from __future__ import annotations

import re
from fractions import Fraction

from concord.authority.values.numbers import NUMBER_WORDS, parse_number
from concord.authority.words import content_stems

_A_YEAR = {"day": 365, "night": 365, "week": 52, "fortnight": 26, "month": 12, "quarter": 4, "year": 1, "annum": 1}
_ADVERBS = {
    "daily": Fraction(365),
    "nightly": Fraction(365),
    "weekly": Fraction(52),
    "fortnightly": Fraction(26),
    "monthly": Fraction(12),
    "quarterly": Fraction(4),
    "half-yearly": Fraction(2),
    "semi-annually": Fraction(2),
    "yearly": Fraction(1),
    "annually": Fraction(1),
    "biennially": Fraction(1, 2),
}
_NUMBER = rf"\d+|{'|'.join(NUMBER_WORDS)}"
_UNIT = rf"(?P<unit>{'|'.join(_A_YEAR)})s?"
_TIMES = re.compile(
    rf"\b(?:(?P<times>once|twice|thrice)|(?P<number>{_NUMBER})\s+times)\s+(?:an?|per|each|every|in\s+an?|in\s+each)\s+"
    rf"(?:calendar\s+)?{_UNIT}\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"\b(?:every|each)\s+(?:(?P<other>other|second)\s+|(?P<number>{_NUMBER})\s+)?(?:calendar\s+)?{_UNIT}\b",
    re.IGNORECASE,
)
_ADVERB = re.compile(rf"\b(?:{'|'.join(_ADVERBS)})\b", re.IGNORECASE)
_OFTEN = {"once": 1, "twice": 2, "thrice": 3}


def frequencies(text: str) -> frozenset[Fraction]:
    """How many times a year a text says that something is done, for each time that it says so."""
    found: set[Fraction] = set()
    for each in _TIMES.finditer(text):
        times = _OFTEN[each["times"].lower()] if each["times"] else parse_number(each["number"], None)
        found.add(Fraction(times) * _A_YEAR[each["unit"].lower()])
    rest = _TIMES.sub(" ", text)
    for each in _EVERY.finditer(rest):
        apart = 2 if each["other"] else parse_number(each["number"], None) if each["number"] else 1
        if apart:
            found.add(Fraction(_A_YEAR[each["unit"].lower()]) / Fraction(apart))
    found |= {_ADVERBS[each.group().lower()] for each in _ADVERB.finditer(rest)}
    return frozenset(found)


def mere(text: str) -> frozenset[Fraction]:
    """How often a text says that something is done, where it says nothing else; else nothing."""
    rest = _ADVERB.sub(" ", _EVERY.sub(" ", _TIMES.sub(" ", text)))
    return frequencies(text) if not content_stems(rest) else frozenset()
