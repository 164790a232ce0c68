"""A reported question asked again as who asked it: what is found, what authority makes of it, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

from concord.answering.evidence import Evidence
from concord.answering.model import Answer
from concord.answering.overlap import Wanted
from concord.catalog.records import StoredRecord
from concord.governance.cases.given import folded
from concord.governance.cases.outdated import Dating
from concord.retrieval.passages import Retrieval
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever
from concord_feedback import Trace
from concord_taxonomy.standard import ContentItem


@dataclass(frozen=True, slots=True)
class Parts:
    """What a replay runs on, each the one that answers questions; `ask` keeps no trace.

    `wide` is the retriever with far larger limits. `fresh` gives records of a source as they are now, those of the
    native ids named even where they have not changed; it raises `CannotProbe` where the source cannot be reached.
    `tagged` gives the concepts that the words of an item lead to, `labelled` the answer as if a concept had a word as a
    label. `dating` tells which pages are outdated today.
    """

    engine: Engine
    retriever: Retriever
    wide: Retriever
    weigh: Callable[[Question, Retrieval], Evidence]
    ask: Callable[[str], Answer]
    labelled: Callable[[str, str], Answer]
    fresh: Callable[[str, Sequence[str]], Iterator[StoredRecord]]
    tagged: Callable[[ContentItem, str], frozenset[str]]
    sources: Sequence[str]
    dating: Dating


@dataclass(frozen=True)
class AskedAgain:
    """The question of a trace through the pipeline; each stage is run once, and only where it is looked at."""

    parts: Parts
    question: Question
    trace: Trace

    @cached_property
    def answer(self) -> Answer:
        """The answer of now."""
        return self.parts.ask(self.question.text)

    def tells_again(self, page: str) -> bool:
        """Whether the answer of now quotes a sentence that the one of the trace quoted of a page."""
        said = {folded(each.quote) for each in self.trace.citations if each.identifier == page}
        return any(folded(each.quote) in said for each in self.answer.citations)

    @cached_property
    def retrieval(self) -> Retrieval:
        """What is found."""
        return self.parts.retriever.search(self.question)

    @cached_property
    def wider(self) -> Retrieval:
        """What is found where far more passages are read."""
        return self.parts.wide.search(self.question)

    @cached_property
    def evidence(self) -> Evidence:
        """What authority makes of what is found."""
        return self.parts.weigh(self.question, self.retrieval)

    @cached_property
    def wanted(self) -> Wanted:
        """The words of the question, and what other departments say for them."""
        return Wanted.of(self.question.text, self.retrieval.expansion)
