"""Every typed value of a text, in order and without overlaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from concord.authority.values.bounds import read_comparator, read_rate
from concord.authority.values.contacts import find_contacts
from concord.authority.values.counts import find_counts
from concord.authority.values.dates import find_dates
from concord.authority.values.durations import find_durations
from concord.authority.values.found import FoundValue, after, before
from concord.authority.values.money import find_money
from concord.authority.values.named import find_named
from concord.authority.values.numbers import latin
from concord.authority.values.percents import find_percents
from concord.authority.values.polarity import find_polarity
from concord.authority.values.times import find_times
from concord.authority.values.typed import ValueType, same_value
from concord.authority.values.versions import find_versions

# Where two patterns want the same characters, the earlier in this list has them.
_FINDERS: tuple[Callable[[str], Iterator[FoundValue]], ...] = (
    find_dates,
    find_money,
    find_percents,
    find_times,
    find_durations,
    find_versions,
    find_counts,
)
_IN_WORDS: tuple[Callable[[str], Iterator[FoundValue]], ...] = (find_contacts, find_named, find_polarity)
# Dates of the page itself say nothing of its subject.
_PAGE = (
    r"last\s(?:updated|reviewed|modified|tested|published|checked|changed|edited)"
    r"|(?:updated|reviewed|published|modified|prepared|created)\son|page\supdated|copyright|next\sreview"
)
_OF_PAGE = re.compile(rf"\b(?:{_PAGE})\b", re.IGNORECASE)
# Who adopted it, and when, dates the page; what is approved by whom, up to which amount, is what it says.
_ADOPTED = re.compile(
    r"\b(?:(?:signed|adopted|approved|endorsed)\s(?:it\s)?(?:on|for|by)|signed\sfor)\b", re.IGNORECASE
)
_HAS_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|half|quarter|hundred|noon|midnight|midday|an?)\b",
    re.IGNORECASE,
)


def extract_values(text: str) -> list[FoundValue]:
    """Return the values of a sentence that are numbers, with their spans, comparators and rates.

    A value restated in parentheses ("five (5) days", "a quarter of an hour (15 minutes)") counts once. Sentences about
    the page itself ("last updated on …") give no values.

    >>> [found.value.low for found in extract_values("Up to 18 months, or £1.2m.")]
    ['18', '1200000']
    """
    return list(_numbers(text))


@lru_cache(maxsize=512)
def _numbers(text: str) -> tuple[FoundValue, ...]:
    """The numbers of a sentence, which is read twice: as part of its passage, and for its claims."""
    if not _HAS_NUMBER.search(text) or _OF_PAGE.search(text):
        return ()
    found = _find(_FINDERS, text)
    if _ADOPTED.search(text):
        found = [each for each in found if each.value.type is not ValueType.DATE]
    return tuple([_bounded(each, text) for each in _merged(found, text)])


def extract_worded(text: str) -> list[FoundValue]:
    """Return the values of a sentence that are words: contacts, named values and polarity.

    >>> [found.value.low for found in extract_worded("You must ask #travel.")]
    ['#travel', 'required']
    """
    found = _find(_IN_WORDS, text)
    if not found or _OF_PAGE.search(text):
        return []
    return [
        replace(each, value=replace(each.value, text=" ".join(text[each.start : each.end].split()))) for each in found
    ]


def _find(finders: Iterable[Callable[[str], Iterator[FoundValue]]], text: str) -> list[FoundValue]:
    text, taken = latin(text), bytearray(len(text))
    found: list[FoundValue] = []
    for find in finders:
        for candidate in find(text):
            if any(taken[candidate.start : candidate.end]):
                continue
            taken[candidate.start : candidate.end] = b"\x01" * (candidate.end - candidate.start)
            found.append(candidate)
    return sorted(found, key=lambda each: each.start)


def _merged(found: list[FoundValue], text: str) -> Iterator[FoundValue]:
    previous: FoundValue | None = None
    for each in found:
        if previous is not None and same_value(previous.value, each.value):
            between = text[previous.end : each.start].strip()
            if between in {"(", "– ", "i.e.", "(i.e.", "or"}:
                continue
        previous = each
        yield each


def _bounded(found: FoundValue, text: str) -> FoundValue:
    ahead, behind = before(text, found.start), after(text, found.end)
    value = replace(
        found.value,
        comparator=read_comparator(
            ahead,
            behind,
            counted=found.value.type is ValueType.COUNT,
            dated=found.value.type in (ValueType.DATE, ValueType.TIME),
        ),
        per=read_rate(behind),
        text=" ".join(text[found.start : found.end].split()),
    )
    return replace(found, value=value)
