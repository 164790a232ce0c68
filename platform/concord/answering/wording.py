"""Wording an answer: by quoting, or by a model whose every sentence is checked before it leaves."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from concord.answering.arriving import Arriving
from concord.answering.compose import beside, cited, compose, leading, sentence
from concord.answering.endpoint import Model, ModelFailed, Usage
from concord.answering.events import AnswerEvent, EvidenceFound, TextDelta
from concord.answering.evidence import Evidence
from concord.answering.model import ABSTAIN_UNSUPPORTED, Citation, Conflict
from concord.answering.neutral import REMOVED, Hosts, neutral
from concord.answering.overlap import Wanted
from concord.answering.prompt import NO_ANSWER, prompt_for
from concord.answering.quotes import Quote
from concord.answering.support import Checked, Lacks, Passage, check, states
from concord.authority.values import TypedValue, same_value

_EVIDENCE = 12
"""Sentences that a model gets."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may be, and how it is worded where a model words it."""

    max_sentences: int
    max_citations: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer's text as it was told, what it cites, who worded it and what that took."""

    text: str | None
    citations: tuple[Citation, ...]
    reason: str | None = None
    by: Literal["extractive", "llm"] = "extractive"
    fallback: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """The stages of wording as far as they went, and the milliseconds that they took, also where it was broken off."""

    laps: dict[str, float] = field(default_factory=dict)
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)


Telling = Generator[AnswerEvent, None, Told]


def quoted(evidence: Evidence, conflicts: tuple[Conflict, ...], limits: Limits, hosts: Hosts) -> Telling:
    """Tell an answer of quotations."""
    citations = cited(compose(evidence, limits.max_sentences, limits.max_citations))
    yield EvidenceFound(citations, conflicts, hosts)
    text = yield from _quote(citations, "", hosts)
    return Told(text, citations)


def worded(
    model: Model,
    question: str,
    evidence: Evidence,
    wanted: Wanted,
    conflicts: tuple[Conflict, ...],
    limits: Limits,
    hosts: Hosts,
    steps: Steps,
) -> Telling:
    """Tell an answer in a model's words: those of its sentences that what they cite supports.

    What authority decided comes first: it is quoted where the model begins with something else, and where it leaves it
    out. Where the model fails, the quotations that would have been the answer follow. Where no sentence of its is
    supported there is no answer. What was done is noted in `steps`.
    """
    quotes = compose(evidence, limits.max_sentences, limits.max_citations)
    every = (*quotes, *beside(evidence, quotes, _EVIDENCE - len(quotes)))
    citations = cited(every)
    yield EvidenceFound(citations, conflicts, hosts)
    began = time.perf_counter()
    headings = [" > ".join(each.passage.chunk.heading_path) for each in every]
    prompt = prompt_for(question, citations, headings, conflicts, tone=limits.tone)
    steps.laps["prompt"] = _ms(began)
    steps.stages["prompt"] = {"system": prompt.system, "user": prompt.user, "evidence": len(citations)}
    began = time.perf_counter()
    usage = Usage()
    checks = _Checks(_passages(every, headings), wanted, _overruled(conflicts), limits.max_citations, hosts)
    text, fallback = "", None
    decided = evidence.leads and evidence.conflicts[0].decision.winner is not None
    first = citations[:1] if decided and leading(evidence, quotes) else ()
    try:
        for delta in checks.passed(model.stream(prompt.system, prompt.user, usage)):
            if not text and first and first[0].n not in checks.cited:
                checks.cited.add(first[0].n)
                text = yield from _quote(first, "", hosts)
                delta = f" {delta.lstrip()}"
            text += delta
            yield TextDelta(delta)
        fallback = checks.fault()
    except ModelFailed as failed:
        fallback = failed.reason
    finally:
        steps.laps.update({"answer": _ms(began) - checks.ms, "check": checks.ms})
        steps.stages["answer"] = {
            "model": model.name,
            "attempts": usage.attempts,
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "failed": fallback,
        }
        removed = [{"text": said, "lacks": why} for said, why in checks.removed]
        steps.stages["check"] = {"kept": checks.kept, "removed": removed}
    by: Literal["extractive", "llm"] = "llm" if text else "extractive"
    if not text and not fallback:
        return Told(None, (), ABSTAIN_UNSUPPORTED, "llm", None, usage)
    wanting = cited(quotes) if fallback else cited(quotes)[: leading(evidence, quotes)]
    missing = [each for each in wanting if each.n not in checks.cited]
    text += yield from _quote(missing, text, hosts)
    told = checks.cited.union(each.n for each in missing)
    return Told(text, tuple(each for each in citations if each.n in told), None, by, fallback, usage)


