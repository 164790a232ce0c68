"""Concepts, labels and schemes of SKOS as plain frozen values.

Fields carry the names of SKOS (W3C Recommendation 2009) and DCTERMS in snake case. Every tuple of a concept that a
`Vocabulary` holds is sorted and free of duplicates, so that equal content is equal data.
"""

from __future__ import annotations

from dataclasses import dataclass

_GENERIC = frozenset({"department", "glossary", "scheme", "team", "thesaurus", "vocabulary"})


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """A piece of text in a language; `language` is a lower-case tag such as `en` or empty where none is stated."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: its labels by kind, its place in the hierarchy and its mappings to other schemes."""

    iri: str
    pref_label: tuple[Label, ...] = ()
    alt_label: tuple[Label, ...] = ()
    hidden_label: tuple[Label, ...] = ()
    definition: tuple[Label, ...] = ()
    notation: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    exact_match: tuple[str, ...] = ()
    close_match: tuple[str, ...] = ()
    broad_match: tuple[str, ...] = ()
    narrow_match: tuple[str, ...] = ()
    related_match: tuple[str, ...] = ()
    in_scheme: tuple[str, ...] = ()
    top_concept_of: tuple[str, ...] = ()
    deprecated: bool = False
    is_replaced_by: tuple[str, ...] = ()

    def label(self, language: str = "en") -> str:
        """The text to show for the concept: a preferred label in `language`, else any label, else the IRI's tail."""
        for labels in (self.pref_label, self.alt_label):
            for wanted in (language, ""):
                for label in labels:
                    if label.language.split("-")[0] == wanted:
                        return label.text
            if labels:
                return labels[0].text
        return tail(self.iri)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme; `publisher` (`dcterms:publisher`) names the department whose words it holds."""

    iri: str
    title: tuple[Label, ...] = ()
    publisher: str = ""

    def label(self, language: str = "en") -> str:
        """The text to show for the scheme."""
        return Concept(self.iri, pref_label=self.title).label(language)

    def names(self) -> tuple[str, ...]:
        """What the scheme is called, as `plain_name` writes it: its publisher, the last part of its IRI, its titles."""
        return tuple(map(plain_name, (self.publisher, tail(self.iri), *(title.text for title in self.title))))


def plain_text(text: str) -> str:
    """A text as labels and notes hold it: without space at its ends, and one blank between words."""
    return " ".join(text.split())


def plain_name(name: str) -> str:
    """The name of a scheme without what does not matter in it.

    That is case, `&` for `and`, and a last word such as `department` or `vocabulary`: `People` calls a scheme titled
    `People vocabulary`.
    """
    words = name.casefold().replace("&", " and ").split()
    if words and words[-1] in _GENERIC:
        words.pop()
    return " ".join(words)


def tail(iri: str) -> str:
    """The part of an IRI behind its last `/` or `#`: `annual-leave` of `https://example.org/id/annual-leave`."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
