"""Ranking the candidates of a hybrid search by calibrated evidence rather than by fused ranks.

Ranks say that a passage was found, not how well it fits: equal-weight fusion drags paraphrased questions down.
So candidates are ordered by a weighted sum of likenesses that are comparable between them: of the passage, of its best
sentence, of the whole page, of words and titles, and of what page and question are about. The weights were fitted by
`benchmarks/calibrate.py` on tuning questions.

Only the best candidates are read: the first cut goes by the same sum without what only reading tells.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from concord.authority.terms import Terms
from concord_taxonomy.expansion import Ambiguity, Expansion
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem

_LATER = 0.85
"""What a subject of an item counts next to the one before it: the first says best what the item is about."""

Features = NDArray[np.float64]
"""The likenesses of candidates, each about 0 to 1: shape (candidates, weights), columns in the order of `Weights`."""


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


_FITTED = np.array(astuple(Weights()))

COSINE, BEST_SENTENCE, PAGE, TEXT, LABEL, ABOUT, MENTIONS = range(len(fields(Weights)))

_NAMED = (LABEL, ABOUT, MENTIONS)
"""What counts for nothing where the words of the question mean something else in an item."""


class Candidate(NamedTuple):
    """A readable passage that a search found, with the engine's scores of the legs that found it.

    `cosine` is None where the dense leg did not find it, `text` and `label` are 0 where theirs did not. `page` is the
    cosine of its whole item, None where that is not known: then the passage speaks for it.
    """

    id: str
    item: ContentItem
    cosine: float | None = None
    text: float = 0.0
    label: float = 0.0
    page: float | None = None


def features(
    candidates: Sequence[Candidate],
    terms: Terms,
    expansion: Expansion,
    vocabulary: Vocabulary,
    meant: Mapping[str, float],
) -> Features:
    """The likenesses of candidates, as far as they are known before one is read; `terms` are theirs.

    What the dense leg did not find is taken to be as like as the last that it found, sentences as like as their
    passage. `meant` says how much the question is about each concept, 0 to 1 (`concord.retrieval.meaning`).
    """
    rows = np.zeros((len(candidates), len(fields(Weights))))
    if not candidates:
        return rows
    found = [each.cosine for each in candidates if each.cosine is not None]
    last = min(found, default=0.0)
    about = _about({each.item.identifier: each.item.subject for each in candidates}, meant)
    rows[:, COSINE] = [last if each.cosine is None else each.cosine for each in candidates]
    rows[:, BEST_SENTENCE] = rows[:, COSINE]
    rows[:, PAGE] = [math.nan if each.page is None else each.page for each in candidates]
    rows[:, TEXT] = [each.text for each in candidates]
    rows[:, LABEL] = [each.label for each in candidates]
    rows[:, ABOUT] = [about[each.item.identifier] for each in candidates]
    rows[:, MENTIONS] = _mentions(terms, expansion.concepts, vocabulary)
    for each in expansion.ambiguous:
        if each.chosen and not each.undecided:
            other = [_means_another(candidate.item.subject, each, vocabulary) for candidate in candidates]
            rows[np.ix_(other, _NAMED)] = 0
    for column in (TEXT, LABEL):
        rows[:, column] /= rows[:, column].max() or 1.0
    return rows


def _means_another(subject: Sequence[str], word: Ambiguity, vocabulary: Vocabulary) -> bool:
    """Whether an item is about another meaning of an ambiguous word, and not about the one that is read."""

    def about(meanings: Iterable[str]) -> bool:
        return any(not vocabulary.narrower_closure(iri).isdisjoint(subject) for iri in meanings)

    return about(word.others) and not about(word.chosen)


def first_cut(candidates: Sequence[Candidate], rows: Features, size: int, weights: Weights | None = None) -> list[int]:
    """The places of the `size` candidates that are worth reading, ties by id."""
    if len(candidates) <= size:
        return list(range(len(candidates)))
    scores = scored(rows, weights).tolist()
    return sorted(range(len(candidates)), key=lambda place: (-scores[place], candidates[place].id))[:size]


def scored(rows: Features, weights: Weights | None = None) -> NDArray[np.float64]:
    """The weighted sums; a page that is not known counts as its passage."""
    known = np.where(np.isnan(rows), rows[:, [COSINE]], rows)
    # Not by a matrix product, whose rounding depends on where a row stands.
    sums: NDArray[np.float64] = (known * (_FITTED if weights is None else np.array(astuple(weights)))).sum(axis=1)
    return sums


def _mentions(terms: Terms, asked: Iterable[str], vocabulary: Vocabulary) -> NDArray[np.float64]:
    """For each candidate the share of the question's concepts that it names, rarer ones counting for more.

    A concept is named by a narrower one too.
    """
    named = [terms.having(*vocabulary.narrower_closure(iri)) for iri in asked]
    rarity = [math.log(1 + terms.count / count) if (count := int(each.sum())) else 0.0 for each in named]
    shares = np.zeros(terms.count)
    for each, rare in zip(named, rarity, strict=True):
        shares += each * (rare / (sum(rarity) or 1.0))
    return shares


def _about(subjects: Mapping[str, Sequence[str]], meant: Mapping[str, float]) -> dict[str, float]:
    """How near what each item is about is to what is meant, 0 to 1.

    A concept counts less the further down an item's subjects it stands, and the more items share it.
    """
    having = Counter(concept for subject in subjects.values() for concept in subject)
    whole = math.log(1 + len(subjects))
    counts = {
        concept: meant.get(concept, 0.0) * (math.log(1 + len(subjects) / count) / whole)
        for concept, count in having.items()
    }
    return {
        identifier: max((counts[concept] * _LATER**place for place, concept in enumerate(subject)), default=0.0)
        for identifier, subject in subjects.items()
    }
