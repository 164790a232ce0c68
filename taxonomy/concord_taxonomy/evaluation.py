"""How well items are tagged, measured on items tagged by hand; metrics are named and defined as in Annif.

Suggestions are ranked lists, relevance is binary. Averages over documents and over concepts count a division by zero as
0; averages over concepts are over those that are in the gold tags or suggested. NDCG: Järvelin & Kekäläinen (2002).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

AT = 5
"""How many suggestions a document counts for in F1@5 and NDCG@5."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Right, wrong and missing tags, and what follows from them."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float:
        """The share of the suggestions that are right."""
        return _ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """The share of the gold tags that are suggested."""
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _ratio(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)


@dataclass(frozen=True, slots=True)
class ConceptQuality(Quality):
    """The same of one concept; `first` is of what is suggested among the first five of a document.

    `ndcg` is the mean over the documents that have it by hand: the discount of its place, next to that of the place
    that it would have without the wrong ones before it, 0 where it is not suggested. None where no document has it.
    """

    first: Quality
    ndcg: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Metrics over all documents by Annif's names, and the quality of each concept."""

    metrics: Mapping[str, float]
    concepts: Mapping[str, ConceptQuality]


def evaluate(gold: Mapping[str, Iterable[str]], suggested: Mapping[str, Sequence[str]]) -> Evaluation:
    """Compare suggestions, best first, with gold concepts, both by document; documents without gold are no part of it.

    >>> found = evaluate({"a": {"leave"}, "b": {"leave", "pay"}}, {"a": ["leave"], "b": ["pay", "berth"]})
    >>> found.metrics["Precision_microavg"], found.metrics["Recall_microavg"]
    (0.6667, 0.6667)
    """
    wanted = {document: frozenset(concepts) for document, concepts in gold.items()}
    given = {document: list(dict.fromkeys(suggested.get(document, ()))) for document in wanted}
    documents = [_quality(wanted[each], given[each]) for each in wanted]
    at = [_quality(wanted[each], given[each][:AT]) for each in wanted]
    concepts = _by_concept(wanted, given)
    support = [each.true_positives + each.false_negatives for each in concepts.values()]
    whole = Quality(
        sum(each.true_positives for each in documents),
        sum(each.false_positives for each in documents),
        sum(each.false_negatives for each in documents),
    )
    metrics = {
        **_averages("doc_avg", documents, [1] * len(documents)),
        **_averages("subj_avg", concepts.values(), [1] * len(concepts)),
        **_averages("weighted_subj_avg", concepts.values(), support),
        **_averages("microavg", [whole], [1]),
        f"F1@{AT}": _mean(each.f1 for each in at),
        "NDCG": _mean(_ndcg(wanted[each], given[each]) for each in wanted),
        f"NDCG@{AT}": _mean(_ndcg(wanted[each], given[each], AT) for each in wanted),
        **{f"Precision@{n}": _mean(_quality(wanted[d], given[d][:n]).precision for d in wanted) for n in (1, 3, 5)},
        "True_positives": whole.true_positives,
        "False_positives": whole.false_positives,
        "False_negatives": whole.false_negatives,
        "Documents_evaluated": len(documents),
    }
    return Evaluation({name: round(value, 4) for name, value in metrics.items()}, concepts)


def _quality(wanted: frozenset[str], given: Sequence[str]) -> Quality:
    right = len(wanted.intersection(given))
    return Quality(right, len(given) - right, len(wanted) - right)


def _by_concept(wanted: Mapping[str, frozenset[str]], given: Mapping[str, Sequence[str]]) -> dict[str, ConceptQuality]:
    whole = _counted(wanted, given)
    first = _counted(wanted, {document: concepts[:AT] for document, concepts in given.items()})
    places: dict[str, list[float]] = {}
    for document, concepts in wanted.items():
        gains = dict.fromkeys(concepts, 0.0)
        for right, (place, concept) in enumerate(
            (place, concept) for place, concept in enumerate(given[document]) if concept in concepts
        ):
            gains[concept] = _discount(place) / _discount(right)
        for concept, gain in gains.items():
            places.setdefault(concept, []).append(gain)
    nothing = Quality(0, 0, 0)
    return {
        concept: ConceptQuality(
            each.true_positives,
            each.false_positives,
            each.false_negatives,
            first.get(concept, nothing),
            fmean(places[concept]) if concept in places else None,
        )
        for concept, each in whole.items()
    }


def _counted(wanted: Mapping[str, frozenset[str]], given: Mapping[str, Sequence[str]]) -> dict[str, Quality]:
    gold = Counter(concept for concepts in wanted.values() for concept in concepts)
    suggested = Counter(concept for concepts in given.values() for concept in concepts)
    right = Counter(
        concept for document, concepts in wanted.items() for concept in concepts.intersection(given[document])
    )
    return {
        concept: Quality(right[concept], suggested[concept] - right[concept], gold[concept] - right[concept])
        for concept in sorted(gold.keys() | suggested.keys())
    }


def _averages(name: str, qualities: Iterable[Quality], weights: Sequence[int]) -> dict[str, float]:
    weighed = list(zip(qualities, weights, strict=True))
    whole = sum(weights)
    return {
        f"Precision_{name}": _ratio(sum(each.precision * weight for each, weight in weighed), whole),
        f"Recall_{name}": _ratio(sum(each.recall * weight for each, weight in weighed), whole),
        f"F1_score_{name}": _ratio(sum(each.f1 * weight for each, weight in weighed), whole),
    }


def _ndcg(wanted: frozenset[str], given: Sequence[str], limit: int | None = None) -> float:
    gain = sum(_discount(rank) for rank, concept in enumerate(given[:limit]) if concept in wanted)
    ideal = sum(map(_discount, range(len(wanted) if limit is None else min(limit, len(wanted)))))
    return _ratio(gain, ideal)


def _discount(rank: int) -> float:
    """What a suggestion counts at a rank from 0."""
    return 1 / math.log2(rank + 2)


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return fmean(held) if held else 0.0


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
