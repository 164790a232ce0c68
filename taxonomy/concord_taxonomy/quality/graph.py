"""What the files of a vocabulary assert, before anything is completed or entailed: that is what is checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from concord_taxonomy.quality.hierarchy import Hierarchy
from concord_taxonomy.quality.names import DOCUMENTATION, LABELS, SEMANTIC, TITLES
from concord_taxonomy.skos.closure import reachable
from concord_taxonomy.skos.files import vocabulary_files
from concord_taxonomy.skos.model import Label
from concord_taxonomy.skos.properties import DCTERMS, OWL, RDF, RDFS, SKOS, XSD
from concord_taxonomy.skos.statement import Limits, Node, Statement

Links = defaultdict[str, set[str]]
_LINKS = frozenset({*SEMANTIC, "hasTopConcept", "topConceptOf", "inScheme", "member", "memberList"})


@dataclass(slots=True)
class Facts:
    """The statements, by what they are about. Blank nodes are named `_:…` and belong to their file."""

    triples: int = 0
    subjects: set[str] = field(default_factory=set)
    types: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    subclasses: Links = field(default_factory=lambda: defaultdict(set))
    labels: dict[str, defaultdict[str, set[Label]]] = field(
        default_factory=lambda: {name: defaultdict(set) for name in LABELS}
    )
    titles: defaultdict[str, set[Label]] = field(default_factory=lambda: defaultdict(set))
    no_text: set[tuple[str, str, str]] = field(default_factory=set)
    links: dict[str, Links] = field(default_factory=lambda: {name: defaultdict(set) for name in _LINKS})
    no_link: set[tuple[str, str, str]] = field(default_factory=set)
    notations: defaultdict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    documented: set[str] = field(default_factory=set)
    notes: set[tuple[str, str, str]] = field(default_factory=set)
    deprecated: set[str] = field(default_factory=set)
    replaced_by: Links = field(default_factory=lambda: defaultdict(set))
    replaced_by_text: set[tuple[str, str]] = field(default_factory=set)
    terms: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    first: dict[str, str] = field(default_factory=dict)
    rest: dict[str, str] = field(default_factory=dict)

    def add(self, statement: Statement, file: str) -> None:
        """Take in one statement of a file."""
        self.triples += 1
        subject = statement.subject or f"_:{file}#{statement.blank}"
        self.subjects.add(subject)
        value, named = statement.object, _name(statement.object, file)
        if statement.predicate.startswith(SKOS):
            self._skos(subject, statement.predicate[len(SKOS) :], value, named)
        elif statement.predicate == f"{RDF}type":
            self.types[subject].add(named)
            if named.startswith(SKOS):
                self.terms[subject].add(named[len(SKOS) :])
        elif statement.predicate == f"{RDFS}subClassOf":
            self.subclasses[named].add(subject)
        elif statement.predicate == f"{RDF}first":
            self.first[subject] = named
        elif statement.predicate == f"{RDF}rest":
            self.rest[subject] = named
        elif statement.predicate == f"{OWL}deprecated":
            if (value.text or "").strip().lower() in ("true", "1"):
                self.deprecated.add(subject)
        elif statement.predicate == f"{DCTERMS}isReplacedBy":
            if named:
                self.replaced_by[subject].add(named)
            else:
                self.replaced_by_text.add((subject, value.text or ""))
        elif statement.predicate in TITLES and value.text is not None:
            self.titles[subject].add(Label(value.text, value.language))

    def _skos(self, subject: str, name: str, value: Node, named: str) -> None:
        self.terms[subject].add(name)
        if name in self.labels:
            if value.text is None or value.datatype not in _PLAIN:
                self.no_text.add((subject, name, named or f'"{value.text}"^^<{value.datatype}>'))
            else:
                self.labels[name][subject].add(Label(value.text, value.language))
        elif name in self.links:
            if named:
                self.links[name][subject].add(named)
            else:
                self.no_link.add((subject, name, value.text or ""))
        elif name == "notation":
            self.notations[subject].add((value.text or named, value.datatype))
        elif name in DOCUMENTATION:
            if named or (value.text or "").strip():
                self.documented.add(subject)
            if value.text is not None and value.datatype in _PLAIN:
                self.notes.add((subject, name, value.language))


_PLAIN = frozenset({"", f"{RDF}langString", f"{XSD}string"})


def _name(node: Node, file: str) -> str:
    return node.iri or (f"_:{file}#{node.blank}" if node.blank else "")


@dataclass(frozen=True)
class SkosGraph:
    """The facts of all files, and what checks ask of them."""

    facts: Facts

    @classmethod
    def read(cls, files: Mapping[str, bytes], limits: Limits | None = None) -> SkosGraph:
        """Read files held in memory, by name; raises `VocabularyFileError`."""
        facts = Facts()
        for file, found in vocabulary_files(files, limits or Limits()):
            for statement in found:
                facts.add(statement, file)
        return cls(facts)

    @cached_property
    def concepts(self) -> frozenset[str]:
        """What is typed a concept, is a top concept, or has SKOS labels or relations and no type at all."""
        facts = self.facts
        loose = {
            subject
            for by_subject in [set(each) for each in facts.labels.values()]
            + [set(facts.links[name]) for name in (*SEMANTIC, "inScheme")]
            for subject in by_subject
            if subject not in facts.types
        }
        found = self.of_type("Concept") | loose | set(facts.links["topConceptOf"])
        return frozenset(found | {top for tops in facts.links["hasTopConcept"].values() for top in tops})

    @cached_property
    def schemes(self) -> frozenset[str]:
        """What is typed a scheme, has top concepts, or is what a concept is in (S4 to S6)."""
        links = self.facts.links
        named = {each for name in ("inScheme", "topConceptOf") for each in _targets(links[name])}
        return frozenset(self.of_type("ConceptScheme") | set(links["hasTopConcept"]) | named)

    @cached_property
    def collections(self) -> frozenset[str]:
        """What is typed a collection, or has members (S29, S31, S33)."""
        links = self.facts.links
        typed = self.of_type("Collection") | self.of_type("OrderedCollection")
        return frozenset(typed | set(links["member"]) | set(links["memberList"]))

    @cached_property
    def in_relations(self) -> frozenset[str]:
        """What is at either end of a relation, and a concept by that (S19, S20)."""
        links = [self.facts.links[name] for name in SEMANTIC]
        return frozenset({each for held in links for each in (*held, *_targets(held))})

    @cached_property
    def in_schemes(self) -> Mapping[str, frozenset[str]]:
        """For each concept the schemes that it is in, as a top concept too (S7)."""
        links, held = self.facts.links, defaultdict[str, set[str]](set)
        for name in ("inScheme", "topConceptOf"):
            for concept, schemes in links[name].items():
                held[concept] |= schemes
        for scheme, tops in links["hasTopConcept"].items():
            for top in tops:
                held[top].add(scheme)
        return {concept: frozenset(schemes) for concept, schemes in held.items()}

    @cached_property
    def tops(self) -> Mapping[str, frozenset[str]]:
        """For each scheme its top concepts."""
        links, held = self.facts.links, defaultdict[str, set[str]](set)
        for scheme, tops in links["hasTopConcept"].items():
            held[scheme] |= tops
        for concept, schemes in links["topConceptOf"].items():
            for scheme in schemes:
                held[scheme].add(concept)
        return {scheme: frozenset(tops) for scheme, tops in held.items()}

    @cached_property
    def broader(self) -> Mapping[str, frozenset[str]]:
        """For each concept its direct broader ones, stated from either end."""
        return self._joined(("broader", "narrower"))

    @cached_property
    def broader_entailed(self) -> Mapping[str, frozenset[str]]:
        """The same with what implies it: matches (S41) and the transitive forms (S22)."""
        return self._joined(
            ("broader", "narrower"), ("broaderTransitive", "narrowerTransitive"), ("broadMatch", "narrowMatch")
        )

    @cached_property
    def related(self) -> Mapping[str, frozenset[str]]:
        """For each concept its related ones (symmetric, S23)."""
        return self._joined(("related", "related"))

    @cached_property
    def related_entailed(self) -> Mapping[str, frozenset[str]]:
        """The same with what implies it: related matches (S41, symmetric by S44)."""
        return self._joined(("related", "related"), ("relatedMatch", "relatedMatch"))

    @cached_property
    def exact_clusters(self) -> Mapping[str, frozenset[str]]:
        """For each concept with an exact match all that are the same by a chain of them (S44, S45)."""
        return _components(self._joined(("exactMatch", "exactMatch")))

    @cached_property
    def semantic_clusters(self) -> Mapping[str, frozenset[str]]:
        """For each concept that is related or mapped at all everything that it hangs together with."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        for name in SEMANTIC:
            for concept, others in self.facts.links[name].items():
                for other in others - {concept}:
                    held[concept].add(other)
                    held[other].add(concept)
        return _components(held)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Who stands above whom by `skos:broader` alone."""
        return Hierarchy(self.broader)

    @cached_property
    def entailed_hierarchy(self) -> Hierarchy:
        """Who stands above whom by whatever implies it."""
        return Hierarchy(self.broader_entailed)

    def of_type(self, name: str) -> set[str]:
        """What is typed as a class of SKOS, or as one that is stated to be a subclass of it."""
        classes = reachable(f"{SKOS}{name}", lambda each: self.facts.subclasses.get(each, ()))
        return {subject for subject, types in self.facts.types.items() if not classes.isdisjoint(types)}

    def texts(self) -> Iterator[tuple[str, str, Label]]:
        """What concepts and schemes are called: each with the name of its property, in order."""
        for each in sorted(self.concepts | self.schemes):
            for name, label in self.all_labels(each):
                yield each, f"skos:{name}", label
            for title in sorted(self.facts.titles.get(each, ()) if each in self.schemes else ()):
                yield each, "its title", title

    def all_labels(self, concept: str) -> Iterable[tuple[str, Label]]:
        """The labels of a concept with the name of each one's property, in order."""
        for name in LABELS:
            for label in sorted(self.facts.labels[name].get(concept, ())):
                yield name, label

    def _joined(self, *pairs: tuple[str, str]) -> dict[str, frozenset[str]]:
        """Where properties lead, each read with its inverse."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        for name, inverse in pairs:
            for concept, others in self.facts.links[name].items():
                held[concept] |= others
            for concept, others in self.facts.links[inverse].items():
                for other in others:
                    held[other].add(concept)
        return {concept: frozenset(others) for concept, others in held.items()}


def _targets(links: Links) -> Iterable[str]:
    return (target for targets in links.values() for target in targets)


def _components(neighbours: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The connected parts of an undirected graph, by member."""
    found: dict[str, frozenset[str]] = {}
    for start in neighbours:
        if start not in found:
            part = reachable(start, lambda node: neighbours.get(node, ()))
            found.update(dict.fromkeys(part, part))
    return found
