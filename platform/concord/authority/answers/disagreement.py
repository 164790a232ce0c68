"""Whether documents answer a question differently, told from each one's best answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from concord.authority.answers.asked import AskedFor
from concord.authority.answers.candidate import Candidate, Kind, agree
from concord.authority.answers.finders import find_candidates
from concord.authority.claims import Attribute, BlockKey, Claim, SourceText
from concord.authority.conflicts import ConflictSet, ConflictSets
from concord.authority.facts import Facts
from concord.authority.scope import Scope, compatible, read_scope
from concord.authority.values import TypedValue, ValueType
from concord.authority.words import TOKEN, content_stems

_TYPES = {Kind.DATE: ValueType.DATE, Kind.NUMBER: ValueType.COUNT}
_SURE = {Kind.DATE: 0.6, Kind.NUMBER: 0.6, Kind.NAME: 0.6, Kind.PLACE: 0.6, Kind.CATEGORY: 1.0}
_SURE_WITHOUT = {Kind.DATE: 0.6, Kind.NUMBER: 0.6, Kind.NAME: 0.8}
"""How sure an answer has to be; the second, in a passage cut off before it names its subject."""
_SUBJECT = 0.6
"""Share of the subject's words that a document has to name."""

_MIDDLE = re.compile(r"\s*[a-z,;)\].%0-9–—-]")
_RIVAL = {Kind.CATEGORY: 0.6}
"""How sure, next to its surest answer, another one of a document has to be to count as its answer too."""
_RIVAL_ELSE = 0.8


@dataclass(frozen=True, slots=True)
class _Answered:
    source: SourceText
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        return self.candidates[0]


def find_disagreement(question: str, sources: Iterable[SourceText]) -> ConflictSets:
    """Find whether documents give different answers to a question as it is worded; a set of one claim per document.

    For each document its surest answer counts. Two disagree where neither states the other's answer at all. Nothing
    is found where the question's kind of answer is not known, or a document does not name its subject.
    """
    asked = AskedFor.read(question)
    if asked is None:
        return ConflictSets()
    scope = _unnamed(read_scope(question))
    answered: list[_Answered] = []
    by_item: dict[str, list[SourceText]] = defaultdict(list)
    for source in sources:
        by_item[source.item.identifier].append(source)
    for passages in by_item.values():
        read = [_Answered(each, tuple(found)) for each in passages if (found := find_candidates(each.text, asked))]
        best = max(read, key=lambda each: each.best.weight, default=None)
        sure = _SURE if _names_subject(asked, passages) else _SURE_WITHOUT if all(map(_cut_off, passages)) else {}
        if best is None or best.best.weight < sure.get(asked.kind, best.best.weight + 1):
            continue
        stated = read_scope(best.source.text[max(0, best.best.start - 80) : best.best.end + 80])
        if compatible(scope, _unnamed(stated)):
            answered.append(best)
    groups = _grouped(asked.kind, answered)
    if not any(_differ(asked.kind, one, other) for one in answered for other in answered):
        return ConflictSets()
    claims = [_claim(asked, each, group[0].best) for group in groups for each in group]
    return ConflictSets((ConflictSet(tuple(sorted(claims, key=lambda each: each.key))),))


def _unnamed(scope: Scope) -> Scope:
    """A scope without names: those of a question are its subject."""
    return replace(scope, organisation=(), region=(), product=())


def _names_subject(asked: AskedFor, passages: Sequence[SourceText]) -> bool:
    words = {
        token.lower().removesuffix("'s").removesuffix("’s")
        for each in passages
        for token in TOKEN.findall(f"{each.item.title} {' '.join(each.heading_path)} {each.text}")
    }
    return asked.short in words or len(asked.subject & words) >= _SUBJECT * len(asked.subject)


def _cut_off(source: SourceText) -> bool:
    """Whether a passage begins in the middle of a sentence on a page without a title: its subject stood before it."""
    return source.item.title == source.item.identifier and _MIDDLE.match(source.text) is not None


def _differ(kind: Kind, one: _Answered, other: _Answered) -> bool:
    return not any(agree(kind, one.best.key, each.key) for each in _rivals(kind, other)) and not any(
        agree(kind, other.best.key, each.key) for each in _rivals(kind, one)
    )


def _rivals(kind: Kind, answered: _Answered) -> list[Candidate]:
    least = _RIVAL.get(kind, _RIVAL_ELSE) * answered.best.weight
    return [each for each in answered.candidates if each.weight >= least]


def _grouped(kind: Kind, answered: Sequence[_Answered]) -> list[list[_Answered]]:
    groups: list[list[_Answered]] = []
    for each in sorted(answered, key=lambda each: each.source.item.identifier):
        for group in groups:
            if not _differ(kind, group[0], each):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _claim(asked: AskedFor, answer: _Answered, meant: Candidate) -> Claim:
    """The answer as a claim; of answers that agree, all have the first one's normal form."""
    source, found = answer.source, answer.best
    text = " ".join(source.text[found.start : found.end].split())
    kind = _TYPES.get(asked.kind, ValueType.NAMED)
    joint = "-" if kind is ValueType.DATE else " "
    value = TypedValue(kind, joint.join(meant.key), unit="answer" if kind is not ValueType.DATE else "", text=text)
    start, end = _sentence(source.text, found)
    return Claim(
        identifier=source.item.identifier,
        revision=source.item.revision,
        ordinal=source.ordinal,
        span=(start, end),
        quote=" ".join(source.text[start:end].split()),
        value=value,
        block=BlockKey(None, kind, value.dimension),
        attribute=Attribute(words=tuple(sorted(set(content_stems(" ".join(asked.subject)))))),
        first_seen=source.claim_date,
        facts=Facts.of(source.item),
    )


def _sentence(text: str, found: Candidate) -> tuple[int, int]:
    start = max(text.rfind(". ", 0, found.start) + 2 if ". " in text[: found.start] else 0, found.start - 200)
    end = text.find(". ", found.end)
    return start, min(len(text) if end < 0 else end + 1, found.end + 200)
