"""Whether an answer states the values that it should: "six months" is "6 months", and "127 days" is not "27 days"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from concord.authority.values import TypedValue, extract_values, same_value
from concord_taxonomy.markdown import sentences


def value_accuracy(answer: str, expected: Sequence[str]) -> float:
    """The share of expected values that the answer states; raises `ValueError` where none is expected."""
    if not expected:
        raise ValueError("no value is expected: leave the question out")
    stated = _values(answer)
    return sum(holds_value(answer, each, stated) for each in expected) / len(expected)


def holds_value(answer: str, expected: str, stated: Sequence[TypedValue] | None = None) -> bool:
    """Whether the answer states an expected value: an equal typed one, else the same words, whole."""
    wanted = _values(expected)
    if wanted:
        given = _values(answer) if stated is None else stated
        if all(any(same_value(one, other) for other in given) for one in wanted):
            return True
    words = r"\s+".join(map(re.escape, expected.split()))
    return re.search(rf"(?<![\w.,]){words}(?!\w)", answer, re.IGNORECASE) is not None


def _values(text: str) -> list[TypedValue]:
    return [found.value for sentence in sentences(text) for found in extract_values(sentence.text)]
