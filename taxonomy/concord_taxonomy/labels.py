"""`LabelIndex`: where the labels of a vocabulary occur in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from operator import add
from typing import NamedTuple

from concord_taxonomy.skos.model import Concept
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.words import SHORT_WORDS, fold, normal, normal_words, parted, plain

_ACRONYM = re.compile(r"[A-Z]{2,3}")
_QUALIFIER = re.compile(r"(?<=\S)\s*\([^()]*\)$")
_POSSESSIVES = (
    (re.compile(r"(?<=[^\Ws])['’]s(?=\s)"), "s"),
    (re.compile(r"(?<=[^\Ws])s['’](?=\s)"), "'s"),
)  # worker's rights, workers' rights
_BREAK = re.compile(r"[.!?;:|](?=\s)|\n\s*[\n\-*+#|]")  # what separates two words too far for one label
_MAX_KNOWN_WORDS = 1 << 18


_Forms = dict[str, tuple[str, str]]


class LabelKind(StrEnum):
    """The SKOS property that a label stands in, strongest first."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    HIDDEN = "hidden"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(LabelKind).index(self)


@dataclass(frozen=True, slots=True)
class Sense:
    """A concept that matched words can mean, by which of its labels."""

    iri: str
    kind: LabelKind
    label: str


class LabelMatch(NamedTuple):
    """Words of a text, `text[start:end]`, that are a label; several senses make them a homonym."""

    start: int
    end: int
    words: str
    senses: tuple[Sense, ...]

    @property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the senses, strongest kind of label first."""
        return tuple(sense.iri for sense in self.senses)


class LabelIndex:
    """A trie of whole words over all labels of a vocabulary; the longest label at a place wins.

    Labels match whatever their case, Unicode form, hyphens and line breaks, and in the plural of their last word.
    Of "worker's rights" and "workers' rights" either matches the other.
    Labels of two or three upper-case letters match in upper case only. A label that ends in a qualifier, `Incident
    (outage)`, also matches without it, as a hidden label. Deprecated concepts that nothing replaces have no labels.

    >>> from concord_taxonomy.skos import Concept, Label, Vocabulary
    >>> leave = Concept("https://x.org/leave", pref_label=(Label("Annual leave", "en"),), alt_label=(Label("PTO"),))
    >>> index = LabelIndex(Vocabulary.build([leave]))
    >>> [match.words for match in index.find("PTO, or annual-leave, but no pto")]
    ['PTO', 'annual-leave']
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.fingerprint = vocabulary.fingerprint()
        self._root = _Node()
        self._acronyms: dict[str, tuple[Sense, ...]] = {}
        self._known: tuple[dict[str, _Start | None], _Forms] = {}, {}
        for concept in vocabulary.concepts.values():
            if not concept.deprecated or concept.is_replaced_by:
                for sense, text in _labels(concept):
                    self._insert(sense, text)

    def senses(self, label: str) -> tuple[Sense, ...]:
        """What a label, as the whole of a text, can mean."""
        matches = self.find(label)
        return matches[0].senses if matches and normal_words(matches[0].words) == normal_words(label) else ()

    def find(self, text: str, *, acronyms_in_any_case: bool = False) -> list[LabelMatch]:
        """The labels in a text from left to right, without overlap.

        `acronyms_in_any_case` also takes `pto` for `PTO`, unless the letters are a common word: for questions, which
        people type in lower case.
        """
        words, gaps = parted(text)
        starts, forms = self._learned(words)
        places: list[int] = []  # where each word ends, worked out once a label is found
        found, resume, count = list[LabelMatch](), 0, len(words)
        for at, start in enumerate(map(starts.__getitem__, words)):
            if start is None or at < resume:
                continue
            node, senses = start.node, start.senses
            if acronyms_in_any_case:
                senses = senses or start.any_case
            last, ahead = at, at + 1
            while node is not None and ahead < count:
                word, folded = forms[words[ahead]]
                ends, node = node.ends.get(folded), node.following.get(word)
                if ends is None and node is None:
                    break
                if gaps[ahead] != " " and _BREAK.search(gaps[ahead]):
                    break
                if ends is not None:
                    last, senses = ahead, ends
                ahead += 1
            if senses:
                places = places or list(accumulate(map(add, map(len, gaps), map(len, words))))
                begin, end = places[at] - len(words[at]), places[last]
                found.append(LabelMatch(begin, end, text[begin:end], senses))
                resume = last + 1
        if any(plain(match.words) in self._acronyms for match in found) and text.isupper():
            return [each for each in found if normal(each.words) not in SHORT_WORDS]  # all in capitals: IT may be "it"
        return found

    def _learned(self, words: list[str]) -> tuple[dict[str, _Start | None], _Forms]:
        """For each word, once and for all, what it can begin (nearly all: nothing), and its normal and folded form."""
        if len(self._known[0]) > _MAX_KNOWN_WORDS:
            self._known = {}, {}  # those at work elsewhere keep what they have
        starts, forms = self._known
        for raw in [each for each in set(words) if each not in starts]:  # taking keys from a set would walk all keys
            word = normal(raw)
            forms[raw] = word, fold(word)
            starts[raw] = self._start(raw, *forms[raw])
        return starts, forms

    def _start(self, raw: str, word: str, folded: str) -> _Start | None:
        raw = plain(raw)
        singular = raw[:-1] if raw.endswith("s") else raw
        node, senses = self._root.following.get(word), self._root.ends.get(folded, ())
        acronym = self._acronyms.get(raw) or self._acronyms.get(singular, ())
        any_case = self._acronyms.get(word.upper(), ()) if word not in SHORT_WORDS else ()
        return _Start(node, acronym or senses, any_case) if node or acronym or senses or any_case else None

    def _insert(self, sense: Sense, text: str) -> None:
        words = normal_words(text)
        if not words or (len(words) == 1 and (len(words[0]) < 2 or words[0].isdigit())):
            return
        if _ACRONYM.fullmatch(letters := plain(text.strip())):
            _add(self._acronyms, letters, sense)
            return
        node = self._root
        for word in words[:-1]:
            node = node.following.setdefault(word, _Node())
        _add(node.ends, fold(words[-1]), sense)


