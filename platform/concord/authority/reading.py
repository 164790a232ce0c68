"""What a passage says, read once at ingestion: its sentences, the concepts that it names, and its claims.

Nothing here depends on a question, so no question has to work it out again. A reading is derived: it carries the
fingerprint of what read it, is read anew where that differs, and can be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ormsgpack

from concord.authority.claims import Attribute, BlockKey, Claim, Role, SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.extraction import EXTRACTOR_VERSION, extract_claims
from concord.authority.facts import Facts
from concord.authority.scope import OPEN, Scope
from concord.authority.terms import pack_terms
from concord.authority.values import Comparator, TypedValue, ValueType, extract_values
from concord.authority.words import content_stems
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.markdown import SENTENCES_VERSION, sentences
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem

if TYPE_CHECKING:
    from concord.catalog.chunks import Chunk

READING_VERSION = 2
"""Raised when the same passage gives another reading, or is packed otherwise."""

_BITS = {kind: 1 << place for place, kind in enumerate(ValueType)}
_TYPES = {kind.value: kind for kind in ValueType}
_COMPARATORS = {each.value: each for each in Comparator}
_ROLES = {each.value: each for each in Role}
_TEXTS = tuple(each.name for each in fields(Attribute) if each.name != "role")
_FACETS = tuple(each.name for each in fields(Scope))


def type_bits(types: Iterable[ValueType]) -> int:
    """Types of values as bits, as `ReadSentence.types` holds them."""
    bits = 0
    for each in types:
        bits |= _BITS[each]
    return bits


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as it was read: its sentences in plain words, and for each the types of the values that it states.

    `stems` says of each stem of a content word where it stands, as the bits of a little-endian number: bit 0 for title
    and headings, bit n + 1 for sentence n. `concepts` are the shared ones that the passage names.
    """

    concepts: frozenset[str]
    sentences: Sequence[str] = field(repr=False)
    types: Sequence[int] = field(repr=False)
    stems: Mapping[str, bytes] = field(repr=False)
    _claims: Sequence[Any] = field(repr=False, default=())
    _unpacked: dict[Facts, list[Claim | None]] = field(repr=False, compare=False, default_factory=dict)

    def said(self, stems: Iterable[str]) -> frozenset[str]:
        """Those of the stems that the passage has, title and headings included."""
        return frozenset([stem for stem in stems if stem in self.stems])

    def places(self, stems: Iterable[str]) -> tuple[frozenset[str], dict[int, frozenset[str]]]:
        """Those of the stems that stand in title or headings, and for each sentence that has some, which ones."""
        around, inside = set[str](), dict[int, set[str]]()
        for stem in self.said(stems):
            bits = int.from_bytes(self.stems[stem], "little")
            if bits & 1:
                around.add(stem)
            while bits := bits & ~1:
                inside.setdefault((bits & -bits).bit_length() - 2, set()).add(stem)
                bits &= bits - 1
        return frozenset(around), {number: frozenset(found) for number, found in inside.items()}

    def claims(self, item: ContentItem, ordinal: int, facts: Facts, types: Collection[ValueType]) -> Iterator[Claim]:
        """The passage's claims of some types, in the order in which they stand; `facts` are those of its item now.

        Each is made once for the same facts.
        """
        if not self._claims:
            return
        made = self._unpacked.get(facts)
        if made is None:
            self._unpacked.clear()
            made = self._unpacked.setdefault(facts, [None] * len(self._claims))
        for number, packed in enumerate(self._claims):
            if packed[2][0] in types:
                claim = made[number] = made[number] or _claim(packed, item, ordinal, facts)
                yield claim

    def claimed(self, quote: str) -> frozenset[ValueType]:
        """The types of the values that a sentence, given in case-folded words, claims."""
        return frozenset(_TYPES[each[2][0]] for each in self._claims if each[1].casefold() == quote)


