"""Whether an answer states the values that it should: "six months" is "6 months", and "127 days" is not "27 days"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from concord.authority.values import Comparator, TypedValue, ValueType, extract_values, same_value
from concord_taxonomy.markdown import sentences

_DENIED = re.compile(r"(?:\bnot|n't|n’t)\s+(?:exactly\s+)?\Z", re.IGNORECASE)
_LEAST = frozenset({Comparator.AT_LEAST, Comparator.ABOVE})
_MOST = frozenset({Comparator.AT_MOST, Comparator.BELOW})


def value_accuracy(answer: str, expected: Sequence[str]) -> float:
    """The share of expected values that the answer states; raises `ValueError` where none is expected."""
    if not expected:
        raise ValueError("no value is expected: leave the question out")
    stated = _values(answer)
    return sum(holds_value(answer, each, stated) for each in expected) / len(expected)


def holds_value(answer: str, expected: str, stated: Sequence[TypedValue] | None = None) -> bool:
    """Whether the answer states an expected value: an equal typed one, else the same words, whole.

    What is expected of a month or as a minimum is no value of a year and no maximum; what an answer denies ("it is not
    27 days") it does not state.
    """
    wanted = _values(expected)
    if wanted:
        given = _values(answer) if stated is None else stated
        if all(any(_same(one, other) for other in given) for one in wanted):
            return True
    words = r"\s+".join(map(re.escape, expected.split()))
    found = re.finditer(rf"(?<![\w.,]){words}(?![\w]|[.,]\d)", answer, re.IGNORECASE)
    return any(not _DENIED.search(answer, 0, each.start()) for each in found)


def _same(wanted: TypedValue, given: TypedValue) -> bool:
    """Whether a value is the wanted one, of the same period and bounded alike where both say."""
    if not same_value(wanted, given) or (wanted.per and given.per and wanted.per != given.per):
        return False
    return not (wanted.comparator in _LEAST and given.comparator in _MOST) and not (
        wanted.comparator in _MOST and given.comparator in _LEAST
    )


def _values(text: str) -> list[TypedValue]:
    return [
        found.value
        for sentence in sentences(text)
        for found in extract_values(sentence.text)
        if found.value.type is ValueType.POLARITY or not _DENIED.search(sentence.text, 0, found.start)
    ]
