"""What alignment looks at of a concept: its labels, its definition, and who stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from concord_taxonomy.labels import LabelKind
from concord_taxonomy.skos.closure import layers
from concord_taxonomy.skos.model import Concept
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.stems import stem
from concord_taxonomy.words import key, normal_words

STRENGTH: Mapping[LabelKind, float] = {LabelKind.PREFERRED: 1.0, LabelKind.ALTERNATIVE: 0.9, LabelKind.HIDDEN: 0.7}
"""What a label of each kind counts for next to a preferred one."""

MAX_DISTANCE = 12
"""Steps upward that ancestors are looked for."""

_EMPTY = frozenset(
    """a an and any are as at be been but by can for from has have if in into is it its no not of on one or so some
    such than that the their them then there these they this those to up was were what when where which who whose will
    with""".split()  # noqa: SIM905
)
"""Words that say nothing of what a concept is."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_USES = r"(?:use[sd]?|call(?:s|ed)?|means?|says?)"
_ANYBODY = re.compile(r"\buses? (?:the|this) (?:word|term|name)\b")
_AND = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_NOT = re.compile(r"not\b|unlike\b", re.IGNORECASE)
_QUALIFIER = re.compile(r"(?<=\S)\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Wording:
    """A label as it is compared: `key` is equal for equal labels, `stems` for those with the same stems."""

    text: str
    key: tuple[str, ...]
    stems: frozenset[str]
    strength: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A concept as alignment compares it.

    `anchors` name the concept to the other scheme: its IRI, the concepts that stand for the same by what is stated, and
    its labels' keys. `ancestors` and `neighbours` (siblings, narrower and related concepts) are IRIs of its own scheme.
    `named` are its preferred labels; `told` its definitions, of which `definition` are the stems and `phrases` runs of
    words, without sentences that say what others mean by the word, or what it is not.
    """

    iri: str
    wordings: tuple[Wording, ...]
    definition: frozenset[str]
    phrases: frozenset[tuple[str, ...]]
    anchors: frozenset[object]
    ancestors: tuple[str, ...]
    neighbours: tuple[str, ...]
    named: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[tuple[str, ...]]:
        """The keys of all labels."""
        return frozenset(each.key for each in self.wordings)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of all labels."""
        return frozenset(each for wording in self.wordings for each in wording.stems)


def profiles(vocabulary: Vocabulary, scheme: str) -> dict[str, Profile]:
    """The concepts of a scheme by IRI, in IRI order, without deprecated ones."""
    members = {
        iri: concept
        for iri, concept in vocabulary.concepts.items()
        if scheme in concept.in_scheme and not concept.deprecated
    }

    def inside(*relations: str) -> Callable[[str], Iterable[str]]:
        return lambda iri: (each for name in relations for each in getattr(members[iri], name) if each in members)

    contrast = _contrast(vocabulary, scheme)
    up, down, beside = inside("broader"), inside("narrower"), inside("narrower", "related")
    made = {}
    for iri, concept in members.items():
        ancestors = tuple(above for layer in list(layers([iri], up, MAX_DISTANCE))[1:] for above in layer)
        siblings = {each for above in up(iri) for each in down(above)}
        wordings = tuple(_wordings(concept))
        texts = tuple(filter(None, (_own(label.text, contrast) for label in concept.definition)))
        made[iri] = Profile(
            iri=iri,
            wordings=wordings,
            definition=frozenset(stem(word) for text in texts for word in normal_words(text) if word not in _EMPTY),
            phrases=frozenset(phrase for text in texts for phrase in _phrases(text)),
            anchors=frozenset({iri, *_same(concept), *(each.key for each in wordings)}),
            ancestors=ancestors,
            neighbours=tuple(sorted({*siblings, *beside(iri)} - {iri, *ancestors})),
            named=tuple(label.text for label in concept.pref_label),
            told=texts,
        )
    return made


def _contrast(vocabulary: Vocabulary, scheme: str) -> re.Pattern[str]:
    """Finds sentences that tell how another department uses a word, such as `Legal uses it for claims`."""
    publishers = [each.publisher for each in vocabulary.schemes.values() if each.iri != scheme]
    names = {name.strip() for publisher in publishers for name in _AND.split(publisher)} - {""}
    if not names:
        return _ANYBODY
    named = rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b"
    return re.compile(rf"{_ANYBODY.pattern}|(?=.*{named}).*\b{_USES}\b", re.DOTALL)


def _own(definition: str, contrast: re.Pattern[str]) -> str:
    """A definition without sentences that say what others mean by the word, or what it is not."""
    sentences = _SENTENCE.split(definition.strip())
    kept = [each for each in sentences if not _NOT.match(each) and not contrast.search(each)]
    return " ".join(kept)


def _same(concept: Concept) -> Iterable[str]:
    return (*concept.exact_match, *concept.close_match)


def _wordings(concept: Concept) -> Iterable[Wording]:
    """Each label once, by its strongest kind; a label that ends in a qualifier also without it, as a hidden one."""
    kinds = (
        (LabelKind.PREFERRED, concept.pref_label),
        (LabelKind.ALTERNATIVE, concept.alt_label),
        (LabelKind.HIDDEN, concept.hidden_label),
    )
    found: dict[tuple[str, ...], Wording] = {}
    for kind, labels in kinds:
        for label in labels:
            bare = _QUALIFIER.sub("", label.text)
            for text, strength in ((label.text, STRENGTH[kind]), (bare, STRENGTH[LabelKind.HIDDEN])):
                words = normal_words(text)
                if words:
                    made = Wording(text, key(text), frozenset(map(stem, words)), strength)
                    if made.key not in found or made.strength > found[made.key].strength:
                        found[made.key] = made
    return found.values()


def _phrases(text: str) -> Iterable[tuple[str, ...]]:
    """Every run of up to four words, as a label with these words is compared."""
    words = normal_words(text)
    for size in range(1, 5):
        for start in range(len(words) - size + 1):
            yield key(" ".join(words[start : start + size]))
