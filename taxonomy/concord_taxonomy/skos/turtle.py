"""Turtle rewritten by whole subjects: what a change does not touch stays as it was typed, comments included."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concord_taxonomy.skos.blank import named
from concord_taxonomy.skos.nested import Nested
from concord_taxonomy.skos.rdf import parse_triples
from concord_taxonomy.skos.writer import PREFIXES, write_triples

if TYPE_CHECKING:
    import pyoxigraph as ox

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^<>\s]*>)
    |(?P<end>\.(?=[\s#]|\Z))
    |(?P<open>[\[(])|(?P<close>[\])])
    |(?P<word>(?:[^\s"'<>\[\]()\#.]|\.(?![\s#]|\Z))+)""",
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = ("@prefix", "@base", "prefix", "base")


@dataclass(frozen=True, slots=True)
class _Part:
    """A statement of a file, `text[start:end]`: a directive, or everything said of one subject in one go."""

    start: int
    end: int
    first: str

    @property
    def directive(self) -> bool:
        """Whether it declares a prefix or the base."""
        return self.first.lower() in _DIRECTIVES

    def may_be_about(self, iris: Container[str], prefixes: Mapping[str, str]) -> bool:
        """Whether its first word is one of the IRIs, as far as that can be seen without parsing it."""
        prefix, colon, local = self.first.partition(":")
        if not colon or "\\" in local or "%" in local:
            return True
        if self.first.startswith("<"):
            return self.first.strip("<>") in iris
        return prefix not in prefixes or prefixes[prefix] + local in iris


def rewrite(
    data: bytes,
    file: str,
    held: Collection[ox.Triple],
    wanted: Collection[ox.Triple],
    prefixes: Mapping[str, str],
) -> bytes:
    """The file with the triples `wanted` in place of those that it has, `held`, as a small difference where possible.

    In Turtle the statements about subjects that change are written anew, in order; the rest is left as it stands. Other
    formats, blank nodes that change or stand in several places, and whatever cannot be told apart are written as a
    whole, without comments.
    """
    if file.endswith(".ttl"):
        patched = _patched(data, file, set(held), set(wanted), prefixes)
        if patched is not None and _same(parse_triples(patched, file)[0], wanted):
            return patched
    return write_triples(wanted, file, prefixes)


def _patched(
    data: bytes, file: str, held: set[ox.Triple], wanted: set[ox.Triple], prefixes: Mapping[str, str]
) -> bytes | None:
    import pyoxigraph as ox

    text = data.decode("utf-8-sig")
    parts = _parts(text)
    changed = {triple.subject for triple in held ^ wanted}
    if parts is None or not all(isinstance(subject, ox.NamedNode) for subject in changed):
        return None
    said: dict[object, set[ox.Triple]] = {
        subject: {each for each in wanted if each.subject == subject} for subject in changed
    }
    missing = {name: iri for name, iri in PREFIXES.items() if iri not in prefixes.values() and name not in prefixes}
    known, iris = {**prefixes, **missing}, {getattr(subject, "value", "") for subject in changed}
    nested = Nested(wanted, known)
    head, pieces, at, written = "", list[str](), 0, set[object]()
    last_directive = 0
    for part in parts:
        body = text[part.start : part.end]
        if part.directive:
            head += body + "\n"
            pieces.append(text[at : part.end])
            at, last_directive = part.end, len(pieces)
            continue
        subject, stated = _stated(head + body, file) if part.may_be_about(iris, prefixes) else (None, [])
        if subject not in changed:
            continue
        block = "" if subject in written else _block(said[subject], stated, nested, body)
        if block is None:
            return None
        before = text[at : part.start]
        # A block that goes takes the empty lines before it along.
        pieces += [before if block else before.rstrip() + "\n", block]
        written.add(subject)
        at = part.end
    rest = text[at:].rstrip("\n")
    blocks = [_block(said[each], [], nested) for each in sorted(changed - written, key=str) if said[each]]
    new = [each for each in blocks if each is not None]
    if len(new) < len(blocks):
        return None
    body = "\n\n".join([rest, *new]) + "\n"
    declared = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(missing.items()) if _used(name, pieces, new)]
    if declared:
        pieces.insert(last_directive, "\n" * bool(last_directive) + "\n".join(declared) + "\n" * (not last_directive))
    return "".join([*pieces, body]).encode()


def _used(name: str, pieces: Iterable[str], new: Iterable[str]) -> bool:
    return any(re.search(rf"(?<![\w:]){name}:", piece) for piece in (*pieces, *new))


def _parts(text: str) -> list[_Part] | None:
    """The statements of a file; None where it is not understood, which leaves it to be written as a whole."""
    found: list[_Part] = []
    start: int | None = None
    depth, words, at = 0, list[str](), 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at = token.end()
        if token.lastgroup == "space":
            continue
        start = token.start() if start is None else start
        words.append(token[0])
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        keyword = words[0].lower()
        sparql = keyword in ("prefix", "base") and token.lastgroup == "iri"
        if depth == 0 and (token.lastgroup == "end" or sparql):
            found.append(_Part(start, at, words[0]))
            start, words = None, []
    return found if start is None else None


def _stated(document: str, file: str) -> tuple[object, list[ox.Triple]]:
    """What the one statement of a document is about, None for a blank node, and its triples in order."""
    import pyoxigraph as ox

    triples, _ = parse_triples(document.encode(), file)
    subject = next((each.subject for each in triples if isinstance(each.subject, ox.NamedNode)), None)
    return subject, [each for each in triples if each.subject == subject]


def _block(wanted: Collection[ox.Triple], held: Sequence[ox.Triple], nested: Nested, typed: str = "") -> str | None:
    """What is said of one subject, without prefixes; empty where nothing is, None where a blank node has to be named.

    What was `held` stays in its order, new objects come behind those of their property, new properties at the end; it
    is indented and its commas are spaced as what was `typed` before.
    """
    if not wanted:
        return ""
    known = {triple: number for number, triple in enumerate(held)}
    properties: dict[ox.NamedNode, int] = {}
    for triple in held:
        properties.setdefault(triple.predicate, len(properties))

    def order(triple: ox.Triple) -> tuple[bool, int, str, int, str]:
        predicate, last = triple.predicate, len(known)
        kept = properties.get(predicate, last)
        is_type = predicate.value.endswith("#type")
        told = nested.told(triple.object)
        return not is_type, kept, predicate.value, known.get(triple, last), told

    text = nested.serialise(sorted(wanted, key=order))
    if text is None:
        return None
    if "\n\t" not in typed:
        text = text.replace("\n\t", "\n    ")
    # A comma between objects is spaced as people space it, unless that is unlike the rest, or a text holds the same.
    apart = " , " in typed or any(" , " in str(each.object) for each in wanted)
    return text if apart else text.replace(" , ", ", ")


def _same(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    return set(named(one)) == set(named(other))
