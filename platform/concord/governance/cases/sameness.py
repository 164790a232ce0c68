"""Whether two texts say the same: by their values with bounds, and by what they allow, demand or deny."""

from __future__ import annotations

import re
from enum import IntEnum

from concord.authority.slots import CONTRASTS
from concord.authority.values import Comparator, FoundValue, TypedValue, ValueType, same_value
from concord.authority.values.modality import Modality, agree
from concord.authority.values.polarity import find_polarity
from concord.authority.words import TOKEN


class Match(IntEnum):
    """What a text makes of something right: says nothing of it, says otherwise, may say it, says it."""

    NOTHING = 0
    OTHERWISE = 1
    UNSURE = 2
    SAME = 3


_LOWER = frozenset({Comparator.AT_LEAST, Comparator.ABOVE})
_LEAST = frozenset({"minimum", "min", "least"})
_MOST = frozenset({"maximum", "max", "most", "limit"})
_PERMITTED = frozenset({Modality.ALLOWED, Modality.MAY})
_DENYING = frozenset({Modality.FORBIDDEN, Modality.OPTIONAL})
_NEGATION = re.compile(
    r"\b(?:not|never|none|nobody|cannot|without|no)\b(?!\s(?:only|later|more|less|fewer|longer|earlier)\b)|n['’]t\b",
    re.IGNORECASE,
)
_TO_NOBODY = re.compile(r"\b(?:nobody|no\s+one|none)\b", re.IGNORECASE)
_DENIED = re.compile(r"(?:\b(?:not|never|no)|n['’]t)\s(?:\w+\s){0,2}$", re.IGNORECASE)


def comparable(one: TypedValue, other: TypedValue) -> bool:
    """Whether two values are of one kind and unit; of counts, one noun may be named more fully than the other."""
    return one.type is other.type and (one.dimension == other.dimension or _counted_alike(one, other))


def _counted_alike(one: TypedValue, other: TypedValue) -> bool:
    """Whether both count the same: "2 people" and "two people run the oven"."""
    nouns = set(one.unit.split()), set(other.unit.split())
    return one.type is other.type is ValueType.COUNT and all(nouns) and (nouns[0] <= nouns[1] or nouns[1] <= nouns[0])


def equal(one: TypedValue, other: TypedValue) -> bool:
    """Whether two values are the same, of counts by whichever noun is the shorter."""
    return same_value(one, other) or (_counted_alike(one, other) and (one.low, one.high) == (other.low, other.high))


def match_values(mine: TypedValue, other: TypedValue, said: str = "", asked: str = "") -> Match:
    """What another value of the same kind makes of mine, in the sentence that states it, to what was asked.

    A value without a bound leaves open what bounds it; "at most 5" is not "at least 5", nor a week's rate a month's.
    """
    if not equal(mine, other) or (mine.per and other.per and mine.per != other.per):
        return Match.OTHERWISE
    if mine.comparator is other.comparator:
        return Match.SAME
    if Comparator.EXACT not in (mine.comparator, other.comparator):
        return Match.UNSURE if (mine.comparator in _LOWER) is (other.comparator in _LOWER) else Match.OTHERWISE
    bound = mine.comparator if other.comparator is Comparator.EXACT else other.comparator
    agreeing, opposed = (_LEAST, _MOST) if bound in _LOWER else (_MOST, _LEAST)
    words = _words(f"{said} {asked}") if bound is mine.comparator else _words(asked)
    if words & opposed and not words & agreeing:
        return Match.UNSURE
    return Match.SAME if bound is other.comparator or words & agreeing else Match.UNSURE


def match_stances(mine: str, other: str, *, whole: bool = True) -> Match:
    """What a sentence makes of one in like words, by what both allow, demand or deny.

    One that is no `whole` statement, as a name, leaves open what is said of it.
    """
    one, two = _stance(mine), _stance(other)
    first, second = _words(mine), _words(other)
    if any(first & group and second & group and not first & second & group for group in CONTRASTS):
        return Match.OTHERWISE
    if one == two or {one, two} <= _PERMITTED:
        return Match.SAME
    if one is None:
        return Match.SAME if two not in _DENYING else Match.OTHERWISE if whole else Match.UNSURE
    if two is None:
        return Match.SAME if one == Modality.REQUIRED else Match.UNSURE
    return Match.UNSURE if agree(one, two) else Match.OTHERWISE


def match_rules(mine: str, one: FoundValue, other: str, two: FoundValue) -> Match:
    """What a sentence makes of one that states the same value, by what both do with it: "must take", "may take".

    Where both set a bound, a denial says no more than that: "not later than 30 days" is "within 30 days".
    """
    if _denied(mine, one) is not _denied(other, two):
        return Match.OTHERWISE
    first, second = _modality(mine), _modality(other)
    if first is None or second is None or first == second or {first, second} <= _PERMITTED:
        return Match.SAME
    bounded = Comparator.EXACT not in (one.value.comparator, two.value.comparator)
    if bounded and Modality.FORBIDDEN in (first, second):
        return Match.SAME
    return Match.UNSURE if agree(first, second) else Match.OTHERWISE


def denies(before: str) -> bool:
    """Whether words deny what follows them."""
    return _DENIED.search(before) is not None


def takes_a_stance(text: str) -> bool:
    """Whether a text allows, demands or denies something."""
    return _stance(text) is not None


def says_no(text: str) -> bool:
    """Whether a text denies, forbids or does not demand something."""
    stance = _stance(text)
    return stance in _DENYING or (stance in _PERMITTED and _TO_NOBODY.search(text) is not None)


def _denied(text: str, found: FoundValue) -> bool:
    """Whether a value is denied by itself: "does not receive 22 days", and not "no later than 22 days"."""
    return found.value.comparator is Comparator.EXACT and denies(text[: found.start])


def _stance(text: str) -> str | None:
    """A modality; what is denied in other words counts as forbidden."""
    return _modality(text) or (Modality.FORBIDDEN if _NEGATION.search(text) else None)


def _modality(text: str) -> str | None:
    """The modality of a sentence, or of what is cut out of one: "not allowed"."""
    return next((found.value.low for form in (text, f"it is {text}") for found in find_polarity(form)), None)


def _words(text: str) -> set[str]:
    return {token.lower() for token in TOKEN.findall(text)}
