"""What says when, how much, of how many or in which unit without a value of its own, and is in no passage.

    "by the following day"   "at the end of 2025"   "in full"   "£35 in total"   "by a director"   "above 25 °C"   "5 g"

A figure is held against the passages' figures (`concord.answering.support`); these change what it says, or replace it.
"""

from __future__ import annotations

import re

from concord.authority.values.numbers import NUMBER_WORDS

_TIME = r"(?:working\s+|business\s+|calendar\s+)?(?P<{}>day|night|morning|week|weekend|month|quarter|year)"
_MONTH = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NEXT = re.compile(
    rf"\b(?:the\s+)?(?P<which>following|next|same|previous|last|overnight)\b(?:\s+{_TIME.format('unit')}\b)?", re.I
)
_EDGE = re.compile(
    r"\b(?P<edge>end|close|beginning|start|middle)\s+of\s+(?:the\s+|each\s+|every\s+|this\s+|that\s+|any\s+)?"
    rf"(?:(?P<year>(?:19|20)\d\d)|(?P<month>{_MONTH})[a-z]*|{_TIME.format('unit')})\b",
    re.I,
)
_BESIDE = re.compile(rf"\b(?:the|an?|one|1|single)\s+{_TIME.format('unit')}\s+(?P<side>before|after|of\s+the)\b", re.I)
_WEEKDAY = re.compile(
    r"\b(?P<which>every|each|first|second|third|fourth|last)\s+(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.I,
)
_YEAR = re.compile(r"(?<![\d.,:£$€/-])(?:19|20)\d\d(?![\d:]|[.,]\d)")
_SAME = {"following": "next", "close": "end", "beginning": "start", "previous": "last"}

_PART = re.compile(r"\b(?:half|thirds?|quarters?|part|some|per\s?cent)\b|%", re.I)
_WHOLE = re.compile(
    r"\b(?:in\s+full|fully|full\s+(?:amount|fee|price|cost|costs|refund|sum)|the\s+(?:whole|entire)|entirely|completely"
    r"|most\s+of|all\s+of)\b",
    re.I,
)
_RATED = re.compile(r"\b(?:per|each|every|apiece)\b|\d\s+an?\s+\w+|\bp\.\s?p\.", re.I)
_TOTAL = re.compile(r"\b(?:in\s+total|altogether|overall|combined|in\s+all)\b", re.I)
_APIECE = re.compile(r"\d\s+(?:each|apiece)\b|\bto\s+each\b", re.I)
_PER = re.compile(r"\bper\s+(?!cent\b|annum\b)([a-z]+)", re.I)
_OF_EACH = r"\b(?:per|an?|each|every)\s+(?:[\w-]+\s+)?{}s?\b"

_ONE = re.compile(r"\ban?\s+(?:single\s+)?([a-z]{3,})\b(?!\s+(?:of|or)\b)", re.I)
_SEVERAL = r"\b(?:{}|\d+)\s+(?:[\w-]+\s+)?{}\b"
_MORE_THAN_ONE = "|".join(word for word in NUMBER_WORDS if word not in ("zero", "one", "a", "an"))

_BOUND = re.compile(
    r"\b(?:(?P<most>(?:no|not)\s+more\s+than|at\s+(?:the\s+)?most|up\s+to|less\s+than|fewer\s+than|under|below)"
    r"|(?P<least>(?:no|not)\s+(?:less|fewer)\s+than|at\s+least|more\s+than|over|above|exceed(?:s|ing)?))"
    r"\s+[£$€]?(?P<number>\d+(?:[.,]\d+)*)",
    re.I,
)
_UNIT = re.compile(r"\d\s?°?\s?(?P<unit>[A-Za-zµ]{1,2})(?![\w’'-]|\.?\s?m\b)")
_AMOUNT = re.compile(r"[£$€]\s?\d[\d.,]*\s?(?:k|m|bn)?\b", re.I)
_NO_UNITS = frozenset("a am an as at by do go he if in is it me my no of on or pm so st nd rd th to up us we x".split())  # noqa: SIM905
_MEASURED = re.compile(r"\d\s+(?P<unit>[A-Za-zµ]{3,})")


