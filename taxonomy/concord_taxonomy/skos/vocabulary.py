"""`Vocabulary`: every concept of a workspace, and the way from a department's words to the shared concepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Literal

from concord_taxonomy.skos.closure import reachable
from concord_taxonomy.skos.errors import SharedSchemesDiffer
from concord_taxonomy.skos.links import Link, LinkKind, shared_links
from concord_taxonomy.skos.model import Concept, Scheme, plain_name
from concord_taxonomy.skos.normal import join_schemes, normalise, trimmed


@dataclass(frozen=True)
class Vocabulary:
    """Concepts and schemes by IRI, one scheme of which is the shared one; make it with `Vocabulary.build`.

    `shared_scheme` is declared, never guessed from the mappings: `concord_taxonomy.skos.read_vocabulary` takes it from
    its argument or from the file named `shared`. Where it is empty, every concept stands for itself. `stop` holds
    concepts too general to expand a question by.

    >>> leave = Concept("https://x.org/id/leave", in_scheme=("https://x.org/id/",))
    >>> pto = Concept("https://x.org/it/pto", exact_match=(leave.iri,), in_scheme=("https://x.org/it/",))
    >>> Vocabulary.build([leave, pto], shared_scheme="https://x.org/id/").shared(pto.iri)
    ('https://x.org/id/leave',)
    """

    concepts: Mapping[str, Concept] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    shared_scheme: str = ""
    stop: frozenset[str] = frozenset()

    @classmethod
    def build(
        cls,
        concepts: Iterable[Concept],
        schemes: Iterable[Scheme] = (),
        *,
        shared_scheme: str = "",
        stop: Iterable[str] = (),
    ) -> Vocabulary:
        """A vocabulary in normal form: one description an IRI, relations and mappings known from both ends."""
        return cls.of_trimmed(map(trimmed, concepts), schemes, shared_scheme=shared_scheme, stop=stop)

    @classmethod
    def of_trimmed(
        cls, concepts: Iterable[Concept], schemes: Iterable[Scheme], *, shared_scheme: str, stop: Iterable[str]
    ) -> Vocabulary:
        """As `build`, of concepts whose texts are known to be in normal form (`skos.normal.trimmed`)."""
        return cls(normalise(concepts), join_schemes(schemes), shared_scheme, frozenset(stop))

    @classmethod
    def merge(cls, *vocabularies: Vocabulary, shared_scheme: str | None = None) -> Vocabulary:
        """All vocabularies as one; `SharedSchemesDiffer` where they disagree and `shared_scheme` does not say."""
        if shared_scheme is None:
            stated = sorted({each.shared_scheme for each in vocabularies if each.shared_scheme})
            if len(stated) > 1:
                raise SharedSchemesDiffer(stated)
            shared_scheme = stated[0] if stated else ""
        return cls.of_trimmed(
            (concept for each in vocabularies for concept in each.concepts.values()),
            (scheme for each in vocabularies for scheme in each.schemes.values()),
            shared_scheme=shared_scheme,
            stop=(iri for each in vocabularies for iri in each.stop),
        )

    def fingerprint(self) -> str:
        """SHA-256 of the content, whatever files and order it came from."""
        return self._fingerprint

    def scheme(self, name: str) -> Scheme | None:
        """The scheme of that IRI, publisher (a department's name) or title (see `Scheme.names`), first by IRI."""
        return self.schemes.get(name) or self._called.get(plain_name(name))

    def is_shared(self, concept: Concept) -> bool:
        """Whether the concept belongs to the shared scheme."""
        return not self.shared_scheme or self.shared_scheme in concept.in_scheme

    def broader_closure(self, iri: str) -> frozenset[str]:
        """`iri` itself, every concept above it and what any of them replaces; terminates on cycles."""
        return reachable(iri, self._following("broader"))

    def narrower_closure(self, iri: str) -> frozenset[str]:
        """`iri` itself and every concept below it: what a filter by the concept covers; terminates on cycles.

        A deprecated concept covers what replaces it, so that whatever names it goes on to mean the same.
        """
        # Asked for at every question, many times over; only concepts that there are, so that it cannot grow.
        closure = self._narrower.get(iri)
        if closure is None:
            closure = reachable(iri, self._following("narrower"))
            if iri in self.concepts:
                self._narrower[iri] = closure
        return closure

    def current(self, iri: str) -> tuple[str, ...]:
        """What replaces a deprecated concept, by any number of steps, in IRI order; itself where nothing does."""
        replacing = reachable(iri, lambda each: self.concepts[each].is_replaced_by if each in self.concepts else ())
        living = [each for each in replacing if each in self.concepts and not self.concepts[each].deprecated]
        return tuple(sorted(living)) if living and iri not in living else (iri,)

    def shared(self, iri: str) -> tuple[str, ...]:
        """IRIs of the shared concepts that a concept means, itself for a shared one; see `skos.links`."""
        return tuple(link.iri for link in self.links(iri))

    def links(self, iri: str) -> tuple[Link, ...]:
        """As `shared`, with the kind of each link."""
        return self._links.get(iri, ())

    def departmental(self, iri: str) -> tuple[Link, ...]:
        """The inverse of `links`: departments' concepts that mean the shared `iri`, strongest links first."""
        return self._departmental.get(iri, ())

    def _following(self, relation: Literal["broader", "narrower"]) -> Callable[[str], Iterable[str]]:
        def following(iri: str) -> Iterable[str]:
            concept = self.concepts.get(iri)
            if concept is None:
                return ()
            if relation == "broader":
                replaced = self._replaced.get(iri)
                return (*concept.broader, *replaced) if replaced else concept.broader
            return (*concept.narrower, *concept.is_replaced_by) if concept.deprecated else concept.narrower

        return following

    @cached_property
    def _replaced(self) -> dict[str, tuple[str, ...]]:
        """For each concept that replaces others the deprecated ones."""
        inverse: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            for other in concept.is_replaced_by if concept.deprecated else ():
                inverse.setdefault(other, []).append(concept.iri)
        return {iri: tuple(each) for iri, each in inverse.items()}

    @cached_property
    def _called(self) -> dict[str, Scheme]:
        """The schemes by every name; of those that share one, the first by IRI."""
        backwards = reversed(list(self.schemes.values()))
        return {name: scheme for scheme in backwards for name in scheme.names() if name}

    @cached_property
    def _narrower(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _links(self) -> dict[str, tuple[Link, ...]]:
        return {iri: shared_links(self.concepts, self.is_shared, iri) for iri in self.concepts}

    @cached_property
    def _departmental(self) -> dict[str, tuple[Link, ...]]:
        inverse: dict[str, list[Link]] = {}
        for iri, links in self._links.items():
            for link in links:
                if link.kind is not LinkKind.SAME:
                    inverse.setdefault(link.iri, []).append(Link(iri, link.kind))
        return {iri: tuple(sorted(each, key=lambda link: (link.kind.rank, link.iri))) for iri, each in inverse.items()}

    @cached_property
    def _fingerprint(self) -> str:
        content = {
            "shared_scheme": self.shared_scheme,
            "stop": sorted(self.stop),
            "schemes": [asdict(self.schemes[iri]) for iri in sorted(self.schemes)],
            "concepts": [asdict(self.concepts[iri]) for iri in sorted(self.concepts)],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
