"""Blank nodes of Turtle written where they are used, `[ … ]` and `( … )`, so that a subject is told in one go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from concord_taxonomy.skos.properties import RDF

if TYPE_CHECKING:
    import pyoxigraph as ox

MAX_DEPTH = 50
"""Nodes inside each other that are written so, lists aside."""

_STAND_IN = "urn:concord:nested:"


class Nested:
    """The blank nodes of a graph that stand in one place only, as text for that place."""

    def __init__(self, triples: Collection[ox.Triple], prefixes: Mapping[str, str]) -> None:
        import pyoxigraph as ox

        self._ox, self._prefixes = ox, dict(prefixes)
        about: defaultdict[object, list[ox.Triple]] = defaultdict(list)
        for each in triples:
            if isinstance(each.subject, ox.BlankNode):
                about[each.subject].append(each)
        self._about = about
        self._used: Counter[object] = Counter(each.object for each in triples if isinstance(each.object, ox.BlankNode))
        self._stand_in = _STAND_IN
        while any(self._stand_in in str(each) for each in triples):
            self._stand_in += ":"

    def serialise(self, triples: Iterable[ox.Triple], depth: int = 0) -> str | None:
        """Triples of one subject, in their order, as Turtle without prefixes; None where a node has to have a name."""
        texts: dict[str, str] = {}
        shown = []
        for each in triples:
            if isinstance(each.object, self._ox.BlankNode):
                text = self._text(each.object, depth)
                if text is None:
                    return None
                stand_in = self._ox.NamedNode(f"{self._stand_in}{len(texts)}")
                texts[f"<{stand_in.value}>"] = text
                each = self._ox.Triple(each.subject, each.predicate, stand_in)
            shown.append(each)
        written = self._ox.serialize(shown, format=self._ox.RdfFormat.TURTLE, prefixes=self._prefixes) or b""
        turtle = "\n".join(line for line in written.decode().split("\n") if not line.startswith("@prefix")).strip()
        for stand_in_text, text in reversed(texts.items()):
            turtle = turtle.replace(stand_in_text, text)
        return turtle

    def _text(self, node: object, depth: int) -> str | None:
        if self._used[node] != 1 or depth > MAX_DEPTH:
            return None
        said = self._about[node]
        if {each.predicate.value for each in said} == {f"{RDF}first", f"{RDF}rest"} and len(said) == 2:
            return self._list(node, depth)
        subject = self._ox.NamedNode(f"{self._stand_in}this")
        about = [self._ox.Triple(subject, each.predicate, each.object) for each in said]
        text = self.serialise(sorted(about, key=self._order), depth + 1) if about else ""
        if text is None:
            return None
        inside = text.removeprefix(f"<{subject.value}> ").removesuffix(".").strip().replace(" ;\n\t", " ; ")
        return f"[ {inside} ]" if inside else "[]"

    def _list(self, node: object, depth: int) -> str | None:
        items, seen = list[str](), set[object]()
        while isinstance(node, self._ox.BlankNode):
            said = {each.predicate.value: each.object for each in self._about[node]}
            plain = self._used[node] == 1 and len(self._about[node]) == 2 and node not in seen
            if not plain or said.keys() != {f"{RDF}first", f"{RDF}rest"}:
                return None
            seen.add(node)
            first = self._ox.Triple(self._ox.NamedNode("urn:s"), self._ox.NamedNode("urn:p"), said[f"{RDF}first"])
            text = self.serialise([first], depth + 1)
            if text is None:
                return None
            items.append(text.removeprefix("<urn:s> <urn:p> ").removesuffix(".").strip())
            node = said[f"{RDF}rest"]
        return f"({' '.join(items)})" if getattr(node, "value", "") == f"{RDF}nil" else None

    def _order(self, triple: ox.Triple) -> tuple[bool, str, str]:
        return not triple.predicate.value.endswith("#type"), triple.predicate.value, self.told(triple.object)

    def told(self, node: object) -> str:
        """What orders a node: itself, or what is said right of a blank one, whose name means nothing."""
        if not isinstance(node, self._ox.BlankNode):
            return str(node)
        ends = (each.object for each in self._about[node])
        return " ".join(sorted("" if isinstance(each, self._ox.BlankNode) else str(each) for each in ends))