def _overruled(conflicts: Sequence[Conflict]) -> list[TypedValue]:
    """The values that lost to another: a page that says one of them once more says it in vain."""
    values = list[TypedValue]()
    for decision in (each.decision for each in conflicts if each.decision.winner is not None):
        stands = [each.value for each in (decision.winner, *decision.agreeing) if each is not None]
        stands += [loss.claim.value for loss in decision.losers if loss.contests]
        lost = (loss.claim.value for loss in decision.losers)
        values += [each for each in lost if each.type.measured and not any(same_value(each, one) for one in stands)]
    return values


def _quote(citations: Sequence[Citation], before: str, hosts: Hosts) -> Generator[AnswerEvent, None, str]:
    text = ""
    for citation in citations:
        delta = f"{' ' if before or text else ''}{sentence(citation, hosts)}"
        text += delta
        yield TextDelta(delta)
    return text


def _passages(quotes: Sequence[Quote], headings: Sequence[str]) -> dict[int, Passage]:
    return {
        n: Passage(quote.text, f"{quote.passage.item.title}\n{heading}")
        for n, (quote, heading) in enumerate(zip(quotes, headings, strict=True), start=1)
    }


@dataclass
class _Checks:
    """Lets sentences pass that their citations support, and notes what it did not let pass."""

    passages: Mapping[int, Passage]
    wanted: Wanted
    overruled: Sequence[TypedValue]
    max_citations: int
    hosts: Hosts
    cited: set[int] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    removed: list[tuple[str, str]] = field(default_factory=list)
    kept: int = 0
    ms: float = 0.0
    refused: bool = False

    def passed(self, words: Generator[str, None, None]) -> Iterator[str]:
        """The sentences that pass, each with the space before it and the numbers after it."""
        arriving = Arriving()
        try:
            for piece in words:
                for between, said in arriving.feed(piece):
                    yield from self._checked(between, said)
            for between, said in arriving.end():
                yield from self._checked(between, said)
        finally:
            words.close()

    def fault(self) -> str | None:
        """Why what came is no answer at all: nothing, or nothing that cites anything."""
        if self.refused or self.kept:
            return None
        if not self.removed:
            return "empty"
        return "malformed" if all(why == Lacks.CITATION for _, why in self.removed) else None

    def _checked(self, between: str, said: str) -> Iterator[str]:
        began = time.perf_counter()
        if said.strip(" .*_`\"'").upper() == NO_ANSWER:
            self.refused = True
        else:
            found = check(neutral(said, self.hosts).replace(REMOVED, ""), self.passages, self.wanted)
            if why := self._against(found):
                self.removed.append((said, why))
            else:
                self.told.add(found.text)
                self.cited.update(found.numbers)
                self.kept += 1
                self.ms += _ms(began)
                yield f"{between if self.kept > 1 else ''}{_marked(found)}"
                return
        self.ms += _ms(began)

    def _against(self, found: Checked) -> str | None:
        """Why a sentence may not leave."""
        if found.lacks:
            return str(found.lacks)
        if neutral(found.text, self.hosts) != found.text:  # what was taken out of it had kept a link apart
            return "link"
        if states(found.text, self.overruled):
            return "authority"
        if found.text in self.told:
            return "said"
        return "room" if len(self.cited.union(found.numbers)) > self.max_citations else None


def _marked(found: Checked) -> str:
    marks = " ".join(f"[{n}]" for n in found.numbers)
    return f"{found.text if found.text.endswith(('.', '!', '?', ':')) else f'{found.text}.'} {marks}"


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
