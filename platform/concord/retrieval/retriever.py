"""Search: expand the question, run the hybrid search under the filters, check access again, and rank what is left."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, Engine

from concord.authority.reading import Reader
from concord.authority.terms import Terms
from concord.catalog.chunks import Chunk, ChunkState, chunk_id, item_chunks, load_chunks
from concord.catalog.embeddings import Likeness, likenesses, load_embedded, load_vectors
from concord.catalog.engine import reading
from concord.catalog.history import Period, Stood, readable_at
from concord.embedding import Encoder, Vectors, content_hash
from concord.index import Index, LegHit, SearchRequest, SearchResult
from concord.retrieval.filters import admits, index_filter
from concord.retrieval.known import KnownPassage, KnownPassages
from concord.retrieval.meaning import ConceptVectors
from concord.retrieval.memory import Memory, View
from concord.retrieval.passages import Passage, Retrieval
from concord.retrieval.question import Question
from concord.retrieval.ranking import BEST_SENTENCE, COSINE, Candidate, Features, features, first_cut, scored
from concord.workspace.settings import RetrievalSettings
from concord_taxonomy.expansion import Expansion, expand
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.naming import naming_texts
from concord_taxonomy.skos import Vocabulary

LEGS = ("dense", "text", "label")

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
    def known(self) -> KnownPassages:
        """Passages that earlier questions led to."""
        return KnownPassages(self.settings.known_passages)

    @cached_property
    def memory(self) -> Memory:
        """What the catalog said of items and passages, as long as nothing is written to it."""
        return Memory()

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
        with reading(self.engine) as connection:
            found = self._readable(self.memory.view(connection), question, result, vector)
            rows = features(found.candidates, found.terms, expansion, self.vocabulary, meant)
            passages = self._read(connection, question, found, rows, vector)
        clock.lap("rank")
        return Retrieval(expansion, passages, found.terms, clock.laps, vector)

    def in_place_of(self, question: Question, retrieval: Retrieval, successors: Mapping[str, float]) -> Retrieval:
        """The retrieval with the passages of further items: item to the score of the passage in whose place it comes.

        Its best passage takes that score, the others as much less as they are less like the question.
        """
        if retrieval.vector is None:
            return retrieval
        found: list[Passage] = []
        with reading(self.engine) as connection:
            for identifier, stands in self.stood(self.memory.view(connection), question, successors).items():
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
        vectors = load_embedded(connection, self.encoder.model, [chunk.content_hash for chunk in chunks])
        made = []
        for chunk in chunks:
            embedded = vectors.get(chunk.content_hash)
            like = likenesses([embedded], vector)[0] if embedded else _UNKNOWN
            key = chunk_id(item.identifier, item.revision, chunk.ordinal)
            known = KnownPassage(item, chunk, self.reader.reading(item, chunk), embedded)
            made.append(_passage(key, known, stands, question, like, 0.0, {}))
        best = max((_likeness(each) for each in made), default=0.0)
        return [replace(each, score=score - best + _likeness(each)) for each in made]

    def _expanded(self, question: Question) -> Expansion:
        if not question.expand:
            return Expansion()
        concepts = question.scope.concepts or ()
        within = frozenset(each for iri in concepts for each in self.vocabulary.narrower_closure(iri))
        return expand(question.text, self.labels, self.vocabulary, question.principal.department, within=within)

    def _search(
        self, question: Question, expansion: Expansion, vector: Vectors, meant: Mapping[str, float]
    ) -> SearchResult:
        filter_ = index_filter(question, self.vocabulary)
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

    def stood(self, view: View, question: Question, identifiers: Iterable[str]) -> dict[str, Stood]:
        """Those of the items that the asker may read now, as they stand, or stood on the date of one of the past."""
        if question.past:
            return readable_at(view.connection, question.principal, identifiers, question.at)
        held, period = view.items(identifiers), Period(question.at)
        may_read = question.principal.may_read
        return {key: Stood(item, period) for key, item in held.items() if may_read(item.readers)}

    def _stood(self, view: View, question: Question, identifiers: Iterable[str]) -> dict[str, Stood]:
        """The items as they stand; a supposed foundation describes them otherwise (`supposed`)."""
        return self.stood(view, question, identifiers)

    def _readable(self, view: View, question: Question, result: SearchResult, vector: Vectors) -> _Found:
        """What may leave: checked against the catalog as it is now, whatever the index still holds."""
        legs = {name: {hit.id: hit for hit in getattr(result, name)} for name in LEGS}
        hits = {key: hit.payload for leg in legs.values() for key, hit in leg.items()}
        held = self._stood(view, question, [payload.identifier for payload in hits.values()])
        # Of an item that changed since the index followed, another revision stands by now.
        allowed = {
            (key, each.item.revision): each
            for key, each in held.items()
            if admits(question, each.item, self.vocabulary)
        }
        owned = {key: each for key, of in hits.items() if (each := allowed.get((of.identifier, of.revision)))}
        states, read = self._states(view, owned)
        # A page's vector is that of its present revision.
        current = [] if question.past else [identifier for identifier, _ in allowed]
        pages = self._pages(view, current, vector)
        scores = {name: {key: hit.score for key, hit in leg.items()} for name, leg in legs.items()}
        candidates = [
            Candidate(
                key,
                owned[key].item,
                scores["dense"].get(key),
                scores["text"].get(key, 0.0),
                scores["label"].get(key, 0.0),
                pages.get(owned[key].item.identifier),
            )
            for key in states
        ]
        terms = Terms.of([each.terms or b"" for each in states.values()])
        return _Found(candidates, terms, owned, states, read, result)

    def _pages(self, view: View, identifiers: Sequence[str], vector: Vectors) -> dict[str, float]:
        """How like the question these items are as a whole, those that have a vector."""
        held = view.pages(self.encoder.model, identifiers)
        return dict(zip(held, (np.stack(list(held.values())) @ vector).tolist(), strict=True)) if held else {}

    def _states(self, view: View, owned: Mapping[str, Stood]) -> tuple[dict[str, ChunkState], dict[str, Chunk]]:
        """The passages as the catalog has them, and those of them that have to be read for their terms."""
        held = view.states(owned)
        fingerprint = self.reader.fingerprint
        unread = [key for key, each in held.items() if each.terms is None or each.read_by != fingerprint]
        read = {
            key: self.reader.read(owned[key].item, each) for key, each in load_chunks(view.connection, unread).items()
        }
        for key, chunk in read.items():
            held[key] = replace(held[key], terms=chunk.terms)
        return held, read

    def _read(
        self, connection: Connection, question: Question, found: _Found, rows: Features, vector: Vectors
    ) -> tuple[Passage, ...]:
        """The passages of the first cut, best first, ties by id."""
        places = first_cut(found.candidates, rows, self.settings.passages)
        known = self._known(connection, found, [found.candidates[place].id for place in places])
        alike = iter(likenesses([each.embedded for each in known.values() if each.embedded], vector))
        like = [next(alike) if each.embedded else _UNKNOWN for each in known.values()]
        rows = rows[places]
        rows[:, COSINE] = [each.passage for each in like]
        rows[:, BEST_SENTENCE] = [max(each.sentences, default=each.passage) for each in like]
        ranks = {name: {key: n for n, key in enumerate(ranked(getattr(found.result, name)), 1)} for name in LEGS}
        passages = [
            _passage(
                key,
                each,
                found.owned[key],
                question,
                likeness,
                score,
                {name: place for name, leg in ranks.items() if (place := leg.get(key))},
            )
            for (key, each), likeness, score in zip(known.items(), like, scored(rows).tolist(), strict=True)
        ]
        return tuple(sorted(passages, key=lambda passage: (-passage.score, passage.id)))

    def _known(self, connection: Connection, found: _Found, keys: Sequence[str]) -> dict[str, KnownPassage]:
        """These passages, in this order: those read before, and those that are read now."""
        versions = {key: (key, *found.states[key].version) for key in keys}
        known = {key: self.known.get(versions[key], found.owned[key].item) for key in keys}
        missing = [key for key, each in known.items() if each is None]
        chunks = load_chunks(connection, [key for key in missing if key not in found.read]) | found.read
        vectors = load_embedded(connection, self.encoder.model, [chunks[key].content_hash for key in missing])
        for key in missing:
            item, chunk = found.owned[key].item, chunks[key]
            made = KnownPassage(item, chunk, self.reader.reading(item, chunk), vectors.get(chunk.content_hash))
            self.known.keep(versions[key], made)
            known[key] = made
        return {key: each for key, each in known.items() if each is not None}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search found and the asker may read; `read` are passages that had to be read for their terms."""

    candidates: list[Candidate]
    terms: Terms
    owned: Mapping[str, Stood]
    states: Mapping[str, ChunkState]
    read: dict[str, Chunk]
    result: SearchResult


def _passage(
    key: str,
    known: KnownPassage,
    stands: Stood,
    question: Question,
    like: Likeness,
    score: float,
    ranks: Mapping[str, int],
) -> Passage:
    period = stands.period if question.past else None
    return Passage(key, known.item, known.chunk, score, like.passage, like.sentences, known.reading, ranks, period)


def _likeness(passage: Passage) -> float:
    return passage.cosine + passage.best_sentence


_UNKNOWN = Likeness(-1.0, ())
"""Of a passage whose vector is not kept."""


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
