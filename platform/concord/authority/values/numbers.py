"""Numbers as people write them: digits with separators, words, halves and quarters."""

from __future__ import annotations

import re
from decimal import Decimal

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORDS = {**{word: value for value, word in enumerate(_ONES)}, **_TENS, "dozen": 12}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000} | _SCALES
_HALF = Decimal("0.5")
_ALIKE = str.maketrans("\u017f\u0131\u0130\u212a", "siIK")
NUMBER_WORDS = frozenset(_WORDS) | frozenset(_SCALES)
"""The words that numbers are made of."""

_ones = "|".join(sorted(_ONES[1:], key=len, reverse=True))
_tens = "|".join(_TENS)
_small = rf"(?:(?:{_tens})(?:[-\s](?:{_ones}))?|(?:{_ones})|dozen)"
# "Between one hundred and two hundred" joins two numbers, "one hundred and two" is one.
_hundreds = rf"(?:{_small}(?:\shundred(?:\s(?:and\s)?{_small}\b(?!\shundred))?)?)"
HAS_DIGIT = re.compile(r"\d")
"""Cheaper than any pattern with digits in it, and most sentences have none."""
DIGITS = r"(?:\d{1,3}(?:(?:,\d{3})+|(?:\s\d{3})+(?!\d))|\d+)(?:\.\d+)?"
"""Digits with decimals and thousands separators: commas, or spaces (ISO 80000-1)."""
WORDS = rf"(?:{_hundreds}(?:\s(?:thousand|million|billion)(?:,?\s(?:and\s)?{_hundreds}\b)?)?)"
"""Number words up to the billions: "one hundred and twenty", "two thousand five hundred"."""
NUMBER = rf"(?:{DIGITS}(?:\s1/2|\s?½)?|{WORDS}(?:\sand\sa\shalf)?(?:\s\(\d+\))?)"
"""A number in digits or words; a restatement in parentheses belongs to it: "five (5)"."""
RANGE = rf"(?P<low>{NUMBER})(?:\s?(?P<joint>-|–|—|\bto\b|\band\b|\bor\b)\s?(?P<high>{NUMBER}))?"
"""One number, or two joined into a range; `joint` says how."""
SCALE = r"(?:\s?(?:k|m|mn|bn|b)\b|\s(?:thousand|million|billion)\b)"
"""A suffix that multiplies: 1.2m, 3 million."""


def latin(text: str) -> str:
    """A text of the same length without the four letters that a pattern takes for s, i or k where case is ignored."""
    return text.translate(_ALIKE)


def parse_number(text: str, scale: str | None = None) -> Decimal:
    """Read a number matched by `NUMBER`, times the suffix `scale`."""
    factor = Decimal(_SUFFIXES[scale.strip().lower()]) if scale else Decimal(1)
    if text[0].isdigit():
        whole = re.sub(r"\s?(?:½|\s1/2)$", "", text)
        return (Decimal(re.sub(r"[,\s]", "", whole)) + (_HALF if whole != text else 0)) * factor
    total, part = Decimal(0), Decimal(0)
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "hundred":
            part *= 100
        elif word in _SCALES:
            total, part = total + part * _SCALES[word], Decimal(0)
        elif word == "half":
            part += _HALF
        else:
            part += _WORDS.get(word, 0)
    return (total + part) * factor


def plain(number: Decimal) -> str:
    """A number without trailing zeros or exponents, so that equal numbers are equal strings."""
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def is_range(joint: str | None, before: str) -> bool:
    """Whether a joint makes a range: "and" only after "between" or "from", "or" never."""
    if joint is None or joint == "or":
        return False
    return joint != "and" or re.search(r"\b(?:between|from)\s*[$£€~]?$", before, re.IGNORECASE) is not None
