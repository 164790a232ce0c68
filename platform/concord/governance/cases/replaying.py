"""The `Replay` of the platform: a reported question through the real pipeline, as who asked it, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import chain
from typing import Any

from concord.answering.model import Answer
from concord.answering.neutral import REMOVED
from concord.authority.decision import Verdict
from concord.authority.values import extract_values, same_value
from concord.authority.words import content_stems
from concord.catalog import chunks, items
from concord.catalog.engine import reading
from concord.governance.cases.admission import admission
from concord.governance.cases.again import AskedAgain
from concord.governance.cases.doubting import contradicted, outdated, told_by, told_in
from concord.governance.cases.given import Given, folded
from concord.governance.cases.holding import Holding
from concord.governance.cases.judging import Judge
from concord.governance.cases.limits import bounded
from concord.governance.cases.lingering import Lingering
from concord.governance.cases.located import At, telling
from concord.governance.cases.rightness import Right
from concord.governance.cases.sameness import Match
from concord.governance.cases.standing import alike, decided_against, holds_elsewhere, said_otherwise
from concord.governance.cases.wording import in_other_words, unknown_words, unsupported
from concord.retrieval.passages import Retrieval
from concord_feedback.diagnosis import (
    Answered,
    CannotProbe,
    Composed,
    Cut,
    Doubted,
    Filtered,
    Held,
    Retrieved,
    Sourced,
    Weighed,
    Worded,
)
from concord_taxonomy.standard import ContentItem, Status

CITED = "the page that the report names is the one that was cited, and nothing else says what is right"
"""Why nothing can be told of a report that names no more than the answer did."""
_SAYS_WRONG = ("", "wrong", "outdated")
"""Reasons by which what is cited speaks of what was asked."""
_CONTEXT = 6
"""Leading passages of which answers are composed (`concord.answering.compose`)."""
_IN_FORCE = frozenset({Status.APPROVED, Status.IN_REVIEW})
_WORDS = 3
"""Unknown words in place of which labels are asked for, at most."""
_TRIED = 4
"""Labels of which it is seen whether the question is answered once the vocabulary has them, at most."""
_LABELS = 6
"""Concepts of what is right whose labels are asked for in place of unknown words, at most."""


@dataclass(frozen=True)
class PipelineReplay:
    """One report, asked again; each stage is run once, and only where a probe looks at it.

    `named` are the items that the report names as evidence, `reason` is the stable word for what it finds wrong.
    """

    again: AskedAgain
    right: Right
    named: tuple[str, ...] = ()
    reason: str = ""
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def traced(self) -> Answered:
        """The answer that was reported."""
        trace = self.again.trace
        cited = tuple(dict.fromkeys(each.identifier for each in trace.citations))
        torn = any(each.get("verdict") == Verdict.UNRESOLVED for each in trace.conflicts)
        quotes = [(each.quote, each.title) for each in trace.citations]
        won: list[Any] = [each["winner"] for each in trace.conflicts if each.get("winner")]
        chosen = [(each["quote"], each["value"]["text"]) for each in won]
        made = self._answered(trace.answer, trace.abstained, cited, told_in(trace), quotes, chosen)
        return replace(made, torn=torn or self._told_both([(c.identifier, c.title, c.quote) for c in trace.citations]))

    def answered(self) -> Answered:
        """The answer of now."""
        return self._of(self.again.answer)

    def verdict(self, before: Sequence[str] = ()) -> tuple[Match, tuple[str, ...]]:
        """What the answer of now makes of what is right, as far as a machine may say, and the items that it cites.

        `before` are further answers that were reported.

        `UNSURE` where only a person can tell. An answer that is none, that takes no side, or that is the reported one
        says otherwise. Raises `CannotProbe` where nothing says what is right.
        """
        if not self.right.parts and not self._giving:
            raise CannotProbe(CITED if self.named else "nothing says what the right answer is, or what gives it")
        now, trace = self.again.answer, self.again.trace
        cited = tuple(dict.fromkeys(each.item.identifier for each in now.citations))
        torn = any(each.decision.verdict is Verdict.UNRESOLVED for each in now.conflicts)
        if now.abstained or torn:
            return Match.OTHERWISE, cited
        given = self._given(now.text or "", [each.item.title for each in now.citations])
        told = [self._given(each, ()).sentences for each in (trace.answer, *before)]
        if not self.right.parts:
            same = given.sentences != told[0] and not told_by(now).isdisjoint(self._giving)
            return (Match.UNSURE if self._still_told else Match.SAME) if same else Match.OTHERWISE, cited
        found = Judge(self.right, given, tuple(dict.fromkeys(chain.from_iterable(told))), self.today.year).verdict()
        # Two links that are both taken out look the same.
        again = given.sentences == told[0] and not any(REMOVED in each for each in told[0])
        if found is Match.SAME and self._bounded:
            return Match.UNSURE, cited
        return Match.OTHERWISE if again and found is Match.UNSURE else found, cited

    @property
    def _bounded(self) -> bool:
        """Whether what is right stands on a page under a heading that bounds it, which nothing reported stood under."""
        trace = self.again.trace
        above = [*(each.title for each in trace.citations), *(each.heading for each in trace.evidence)]
        words = " ".join([self.again.question.text, self.right.text, *above])
        known = self.again.wanted.telling | frozenset(content_stems(words)) | frozenset(words.lower().split())
        told = {folded(each.quote) for each in self.again.answer.citations if self.right.told(each.quote)}
        for passage in self.again.evidence.passages:
            beside = [each for each in passage.reading.sentences if folded(each) not in told]
            heads = [passage.item.title, *passage.chunk.heading_path]
            if len(beside) < len(passage.reading.sentences) and bounded(heads, beside, known):
                return True
        return False

    @property
    def _still_told(self) -> bool:
        """Whether the answer of now has a value that the reported one took from a page that is not said to be right."""
        trace = self.again.trace
        pages = told_in(trace) - set(self._giving)
        before = [found.value for c in trace.citations if c.identifier in pages for found in extract_values(c.quote)]
        quotes = [each.quote for each in self.again.answer.citations if each.item.identifier in pages]
        now = [found.value for quote in quotes for found in extract_values(quote)]
        return any(same_value(one, other) for one in now for other in before)

    def doubted(self) -> Doubted:
        """What is known against the answer that was reported, where the report does not say what is right."""
        if self.right.parts or self._giving or self.reason not in ("outdated", "contradicts"):
            return Doubted()
        trace = self.again.trace
        with reading(self.again.parts.engine) as connection:
            if self.reason == "outdated":
                return outdated(connection, trace, self.again.parts.dating)
            return contradicted(connection, trace, self.again.question.principal)

    def still_says(self, page: str, *, cited: bool) -> bool:
        """Whether a page that may be quoted still says what was reported as wrong, though the answer of now is right.

        Where it has to be `cited`, only beside what it says rightly.
        """
        now, trace = self.again.answer, self.again.trace
        item = next((each.item for each in self.again.evidence.passages if each.item.identifier == page), None)
        if item is None or item.status not in _IN_FORCE:
            return False
        if cited and page not in {each.item.identifier for each in now.citations}:
            return False
        reported = [each.quote for each in trace.citations if self._holding.otherwise(each.title, each.quote)]
        told = [each.quote for each in now.citations if self.right.told(each.quote)]
        return Lingering(self.right, reported, told, self.again.wanted).on(page, self.again.evidence.passages)

    def held(self) -> Held:
        """Where the catalog has what is right."""
        if not self.right.parts and not self._giving:
            raise CannotProbe(CITED if self.named else "the report says neither what is right nor what says so")
        holding = self._holding
        rivals = holding.rivals or (holding.answering if self.reason in _SAYS_WRONG else ())
        return Held(
            items=holding.items,
            sure=holding.sure,
            quarantined=holding.quarantined,
            gone=tuple(holding.gone),
            rivals=tuple(each.identifier for each in rivals),
            overdue=tuple(each.identifier for each in rivals if self._overdue(each)),
        )

    def sourced(self) -> Sourced:
        """What sources have that the catalog does not."""
        return self._holding.sourced

    def filtered(self) -> Filtered:
        """Access and filters."""
        parts, question = self.again.parts, self.again.question
        with reading(parts.engine) as connection:
            readable = items.readable(connection, question.principal, self._holding.items)
            bodies = {key: items.item_body(connection, key) for key in readable}
        return admission(
            question, parts.retriever.vocabulary, readable, lambda item: parts.tagged(item, bodies[item.identifier])
        )

    def worded(self) -> Worded:
        """Expansion by the vocabulary."""
        places, retriever = self._holding.places, self.again.parts.retriever
        vocabulary, question = retriever.vocabulary, self.again.question.text
        subjects = [iri for at in places for iri in at.item.subject if iri in vocabulary.concepts]
        above = {iri for subject in subjects for iri in vocabulary.broader_closure(subject)} | {*subjects}
        named = not above.isdisjoint(self.again.retrieval.expansion.concepts)
        texts = (f"{at.item.title}\n{at.chunk.embedded_text}" for at in places)
        unknown = unknown_words(question, [*texts, *retriever.naming])
        if named or not unknown:
            return Worded(unknown, named)
        # What the passage itself speaks of is nearer to the fact than what its item is filed under.
        spoken = [iri for at in places for iri in sorted(self.again.parts.tagged(at.item, at.chunk.text))]
        labels: dict[str, str] = {}
        for iri in (*spoken, *subjects):
            labels.setdefault(vocabulary.concepts[iri].label(), iri)
        # One word at a time, the others kept, as a new label would be met; then without the others.
        tried = list(labels)[:_LABELS]
        none: tuple[str, ...] = ()
        ways = [(word, label, none) for word in unknown[:_WORDS] for label in tried]
        ways += [(unknown[0], label, unknown[1:]) for label in tried if unknown[1:]]
        found: list[Worded] = []
        for word, label, without in ways:
            text = in_other_words(question, word, label, without)
            answer = self._of(self.again.parts.ask(text), text)
            if not (answer.right or answer.unsure):
                continue
            mended = self._of(self.again.parts.labelled(word, labels[label]), text)
            others = tuple(each for each in unknown if each != word)
            found.append(Worded((word, *others), named, answer, label, mended.right or mended.unsure))
            if found[-1].suffices or len(found) == _TRIED:
                break
        return next((each for each in found if each.suffices), found[0] if found else Worded(unknown, named))

    def cut(self) -> Cut:
        """How the passages that are right were cut."""
        with reading(self.again.parts.engine) as connection:
            whole = chunks.current_chunks(connection, list(self._holding.items))
        cuts = [self._cut(at, whole.get(at.item.identifier, [])) for at in self._holding.places]
        return max(cuts, key=lambda each: each.sentence, default=Cut(1.0, 1.0, 1.0, cut=False))

    def retrieved(self) -> Retrieved:
        """Search and ranking."""
        found = self._found(self.again.retrieval)
        return Retrieved(found, found or self._found(self.again.wider), len(self.again.retrieval.passages))

    def weighed(self) -> Weighed:
        """What authority made of it."""
        evidence, right = self.again.evidence, {at.item.identifier: at.item for at in self._holding.places}
        leading = (each.item.identifier for each in evidence.passages)
        quotable = tuple(dict.fromkeys(each for each in leading if each in right))
        found = self._found(self.again.retrieval)
        if not found:
            return Weighed((), ())
        superseded = tuple(each for each in found if each not in quotable)
        other = decided_against(evidence, self.right, right, self._overdue)
        if other is None and self._other_scope():
            return Weighed(quotable, superseded, by_scope=True)
        asked = self.again.question.text
        other = other or said_otherwise(evidence, self.again.answer, self.right, right, self._overdue, asked)
        if other is None:
            return Weighed(quotable, superseded)
        return Weighed(quotable, superseded, other.items, other.rule, other.older)

    def composed(self) -> Composed:
        """What the answer could be made of."""
        leading = [each for each in self.again.evidence.passages[:_CONTEXT] if each.key in self._holding.keys]
        extracted = [each for each in leading if any(self.right.told(text) for text in each.reading.sentences)]
        if not self.right.parts:
            extracted = leading
        return Composed(
            tuple(dict.fromkeys(each.item.identifier for each in leading)),
            tuple(dict.fromkeys(each.item.identifier for each in extracted)),
        )

    @cached_property
    def _holding(self) -> Holding:
        return Holding(self.again, self.right, self._giving)

    @cached_property
    def _giving(self) -> tuple[str, ...]:
        """The named items that may say what is right: without a right answer, none whose word the answer took.

        Of sides that it told without taking one, those named are said to be right, unless all are.
        """
        told = told_in(self.again.trace)
        torn = any(each.get("verdict") == Verdict.UNRESOLVED for each in self.again.trace.conflicts)
        if self.right.parts or (torn and not told <= {*self.named}):
            return self.named
        return tuple(each for each in self.named if each not in told)

    def _of(self, answer: Answer, asked: str | None = None) -> Answered:
        """An answer next to what is right, as one to the question in other words where these are given."""
        cited = tuple(dict.fromkeys(each.item.identifier for each in answer.citations))
        torn = any(each.decision.verdict is Verdict.UNRESOLVED for each in answer.conflicts)
        quotes = [(each.quote, each.item.title) for each in answer.citations]
        won = [each.decision.winner for each in answer.conflicts if each.decision.winner]
        chosen = [(each.quote, each.value.text) for each in won]
        made = self._answered(answer.text or "", answer.abstained, cited, told_by(answer), quotes, chosen, asked)
        both = self._told_both([(each.item.identifier, each.item.title, each.quote) for each in answer.citations])
        return replace(made, torn=torn or both)

    def _told_both(self, quotes: Sequence[tuple[str, str, str]]) -> bool:
        """Whether one page is quoted with what is right, in words, and another with something else in its place."""
        if self.right.values or not self.right.parts:
            return False
        telling = [(item, quote) for item, _, quote in quotes if self.right.told(quote)]
        return any(
            item not in {each for each, _ in telling}
            and self._holding.answers(title, quote)
            and (self._holding.otherwise(title, quote) or any(alike(quote, other) for _, other in telling))
            for item, title, quote in quotes
            if not self.right.told(quote)
        )

    def _answered(
        self,
        text: str,
        abstained: bool,
        cited: tuple[str, ...],
        taken: frozenset[str],
        quotes: Sequence[tuple[str, str]],
        chosen: Sequence[tuple[str, str]],
        asked: str | None = None,
    ) -> Answered:
        """An answer by its text, its citations (words and title, in order), and the quotes and values that won.

        `taken` are the cited items whose word it took.
        """
        if not self.right.parts:
            told = int(not taken.isdisjoint(self._giving))
            return Answered(abstained, told, int(bool(self._giving)), cited=cited)
        titles = [title for _, title in quotes]
        wanted = self.again.wanted
        if asked is not None:
            wanted = replace(wanted, words=frozenset(content_stems(asked)))
        made = self.right.given(Given.of(asked or self.again.question.text, wanted, text, titles, chosen))
        more = tuple(unsupported(text, [quote for quote, _ in quotes]))
        return Answered(
            abstained,
            told=made.count(Match.SAME),
            wanted=self.right.wanted,
            literally=self.right.literally(text),
            cited=cited,
            unsupported=more,
            undecided=made.count(Match.UNSURE),
        )

    def _given(self, text: str, titles: Sequence[str]) -> Given:
        return Given.of(self.again.question.text, self.again.wanted, text, titles, ())

    def _overdue(self, item: ContentItem) -> bool:
        return (item.review_due is not None and item.review_due < self.today) or not item.in_force(self.today)

    def _found(self, retrieval: Retrieval) -> tuple[str, ...]:
        found = (each.item.identifier for each in retrieval.passages if each.key in self._holding.keys)
        return tuple(dict.fromkeys(found))

    def _cut(self, at: At, passages: Sequence[chunks.Chunk]) -> Cut:
        share = self.again.wanted.share
        section = [each for each in passages if each.heading_path == at.chunk.heading_path]
        alone = max(share(each) for each in telling(at.chunk.text, self.right))
        together = share("\n".join(each.text for each in section))
        leading = {each.key for each in self.again.evidence.passages[:_CONTEXT]}
        beside = at.key not in leading and any((at.item.identifier, each.ordinal) in leading for each in section)
        return Cut(alone, share(at.chunk.text), together, len(section) > 1, beside)

    def _other_scope(self) -> bool:
        """Whether what is right holds in a scope, and the answer tells the value of another."""
        scoped = [claim for each in self.again.evidence.by_scope for claim in each.decision.standing]
        mine = [claim for claim in scoped if self.right.told(claim.quote)]
        told = {each.quote.casefold() for each in self.again.answer.citations}
        if mine and any(claim.quote.casefold() in told for claim in scoped if claim not in mine):
            return True
        # What one page says for several scopes is no difference between pages, and nothing is decided about it.
        passages = [each for each in self.again.evidence.passages if each.key in self._holding.keys]
        return holds_elsewhere(passages, self.right, told)
