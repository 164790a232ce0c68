"""`/v1/taxonomy`: schemes, a concept, and concepts whose labels begin like what was typed.

Vocabularies are open to everybody, and say nothing of items: no counts of them, no tags.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.service.asker import Asking
from concord.service.errors import NoSuchConcept
from concord.service.problems import DOCUMENTED
from concord_taxonomy.skos import Concept, Vocabulary
from concord_taxonomy.words import fold

router = APIRouter(prefix="/v1/taxonomy", tags=["taxonomy"], responses=DOCUMENTED)

MAX_SUGGESTIONS = 50


class SchemeBody(BaseModel):
    """A concept scheme; `publisher` is the department whose words it holds."""

    iri: str
    title: str
    publisher: str
    shared: bool = Field(description="The scheme that the departments' concepts are aligned with.")
    concepts: int


class SchemesBody(BaseModel):
    """The schemes in force, by IRI."""

    schemes: list[SchemeBody]


class NamedBody(BaseModel):
    """A concept and what to call it."""

    iri: str
    label: str


class ConceptBody(NamedBody):
    """A concept of SKOS; `shared` are the shared concepts that it means."""

    pref_label: list[str]
    alt_label: list[str]
    definition: list[str]
    notation: list[str]
    in_scheme: list[str]
    broader: list[NamedBody]
    narrower: list[NamedBody]
    related: list[NamedBody]
    shared: list[NamedBody]
    deprecated: bool
    is_replaced_by: list[NamedBody]


class SuggestionBody(NamedBody):
    """A concept, and the label of it that fits what was typed."""

    matched: str
    in_scheme: list[str]


class SuggestionsBody(BaseModel):
    """Concepts, the nearest first."""

    suggestions: list[SuggestionBody]


@router.get("/schemes")
async def schemes(asker: Asking) -> SchemesBody:
    """List the concept schemes in force."""

    def found(concord: Concord, _who: object) -> SchemesBody:
        vocabulary = concord.foundation.vocabulary
        held = Counter(iri for concept in vocabulary.concepts.values() for iri in concept.in_scheme)
        return SchemesBody(
            schemes=[
                SchemeBody(
                    iri=iri,
                    title=scheme.label(),
                    publisher=scheme.publisher,
                    shared=iri == vocabulary.shared_scheme,
                    concepts=held[iri],
                )
                for iri, scheme in sorted(vocabulary.schemes.items())
            ]
        )

    return await asker.read(Action.READ_TAXONOMY, found)


@router.get("/concept")
async def concept(asker: Asking, iri: Annotated[str, Query(min_length=1, max_length=2_000)]) -> ConceptBody:
    """Give a concept by its IRI."""

    def found(concord: Concord, _who: object) -> ConceptBody:
        vocabulary = concord.foundation.vocabulary
        known = vocabulary.concepts.get(iri)
        if known is None:
            raise NoSuchConcept(iri)
        return _body(known, vocabulary)

    return await asker.read(Action.READ_TAXONOMY, found)


@router.get("/suggestions")
async def suggestions(
    asker: Asking,
    q: Annotated[str, Query(min_length=1, max_length=200, description="The beginning of a label, or of a word in it.")],
    limit: Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS)] = 10,
) -> SuggestionsBody:
    """Find concepts by the beginning of a preferred or alternative label, or of a word in it."""

    def found(concord: Concord, _who: object) -> SuggestionsBody:
        vocabulary = concord.foundation.vocabulary
        typed = fold(q.casefold()).strip()
        ranked = []
        for each in vocabulary.concepts.values():
            labels = [label.text for label in (*each.pref_label, *each.alt_label)]
            fits = [
                (rank, len(text), text) for text in labels if (rank := _rank(fold(text.casefold()), typed)) is not None
            ]
            if fits and not each.deprecated:
                ranked.append((*min(fits), each.iri))
        return SuggestionsBody(
            suggestions=[
                SuggestionBody(
                    iri=iri,
                    label=vocabulary.concepts[iri].label(),
                    matched=text,
                    in_scheme=list(vocabulary.concepts[iri].in_scheme),
                )
                for _, _, text, iri in sorted(ranked)[:limit]
            ]
        )

    return await asker.read(Action.READ_TAXONOMY, found)


def _rank(label: str, typed: str) -> int | None:
    """How near a label is: it is what was typed, begins so, or has a word that does; None where it does not fit."""
    if not typed or typed not in label:
        return None
    if label.startswith(typed):
        return int(label != typed)
    return 2 if f" {typed}" in label else None


def _body(concept: Concept, vocabulary: Vocabulary) -> ConceptBody:
    def named(iris: tuple[str, ...]) -> list[NamedBody]:
        return [NamedBody(iri=iri, label=known.label()) for iri in iris if (known := vocabulary.concepts.get(iri))]

    return ConceptBody(
        iri=concept.iri,
        label=concept.label(),
        pref_label=[label.text for label in concept.pref_label],
        alt_label=[label.text for label in concept.alt_label],
        definition=[label.text for label in concept.definition],
        notation=list(concept.notation),
        in_scheme=list(concept.in_scheme),
        broader=named(concept.broader),
        narrower=named(concept.narrower),
        related=named(concept.related),
        shared=named(vocabulary.shared(concept.iri)),
        deprecated=concept.deprecated,
        is_replaced_by=named(concept.is_replaced_by),
    )
