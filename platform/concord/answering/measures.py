"""Measures and numbers that are no values: a unit that something unknown counts, a number joined to letters or signs.

    "several weeks of leave"   "27k days"   "<27 days"   "veinticinco days"   "27 days a lifetime"

A value is held against the passages' values (`concord.answering.support`); what counts without being one is held here
against their words, whatever language or shorthand it is in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal

from concord.answering.counting import ORDINALS
from concord.answering.qualifiers import rates
from concord.authority.values import FoundValue, ValueType, extract_values
from concord.authority.values.numbers import NUMBER, NUMBER_WORDS, SCALE, parse_number
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, TOKEN, content_stems, stem

_UNITS = frozenset(
    stem(word)
    for word in """second minute hour day night week weekend fortnight month quarter year decade century lifetime euro
    pound dollar cent percent percentage mile kilometre semester season""".split()  # noqa: SIM905
)
_CLOCK = frozenset({"hours"})
"""Said of when something is open, without any number of them."""
_COUNTS = frozenset(
    "all any some such other another further more less least most both each every no once same".split()  # noqa: SIM905
)
_BEFORE_UNITS = (FUNCTION_WORDS - _COUNTS) | frozenset("each every any calendar s st nd rd th".split())  # noqa: SIM905
"""Words that stand before a unit without counting it."""
_SUMS = frozenset("number amount total sum length period end start".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W\d_]+")
SINGLE = re.compile(
    r"\ban?\s+(?P<unit>day|night|week|fortnight|month|quarter|year|hour|minute)"
    r"(?:\s+(?:of|ahead|before|beforehand|after|later|earlier|in\s+advance)\b|[’']s?\s+notice\b)",
    re.IGNORECASE,
)
"""One unit as a measure, where it is no value that is read: "a month of", "a week before", "a day's notice"."""
_PER = re.compile(r"\b(?:per|each|every)\s+([^\W\d_]+)|\ban?\s+([^\W\d_]+)\W*$", re.IGNORECASE)
_JOINED = re.compile(r"(?P<before>[^\W\d_]*)(?P<number>\d+(?:[.,:]\d+)*)(?P<after>[^\W\d_]*)")
_NUMERAL = re.compile(rf"(?<![^\W_])(?P<number>(?>{NUMBER})(?:(?<=[\d½)])|\b))(?P<scale>{SCALE})?", re.IGNORECASE)
_PUNCTUATION = frozenset(".,;:!?'\"()[]{}/\\&%@_*|`-‐‑‒–—’‘“”„«»…•·£$€")
"""Signs that neither count, compare nor measure what stands beside them, or are read with a value or a number."""


def symbols(text: str) -> frozenset[str]:
    """The signs of a text that may count, compare or measure: "<", "½", "°", whatever is no letter, digit or mark."""
    return frozenset(each for each in text if each not in _PUNCTUATION and _may_measure(each))


def _may_measure(character: str) -> bool:
    kind = unicodedata.category(character)
    letter = kind[0] in "LMC" and unicodedata.numeric(character, None) is None
    return not (letter or character.isspace() or kind == "Nd")


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of a text, without separators of thousands, and the letters that each is joined to, in lower case."""
    for found in _JOINED.finditer(text):
        number = re.sub(r",(?=\d{3}\b)", "", found["number"])
        yield number, f"{found['before']} {found['after']}".strip().casefold()


def numerals(text: str) -> frozenset[Decimal]:
    """What the numbers of a text come to, in digits or words: 1200 for "1.2k", "1,200" and "twelve hundred"."""
    return frozenset(parse_number(found["number"], found["scale"]) for found in _NUMERAL.finditer(text))


def joined_alike(text: str, whole: str, words: Collection[str]) -> bool:
    """Whether what a sentence's numbers are joined to is so in its passages, or is a word of theirs: 10km, 10 km."""
    there = set(numbers(whole))
    ordinal = {ORDINALS[word] for word in words if word in ORDINALS}
    return all(
        not letters or (number, letters) in there or number + letters in ordinal or set(letters.split()) <= set(words)
        for number, letters in numbers(text)
    )


def units_known(text: str, values: Collection[FoundValue], whole: str, have: frozenset[str]) -> bool:
    """Whether each unit of a sentence is one of its passages', and so is what counts it; `values` agree with theirs."""
    words = {word.lower() for word in TOKEN.findall(whole)}
    units = have | {stem(each.split()[-1]) for each in rates(whole)}
    units |= {"annum"} if stem("year") in units else set()
    spans = [(each.start, each.end) for each in values if each.value.type is ValueType.DURATION]
    inside = [text[start:end] for start, end in spans]

    def known(word: str) -> bool:
        lower = word.lower()
        stems = content_stems(word)
        return lower in words or stem(lower) in have or (have.issuperset(stems) if stems else lower in LIGHT_WORDS)

    if not all(_counted(word) or known(word) for each in inside for word in _WORD.findall(each)):
        return False
    rated = (found[1] or (found[2] if values else None) for found in _PER.finditer(text))
    if not all(known(each) or _counted(each) or not content_stems(each) for each in rated if each):
        return False
    spans += [(each.start, each.end) for each in values]

    def within(word: re.Match[str]) -> bool:
        return any(start <= word.start() < end for start, end in spans)

    ahead: re.Match[str] | None = None
    before: re.Match[str] | None = None
    for found in _WORD.finditer(text):
        further, counting, word = ahead, before, found[0].lower()
        ahead, before = before, found
        if stem(word) not in _UNITS or within(found):
            continue
        if stem(word) not in units and word not in _CLOCK:
            return False
        if counting is None or text[counting.end() : found.start()].strip(" -") or within(counting):
            continue
        if counting[0].lower() not in _BEFORE_UNITS and not known(counting[0]):
            return False
        # "A gross of days" counts them as a number does.
        if counting[0].lower() == "of" and further and not (further[0].lower() in _SUMS or known(further[0])):
            return False
    return True


def single_units(text: str) -> Iterator[FoundValue]:
    """The durations of one unit that a sentence states as "a month of": as values they are read by number alone."""
    for found in SINGLE.finditer(text):
        yield from extract_values(f"1 {found['unit']}")


def _counted(word: str) -> bool:
    """Whether a word inside a duration is its number or its unit, or says nothing of its own there."""
    lower = word.lower()
    return stem(lower) in _UNITS or lower in _BEFORE_UNITS or lower in NUMBER_WORDS
