"""What a passage says, read once at ingestion: its sentences, the concepts that it names, and its claims.

Nothing here depends on a question, so no question has to work it out again. A reading is derived: it carries the
fingerprint of what read it, is read anew where that differs, and can be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ormsgpack

from concord.authority.claims import Attribute, BlockKey, Claim, Role, SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.extraction import EXTRACTOR_VERSION, extract_claims
from concord.authority.facts import Facts
from concord.authority.scope import OPEN, Scope
from concord.authority.values import Comparator, TypedValue, ValueType, extract_values
from concord.authority.words import content_stems
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.markdown import SENTENCES_VERSION, sentences
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem

if TYPE_CHECKING:
    from concord.catalog.chunks import Chunk

READING_VERSION = 1
"""Raised when the same passage gives another reading, or is packed otherwise."""

_BITS = {kind: 1 << place for place, kind in enumerate(ValueType)}
_TYPES = {kind.value: kind for kind in ValueType}
_COMPARATORS = {each.value: each for each in Comparator}
_ROLES = {each.value: each for each in Role}
_LISTS = tuple(each.name for each in fields(Attribute) if each.name != "role")
_FACETS = tuple(each.name for each in fields(Scope))


def type_bits(types: Iterable[ValueType]) -> int:
    """Types of values as bits, as `ReadSentence.types` holds them."""
    bits = 0
    for each in types:
        bits |= _BITS[each]
    return bits


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence in plain words, the stems of its content words, and the types of the values that it states."""

    text: str
    stems: frozenset[str]
    types: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as it was read: `around` are the stems of title and headings, `concepts` the shared ones it names."""

    around: frozenset[str]
    concepts: frozenset[str]
    sentences: tuple[ReadSentence, ...] = field(repr=False)
    _claims: tuple[Any, ...] = field(repr=False, default=())

    def claims(self, item: ContentItem, ordinal: int, facts: Facts) -> Iterator[Claim]:
        """The passage's claims, in the order in which they stand there; `facts` are those of its item now."""
        for packed in self._claims:
            yield _claim(packed, item, ordinal, facts)


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
        versions = (READING_VERSION, EXTRACTOR_VERSION, SENTENCES_VERSION)
        return f"{'.'.join(map(str, versions))}-{self.vocabulary.fingerprint()[:32]}"

    def named(self, text: str) -> frozenset[str]:
        """The shared concepts that a text names in any department's words."""
        return frozenset(
            shared
            for match in self.labels.find(text)
            for iri in match.concepts
            for shared in self.vocabulary.shared(iri)
        )

    def pack(self, item: ContentItem, chunk: Chunk) -> bytes:
        """Read a passage, in the form that is kept with it."""
        source = SourceText(item, chunk.ordinal, chunk.text, chunk.heading_path, chunk.changed)
        whole = [(each.text, _joined(content_stems(each.text)), _types(each.text)) for each in sentences(source.text)]
        claims = [_packed(claim) for claim in extract_claims(source, self.matcher)]
        around = content_stems(" ".join([source.item.title, *source.heading_path]))
        return ormsgpack.packb((_joined(around), sorted(self.named(chunk.embedded_text)), whole, claims))

    def claims(self, item: ContentItem, chunk: Chunk, facts: Facts) -> Iterator[Claim]:
        """The claims of a passage alone; `facts` are those of its item now."""
        for packed in self._kept(item, chunk)[3]:
            yield _claim(packed, item, chunk.ordinal, facts)

    def _kept(self, item: ContentItem, chunk: Chunk) -> Any:
        kept = chunk.reading if chunk.read_by == self.fingerprint else None
        return ormsgpack.unpackb(kept or self.pack(item, chunk))

    def reading(self, item: ContentItem, chunk: Chunk) -> Reading:
        """The reading kept with a passage; where another reader made it, or none, the passage is read now."""
        around, concepts, whole, claims = self._kept(item, chunk)
        return Reading(
            frozenset(around.split()),
            frozenset(concepts),
            tuple([ReadSentence(text, frozenset(stems.split()), types) for text, stems, types in whole]),
            tuple(claims),
        )


def distinct(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, one stated twice by overlapping passages of an item counted once."""
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        seen.setdefault((claim.identifier, claim.revision, claim.quote, claim.position, claim.value), claim)
    return list(seen.values())


def _joined(stems: Iterable[str]) -> str:
    """Stems in one text, each once: one text is read back much faster than a list, and no stem holds a space."""
    return " ".join(dict.fromkeys(stems))


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
    return [attribute.role.value, *(" ".join(getattr(attribute, name)) for name in _LISTS)]


def _packed_value(value: TypedValue) -> tuple[Any, ...]:
    return (value.type.value, value.low, value.high, value.unit, value.per, value.comparator.value, value.text)


def _claim(packed: Sequence[Any], item: ContentItem, ordinal: int, facts: Facts) -> Claim:
    span, quote, valued, concept, attribute, scope, first_seen, siblings, position = packed
    value = _value(valued)
    role, words, *rest = attribute
    return Claim(
        item.identifier,
        item.revision,
        ordinal,
        (span[0], span[1]),
        quote,
        value,
        BlockKey(concept, value.type, value.dimension),
        Attribute(tuple(words.split()), _ROLES[role], *[tuple(part.split()) for part in rest]),
        Scope(**{name: tuple(stated) for name, stated in scope.items()}) if scope else OPEN,
        date.fromisoformat(first_seen) if first_seen else None,
        tuple([_value(each) for each in siblings]),
        position,
        facts=facts,
    )


def _value(packed: Sequence[Any]) -> TypedValue:
    kind, low, high, unit, per, comparator, text = packed
    return TypedValue(_TYPES[kind], low, high, unit, per, _COMPARATORS[comparator], text)
