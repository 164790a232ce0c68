"""Evidence: passages after authority has spoken — which may be quoted, and what conflicts were decided on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from concord.answering.model import Conflict
from concord.answering.overlap import Wanted
from concord.answering.quotes import Quote, rank_quotes
from concord.authority.claims import Claim
from concord.authority.clauses import Situation
from concord.authority.concepts import VocabularyMatcher
from concord.authority.conflicts import ConflictSet, find_conflicts
from concord.authority.decide import decide
from concord.authority.decision import Decision, Verdict
from concord.authority.differences import Accepted, nothing_accepted, set_aside
from concord.authority.facts import Facts
from concord.authority.links import frontier, superseded
from concord.authority.policy import Policy
from concord.authority.questions import Question as Asked
from concord.authority.reading import distinct
from concord.authority.scope import compatible
from concord.authority.values import ValueType
from concord.authority.words import TOKEN, content_stems, stem
from concord.retrieval.passages import Passage
from concord.retrieval.question import Question
from concord_taxonomy.expansion import Expansion
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Status

QUOTABLE = frozenset({Status.APPROVED, Status.IN_REVIEW, Status.DEPRECATED})
"""Statuses of which an answer may be made; a draft is compared with, and never quoted as the answer."""

_SUPERSEDED = 10
"""Leading passages whose items' replacements are looked at, where the search found none of these."""
_SUCCESSORS = 3
_ANCHORS = 2
"""Best sentences whose slots are looked at, whether or not they use the question's words."""
_NEAR = 0.2
"""How much less than the best sentence a conflict's best one may fit the question."""
_LEADS = 0.15
"""The same for the conflict whose winner is the answer."""
_WORDS_MET = 0.3
"""Share of the question's words that such a conflict has to be about."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and sentences that may be quoted, best first, and the conflicts about them, most relevant first.

    `leads` says that the first conflict is about the very thing asked: what it came to is the answer. `by_scope` are
    slots whose value depends on the scope, `claims` the values of the sentences that answer best, which the others were
    compared with.
    """

    asked: Asked
    passages: tuple[Passage, ...]
    quotes: tuple[Quote, ...]
    conflicts: tuple[Conflict, ...]
    leads: bool
    by_scope: tuple[Conflict, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def abstains(self) -> bool:
        """Whether the policy names no winner in the conflict that the question is about."""
        return self.leads and self.conflicts[0].decision.abstained is not None

    @property
    def lost(self) -> frozenset[str]:
        """Quotes that lost a conflict, case-folded: they are no answer."""
        kept = {claim.quote.casefold() for conflict in self.conflicts for claim in _standing(conflict.decision)}
        lost = {claim.quote.casefold() for conflict in self.conflicts for claim in conflict.losers}
        return frozenset(lost - kept)


@dataclass(frozen=True, slots=True)
class Adjudicator:
    """Finds the conflicts among passages that answer a question, and decides them by the policy."""

    policy: Policy
    vocabulary: Vocabulary
    matcher: VocabularyMatcher
    accepted: Accepted = nothing_accepted

    def read(self, question: Question) -> Asked:
        """What the question asks about, as authority reads it."""
        return Asked.read(question.text, self.matcher, question.principal.department)

    def successors(
        self, question: Question, passages: Sequence[Passage], related: Iterable[ContentItem]
    ) -> dict[str, float]:
        """The items that stand in the place of superseded ones and were not found: with the score of the best of those.

        Only what leads the passages counts: what replaces something far from the question is as far from it.
        """
        found = _facts(passages)
        known = (*found.values(), *map(Facts.of, related))
        ends = frontier(known, self.policy, question.at)
        missing: dict[str, float] = {}
        for passage in passages[:_SUPERSEDED]:
            for identifier in ends.get(passage.item.identifier, ()):
                if identifier not in found and len(missing) < _SUCCESSORS:
                    missing.setdefault(identifier, passage.score)
        return missing

    def weigh(
        self, question: Question, expansion: Expansion, passages: Sequence[Passage], related: Iterable[ContentItem]
    ) -> Evidence:
        """Weigh passages; `related` are readable items that replace, or are replaced by, one of theirs."""
        asked = self.read(question)
        facts = _facts(passages)
        others = [Facts.of(item) for item in related if item.identifier not in facts]
        known = (*facts.values(), *others)
        replaced = superseded(known, self.policy, question.at)
        wanted = Wanted.of(question.text, expansion)
        quotes = rank_quotes(asked, wanted, passages)
        quotable = {passage.id for passage in passages if _quotable(passage.item, question, replaced)}
        usable = [quote for quote in quotes if quote.passage.id in quotable]
        claims = _Claims(passages, facts)
        stated = claims.stated({(quote.passage.item.identifier, quote.text.casefold()) for quote in usable[:_ANCHORS]})
        decisions = [self._decided(each, asked, question, known) for each in _concerning(asked, claims, stated)]
        relevance = _Relevance.of(quotes if decisions else ())
        conflicts = relevance.rank(made for made in decisions if made.verdict in _CONFLICTS or made.context.accepted)
        scoped = relevance.rank(
            made for made in decisions if made.verdict is Verdict.DIFFERS_BY_SCOPE and not made.context.accepted
        )
        return Evidence(
            asked=asked,
            passages=tuple(passage for passage in passages if passage.id in quotable),
            quotes=tuple(usable),
            conflicts=tuple(map(self._conflict, conflicts)),
            by_scope=tuple(map(self._conflict, scoped)),
            leads=bool(conflicts)
            and relevance.margin(conflicts[0]) <= _LEADS
            and _words_met(wanted, conflicts[0]) >= _WORDS_MET,
            claims=tuple(sorted(stated, key=lambda claim: claim.key)),
        )

    def _decided(self, conflict: ConflictSet, asked: Asked, question: Question, known: Iterable[Facts]) -> Decision:
        """Decide a set, what people accepted as a difference left out of it."""
        situation = Situation(question.use_case, question.principal.department, frozenset(asked.scope.region))
        left, why = (conflict, "") if conflict.differs_by_scope else set_aside(conflict, self.accepted)
        closure = self.vocabulary.narrower_closure
        return decide(
            left, self.policy, at=question.at, narrower=closure, items=known, situation=situation, accepted=why
        )

    def _conflict(self, decision: Decision) -> Conflict:
        claim = decision.winner or decision.standing[0]
        concept = self.vocabulary.concepts.get(claim.block.concept or "")
        return Conflict(in_words(claim, concept.label() if concept else ""), claim.block.concept, decision)


def in_words(claim: Claim, label: str) -> str:
    """What a claim is about, for a person: its concept's label, and the words of its sentence that tell it apart."""
    known = set(content_stems(label))
    telling = dict.fromkeys(
        token.lower()
        for token in TOKEN.findall(claim.quote)
        if stem(token) in claim.attribute.words and stem(token) not in known
    )
    return " ".join([label, *telling]).strip() or claim.block.value_type.value


@dataclass(frozen=True, slots=True)
class _Claims:
    """The claims of passages, each read when its type is first asked for: a question is about few types."""

    passages: Sequence[Passage]
    facts: Mapping[str, Facts]
    read: dict[ValueType, list[Claim]] = field(default_factory=dict)

    def of(self, types: Collection[ValueType]) -> list[Claim]:
        """The distinct claims of these types."""
        if missing := set(types) - self.read.keys():
            self.read.update({each: [] for each in missing})
            found = (
                claim
                for each in self.passages
                for claim in each.reading.claims(
                    each.item, each.chunk.ordinal, self.facts[each.item.identifier], missing
                )
            )
            for claim in distinct(found):
                self.read[claim.value.type].append(claim)
        return [claim for each in sorted(types) for claim in self.read[each]]

    def stated(self, sentences: Collection[tuple[str, str]]) -> set[Claim]:
        """The claims of sentences, each given as its item and its case-folded words."""
        types = {
            kind
            for each in self.passages
            for identifier, words in sentences
            if each.item.identifier == identifier
            for kind in each.reading.claimed(words)
        }
        return {claim for claim in self.of(types) if _sentence(claim) in sentences}


def _sentence(claim: Claim) -> tuple[str, str]:
    return claim.identifier, claim.quote.casefold()


def _concerning(asked: Asked, claims: _Claims, stated: Set[Claim]) -> Iterator[ConflictSet]:
    """Conflict sets in the slots that the question asks about, and in those of the claims that answer it best."""
    found: set[tuple[Claim, ...]] = set()
    for each in find_conflicts(claims.of(asked.answered_by), question=asked):
        found.add(each.claims)
        yield each
    types = {claim.value.type for claim in stated}
    meant = [claim for claim in claims.of(types) if compatible(asked.scope, claim.scope)]
    for each in find_conflicts(meant, about=stated):
        if each.claims not in found and not stated.isdisjoint(each.claims):
            yield each


@dataclass(frozen=True, slots=True)
class _Relevance:
    """How well the sentences that a decision is about answer the question, next to the best sentence of all."""

    best: float
    by_sentence: Mapping[tuple[str, str], float]
    by_passage: Mapping[tuple[str, int], float]

    @classmethod
    def of(cls, quotes: Sequence[Quote]) -> _Relevance:
        """Read the scores of quotes, which are sorted best first."""
        worst_first = quotes[::-1]
        return cls(
            quotes[0].score if quotes else 0.0,
            {(quote.passage.item.identifier, quote.text.casefold()): quote.score for quote in worst_first},
            {quote.passage.key: quote.score for quote in worst_first},
        )

    def margin(self, decision: Decision) -> float:
        """How much less than the best sentence the best one of a decision fits; 0 for the best itself."""
        return self.best - max(map(self._of_claim, decision.claims))

    def rank(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Decisions near enough to the best sentence, nearest first; a claim is told in one of them only.

        Conflict sets come best match first, so that a claim's later ones only resemble what it contradicts.
        """
        near = [(self.margin(made), number, made) for number, made in enumerate(decisions)]
        told: set[Claim] = set()
        kept = []
        for margin, _, made in sorted(near, key=lambda each: each[:2]):
            if margin <= _NEAR and told.isdisjoint(made.claims):
                told.update(made.claims)
                kept.append(made)
        return kept

    def _of_claim(self, claim: Claim) -> float:
        sentence = self.by_sentence.get(_sentence(claim))
        # A table's cell is quoted otherwise than its row reads: then its passage speaks for it.
        return self.by_passage.get((claim.identifier, claim.ordinal), 0.0) if sentence is None else sentence


def _facts(passages: Iterable[Passage]) -> dict[str, Facts]:
    """What authority has to know of the items of passages, by identifier."""
    items = {passage.item.identifier: passage.item for passage in passages}
    return {identifier: Facts.of(item) for identifier, item in items.items()}


_CONFLICTS = frozenset({Verdict.RESOLVED, Verdict.CONTESTED, Verdict.UNRESOLVED})


def _words_met(wanted: Wanted, decision: Decision) -> float:
    """The largest share of the question's words that a claim of the decision has, its item's title included."""
    return max(wanted.share(f"{claim.facts.title} {claim.quote}") for claim in decision.claims)


def _standing(decision: Decision) -> tuple[Claim, ...]:
    winner = (decision.winner,) if decision.winner else decision.standing
    return (*winner, *decision.agreeing)


def _quotable(item: ContentItem, question: Question, replaced: Mapping[str, str]) -> bool:
    return item.status in QUOTABLE and item.in_force(question.at) and item.identifier not in replaced
