"""Normal form of a set of concepts: duplicates joined, texts trimmed, inverse and symmetric relations completed.

SKOS entails these (S6 to S8, S23 to S26, S43, S44); completing them once lets every reader of a `Vocabulary` look at
one side only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from concord_taxonomy.skos.model import Concept, Label, Scheme, plain_text

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

_TEXTS = ("pref_label", "alt_label", "hidden_label", "definition")
_LINKS = tuple(field.name for field in fields(Concept) if field.name not in (*_TEXTS, "iri", "notation", "deprecated"))


def join(concepts: Iterable[Concept]) -> Concept:
    """One concept with everything that descriptions of the same IRI say, and what follows from it.

    A top concept of a scheme is in it (S7), and what is replaced is deprecated.
    """
    several = tuple(concepts)
    values: dict[str, Any] = {
        name: _labels(label for each in several for label in getattr(each, name)) for name in _TEXTS
    }
    values["notation"] = _sorted(plain_text(text) for each in several for text in each.notation)
    values |= {name: _sorted(iri for each in several for iri in getattr(each, name)) for name in _LINKS}
    values["in_scheme"] = _sorted((*values["in_scheme"], *values["top_concept_of"]))
    deprecated = any(each.deprecated for each in several) or bool(values["is_replaced_by"])
    return Concept(several[0].iri, deprecated=deprecated, **values)


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    return tuple(sorted({Label(plain_text(each.text), each.language.lower()) for each in labels}))


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


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
        title = _labels((*known.title, *scheme.title))
        joined[scheme.iri] = Scheme(scheme.iri, title, known.publisher or plain_text(scheme.publisher))
    return joined
