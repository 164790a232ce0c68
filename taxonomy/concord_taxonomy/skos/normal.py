"""Normal form of a set of concepts: duplicates joined, inverse and symmetric relations completed.

SKOS entails these (S6 to S8, S23 to S26, S43, S44); completing them once lets every reader of a `Vocabulary` look at
one side only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from concord_taxonomy.skos.model import Concept, Scheme

INVERSES: Mapping[str, str] = {
    "broader": "narrower",
    "narrower": "broader",
    "related": "related",
    "exact_match": "exact_match",
    "close_match": "close_match",
    "broad_match": "narrow_match",
    "narrow_match": "broad_match",
    "related_match": "related_match",
}
"""For each relation between concepts, the relation that holds the other way round."""

_TUPLES = tuple(field.name for field in fields(Concept) if field.name not in ("iri", "deprecated"))


def join(concepts: Iterable[Concept]) -> Concept:
    """One concept with everything that descriptions of the same IRI say."""
    several = tuple(concepts)
    values: dict[str, Any] = {
        name: tuple(sorted({v for each in several for v in getattr(each, name)})) for name in _TUPLES
    }
    return replace(several[0], **values, deprecated=any(each.deprecated for each in several))


def normalise(concepts: Iterable[Concept]) -> dict[str, Concept]:
    """Concepts by IRI, in IRI order, each described once and related both ways."""
    described: dict[str, list[Concept]] = {}
    for concept in concepts:
        described.setdefault(concept.iri, []).append(concept)
    joined = {iri: join(described[iri]) for iri in sorted(described)}
    added: dict[str, dict[str, set[str]]] = {}
    for iri, concept in joined.items():
        for name, inverse in INVERSES.items():
            for other in getattr(concept, name):
                if other in joined and iri not in getattr(joined[other], inverse):
                    added.setdefault(other, {}).setdefault(inverse, set()).add(iri)
    for iri, relations in added.items():
        concept = joined[iri]
        values: dict[str, Any] = {
            name: tuple(sorted({*getattr(concept, name), *more})) for name, more in relations.items()
        }
        joined[iri] = replace(concept, **values)
    return joined


def join_schemes(schemes: Iterable[Scheme]) -> dict[str, Scheme]:
    """Schemes by IRI, in IRI order, each described once; of two publishers the first in order counts."""
    joined: dict[str, Scheme] = {}
    for scheme in sorted(schemes, key=lambda each: (each.iri, not each.publisher, each.publisher)):
        known = joined.get(scheme.iri, Scheme(scheme.iri))
        title = tuple(sorted({*known.title, *scheme.title}))
        joined[scheme.iri] = Scheme(scheme.iri, title, known.publisher or scheme.publisher)
    return joined
