"""Ranking the candidates of a hybrid search by calibrated evidence rather than by fused ranks alone.

Fused ranks say that a passage was found, not how well it fits: equal-weight fusion drags paraphrased questions down.
So candidates are ordered by a weighted sum of likenesses that are comparable between them, and an item profits from
its other passages. The weights were fitted by `benchmarks/calibrate.py` on tuning questions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import Expansion
from concord_taxonomy.skos import Vocabulary


@dataclass(frozen=True, slots=True)
class Weights:
    """What each likeness counts."""

    cosine: float = 1.0
    best_sentence: float = 1.35
    item: float = 0.85
    text: float = 0.25
    label: float = 0.1
    concepts: float = 0.25
    mentions: float = 0.3


@dataclass(frozen=True, slots=True)
class Signals:
    """A candidate passage with the engine's scores of its sparse legs (0 where a leg did not find it)."""

    passage: Passage
    text: float = 0.0
    label: float = 0.0


def rank(
    candidates: Sequence[Signals], expansion: Expansion, concepts: Concepts, weights: Weights | None = None
) -> tuple[Passage, ...]:
    """Order candidates, best first, ties by id; each passage's `score` becomes its weighted sum."""
    weights = weights or Weights()
    rows = features(candidates, expansion, concepts)
    scored = [
        replace(candidate.passage, score=sum(getattr(weights, name) * value for name, value in row.items()))
        for candidate, row in zip(candidates, rows, strict=True)
    ]
    return tuple(sorted(scored, key=lambda passage: (-passage.score, passage.id)))


def features(candidates: Sequence[Signals], expansion: Expansion, concepts: Concepts) -> list[dict[str, float]]:
    """The likenesses of each candidate, by the names of `Weights`; each about 0 to 1."""
    best_text = max((each.text for each in candidates), default=0.0) or 1.0
    best_label = max((each.label for each in candidates), default=0.0) or 1.0
    passages = [each.passage for each in candidates]
    items = _item_likeness(passages)
    about = _shares([concepts.met(expansion, passage.item.subject) for passage in passages])
    named = _shares([concepts.met(expansion, passage.reading.concepts) for passage in passages])
    return [
        {
            "cosine": each.passage.cosine,
            "best_sentence": each.passage.best_sentence,
            "item": items[each.passage.item.identifier],
            "text": each.text / best_text,
            "label": each.label / best_label,
            "concepts": about[number],
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


def _item_likeness(passages: Sequence[Passage]) -> dict[str, float]:
    """Mean cosine of an item's three best candidates, those it lacks counted as half its best."""
    grouped: dict[str, list[float]] = {}
    for passage in passages:
        grouped.setdefault(passage.item.identifier, []).append(passage.cosine)
    likeness = {}
    for identifier, cosines in grouped.items():
        best = sorted(cosines, reverse=True)[:3]
        likeness[identifier] = sum([*best, *[best[0] / 2] * (3 - len(best))]) / 3
    return likeness


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
