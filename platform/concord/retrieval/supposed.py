"""Search as if another vocabulary were in force: for previews, which write nothing and embed no passage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import Connection

from concord.authority.reading import Reader
from concord.catalog.chunks import Chunk
from concord.catalog.embeddings import load_vectors
from concord.catalog.engine import reading
from concord.catalog.history import Stood
from concord.embedding import content_hash
from concord.retrieval.meaning import ConceptVectors
from concord.retrieval.memory import View
from concord.retrieval.question import Question
from concord.retrieval.retriever import Retriever
from concord_taxonomy.standard import ContentItem

Describe = Callable[[Connection, Mapping[str, ContentItem]], Mapping[str, ContentItem]]
"""Items by identifier as they would be described; those that would not be there any more are left out."""

MAX_NEW_LABELS = 500
"""Labels embedded in memory at most, because no sync has met them yet; the others are compared word by word alone."""

MAX_READINGS = 20_000
"""Passages whose readings are kept in memory."""


@dataclass(frozen=True)
class _Remembering(Reader):
    """Reads a passage once by a vocabulary by which no sync has read it, however many questions find it."""

    _read: dict[tuple[str, int, int], Chunk] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, item: ContentItem, chunk: Chunk) -> Chunk:
        """The passage with its reading."""
        if chunk.read_by == self.fingerprint:
            return super().read(item, chunk)
        key = (item.identifier, item.revision, chunk.ordinal)
        if key not in self._read:
            if len(self._read) >= MAX_READINGS:
                self._read.clear()
            self._read[key] = super().read(item, chunk)
        return self._read[key]


@dataclass(frozen=True)
class SupposedRetriever(Retriever):
    """A retriever of a vocabulary that is not in force; `described` gives items as they would be described by it.

    The index is as the last sync left it: an item that only its new concepts would bring in is not found by their
    labels.
    """

    described: Describe = field(default=lambda _connection, items: dict(items))

    @cached_property
    def reader(self) -> Reader:
        """What reads passages by the supposed vocabulary."""
        return _Remembering(self.labels, self.vocabulary)

    @cached_property
    def _supposed_vectors(self) -> ConceptVectors:
        hashes = {text: content_hash(text) for text in self.naming}
        with reading(self.engine) as connection:
            kept = load_vectors(connection, self.encoder.model, list(hashes.values()))
        vectors = {text: kept[key] for text, key in hashes.items() if key in kept}
        missing = [text for text in hashes if text not in vectors][:MAX_NEW_LABELS]
        if missing:
            vectors |= dict(zip(missing, self.encoder.encode(missing), strict=True))
        return ConceptVectors.build(self.naming, vectors)

    def concept_vectors(self) -> ConceptVectors:
        """The labels' vectors, of new labels too."""
        return self._supposed_vectors

    def _stood(self, view: View, question: Question, identifiers: Iterable[str]) -> dict[str, Stood]:
        held = super()._stood(view, question, identifiers)
        if question.past:
            return held
        described = self.described(view.connection, {key: each.item for key, each in held.items()})
        return {
            key: replace(each, item=item)
            for key, each in held.items()
            if (item := described.get(key)) is not None and question.principal.may_read(item.readers)
        }