def unstated(text: str, whole: str) -> bool:
    """Whether a text says any of these where `whole`, the words of the passages, does not."""
    if not _moments(text) <= _moments(whole) or not set(_YEAR.findall(text)) <= set(re.findall(r"\d{4}", whole)):
        return True
    return (
        _whole_for_part(text, whole)
        or _per_another(text, whole)
        or _one_for_several(text, whole)
        or _bounded_otherwise(text, whole)
        or not _units(text) <= _units(whole) | _begun(text, whole)
    )


def _moments(text: str) -> frozenset[tuple[str, str]]:
    """When something is without a figure: the next day, the end of March, the week before."""
    found = [
        (each["which"], each["unit"] or "") for each in _NEXT.finditer(text) if each["unit"] or len(each["which"]) > 8
    ]
    found += [(each["edge"], each["year"] or each["month"] or each["unit"]) for each in _EDGE.finditer(text)]
    found += [(" ".join(each["side"].split()), each["unit"]) for each in _BESIDE.finditer(text)]
    return frozenset((_SAME.get(which.lower(), which.lower()), what.lower()) for which, what in found)


def _whole_for_part(text: str, whole: str) -> bool:
    """Whether it is said of all of something where the passages say it of a part: in full, every Monday."""
    if _PART.search(whole) and _WHOLE.search(text) and not _WHOLE.search(whole):
        return True
    held = {(each["which"].lower(), each["day"].lower()) for each in _WEEKDAY.finditer(whole)}
    said = {(each["which"].lower(), each["day"].lower()) for each in _WEEKDAY.finditer(text)}
    return bool(held) and any(day in {other for _, other in held} for _, day in said - held)


def _per_another(text: str, whole: str) -> bool:
    """Whether an amount is in all where the passages have it for each, for each where they have it in all."""
    if _TOTAL.search(text) and _RATED.search(whole) and not _TOTAL.search(whole):
        return True
    if _APIECE.search(text) and not _RATED.search(whole):
        return True
    if not _PER.search(whole):
        return False
    return any(not re.search(_OF_EACH.format(re.escape(each)), whole, re.I) for each in _PER.findall(text))


def _one_for_several(text: str, whole: str) -> bool:
    """Whether one of something is said where the passages have none but several: "by two directors"."""
    for noun in _ONE.findall(text):
        forms = rf"{re.escape(noun)}(?:e?s)" if not noun.lower().endswith("y") else rf"{re.escape(noun[:-1])}(?:ies|ys)"
        several = re.search(_SEVERAL.format(_MORE_THAN_ONE, forms), whole, re.I)
        if several and not re.search(rf"\b{re.escape(noun)}\b", whole, re.I):
            return True
    return False


def _bounded_otherwise(text: str, whole: str) -> bool:
    """Whether a number is a minimum where the passages have it as a maximum, or the other way round."""
    held = set(_bounds(whole))
    return any((number, not least) in held and (number, least) not in held for number, least in _bounds(text))


def _bounds(text: str) -> list[tuple[str, bool]]:
    return [(each["number"], each["least"] is not None) for each in _BOUND.finditer(text)]


def _units(text: str) -> frozenset[str]:
    """The units of a letter or two behind numbers, as they are written: "5 mg", "25 MB", "80 °C"."""
    return frozenset(
        each["unit"] for each in _UNIT.finditer(_AMOUNT.sub(" ", text)) if each["unit"].lower() not in _NO_UNITS
    )


def _begun(text: str, whole: str) -> frozenset[str]:
    """The short units of a text that a unit of `whole` begins with: "kg" for "kilograms"."""
    spelled = {each["unit"].lower() for each in _MEASURED.finditer(whole)}
    return frozenset(each for each in _units(text) if any(word.startswith(each[0].lower()) for word in spelled))
