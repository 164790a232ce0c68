"""What stands against the right answer in a question's evidence: a decision it lost, or a page that says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from concord.answering.evidence import Evidence
from concord.answering.model import Answer, Citation
from concord.authority.claims import Claim
from concord.authority.facts import Facts
from concord.authority.slots import Relation, comparable, features, relate, score
from concord.authority.values import ValueType
from concord.authority.words import content_stems
from concord.governance.cases.marks import subjects
from concord.governance.cases.rightness import Right
from concord.retrieval.passages import Passage
from concord_taxonomy.standard import ContentItem
from concord_taxonomy.standard.item import modified_date

_ALIKE = 0.5
"""Share of their words that two sentences have in common where they speak of one thing."""


@dataclass(frozen=True, slots=True)
class Against:
    """The items that say otherwise, the rule by which they win (None: none does), and whether they are older pages."""

    items: tuple[str, ...]
    rule: str | None
    older: bool


def decided_against(
    evidence: Evidence, right: Right, holding: Mapping[str, ContentItem], overdue: Callable[[ContentItem], bool]
) -> Against | None:
    """The claims that a decision puts before the right one, or beside it; `holding` are the items that state it."""
    known = {passage.item.identifier: passage.item for passage in evidence.passages}
    for conflict in evidence.conflicts:
        decision = conflict.decision
        mine = [claim for claim in decision.claims if _right(claim, right, holding)]
        others = [claim for claim in decision.claims if claim not in mine]
        if not mine or not others or (decision.winner in mine and decision.winner is not None):
            continue
        beside = [claim for claim in decision.standing if claim not in mine]
        winning = [decision.winner] if decision.winner else beside or others
        named = tuple(dict.fromkeys(claim.identifier for claim in winning))
        rule = str(decision.rule) if decision.winner and decision.rule else None
        return Against(named, rule, _older(named, holding, known, overdue))
    return None


def said_otherwise(
    evidence: Evidence,
    answer: Answer,
    right: Right,
    holding: Mapping[str, ContentItem],
    overdue: Callable[[ContentItem], bool],
    asked: str,
) -> Against | None:
    """What is quoted with another value in a sentence like a right one, though no decision is about them."""
    telling = [
        sentence
        for passage in evidence.passages
        if passage.item.identifier in holding
        for sentence in passage.reading.sentences
        if right.told(sentence)
    ]
    rivals = {e.item.identifier: e.item for e in answer.citations if _rival(e, right, holding, telling, asked)}
    if not rivals:
        return None
    return Against(tuple(rivals), None, _older(tuple(rivals), holding, rivals, overdue))


def holds_elsewhere(passages: Sequence[Passage], right: Right, told: Collection[str]) -> bool:
    """Whether a passage states what is right for others than for whom a quote of the same passage states its value.

    `told` are the quotes of the answer, case-folded.
    """
    for each in passages:
        claims = list(each.reading.claims(each.item, each.chunk.ordinal, Facts.of(each.item), frozenset(ValueType)))
        mine = [claim for claim in claims if right.told(claim.quote)]
        others = [claim for claim in claims if claim.quote.casefold() in told and not right.told(claim.quote)]
        if any(_apart(one, other) for one in mine for other in others):
            return True
    return False


def _apart(one: Claim, other: Claim) -> bool:
    """Whether two claims of one slot are each for somebody else."""
    if not comparable(one, other):
        return False
    return relate(one, other, score(features(one), features(other))) is Relation.OTHER_SCOPE


def _right(claim: Claim, right: Right, holding: Mapping[str, ContentItem]) -> bool:
    """Whether a claim is the right one: of a report that says no more than where it stands, any of these items."""
    return bool(right.told(claim.quote)) if right.parts else claim.identifier in holding


def _rival(
    citation: Citation, right: Right, holding: Mapping[str, ContentItem], telling: list[str], asked: str
) -> bool:
    quote = citation.quote
    if citation.item.identifier in holding or right.told(quote):
        return False
    like = any(alike(quote, sentence) for sentence in telling)
    answers = subjects(asked) <= frozenset(content_stems(f"{citation.item.title}\n{quote}"))
    if right.otherwise(quote) or right.displaced(quote, asked):
        return like or (answers and bool(telling))
    return like and answers and not right.values


def alike(one: str, other: str) -> bool:
    """Whether two sentences speak of one thing, by the words that they share."""
    first, second = set(content_stems(one)), set(content_stems(other))
    return 2 * len(first & second) >= _ALIKE * (len(first) + len(second)) and bool(first & second)


def _older(
    named: tuple[str, ...],
    holding: Mapping[str, ContentItem],
    known: Mapping[str, ContentItem],
    overdue: Callable[[ContentItem], bool],
) -> bool:
    """Whether all that stands against it are pages of its own source that are older, or overdue."""
    items = [known[each] for each in named if each in known]
    return bool(items) and all(
        overdue(item) or any(item.source == mine.source and _day(item) < _day(mine) for mine in holding.values())
        for item in items
    )


def _day(item: ContentItem) -> date:
    return item.valid_from or modified_date(item) or date.min
