"""The files of a vocabulary as triples that can be changed, each kept in the file that states it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from concord_taxonomy.changes.errors import CannotChange
from concord_taxonomy.changes.lists import rewrite_list
from concord_taxonomy.skos.convert import file_triples
from concord_taxonomy.skos.files import is_list
from concord_taxonomy.skos.model import Label
from concord_taxonomy.skos.properties import DCTERMS, OWL, RDF, SKOS
from concord_taxonomy.skos.turtle import rewrite

if TYPE_CHECKING:
    import pyoxigraph as ox

TYPE = f"{RDF}type"
DEPRECATED = f"{OWL}deprecated"
REPLACED_BY = f"{DCTERMS}isReplacedBy"


class Graph:
    """Files of a vocabulary, by name. Properties of SKOS are named without their namespace; others by IRI."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Read the files; raises `VocabularyFileError`."""
        import pyoxigraph as ox

        self._ox = ox
        self._data = dict(files)
        self._names = {file: ox.NamedNode(f"file:{number}") for number, file in enumerate(files)}
        self._stated = ox.Dataset()
        self._before: dict[str, frozenset[ox.Triple]] = {}
        self._prefixes: dict[str, dict[str, str]] = {}
        for file, triples, self._prefixes[file] in file_triples(files):
            self._before[file] = frozenset(triples)
            for each in triples:
                self._stated.add(self._in(each, file))

    def home(self, iri: str) -> str:
        """The file that types a concept or a scheme; raises `CannotChange` where none does."""
        for kind in ("Concept", "ConceptScheme"):
            typed = self._triple(iri, TYPE, f"{SKOS}{kind}")
            if found := self._stating(typed):
                return found[0]
        raise CannotChange(f"no file describes {iri}: name a concept of the vocabulary by its IRI")

    def knows(self, iri: str) -> bool:
        """Whether anything is said of an IRI."""
        return any(True for _ in self._stated.quads_for_subject(self._ox.NamedNode(iri)))

    def links(self, iri: str, name: str) -> list[str]:
        """The IRIs at the other end of a property, in order."""
        found = self._objects(iri, name)
        return sorted({each.value for each in found if isinstance(each, self._ox.NamedNode)})

    def linking(self, name: str, iri: str) -> list[str]:
        """The IRIs that have an IRI at the other end of a property, in order."""
        predicate = self._predicate(name)
        found = {
            quad.subject.value
            for quad in self._stated.quads_for_object(self._ox.NamedNode(iri))
            if quad.predicate == predicate and isinstance(quad.subject, self._ox.NamedNode)
        }
        return sorted(found)

    def labels(self, iri: str, name: str) -> list[Label]:
        """The texts of a property, in order."""
        found = self._objects(iri, name)
        return sorted({Label(each.value, each.language or "") for each in found if isinstance(each, self._ox.Literal)})

    def broader(self, iri: str) -> set[str]:
        """The concepts right above, stated from either end."""
        return {*self.links(iri, "broader"), *self.linking("narrower", iri)}

    def narrower(self, iri: str) -> set[str]:
        """The concepts right below, stated from either end."""
        return {*self.links(iri, "narrower"), *self.linking("broader", iri)}

    def schemes(self, iri: str) -> set[str]:
        """The schemes of a concept."""
        return {*self.links(iri, "inScheme"), *self.links(iri, "topConceptOf"), *self.linking("hasTopConcept", iri)}

    def add(self, iri: str, name: str, value: str | Label | bool, file: str | None = None) -> None:
        """State something, in `file` or where the subject is described; what is stated somewhere is left alone."""
        triple = self._triple(iri, name, value)
        if not self._stating(triple):
            self._stated.add(self._in(triple, file or self.home(iri)))

    def remove(self, iri: str, name: str, value: str | Label) -> str | None:
        """Take a statement out of every file; returns the last file that had it."""
        triple = self._triple(iri, name, value)
        found = self._stating(triple)
        for file in found:
            self._stated.remove(self._in(triple, file))
        return found[-1] if found else None

    def replace_object(self, iri: str, name: str, old: str, new: str | None) -> None:
        """Let a property lead elsewhere, in the file that states it; None, or to the subject itself: nowhere."""
        file = self.remove(iri, name, old)
        if file is not None and new is not None and new != iri:
            self.add(iri, name, new, file)

    def files(self) -> dict[str, bytes]:
        """All files as they are now."""
        return {**self._data, **self.changed()}

    def changed(self) -> dict[str, bytes]:
        """The files that say something else than when they were read; raises `CannotChange` where a list cannot."""
        changed = {}
        for file, before in self._before.items():
            triples = {quad.triple for quad in self._stated.quads_for_graph_name(self._names[file])}
            if triples != before:
                if is_list(file):
                    changed[file] = rewrite_list(self._data, file, before, triples)
                    continue
                changed[file] = rewrite(self._data[file], file, before, triples, self._prefixes[file])
        return changed

    def mentions(self, iris: Iterable[str], about: Callable[[ox.Triple], bool] | None = None) -> list[str]:
        """Every statement that names one of the IRIs and is `about` them, as text and in order, wherever it stands."""
        nodes = [self._ox.NamedNode(iri) for iri in iris]
        ways = (self._stated.quads_for_subject, self._stated.quads_for_object)
        found = {quad.triple for node in nodes for way in ways for quad in way(node)}
        return sorted(str(each) for each in found if about is None or about(each))

    def _objects(self, iri: str, name: str) -> list[object]:
        predicate = self._predicate(name)
        quads = self._stated.quads_for_subject(self._ox.NamedNode(iri))
        return [quad.object for quad in quads if quad.predicate == predicate]

    def _stating(self, triple: ox.Triple) -> list[str]:
        """The files that state a triple, in order."""
        return [file for file in sorted(self._names) if self._in(triple, file) in self._stated]

    def _in(self, triple: ox.Triple, file: str) -> ox.Quad:
        return self._ox.Quad(triple.subject, triple.predicate, triple.object, self._names[file])

    def _predicate(self, name: str) -> ox.NamedNode:
        return self._ox.NamedNode(name if ":" in name else f"{SKOS}{name}")

    def _triple(self, iri: str, name: str, value: str | Label | bool) -> ox.Triple:
        node: ox.NamedNode | ox.Literal
        match value:
            case bool():
                node = self._ox.Literal(value)
            case Label():
                try:
                    node = self._ox.Literal(value.text, language=value.language or None)
                except ValueError:
                    raise CannotChange(
                        f"{value.text!r}@{value.language} has no well-formed language: correct it in the file"
                    ) from None
            case _:
                node = self._ox.NamedNode(value)
        return self._ox.Triple(self._ox.NamedNode(iri), self._predicate(name), node)
