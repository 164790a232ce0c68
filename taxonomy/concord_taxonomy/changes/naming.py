"""How people name concepts, and how new concepts are named."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from concord_taxonomy.changes.errors import CannotChange
from concord_taxonomy.skos.model import Concept, tail
from concord_taxonomy.skos.vocabulary import Vocabulary

_SHOWN = 5


def concept_called(vocabulary: Vocabulary, name: str) -> str:
    """The IRI of the concept of that IRI, label or last part of an IRI; raises `CannotChange` for none or several.

    A preferred label counts before an alternative one, and the shared scheme before the departments'.
    """
    if name in vocabulary.concepts:
        return name
    wanted = name.casefold()
    ways: tuple[Callable[[Concept], bool], ...] = (
        lambda each: any(label.text.casefold() == wanted for label in each.pref_label),
        lambda each: tail(each.iri).casefold() == wanted,
        lambda each: any(label.text.casefold() == wanted for label in each.alt_label),
    )
    living = [each for each in vocabulary.concepts.values() if not each.deprecated]
    for way in ways:
        found = [each for each in living if way(each)]
        shared = [each for each in found if vocabulary.is_shared(each)]
        if chosen := shared or found:
            if len(chosen) == 1:
                return chosen[0].iri
            raise CannotChange(f"{name!r} may be several concepts: name one by its IRI: {_listed(chosen)}")
    raise CannotChange(f"no concept is called {name!r}: name one by its IRI or its preferred label")


def scheme_called(vocabulary: Vocabulary, name: str | None) -> str:
    """The IRI of a scheme of that IRI, publisher or title; without a name the shared one. Raises `CannotChange`."""
    if name is None:
        if not vocabulary.shared_scheme:
            raise CannotChange("the vocabulary has no shared scheme: name one with --scheme")
        return vocabulary.shared_scheme
    found = vocabulary.scheme(name)
    if found is None:
        known = ", ".join(sorted(each.label() for each in vocabulary.schemes.values()))
        raise CannotChange(f"no scheme is called {name!r}: one of {known}")
    return found.iri


def new_iri(vocabulary: Vocabulary, scheme: str, label: str) -> str:
    """An IRI for a new concept: its label's words, where most concepts of the scheme are; raises `CannotChange`."""
    places = Counter(
        each.iri[: -len(tail(each.iri))]
        for each in vocabulary.concepts.values()
        if scheme in each.in_scheme and each.iri.endswith(tail(each.iri))
    )
    place = min(places, key=lambda each: (-places[each], each)) if places else f"{scheme.rstrip('/#')}/"
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    if not words:
        raise CannotChange(f"no IRI can be made of {label!r}: say one with --iri")
    if f"{place}{words}" in vocabulary.concepts:
        raise CannotChange(f"{place}{words} is there already: change it, or say another IRI with --iri")
    return f"{place}{words}"


def _listed(concepts: list[Concept]) -> str:
    more = f" and {len(concepts) - _SHOWN} more" if len(concepts) > _SHOWN else ""
    return ", ".join(sorted(each.iri for each in concepts)[:_SHOWN]) + more
