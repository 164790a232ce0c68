"""Whether what a model wrote is supported by what it cites: by shared words and agreeing values, without a model.

A sentence stands if it cites, if each number, date, amount, contact and name in it is in a cited passage, if most of
its content words are too, if it denies what they deny and nothing else, and if no further word turns what they say into
something else. What does not is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from concord.answering.counting import CLOCK, MIXED, ORDINALS, measured_alike, worded_known
from concord.answering.measures import SINGLE, joined_alike, numbers, numerals, single_units, symbols, units_known
from concord.answering.neutral import in_round_brackets
from concord.answering.overlap import Wanted
from concord.answering.qualifiers import affirmed, clauses, denials, rates
from concord.answering.turns import bound_holds, signs, turned
from concord.answering.unstated import unstated
from concord.authority.values import (
    Comparator,
    FoundValue,
    TypedValue,
    ValueType,
    extract_values,
    extract_worded,
    same_value,
)
from concord.authority.values.dates import find_dates
from concord.authority.values.numbers import NUMBER_WORDS, latin, plain
from concord.authority.words import TOKEN, content_stems, stem

SHARED = 0.6
SHARED_WITHOUT_VALUES = 0.7
"""Share of a sentence's content words that its cited passages have, at least: more where no value bears it out too."""

LONGEST = 1_000
"""Characters of a sentence; what is longer is none, and is not looked into."""

_SHRED = 2
"""Words of what states nothing by itself."""

MARK = re.compile(r"\[(\d{1,3}(?:\s?[,;]\s?\d{1,3})*)\]")
"""Numbers of citations, as in `[2]` or `[1, 3]`."""

