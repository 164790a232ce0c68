"""Ranking the candidates of a hybrid search by calibrated evidence rather than by fused ranks alone.

Fused ranks say that a passage was found, not how well it fits: equal-weight fusion drags paraphrased questions down.
So candidates are ordered by a weighted sum of likenesses that are comparable between them, and an item profits from
its other passages. The weights were fitted by `benchmarks/calibrate.py` on tuning questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import Expansion
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem


@dataclass(frozen=True, slots=True)
class Weights:
    """What each likeness counts."""

    cosine: float = 1.0
    best_sentence: float = 1.0
    item: float = 0.5
    text: float = 0.1
    label: float = 0.1
    concepts: float = 0.1


@dataclass(frozen=True, slots=True)
class Signals:
    """A candidate passage with the engine's scores of its sparse legs (0 where a leg did not find it)."""

    passage: Passage
    text: float = 0.0
    label: float = 0.0


def rank(
    candidates: Sequence[Signals], expansion: Expansion, vocabulary: Vocabulary, weights: Weights | None = None
) -> tuple[Passage, ...]:
    """Order candidates, best first, ties by id; each passage's `score` becomes its weighted sum."""
    weights = weights or Weights()
    rows = features(candidates, expansion, vocabulary)
    scored = [
        replace(candidate.passage, score=sum(getattr(weights, name) * value for name, value in row.items()))
        for candidate, row in zip(candidates, rows, strict=True)
    ]
    return tuple(sorted(scored, key=lambda passage: (-passage.score, passage.id)))


def features(candidates: Sequence[Signals], expansion: Expansion, vocabulary: Vocabulary) -> list[dict[str, float]]:
    """The likenesses of each candidate, by the names of `Weights`; each about 0 to 1."""
    best_text = max((each.text for each in candidates), default=0.0) or 1.0
    best_label = max((each.label for each in candidates), default=0.0) or 1.0
    items = _item_likeness([each.passage for each in candidates])
    return [
        {
            "cosine": each.passage.cosine,
            "best_sentence": each.passage.best_sentence,
            "item": items[each.passage.item.identifier],
            "text": each.text / best_text,
            "label": each.label / best_label,
            "concepts": concept_share(each.passage.item, expansion, vocabulary),
        }
        for each in candidates
    ]


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


def concept_share(item: ContentItem, expansion: Expansion, vocabulary: Vocabulary) -> float:
    """Share of the question's concepts that the item is about, narrower ones included."""
    if not expansion.concepts:
        return 0.0
    subject = set(item.subject)
    met = sum(not subject.isdisjoint(vocabulary.narrower_closure(iri)) for iri in expansion.concepts)
    return met / len(expansion.concepts)
