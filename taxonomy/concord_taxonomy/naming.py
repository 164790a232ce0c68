"""What names a concept: the labels and definitions of a vocabulary, for comparing them with a text by meaning."""

from __future__ import annotations

from concord_taxonomy.skos.vocabulary import Vocabulary


def naming_texts(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Every label and definition, of departments' concepts too, with the shared concepts that it stands for.

    Concepts in `vocabulary.stop` and deprecated ones have none.
    """
    texts: dict[str, dict[str, None]] = {}
    for concept in vocabulary.concepts.values():
        if concept.deprecated:
            continue
        meant = [iri for iri in vocabulary.shared(concept.iri) if iri not in vocabulary.stop]
        for label in (*concept.pref_label, *concept.alt_label, *concept.hidden_label, *concept.definition):
            if meant:
                texts.setdefault(label.text, {}).update(dict.fromkeys(meant))
    return {text: tuple(iris) for text, iris in texts.items()}