_NUMBERS = frozenset(stem(word) for word in (*NUMBER_WORDS, "st", "nd", "rd", "th"))
_CONVERTED = frozenset({ValueType.MONEY, ValueType.DURATION, ValueType.PERCENT, ValueType.COUNT})
"""Values that are the same in another unit, and with another number."""
_HAS_TO = re.compile(
    r"\b(?:must|shall|required?|requires|ha(?:s|ve)\s+to|needs?\s+to|mandatory|compulsory|obliged)\b", re.IGNORECASE
)
_MAY = re.compile(r"\b(?:may|might|should|could|optional(?:ly)?)\b", re.IGNORECASE)
_CAN = re.compile(r"\bcan\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*\(([^()]+)\)")
_FROM = {Comparator.AT_LEAST, Comparator.ABOVE}
_UP_TO = {Comparator.AT_MOST, Comparator.BELOW}
_ENDED = re.compile(r"(?<=[.!?])\s+")
_MARKS = re.compile(r"^[\s\-*+•–—>(\"'“‘#]+")
"""What stands before the first word of a sentence, such as the mark of a list."""
_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][\w'’-]*[A-Za-z0-9]\b")


class Lacks(StrEnum):
    """Why a sentence is not supported."""

    CITATION = "citation"
    VALUE = "value"
    NAME = "name"
    WORDS = "words"
    DENIAL = "denial"
    MEANING = "meaning"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Passage:
    """What a citation stands for: the sentence that is quoted, and the title and headings above it."""

    quote: str
    around: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence without the marks of its citations, the numbers that it cites, and what it lacks, if anything."""

    text: str
    numbers: tuple[int, ...]
    lacks: Lacks | None = None


def check(sentence: str, passages: Mapping[int, Passage], wanted: Wanted) -> Checked:
    """Check one sentence of an answer against the passages that it cites; numbers that nothing has are left out.

    `wanted` are the question's words, so that another department's term counts as the word that was asked.
    """
    if len(sentence) > LONGEST:
        return Checked(sentence[:LONGEST], (), Lacks.LENGTH)
    named = [int(each) for found in MARK.findall(sentence) for each in re.findall(r"\d+", found)]
    numbers = tuple(dict.fromkeys(each for each in named if each in passages))
    text = " ".join(MARK.sub(" ", sentence).split())
    text = re.sub(r"[,;:]+(?=[.!?])", "", re.sub(r"\s+([.,;:!?])", r"\1", text))

    text = latin(text)

    def lacking(cited: Iterable[int]) -> Lacks | None:
        held = [Passage(latin(passages[each].quote), latin(passages[each].around)) for each in cited]
        return None if _word_for_word(text, held) else _lacks(text, held, wanted)

    lacks = lacking(numbers) if numbers else Lacks.CITATION
    if lacks is None and len(numbers) > 1:
        # A page that does not bear a sentence out lends it no authority, though another that is cited does.
        bears = [n for n in numbers if lacking([n]) is None or lacking(set(numbers) - {n})]
        numbers = tuple(bears) or numbers
    return Checked(in_round_brackets(text), numbers, lacks)


def _word_for_word(text: str, cited: Iterable[Passage]) -> bool:
    """Whether a sentence is one of the passages', word for word."""
    return any(_folded(text) in map(_folded, (each.quote, *_ENDED.split(each.quote))) for each in cited)


def _folded(sentence: str) -> str:
    return " ".join(sentence.casefold().split()).rstrip(".!?")


def states(text: str, values: Iterable[TypedValue]) -> bool:
    """Whether a text states one of these values."""
    said = [each.value for each in extract_values(text)]
    return any(same_value(one, other) for one in said for other in values)


def _lacks(text: str, cited: Sequence[Passage], wanted: Wanted) -> Lacks | None:
    whole = "\n".join([*(each.quote for each in cited), *(each.around for each in cited)])
    said = _values(text)
    worded = _without(text, said)
    stems = frozenset(content_stems(affirmed(text))) - _NUMBERS
    shared = SHARED if said else SHARED_WITHOUT_VALUES
    have = frozenset(content_stems(whole))
    have |= wanted.told(have)
    if not _values_agree(text, said, cited, whole, have):
        return Lacks.VALUE
    if not _names_known(worded, whole, have):
        return Lacks.NAME
    if not stems or len(stems & have) < shared * len(stems) or _is_shred(text, said):
        return Lacks.WORDS
    if not _denial_agrees(text, cited):
        return Lacks.DENIAL
    return Lacks.MEANING if turned(text, whole, have, said) else None


def _values_agree(
    text: str, said: Sequence[FoundValue], cited: Sequence[Passage], whole: str, have: frozenset[str]
) -> bool:
    """Whether a passage states each value of a sentence, as that kind of value, and each further number as a number."""
    # Dates of a page itself ("published on …") are no values of it; a model's have to be the page's all the same.
    dates = [found for each in cited for found in find_dates(each.quote)]
    stated = [_restated(value, each.quote) for each in cited for value in _values(each.quote)] + dates
    # "Lasts a week" and "a week before" state a duration, and no rate.
    rated = rates(SINGLE.sub(" ", _without(text, [each for each in said if each.value.type is ValueType.DURATION])))
    if not symbols(text) <= symbols(whole) or not rated <= rates(whole) or not signs(text) <= signs(whole):
        return False
    agreed = [each for each in said if each.value.type not in (ValueType.POLARITY, ValueType.NAMED)]
    for found in agreed:
        if not any(
            (_says_the_same(found.value, other.value) or _counts_the_same(found.value, other.value, stated))
            and bound_holds(found.value, other.value, text, whole)
            for other in stated
        ):
            return False
    if not all(any(same_value(found.value, other.value) for other in dates) for found in find_dates(text)):
        return False
    rest = _without(text, agreed)
    words = {each.lower() for each in TOKEN.findall(whole)}
    known = {number for number, _ in numbers(whole)} | {
        plain(each) for each in numerals(MIXED.sub(" ", CLOCK.sub(" ", whole)))
    }
    ordinals = {ORDINALS[word] for word in words if word in ORDINALS}
    if any(number not in known and number + letters not in ordinals for number, letters in numbers(rest)):
        return False
    if not joined_alike(rest, whole, words):
        return False
    if not worded_known(rest, whole, known) or not measured_alike(text, whole) or unstated(text, whole):
        return False
    if any(sign in rest and sign not in whole for sign in "%$£€"):
        return False
    return units_known(text, agreed, whole, have) and all(
        any(_says_the_same(one.value, other.value) for other in stated) for one in single_units(text)
    )


def _without(text: str, values: Sequence[FoundValue]) -> str:
    for found in reversed(values):
        text = f"{text[: found.start]} {text[found.end :]}"
    return text


def _values(text: str) -> list[FoundValue]:
    return sorted([*extract_values(text), *extract_worded(text)], key=lambda each: each.start)


def _restated(found: FoundValue, text: str) -> FoundValue:
    """A value with what brackets behind it add to its text, as in "a quarter of an hour (15 minutes)"."""
    again = _BRACKETED.match(text, found.end)
    return replace(found, value=replace(found.value, text=f"{found.value.text} {again[1]}")) if again else found


def _a(text: str) -> frozenset[Decimal]:
    """One, where a value begins with "a" or "an"."""
    return frozenset({Decimal(1)} if re.match(r"an?\s", text, re.IGNORECASE) else ())


def _says_the_same(one: TypedValue, other: TypedValue) -> bool:
    """Whether a value is another, not turned from a minimum into a maximum, nor per month instead of per year.

    It has the other's number, too: by the clock 27 days are 648 hours, which no passage states.
    """
    if one.type in _CONVERTED and not numerals(one.text) <= numerals(other.text) | _a(other.text):
        return False
    bounds = {one.comparator, other.comparator}
    opposed = bool(bounds & _FROM) and bool(bounds & _UP_TO)
    return same_value(one, other) and not opposed and not (one.per and other.per and one.per != other.per)


def _counts_the_same(one: TypedValue, other: TypedValue, stated: Iterable[FoundValue]) -> bool:
    """Whether both count the same in other words, "240 seated people" and "240 people seated".

    What is counted apart from it, as in "400 people standing" beside it, is not the same.
    """
    if one.type is not ValueType.COUNT or other.type is not ValueType.COUNT:
        return False
    said, held = set(one.unit.split()), set(other.unit.split())
    apart = {stem for each in stated if each.value.type is ValueType.COUNT for stem in each.value.unit.split()} - held
    return (one.low, one.high) == (other.low, other.high) and bool(said & held) and not said & apart


def _is_shred(text: str, said: Sequence[FoundValue]) -> bool:
    """Whether it is too short to state anything: a word or two without a value or a name, as of a link cut apart."""
    return len(TOKEN.findall(text)) <= _SHRED and not said and not text[:1].isupper()


def _names_known(text: str, whole: str, have: frozenset[str]) -> bool:
    """Whether every name inside a sentence is one of the passages', or is what was asked about in other words."""
    words = {word for each in TOKEN.findall(whole) if (word := each.casefold().removesuffix("'s").removesuffix("’s"))}
    names = (each.casefold().removesuffix("'s").removesuffix("’s") for each in _NAME.findall(_MARKS.sub("", text)))
    return all(name in words or stem(name) in have for name in names)


def _denial_agrees(text: str, cited: Iterable[Passage]) -> bool:
    """Whether each clause of a sentence denies something where its passages' nearest do, and permits what they do."""
    held = [(clause, frozenset(content_stems(affirmed(clause)))) for each in cited for clause in clauses(each.quote)]
    for said in clauses(text):
        stems = frozenset(content_stems(affirmed(said)))
        most = max(len(stems & theirs) for _, theirs in held)
        nearest = " ".join(clause for clause, theirs in held if len(stems & theirs) == most)
        if bool(denials(said)) != bool(denials(nearest)) or not _permits_the_same(said, nearest):
            return False
    return True


def _permits_the_same(said: str, held: str) -> bool:
    """Whether what has to be is not said to be free, nor the other way round; "can" leaves open which it is."""
    if not denials(said):
        has_to, may = _HAS_TO.search(held), _MAY.search(held)
        if has_to and not may and _MAY.search(said) and not _HAS_TO.search(said):
            return False
        if (may or _CAN.search(held)) and not has_to and _HAS_TO.search(said):
            return False
    rules = _polarities(held)
    return not rules or all(any(same_value(one, other) for other in rules) for one in _polarities(said))


def _polarities(text: str) -> list[TypedValue]:
    return [each.value for each in extract_worded(text) if each.value.type is ValueType.POLARITY]