class _Node:
    """Words so far of some labels: the nodes of a further word, and the senses of labels with a last word."""

    __slots__ = ("ends", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.ends: dict[str, tuple[Sense, ...]] = {}


@dataclass(frozen=True, slots=True)
class _Start:
    """What a word can begin: longer labels, itself as a label, and an acronym where it need not be in capitals."""

    node: _Node | None
    senses: tuple[Sense, ...]
    any_case: tuple[Sense, ...]


def _labels(concept: Concept) -> Iterator[tuple[Sense, str]]:
    kinds = (
        (LabelKind.PREFERRED, concept.pref_label),
        (LabelKind.ALTERNATIVE, concept.alt_label),
        (LabelKind.HIDDEN, concept.hidden_label),
    )
    for kind, labels in kinds:
        for label in labels:
            yield Sense(concept.iri, kind, label.text), label.text
            for pattern, other in _POSSESSIVES:
                if (varied := pattern.sub(other, label.text)) != label.text:
                    yield Sense(concept.iri, LabelKind.HIDDEN, label.text), varied
            bare = _QUALIFIER.sub("", label.text)
            if bare != label.text and (normal(bare) not in SHORT_WORDS or _ACRONYM.fullmatch(bare)):
                yield Sense(concept.iri, LabelKind.HIDDEN, label.text), bare


def _add(ends: dict[str, tuple[Sense, ...]], word: str, sense: Sense) -> None:
    """Enter a sense, one a concept: that of its strongest label."""
    by_iri = {each.iri: each for each in ends.get(word, ())}
    known = by_iri.get(sense.iri)
    if known is None or (sense.kind.rank, sense.label) < (known.kind.rank, known.label):
        by_iri[sense.iri] = sense
    ends[word] = tuple(sorted(by_iri.values(), key=lambda each: (each.kind.rank, each.iri)))