@dataclass(frozen=True)
class Reader:
    """Reads passages by a vocabulary."""

    labels: LabelIndex
    vocabulary: Vocabulary

    @cached_property
    def matcher(self) -> VocabularyMatcher:
        """Where concepts are named."""
        return VocabularyMatcher(self.labels, self.vocabulary)

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the same passage of the same item would be read otherwise."""
        return reader_fingerprint(self.vocabulary)

    def named(self, text: str) -> frozenset[str]:
        """The shared concepts that a text names in any department's words."""
        return frozenset(
            shared
            for match in self.labels.find(text)
            for iri in match.concepts
            for shared in self.vocabulary.shared(iri)
        )

    def read(self, item: ContentItem, chunk: Chunk) -> Chunk:
        """The passage with its reading, which it may have already: one that another reader made is made anew."""
        if chunk.reading is not None and chunk.terms is not None and chunk.read_by == self.fingerprint:
            return chunk
        source = SourceText(item, chunk.ordinal, chunk.text, chunk.heading_path, chunk.changed)
        whole = [each.text for each in sentences(source.text)]
        claims = [_packed(claim) for claim in extract_claims(source, self.matcher)]
        stems = _placed([" ".join([source.item.title, *source.heading_path]), *whole])
        concepts = sorted(self.named(chunk.embedded_text))
        packed = ormsgpack.packb((concepts, whole, list(map(_types, whole)), stems, claims))
        return replace(chunk, reading=packed, terms=pack_terms([*stems, *concepts]), read_by=self.fingerprint)

    def claims(self, item: ContentItem, chunk: Chunk, facts: Facts) -> Iterator[Claim]:
        """The claims of a passage alone; `facts` are those of its item now."""
        for packed in self._unpacked(item, chunk)[-1]:
            yield _claim(packed, item, chunk.ordinal, facts)

    def claim(self, item: ContentItem, chunk: Chunk, number: int, facts: Facts) -> Claim | None:
        """One of the claims of a passage, in the order in which they stand; None where it has fewer."""
        packed = self._unpacked(item, chunk)[-1]
        return _claim(packed[number], item, chunk.ordinal, facts) if number < len(packed) else None

    def reading(self, item: ContentItem, chunk: Chunk) -> Reading:
        """The reading kept with a passage; where another reader made it, or none, the passage is read now."""
        concepts, whole, types, stems, claims = self._unpacked(item, chunk)
        return Reading(frozenset(concepts), whole, types, stems, claims)

    def _unpacked(self, item: ContentItem, chunk: Chunk) -> Any:
        return ormsgpack.unpackb(self.read(item, chunk).reading or b"")


def reader_fingerprint(vocabulary: Vocabulary) -> str:
    """That of a reader by this vocabulary."""
    versions = (READING_VERSION, EXTRACTOR_VERSION, SENTENCES_VERSION)
    return f"{'.'.join(map(str, versions))}-{vocabulary.fingerprint()[:32]}"


def distinct(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, one stated twice by overlapping passages of an item counted once."""
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        seen.setdefault((claim.identifier, claim.revision, claim.quote, claim.position, claim.value), claim)
    return list(seen.values())


def _placed(texts: Sequence[str]) -> dict[str, bytes]:
    """Each stem with the numbers of the texts in which it stands, as bits."""
    places: dict[str, int] = {}
    for number, text in enumerate(texts):
        for stem in content_stems(text):
            places[stem] = places.get(stem, 0) | 1 << number
    return {stem: bits.to_bytes((bits.bit_length() + 7) // 8, "little") for stem, bits in places.items()}


def _types(text: str) -> int:
    return type_bits({found.value.type for found in extract_values(text)})


def _packed(claim: Claim) -> list[Any]:
    return [
        claim.span,
        claim.quote,
        _packed_value(claim.value),
        claim.block.concept,
        _packed_attribute(claim.attribute),
        {name: words for name in _FACETS if (words := getattr(claim.scope, name))},
        claim.first_seen.isoformat() if claim.first_seen else None,
        [_packed_value(each) for each in claim.siblings],
        claim.position,
    ]


def _packed_attribute(attribute: Attribute) -> list[str]:
    texts = (getattr(attribute, name) for name in _TEXTS)
    return [attribute.role.value, *(each if isinstance(each, str) else " ".join(each) for each in texts)]


def _packed_value(value: TypedValue) -> tuple[Any, ...]:
    return (value.type.value, value.low, value.high, value.unit, value.per, value.comparator.value, value.text)


def _claim(packed: Sequence[Any], item: ContentItem, ordinal: int, facts: Facts) -> Claim:
    span, quote, valued, concept, attribute, scope, first_seen, siblings, position = packed
    value = _value(valued)
    role, words, concepts, context, context_concepts, template, label_words, light = attribute
    return Claim(
        item.identifier,
        item.revision,
        ordinal,
        (span[0], span[1]),
        quote,
        value,
        BlockKey(concept, value.type, value.dimension),
        Attribute(
            tuple(words.split()),
            _ROLES[role],
            tuple(concepts.split()),
            tuple(context.split()),
            tuple(context_concepts.split()),
            template,  # words that few claims are asked for
            tuple(label_words.split()),
            tuple(light.split()),
        ),
        Scope(**{name: tuple(stated) for name, stated in scope.items()}) if scope else OPEN,
        date.fromisoformat(first_seen) if first_seen else None,
        tuple([_value(each) for each in siblings]),
        position,
        facts=facts,
    )


def _value(packed: Sequence[Any]) -> TypedValue:
    kind, low, high, unit, per, comparator, text = packed
    return TypedValue(_TYPES[kind], low, high, unit, per, _COMPARATORS[comparator], text)
