"""Search: expand the question, run the hybrid search under the filters, check access again, and rank what is left."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import Connection, Engine

from concord.authority.reading import Reader
from concord.catalog import items
from concord.catalog.chunks import Chunk, chunk_id, item_chunks, load_chunks
from concord.catalog.embeddings import Likeness, likenesses, load_vectors, page_likenesses
from concord.catalog.engine import reading
from concord.catalog.history import Period, Stood, readable_at
from concord.embedding import Encoder, Vectors, content_hash
from concord.index import Index, LegHit, SearchRequest, SearchResult
from concord.retrieval.filters import admits, index_filter
from concord.retrieval.fusion import Fused, reciprocal_rank_fusion
from concord.retrieval.meaning import ConceptVectors
from concord.retrieval.passages import Passage, Retrieval
from concord.retrieval.question import Question
from concord.retrieval.ranking import Concepts, Signals, rank
from concord.workspace.settings import RetrievalSettings
from concord_taxonomy.expansion import Expansion, expand
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.naming import naming_texts
from concord_taxonomy.skos import Vocabulary

_NEAREST = 5
"""Concepts near the question that pages are looked up by, beside those that it names."""


@dataclass(frozen=True)
class Retriever:
    """Finds passages for a question, under the asker's access and the use case's scope."""

    engine: Engine
    index: Index
    encoder: Encoder
    vocabulary: Vocabulary
    settings: RetrievalSettings
    _concept_vectors: list[ConceptVectors] = field(default_factory=list, init=False, repr=False, compare=False)

    @cached_property
    def labels(self) -> LabelIndex:
        """Where labels of the vocabulary occur in a text."""
        return LabelIndex(self.vocabulary)

    @cached_property
    def reader(self) -> Reader:
        """What reads passages that were not read at ingestion, or by another vocabulary."""
        return Reader(self.labels, self.vocabulary)

    @cached_property
    def naming(self) -> dict[str, tuple[str, ...]]:
        """The labels and definitions of the vocabulary, with the concepts that they stand for."""
        return naming_texts(self.vocabulary)

    def concept_vectors(self) -> ConceptVectors:
        """The labels' vectors; those that the last sync did not know yet are missing until the next."""
        if self._concept_vectors:
            return self._concept_vectors[0]
        hashes = {text: content_hash(text) for text in self.naming}
        with reading(self.engine) as connection:
            kept = load_vectors(connection, self.encoder.model, list(hashes.values()))
        made = ConceptVectors.build(self.naming, {text: kept[key] for text, key in hashes.items() if key in kept})
        if len(kept) == len(hashes):
            self._concept_vectors.append(made)
        return made

    def search(self, question: Question) -> Retrieval:
        """The passages that `question.principal` may read now, best first."""
        clock = Stopwatch()
        expansion = self._expanded(question)
        clock.lap("expand")
        vector = self.encoder.encode([question.text])[0]
        meant = self.concept_vectors().likeness(vector) if question.expand else {}
        clock.lap("embed")
        result = self._search(question, expansion, vector, meant)
        clock.lap("search")
        fused = reciprocal_rank_fusion(
            {name: ranked(getattr(result, name)) for name in ("dense", "text", "label")},
            {
                "dense": self.settings.dense_weight,
                "text": self.settings.text_weight,
                "label": self.settings.label_weight,
            },
        )
        candidates = self._readable(question, fused, result, vector)
        passages = rank(candidates, expansion, Concepts(self.vocabulary), meant)
        clock.lap("rank")
        return Retrieval(expansion, passages, len(candidates), clock.laps, vector)

    def in_place_of(self, question: Question, retrieval: Retrieval, successors: Mapping[str, float]) -> Retrieval:
        """The retrieval with the passages of further items: item to the score of the passage in whose place it comes.

        Its best passage takes that score, the others as much less as they are less like the question.
        """
        if retrieval.vector is None:
            return retrieval
        found: list[Passage] = []
        with reading(self.engine) as connection:
            for identifier, stands in stood(connection, question, successors).items():
                if admits(question, stands.item, self.vocabulary):
                    found += self._whole(connection, question, stands, retrieval.vector, successors[identifier])
        if not found:
            return retrieval
        passages = sorted((*retrieval.passages, *found), key=lambda passage: (-passage.score, passage.id))
        return replace(retrieval, passages=tuple(passages))

    def _whole(
        self, connection: Connection, question: Question, stands: Stood, vector: Vectors, score: float
    ) -> list[Passage]:
        """An item's passages, the one most like the question with this score."""
        item = stands.item
        chunks = item_chunks(connection, item.identifier).get(item.revision, [])
        alike = likenesses(connection, self.encoder.model, [chunk.content_hash for chunk in chunks], vector)
        made = []
        for chunk in chunks:
            point = Fused(chunk_id(item.identifier, item.revision, chunk.ordinal), 0.0, {})
            made.append(self._passage(question, point, stands, chunk, alike.get(chunk.content_hash, _UNKNOWN)))
        best = max((_likeness(each) for each in made), default=0.0)
        return [each.scored(score - best + _likeness(each)) for each in made]

    def _expanded(self, question: Question) -> Expansion:
        if not question.expand:
            return Expansion()
        concepts = question.scope.concepts or ()
        within = frozenset(each for iri in concepts for each in self.vocabulary.narrower_closure(iri))
        return expand(question.text, self.labels, self.vocabulary, question.principal.department, within=within)

    def _search(
        self, question: Question, expansion: Expansion, vector: Vectors, meant: Mapping[str, float]
    ) -> SearchResult:
        filter_ = index_filter(question, self.index.tokens_in_use(), self.vocabulary)
        if not filter_.readers:
            return SearchResult()
        words = " ".join([question.text, *expansion.terms])
        near = heapq.nlargest(_NEAREST, meant, key=meant.__getitem__)
        nearest = [self.vocabulary.concepts[iri].label() for iri in near]
        request = SearchRequest(
            filter_,
            dense=vector.tolist(),
            text=words,
            label_text=" ".join([words, *nearest]),
            limit=self.settings.candidates,
        )
        return self.index.search(request)

    def _readable(
        self, question: Question, fused: Sequence[Fused], result: SearchResult, vector: Vectors
    ) -> list[Signals]:
        """What may leave: checked against the catalog as it is now, whatever the index still holds."""
        hits = {hit.id: hit.payload for hit in (*result.dense, *result.text, *result.label)}
        with reading(self.engine) as connection:
            held = self._stood(connection, question, [payload.identifier for payload in hits.values()])
            # Of an item that changed since the index followed, another revision stands by now.
            allowed = {
                (key, each.item.revision): each
                for key, each in held.items()
                if admits(question, each.item, self.vocabulary)
            }
            owner = {key: (payload.identifier, payload.revision) for key, payload in hits.items()}
            wanted = [point for point in fused if owner[point.id] in allowed]
            chunks = load_chunks(connection, [point.id for point in wanted])
            hashes = [chunk.content_hash for chunk in chunks.values()]
            alike = likenesses(connection, self.encoder.model, hashes, vector)
            # A page's vector is that of its present revision.
            current = [] if question.past else [identifier for identifier, _ in allowed]
            pages = page_likenesses(connection, self.encoder.model, current, vector)
        scores = {name: {hit.id: hit.score for hit in getattr(result, name)} for name in ("text", "label")}
        return [
            Signals(
                self._passage(
                    question, point, allowed[owner[point.id]], chunk, alike.get(chunk.content_hash, _UNKNOWN)
                ),
                text=scores["text"].get(point.id, 0.0),
                label=scores["label"].get(point.id, 0.0),
                page=pages.get(hits[point.id].identifier),
            )
            for point in wanted
            if (chunk := chunks.get(point.id)) is not None
        ]

    def _stood(self, connection: Connection, question: Question, identifiers: Iterable[str]) -> dict[str, Stood]:
        """The items as they stand."""
        return stood(connection, question, identifiers)

    def _passage(self, question: Question, point: Fused, stands: Stood, chunk: Chunk, like: Likeness) -> Passage:
        item, period = stands.item, stands.period if question.past else None
        read = self.reader.reading(item, chunk)
        return Passage(point.id, item, chunk, point.score, like.passage, like.sentences, read, point.ranks, period)


def _likeness(passage: Passage) -> float:
    return passage.cosine + passage.best_sentence


_UNKNOWN = Likeness(-1.0, ())
"""Of a passage whose vector is not kept."""


def stood(connection: Connection, question: Question, identifiers: Iterable[str]) -> dict[str, Stood]:
    """Those of the items that the asker may read now, as they stand, or stood on the date of a question of the past."""
    if question.past:
        return readable_at(connection, question.principal, identifiers, question.at)
    held = items.readable(connection, question.principal, identifiers)
    return {key: Stood(item, Period(question.at)) for key, item in held.items()}


def ranked(hits: Sequence[LegHit]) -> list[str]:
    """Ids of a leg, best first; ties by id, for engines break them as their segments happen to lie."""
    return [hit.id for hit in sorted(hits, key=lambda hit: (-hit.score, hit.id))]


class Stopwatch:
    """Milliseconds per named stage."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Book the time since the last lap under `name`."""
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self._last = now


def by_item(passages: Iterable[Passage]) -> Mapping[str, list[Passage]]:
    """Passages grouped by item, in their order."""
    grouped: dict[str, list[Passage]] = {}
    for passage in passages:
        grouped.setdefault(passage.item.identifier, []).append(passage)
    return grouped
