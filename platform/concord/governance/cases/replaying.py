"""The `Replay` of the platform: a reported question through the real pipeline, as who asked it, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import Engine

from concord.answering.evidence import QUOTABLE, Evidence
from concord.answering.model import Answer
from concord.answering.overlap import Wanted
from concord.authority.decision import Verdict
from concord.authority.values import extract_values, same_value
from concord.authority.words import TOKEN, content_stems
from concord.catalog import chunks, items, quarantine
from concord.catalog.engine import reading
from concord.catalog.records import StoredRecord
from concord.governance.cases.located import LEAST, At, gone, locate
from concord.governance.cases.rightness import Right
from concord.governance.cases.standing import Against, against
from concord.retrieval.filters import admits
from concord.retrieval.passages import Retrieval
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever
from concord_feedback import Trace
from concord_feedback.diagnosis import (
    Answered,
    CannotProbe,
    Composed,
    Cut,
    Filtered,
    Held,
    Retrieved,
    Sourced,
    Weighed,
    Worded,
)
from concord_taxonomy.markdown import sentences
from concord_taxonomy.standard import ContentItem

_CONTEXT = 6
"""Leading passages of which answers are composed (`concord.answering.compose`)."""
RARE = 2
"""Items that state a value at most, where it is taken to be the one meant whatever the question's words are."""
BY_CHANCE = 0.15
"""How much less of the question's words a passage has that states a value for another reason."""
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a replay runs on, each the one that answers questions; `ask` keeps no trace.

    `wide` is the retriever with far larger limits. `fresh` gives records of a source as they are now, those of the
    native ids named even where they have not changed; it raises `CannotProbe` where the source cannot be reached.
    `tagged` gives the concepts that the words of an item lead to.
    """

    engine: Engine
    retriever: Retriever
    wide: Retriever
    weigh: Callable[[Question, Retrieval], Evidence]
    ask: Callable[[str], Answer]
    fresh: Callable[[str, Sequence[str]], Iterator[StoredRecord]]
    tagged: Callable[[ContentItem, str], frozenset[str]]
    sources: Sequence[str]


@dataclass(frozen=True)
class PipelineReplay:
    """One report, asked again; each stage is run once, and only where a probe looks at it."""

    parts: Parts
    question: Question
    trace: Trace
    right: Right
    named: tuple[str, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def traced(self) -> Answered:
        """The answer that was reported."""
        quotes = [each.quote for each in self.trace.citations]
        cited = tuple(dict.fromkeys(each.identifier for each in self.trace.citations))
        torn = any(each.get("verdict") == Verdict.UNRESOLVED for each in self.trace.conflicts)
        return replace(self._answered(self.trace.answer, self.trace.abstained, cited, quotes), torn=torn)

    def answered(self) -> Answered:
        """The answer of now."""
        return self._of(self._now)

    def held(self) -> Held:
        """Where the catalog has what is right."""
        self._known()
        rivals = self._rivals
        return Held(
            items=self._right_items,
            quarantined=self._quarantined,
            gone=tuple(self._gone),
            rivals=tuple(each.identifier for each in rivals),
            overdue=tuple(each.identifier for each in rivals if self._overdue(each)),
        )

    def sourced(self) -> Sourced:
        """What sources have that the catalog does not."""
        return self._sourced

    def filtered(self) -> Filtered:
        """Access and filters."""
        vocabulary = self.parts.retriever.vocabulary
        with reading(self.parts.engine) as connection:
            readable = items.readable(connection, self.question.principal, self._right_items)
            bodies = {key: items.item_body(connection, key) for key in readable}
        admitted = [key for key, item in readable.items() if self._admitted(item)]
        left_out = [item for key, item in readable.items() if key not in admitted]
        scope = {
            narrower for iri in self.question.scope.concepts or () for narrower in vocabulary.narrower_closure(iri)
        }
        retagged = [
            item.identifier
            for item in left_out
            if self._why(item) == "concepts" and scope & self.parts.tagged(item, bodies[item.identifier])
        ]
        why = f"the {self._why(left_out[0])} of it or of the use case leave it out" if left_out else ""
        return Filtered(tuple(readable), tuple(admitted), tuple(retagged), why)

    def worded(self) -> Worded:
        """Expansion by the vocabulary."""
        vocabulary = self.parts.retriever.vocabulary
        subjects = [iri for at in self._right for iri in at.item.subject if iri in vocabulary.concepts]
        above = {iri for subject in subjects for iri in vocabulary.broader_closure(subject)} | {*subjects}
        named = not above.isdisjoint(self._retrieval.expansion.concepts)
        has = {stem for at in self._right for stem in content_stems(f"{at.item.title}\n{at.chunk.embedded_text}")}
        known = {stem for text in self.parts.retriever.naming for stem in content_stems(text)}
        unknown = tuple(each for each in dict.fromkeys(content_stems(self.question.text)) if each not in has | known)
        if named or not unknown or not subjects:
            return Worded(unknown, named)
        labels = dict.fromkeys(vocabulary.concepts[iri].label() for iri in subjects[:3])
        asked = (_in_other_words(self.question.text, unknown, label) for label in labels)
        answers = (self._of(self.parts.ask(text)) for text in asked)
        return Worded(unknown, named, next((each for each in answers if each.right), None))

    def cut(self) -> Cut:
        """How the passages that are right were cut."""
        with reading(self.parts.engine) as connection:
            whole = chunks.current_chunks(connection, list(self._right_items))
        cuts = [self._cut(at, whole.get(at.item.identifier, [])) for at in self._right]
        return max(cuts, key=lambda each: each.sentence, default=Cut(1.0, 1.0, 1.0, cut=False))

    def retrieved(self) -> Retrieved:
        """Search and ranking."""
        found = self._found(self._retrieval)
        wider = found or self._found(self.parts.wide.search(self.question))
        return Retrieved(found, wider, len(self._retrieval.passages))

    def weighed(self) -> Weighed:
        """What authority made of it."""
        right = {at.item.identifier: at.item for at in self._right}
        quotable = tuple(
            dict.fromkeys(p.item.identifier for p in self._evidence.passages if p.item.identifier in right)
        )
        found = self._found(self._retrieval)
        superseded = tuple(each for each in found if each not in quotable)
        if not found:
            return Weighed((), ())
        other: Against | None = against(self._evidence, self._now, self.right, right, self._overdue)
        if other is None:
            return Weighed(quotable, superseded, by_scope=self._other_scope())
        return Weighed(quotable, superseded, other.items, other.rule, other.older)

    def composed(self) -> Composed:
        """What the answer could be made of."""
        keys = {at.key for at in self._right}
        leading = [each for each in self._evidence.passages[:_CONTEXT] if each.key in keys]
        extracted = [each for each in leading if any(self.right.told(text) for text in each.reading.sentences)]
        if not self.right.parts:
            extracted = leading
        return Composed(
            tuple(dict.fromkeys(each.item.identifier for each in leading)),
            tuple(dict.fromkeys(each.item.identifier for each in extracted)),
        )

    @cached_property
    def _now(self) -> Answer:
        return self.parts.ask(self.question.text)

    @cached_property
    def _retrieval(self) -> Retrieval:
        return self.parts.retriever.search(self.question)

    @cached_property
    def _evidence(self) -> Evidence:
        return self.parts.weigh(self.question, self._retrieval)

    @cached_property
    def _wanted(self) -> Wanted:
        return Wanted.of(self.question.text, self._retrieval.expansion)

    @cached_property
    def _right(self) -> tuple[At, ...]:
        with reading(self.parts.engine) as connection:
            found = locate(connection, self.right, self._wanted, self.named)
        # Where what told it best is gone, or says otherwise now, a passage that has the value by chance is no stand-in.
        least = max([*self._gone.values(), *self._rival_shares], default=0.0) - BY_CHANCE
        near = tuple(each for each in found if each.share >= least)
        if near or self._gone or self._quoted or self._quarantined or self._sourced.states:
            return near
        # Asked in words that no page has: a value that hardly any page states is found by itself.
        with reading(self.parts.engine) as connection:
            alone = locate(connection, self.right, self._wanted, self.named, least=0.0)
        return alone if len({at.item.identifier for at in alone}) <= RARE else ()

    @cached_property
    def _sourced(self) -> Sourced:
        suspects = [*self.named, *(each.identifier for each in self._rivals), *self._gone]
        suspects += [each.item.identifier for each in self._retrieval.passages]
        looked, states = 0, []
        for source in self.parts.sources:
            again = [each.partition("/")[2] for each in suspects if each.partition("/")[0] == source]
            for record in self.parts.fresh(source, again):
                looked += 1
                if self.right.told(record.body) and self._wanted.share(record.body) >= LEAST:
                    states.append(f"{source}/{record.native_id}")
        return Sourced(looked, tuple(states))

    @cached_property
    def _quarantined(self) -> tuple[str, ...]:
        with reading(self.parts.engine) as connection:
            kept = {f"{each.source}/{each.native_id}" for each in quarantine.entries(connection)}
        return tuple(dict.fromkeys(each for each in (*self.named, *self._gone) if each in kept))

    @cached_property
    def _gone(self) -> dict[str, float]:
        with reading(self.parts.engine) as connection:
            return gone(connection, self.right, self._wanted, self.named)

    @property
    def _right_items(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(at.item.identifier for at in self._right))

    @cached_property
    def _quoted(self) -> list[tuple[str, str, str]]:
        """Item, title and words of citations that state another value than the right one, of the same kind."""
        quoted = [(each.identifier, each.title, each.quote) for each in self.trace.citations]
        quoted += [(each.item.identifier, each.item.title, each.quote) for each in self._now.citations]
        return [each for each in quoted if self.right.otherwise(each[2])]

    @property
    def _rival_shares(self) -> list[float]:
        return [self._wanted.share(f"{title}\n{quote}") for _, title, quote in self._quoted]

    @cached_property
    def _rivals(self) -> tuple[ContentItem, ...]:
        """The items of these citations."""
        named = {identifier for identifier, _, _ in self._quoted}
        with reading(self.parts.engine) as connection:
            return tuple(items.live(connection, sorted(named)).values()) if named else ()

    def _known(self) -> None:
        if not self.right.parts and not self.named:
            raise CannotProbe("the report says neither what is right nor what says so")

    def _of(self, answer: Answer) -> Answered:
        cited = tuple(dict.fromkeys(each.item.identifier for each in answer.citations))
        torn = any(each.decision.verdict is Verdict.UNRESOLVED for each in answer.conflicts)
        quotes = [each.quote for each in answer.citations]
        return replace(self._answered(answer.text or "", answer.abstained, cited, quotes), torn=torn)

    def _answered(self, text: str, abstained: bool, cited: tuple[str, ...], quotes: Sequence[str]) -> Answered:
        if not self.right.parts:
            told = int(bool(set(cited) & set(self.named)))
            return Answered(abstained, told, int(bool(self.named)), cited=cited)
        literally = self.right.literally(text)
        return Answered(
            abstained, self.right.told(text), self.right.wanted, literally, cited, tuple(_unsupported(text, quotes))
        )

    def _admitted(self, item: ContentItem) -> bool:
        return self._why(item) == ""

    def _why(self, item: ContentItem) -> str:
        """What leaves an item out of the question: `sources`, `concepts`, `status`, `dates`, or nothing."""
        scope = self.question.scope
        if scope.sources is not None and item.source not in scope.sources:
            return "sources"
        if item.status not in QUOTABLE:
            return "status"
        if not item.in_force(self.question.at):
            return "dates"
        return "" if admits(self.question, item, self.parts.retriever.vocabulary) else "concepts"

    def _overdue(self, item: ContentItem) -> bool:
        return (item.review_due is not None and item.review_due < self.today) or not item.in_force(self.today)

    def _found(self, retrieval: Retrieval) -> tuple[str, ...]:
        keys = {at.key for at in self._right}
        return tuple(dict.fromkeys(each.item.identifier for each in retrieval.passages if each.key in keys))

    def _cut(self, at: At, passages: Sequence[chunks.Chunk]) -> Cut:
        section = [each for each in passages if each.heading_path == at.chunk.heading_path]
        telling = [each for each in _sentences(at.chunk.text) if self.right.told(each)]
        alone = max((self._wanted.share(each) for each in telling or [at.chunk.text]), default=0.0)
        passage, together = at.chunk.text, "\n".join(each.text for each in section)
        return Cut(alone, self._wanted.share(passage), self._wanted.share(together), len(section) > 1)

    def _other_scope(self) -> bool:
        """Whether what is right holds in a scope, and the answer tells the value of another."""
        scoped = [claim for each in self._evidence.by_scope for claim in each.decision.standing]
        mine = [claim for claim in scoped if self.right.told(claim.quote)]
        told = {each.quote.casefold() for each in self._now.citations}
        return bool(mine) and any(claim.quote.casefold() in told for claim in scoped if claim not in mine)


def _in_other_words(question: str, unknown: Sequence[str], label: str) -> str:
    """The question with a label in place of the first unknown word, and without the others."""
    labels = iter([label])

    def other(found: re.Match[str]) -> str:
        word = found.group()
        return next(labels, "") if set(content_stems(word)) & set(unknown) else word

    return " ".join(TOKEN.sub(other, question).split())


def _sentences(text: str) -> list[str]:
    return [text[each.start : each.end] for each in sentences(text)]


def _unsupported(text: str, quotes: Sequence[str]) -> Iterator[str]:
    """Sentences of an answer with a value that nothing cited states."""
    stated = [found.value for quote in quotes for found in extract_values(quote)]
    for sentence in _MARK.split(text):
        values = [found.value for found in extract_values(sentence)]
        if quotes and values and not any(same_value(one, each) for one in values for each in stated):
            yield sentence.strip()
