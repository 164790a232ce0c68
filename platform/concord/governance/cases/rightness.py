"""What a report says is right, and which texts tell it: by typed values, else by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from concord.authority.values import TypedValue, ValueType, extract_values, same_value
from concord.authority.words import content_stems
from concord_taxonomy.markdown import plain, sentences

_WORDS_TOLD = 0.8
"""Share of the words of a right answer without values that a text has to have."""
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_A_QUOTE = 3
"""Content words of a part that is a quote rather than a value."""
_PARTS = re.compile(r"\s*[;\n]\s*")


@dataclass(frozen=True)
class Right:
    """A right answer: each of its values, or each of its parts (apart by `;`) where it has none."""

    text: str

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What has to be told, one by one."""
        return tuple(each for each in _PARTS.split(self.text.strip()) if each)

    @cached_property
    def values(self) -> tuple[TypedValue, ...]:
        """Every value that it states."""
        return tuple(found.value for part in self.parts for found in extract_values(part))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its parts that are mere numbers: what they count is left to the question."""
        return frozenset(part.replace(",", "") for part in self.parts if _NUMBER.fullmatch(part))

    @property
    def worded(self) -> bool:
        """Whether it states no value, or states them in several words, as a quote does."""
        return not self.values or all(len(content_stems(part)) >= _A_QUOTE for part in self.parts)

    @property
    def wanted(self) -> int:
        """How many things have to be told."""
        return len(self.parts)

    def told(self, text: str) -> int:
        """How many of them a text tells."""
        return sum(_tells(part, text) for part in self.parts)

    def literally(self, text: str) -> bool:
        """Whether a text tells them in the very words, or as the very numbers."""
        return all(_stands(part, text) or _numbers_in(part, text) for part in self.parts)

    def otherwise(self, text: str) -> bool:
        """Whether a text states another value of the same kind, and none that is right; a mere number is any count."""
        stated = _values(text)
        same = [each for each in stated if any(_comparable(each, mine) for mine in self.values)]
        if same:
            return not any(same_value(each, mine) for each in same for mine in self.values)
        counts = {each.low for each in stated if each.type is ValueType.COUNT}
        return bool(self.numbers and counts) and not self.numbers & counts


def _tells(part: str, text: str) -> bool:
    if _stands(part, text):
        return True
    values = [found.value for found in extract_values(part)]
    if values:
        stated = _values(text)
        return all(any(same_value(value, each) for each in stated) for value in values)
    words = set(content_stems(part))
    return bool(words) and len(words & set(content_stems(text))) >= _WORDS_TOLD * len(words)


def _stands(part: str, text: str) -> bool:
    """Whether a text has the very words: "27 days" does not stand in "127 days"."""
    return re.search(rf"(?<![\w.,]){re.escape(_squeezed(part))}(?!\w)", _squeezed(text)) is not None


def _numbers_in(part: str, text: str) -> bool:
    numbers = re.findall(r"\d+(?:[.,]\d+)*", part)
    return bool(numbers) and all(re.search(rf"(?<![\d.,]){re.escape(each)}(?![\d])", text) for each in numbers)


def _values(text: str) -> Sequence[TypedValue]:
    whole = plain(text)
    said = [whole[each.start : each.end] for each in sentences(whole)] or [whole]
    return [found.value for sentence in said for found in extract_values(sentence)]


def _comparable(one: TypedValue, other: TypedValue) -> bool:
    return one.type is other.type and one.dimension == other.dimension


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text)).casefold()
