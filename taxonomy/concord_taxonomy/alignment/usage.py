"""Which items a concept stands for, as far as one may read them: what alignment compares by usage."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos.model import Scheme, plain_name
from concord_taxonomy.skos.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Document:
    """An item as usage sees it; `subject` are the concepts that it is tagged with, `publisher` is its department."""

    identifier: str
    publisher: str
    subject: Collection[str]
    text: str


def items_of(vocabulary: Vocabulary, schemes: Iterable[str], documents: Iterable[Document]) -> dict[str, set[str]]:
    """The documents of each concept of the schemes: those tagged with it, and its own department's that say its labels.

    Items are tagged with shared concepts; a department's own concepts show in the words of its own items.
    """
    wanted = set(schemes)
    departments = {
        iri: vocabulary.schemes.get(iri, Scheme(iri)) for iri in wanted if iri and iri != vocabulary.shared_scheme
    }
    members = {
        iri: concept for iri, concept in vocabulary.concepts.items() if departments.keys() & set(concept.in_scheme)
    }
    index = LabelIndex(Vocabulary(members))
    of_scheme = {iri for iri, concept in vocabulary.concepts.items() if wanted & set(concept.in_scheme)}
    found: dict[str, set[str]] = {}
    for document in documents:
        publisher = plain_name(document.publisher)
        own = {iri for iri, scheme in departments.items() if publisher and publisher in scheme.names()}
        said = (
            sense.iri
            for match in (index.find(document.text) if own else ())
            for sense in match.senses
            if own & set(members[sense.iri].in_scheme)
        )
        for iri in (*of_scheme.intersection(document.subject), *said):
            found.setdefault(iri, set()).add(document.identifier)
    return found
