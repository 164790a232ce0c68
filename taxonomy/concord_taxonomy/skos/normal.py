"""Normal form of a set of concepts: duplicates joined, texts trimmed, inverse and symmetric relations completed.

SKOS entails these (S6 to S8, S23 to S26, S43, S44); completing them once lets every reader of a `Vocabulary` look at
one side only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

_LABELS = ("pref_label", "alt_label", "hidden_label", "definition")
_TUPLES = tuple(field.name for field in fields(Concept) if field.name not in ("iri", "deprecated"))


def trimmed(concept: Concept) -> Concept:
    """The concept with its texts as a file would be read: blanks trimmed, languages in lower case."""
    values: dict[str, Any] = {}
    for name in _LABELS:
        if labels := getattr(concept, name):
            values[name] = tuple(Label(plain_text(each.text), each.language.lower()) for each in labels)
    if concept.notation:
        values["notation"] = tuple(map(plain_text, concept.notation))
    return replace(concept, **values) if values else concept


def join(concepts: Sequence[Concept]) -> Concept:
    """One concept with everything that descriptions of the same IRI say, and what follows from it.

    A top concept of a scheme is in it (S7), and what is replaced is deprecated.
    """
    values: dict[str, Any] = {}
    for name in _TUPLES:
        held = [value for each in concepts for value in getattr(each, name)]
        values[name] = tuple(sorted(set(held))) if len(held) > 1 else tuple(held)
    if values["top_concept_of"]:
        values["in_scheme"] = tuple(sorted({*values["in_scheme"], *values["top_concept_of"]}))
    deprecated = any(each.deprecated for each in concepts) or bool(values["is_replaced_by"])
    return Concept(concepts[0].iri, deprecated=deprecated, **values)


def normalise(concepts: Iterable[Concept]) -> dict[str, Concept]:
    """Trimmed concepts by IRI, in IRI order, each described once and related both ways."""
    described: dict[str, list[Concept]] = {}
    for concept in concepts:
        described.setdefault(concept.iri, []).append(concept)
    joined = {iri: join(described[iri]) for iri in sorted(described)}
    added: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, inverse in INVERSES.items():
        pointing: dict[str, set[str]] = {}
        for iri, concept in joined.items():
            for other in getattr(concept, name):
                if other in joined:
                    pointing.setdefault(other, set()).add(iri)
        for other, iris in pointing.items():
            stated = getattr(joined[other], inverse)
            if not iris.issubset(stated):
                added.setdefault(other, {})[inverse] = tuple(sorted(iris.union(stated)))
    for iri, relations in added.items():
        values: dict[str, Any] = dict(relations)
        joined[iri] = replace(joined[iri], **values)
    return joined


def join_schemes(schemes: Iterable[Scheme]) -> dict[str, Scheme]:
    """Schemes by IRI, in IRI order, each described once; of two publishers the first in order counts."""
    joined: dict[str, Scheme] = {}
    for scheme in sorted(schemes, key=lambda each: (each.iri, not each.publisher, each.publisher)):
        known = joined.get(scheme.iri, Scheme(scheme.iri))
        trimmed = (Label(plain_text(each.text), each.language.lower()) for each in scheme.title)
        title = tuple(sorted({*known.title, *trimmed}))
        joined[scheme.iri] = Scheme(scheme.iri, title, known.publisher or plain_text(scheme.publisher))
    return joined
