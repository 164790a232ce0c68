"""The verdict on an answer: it states what is right, something else in its place, or what only a person can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from concord.authority.values import Comparator, FoundValue, TypedValue, ValueType, extract_values
from concord.governance.cases.frequency import frequencies, mere
from concord.governance.cases.given import KIND, Given, Said, without_values
from concord.governance.cases.plainly import BOUNDS, PLAIN, STRANGE, Sentence, Span, in_order, words_of
from concord.governance.cases.rightness import DIALLED, NUMBER, POLAR, Right, digits, turned
from concord.governance.cases.sameness import Match, comparable, equal, match_rules, match_values

_UNIT = re.compile(r"\bhow\s+(?:much|(?P<many>many))\s+(?P<unit>\w+)", re.IGNORECASE)
_YES_OR_NO = re.compile(r"\W*(yes|no)\b(?:\s*[,.;:!–—-]+|\W*$)", re.IGNORECASE)
_DENIALS = frozenset({"not", "never", "cannot"})
_GLUED = re.compile(r"\d+(?!(?:st|nd|rd|th)\b)[A-Za-z]{1,3}\b|(?<![\w.,)])[-−]\d+|\d+-[A-Za-z]\w*")
"""A number that is another with what is joined to it: "room 12a", "floor -3"."""
_YEAR = re.compile(r"(?<![\d.,:/-])(?:19|20)\d\d(?![\d.,:/-]*\d)")
_BACK = re.compile(
    r"\W*(?:it|its|this|that|these|those|they|but|however|instead|formerly|previously|except|unless)\b", re.IGNORECASE
)
"""How a sentence begins that says more of what stands before it."""


@dataclass(frozen=True)
class Judged:
    """What a sentence makes of something right, and where it states it."""

    match: Match
    place: int = 0


@dataclass(frozen=True)
class Judge:
    """Judges an answer by what is right, in a year; `before` are the sentences of the answer that was reported."""

    right: Right
    answer: Given
    before: tuple[str, ...] = ()
    year: int = 0

    def verdict(self) -> Match:
        """`SAME`, `OTHERWISE`, or `UNSURE`: only a person can say."""
        if self.right.longer:
            return Match.UNSURE
        parts = [self._part(each) for each in self.right.parts]
        if any(each.match is Match.OTHERWISE for each in parts):
            return Match.OTHERWISE
        places = [each.place for each in parts]
        told = bool(parts) and all(each.match is Match.SAME for each in parts) and places == sorted(places)
        return Match.SAME if told else Match.UNSURE

    def _part(self, part: str) -> Judged:
        found = [self._said(part, each) for each in self.answer.said]
        best = max(found, key=lambda each: (each.match is Match.SAME, each.match is Match.OTHERWISE), default=None)
        if best is None or best.match is Match.UNSURE:
            return Judged(Match.UNSURE)
        chosen = self.answer.said[found.index(best)]
        others = [each for each, made in zip(self.answer.said, found, strict=True) if made.match is not best.match]
        if any(self._disturbs(part, chosen, each) for each in others):
            return Judged(Match.UNSURE)
        start = sum(len(each.text) + 1 for each in self.answer.said[: found.index(best)])
        return Judged(best.match, start + best.place)

    def _disturbs(self, part: str, chosen: Said, other: Said) -> bool:
        """Whether another sentence may say more of the same, or otherwise: not where it said so before."""
        if other.text in self.before and self._share(other) < self._share(chosen):
            return False
        if _BACK.match(other.text) or not extract_values(part):
            return True
        mine = [each.value for each in extract_values(part)]
        rivals = [each.value for each in other.values if any(comparable(each.value, one) for one in mine)]
        return not all(any(equal(each, one) for one in mine) for each in rivals)

    def _share(self, said: Said) -> int:
        """How many of the words asked a sentence has by itself."""
        return len(self.answer.met(replace(said, title="")))

    def _said(self, part: str, said: Said) -> Judged:
        if self.answer.unmet(said) or STRANGE.search(said.text):
            return Judged(Match.UNSURE)
        if self._joined(said.text) - self._joined(" ".join([part, self.answer.question, *self.before])):
            return Judged(Match.UNSURE)
        if mere(part) and frequencies(said.text) != mere(part):
            return Judged(Match.UNSURE)
        polar = self._polarity(part)
        if polar is not None:
            return Judged(self._answers(polar, said.text))
        if turned(said.text, part, self.answer.question):
            return Judged(Match.UNSURE)
        mine = extract_values(part)
        known = self._known | {each.folded for right in self.right.parts for each in words_of(right)}
        if not mine or NUMBER.fullmatch(part.strip()):
            spans = next(([each] for each in self._worded(part, said) if self._states(said, [each], known)), [])
            return Judged(Match.SAME, spans[0][0]) if spans else Judged(Match.UNSURE)
        return self._valued(part, mine, said, known)

    def _joined(self, text: str) -> frozenset[str]:
        """Numbers that are joined to something, and, where a date is right, years that are over."""
        joined = {each.casefold() for each in _GLUED.findall(without_values(text))}
        if any(each.type is ValueType.DATE for each in self.right.values):
            joined |= {each for each in _YEAR.findall(text) if int(each) < self.year}
        return frozenset(joined)

    def _states(
        self,
        said: Said,
        spans: Sequence[Span],
        known: frozenset[str],
        rivals: Sequence[Span] = (),
        bounded: bool = False,
    ) -> bool:
        sentence = Sentence(said.text, self._asked, known, self.before, bounded, self._counted)
        return sentence.states(spans, rivals)

    def _valued(self, part: str, mine: Sequence[FoundValue], said: Said, known: frozenset[str]) -> Judged:
        """What a sentence makes of a right answer that is a value, or has several."""
        others = [*self.right.values, *self.answer.asked]
        spans: list[Span] = []
        bounded = False
        rivals = [
            each
            for each in said.values
            if any(comparable(each.value, one.value) for one in mine)
            and not any(equal(each.value, other) for other in others)
        ]
        for one in mine:
            held = [each for each in said.values if comparable(one.value, each.value) and equal(one.value, each.value)]
            agreeing = [each for each in held if self._agrees(part, one, said, each)]
            if not agreeing:
                return (
                    self._otherwise(one, said, known, rivals) if len(mine) == 1 and not held else Judged(Match.UNSURE)
                )
            bounded = bounded or agreeing[0].value.comparator in (Comparator.AT_MOST, Comparator.AT_LEAST)
            same = one.value.comparator is agreeing[0].value.comparator is not Comparator.EXACT
            known |= BOUNDS if same else frozenset()
            spans.append((agreeing[0].start, agreeing[0].end))
        if not self._complete(part, mine, said):
            return Judged(Match.UNSURE)
        told = self._states(said, spans, known, [(each.start, each.end) for each in rivals], bounded)
        return Judged(Match.SAME if told else Match.UNSURE, spans[0][0])

    def _agrees(self, part: str, mine: FoundValue, said: Said, found: FoundValue) -> bool:
        return (
            match_values(mine.value, found.value, said.text, self.answer.question) is Match.SAME
            and match_rules(part, mine, said.text, found) is Match.SAME
        )

    def _complete(self, part: str, mine: Sequence[FoundValue], said: Said) -> bool:
        """Whether a right answer says nothing beside its values that neither the sentence nor the question has."""
        have = self._known | {each.folded for each in words_of(said.text)}
        if any(each.value.comparator is not Comparator.EXACT for each in mine):
            have |= BOUNDS
        rest = [each for each in words_of(part) if not any(m.start <= each.start < m.end for m in mine)]
        return all(each.folded in have | PLAIN for each in rest)

    def _otherwise(self, mine: FoundValue, said: Said, known: frozenset[str], rivals: Sequence[FoundValue]) -> Judged:
        """Whether a sentence states another value in the place of the right one, of which the answer has nothing."""
        whole = " ".join(self.answer.sentences)
        if _digits_of(mine.value.text) & _digits_of(whole):
            return Judged(Match.UNSURE)
        for each in rivals:
            same_unit = each.value.unit == mine.value.unit or each.value.type is ValueType.COUNT
            others = [(one.start, one.end) for one in rivals if one is not each]
            told = known | {word.folded for word in words_of(each.value.text)} | BOUNDS
            if same_unit and self._states(said, [(each.start, each.end)], told, others):
                return Judged(Match.OTHERWISE, each.start)
        return Judged(Match.UNSURE)

    def _worded(self, part: str, said: Said) -> Iterator[Span]:
        """Where a sentence has a name, a statement or a mere number."""
        bare = part.strip()
        if NUMBER.fullmatch(bare):
            number = bare.replace(",", "")
            for each in said.values:
                if _is_number(each.value, number):
                    yield each.start, each.end
        if DIALLED.fullmatch(bare):
            yield from (found.span() for found in DIALLED.finditer(said.text) if digits(found[0]) == digits(bare))
        else:
            yield from in_order([each.folded for each in words_of(part) if each.folded not in PLAIN], said.text)

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        """The words of the question that say something, in order, without those that name the kind of answer."""
        text = _UNIT.sub(" ", KIND.sub(" ", self.answer.question))
        return tuple(each.folded for each in words_of(text) if each.says)

    @cached_property
    def _counted(self) -> frozenset[str]:
        """What is asked how many of: the answer counts it."""
        named = [each["unit"] for each in _UNIT.finditer(self.answer.question) if each["many"]]
        return frozenset(each.folded for each in words_of(" ".join(named)) if each.says)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The words of the question, and what other departments say for them."""
        return self.answer.wanted.telling | {each.folded for each in words_of(self.answer.question)}

    def _polarity(self, text: str) -> bool | None:
        """Whether a text says yes to what was asked, in words of the question alone; None where it says more."""
        asked = self.answer.question
        if not POLAR.match(asked) or any(_denies(each.text) for each in words_of(asked)):
            return None
        first = _YES_OR_NO.match(text)
        rest = words_of(text[first.end() :] if first else text)
        denied = sum(_denies(each.text) for each in rest)
        known = self._known | PLAIN
        if denied > 1 or any(each.folded not in known and not _denies(each.text) for each in rest):
            return None
        said = first and first[1].casefold() == "yes"
        if first and rest and any(each.says for each in rest) and said is bool(denied):
            return None
        if not first and not any(each.folded in self._known and each.folded not in PLAIN for each in rest):
            return None
        return bool(said) if first else not denied

    def _answers(self, polar: bool, text: str) -> Match:
        """What a sentence makes of a yes or no: it has to be the question's own words, affirmed or denied."""
        have = {each.folded for each in words_of(text)}
        asked = {each.folded for each in words_of(self.answer.question)[1:]} - PLAIN
        said = self._polarity(text) if asked <= have and Sentence(text, self._asked, self._known).in_order() else None
        return Match.UNSURE if said is None else Match.SAME if said is polar else Match.OTHERWISE


def _denies(word: str) -> bool:
    return word.lower() in _DENIALS or word.lower().replace("’", "'").endswith("n't")


def _is_number(value: TypedValue, number: str) -> bool:
    """Whether a value is told by a mere number: "27 days" by 27, "8:00" by 8."""
    if value.type is ValueType.COUNT:
        return value.low == number and value.high is None
    if value.type is ValueType.TIME:
        return value.low == f"{number:0>2}:00" and value.high is None
    return [each.replace(",", "") for each in NUMBER.findall(value.text)] == [number]


def _digits_of(text: str) -> set[str]:
    return {digits(each) for each in re.findall(r"\d[\d.,:]*", text)}
