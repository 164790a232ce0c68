"""Ranking the candidates of a hybrid search by calibrated evidence rather than by fused ranks alone.

Fused ranks say that a passage was found, not how well it fits: equal-weight fusion drags paraphrased questions down.
So candidates are ordered by a weighted sum of likenesses that are comparable between them: of the passage, of its best
sentence, of the whole page, of words and titles, and of what page and question are about. The weights were fitted by
`benchmarks/calibrate.py` on tuning questions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import Expansion
from concord_taxonomy.skos import Vocabulary

_LATER = 0.85
"""What a subject of an item counts next to the one before it: the first says best what the item is about."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each likeness counts."""

    cosine: float = 1.0
    best_sentence: float = 1.4
    page: float = 2.0
    text: float = 0.25
    label: float = 0.25
    about: float = 0.9
    mentions: float = 0.3


@dataclass(frozen=True, slots=True)
class Signals:
    """A candidate passage with the engine's scores of its sparse legs (0 where a leg did not find it).

    `page` is the cosine of its whole item, None where that is not known: then the passage speaks for it.
    """

    passage: Passage
    text: float = 0.0
    label: float = 0.0
    page: float | None = None


def rank(
    candidates: Sequence[Signals],
    expansion: Expansion,
    concepts: Concepts,
    meant: Mapping[str, float],
    weights: Weights | None = None,
) -> tuple[Passage, ...]:
    """Order candidates, best first, ties by id; each passage's `score` becomes its weighted sum.

    `meant` says how much the question is about each concept, 0 to 1 (`concord.retrieval.meaning`).
    """
    weights = weights or Weights()
    rows = features(candidates, expansion, concepts, meant)
    counted = [(each.name, getattr(weights, each.name)) for each in fields(weights)]
    scored = [
        candidate.passage.scored(sum(weight * row[name] for name, weight in counted))
        for candidate, row in zip(candidates, rows, strict=True)
    ]
    return tuple(sorted(scored, key=lambda passage: (-passage.score, passage.id)))


def features(
    candidates: Sequence[Signals], expansion: Expansion, concepts: Concepts, meant: Mapping[str, float]
) -> list[dict[str, float]]:
    """The likenesses of each candidate, by the names of `Weights`; each about 0 to 1."""
    best_text = max((each.text for each in candidates), default=0.0) or 1.0
    best_label = max((each.label for each in candidates), default=0.0) or 1.0
    passages = [each.passage for each in candidates]
    about = _about({passage.item.identifier: passage.item.subject for passage in passages}, meant)
    named = _shares([concepts.met(expansion, passage.reading.concepts) for passage in passages])
    return [
        {
            "cosine": each.passage.cosine,
            "best_sentence": each.passage.best_sentence,
            "page": each.passage.cosine if each.page is None else each.page,
            "text": each.text / best_text,
            "label": each.label / best_label,
            "about": about[each.passage.item.identifier],
            "mentions": named[number],
        }
        for number, each in enumerate(candidates)
    ]


def _shares(met: Sequence[frozenset[str]]) -> list[float]:
    """For each candidate the share of the question's concepts that it meets, rarer ones counting for more."""
    having = Counter(concept for each in met for concept in each)
    rarity = {concept: math.log(1 + len(met) / count) for concept, count in having.items()}
    whole = sum(rarity.values()) or 1.0
    return [sum(rarity[concept] for concept in each) / whole for each in met]


def _about(subjects: Mapping[str, Sequence[str]], meant: Mapping[str, float]) -> dict[str, float]:
    """How near what each item is about is to what is meant, 0 to 1.

    A concept counts less the further down an item's subjects it stands, and the more items share it.
    """
    having = Counter(concept for subject in subjects.values() for concept in subject)
    whole = math.log(1 + len(subjects))
    rarity = {concept: math.log(1 + len(subjects) / count) / whole for concept, count in having.items()}
    return {
        identifier: max(
            (meant.get(concept, 0.0) * rarity[concept] * _LATER**place for place, concept in enumerate(subject)),
            default=0.0,
        )
        for identifier, subject in subjects.items()
    }


@dataclass(frozen=True, slots=True)
class Concepts:
    """Which concepts of a question are met by others."""

    vocabulary: Vocabulary

    def met(self, expansion: Expansion, concepts: Iterable[str]) -> frozenset[str]:
        """The question's concepts that are among `concepts`, itself or by a narrower one."""
        held = frozenset(concepts)
        return frozenset(
            iri for iri in expansion.concepts if not held.isdisjoint(self.vocabulary.narrower_closure(iri))
        )
