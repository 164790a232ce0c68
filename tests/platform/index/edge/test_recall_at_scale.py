"""Recall of 200,000 clustered points against an exact computation, for every shape of filter and breadth of asker.

Takes minutes and 2 GB: left to `make test-slow`; `pytest -m slow -rP` prints the recall of each shape.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import pytest

from concord.index import Payload, Point, SearchFilter, SearchRequest
from concord.index.edge.shard import EdgeIndex

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600)]

SIZE, DIMENSION, CLUSTERS, GROUPS = 200_000, 384, 2_000, 300
QUERIES, LIMIT, LEAST = 20, 60, 0.99
STATUSES = ("approved", "approved", "approved", "draft", "deprecated", "withdrawn")
LIVE = ("draft", "in_review", "approved", "deprecated")
DEPARTMENTS = tuple(f"department{n}" for n in range(10))
AT = date(2024, 6, 1)

WHO = {
    "narrow": frozenset({f"group:g{n}" for n in (5, 10, 15, 20, 25)}),
    "median": frozenset({f"group:g{n}" for n in range(60, 90)}),
    "broad": frozenset({"everyone", *(f"group:g{n}" for n in range(GROUPS))}),
}
SHAPES: dict[str, dict[str, tuple[str, ...] | date]] = {
    "access": {},
    "lifecycle": {"statuses": LIVE, "at": AT},
    "department": {"publishers": DEPARTMENTS[2:3]},
    "concept": {"concepts": ("urn:c3", "urn:c5")},
    "lifecycle and department": {"statuses": LIVE, "at": AT, "publishers": DEPARTMENTS[2:3]},
    "lifecycle and concept": {"statuses": LIVE, "at": AT, "concepts": ("urn:c3", "urn:c5")},
    "department and concept": {"publishers": DEPARTMENTS[2:3], "concepts": ("urn:c3", "urn:c5")},
    "all": {"statuses": LIVE, "at": AT, "publishers": DEPARTMENTS[2:4], "concepts": ("urn:c3", "urn:c5")},
}


class Corpus:
    """The points, and which of them pass a filter, computed without the engine."""

    def __init__(self, index: EdgeIndex) -> None:
        self.index = index
        random = np.random.default_rng(11)
        centres = random.standard_normal((CLUSTERS, DIMENSION), np.float32)
        self.vectors = centres[random.integers(0, CLUSTERS, SIZE)]
        self.vectors += 0.6 * random.standard_normal((SIZE, DIMENSION), np.float32)
        self.vectors /= np.linalg.norm(self.vectors, axis=1, keepdims=True)
        # Early groups are in few documents, late ones in many.
        groups = (GROUPS * random.random((SIZE, 3)) ** 0.5).astype(int)
        open_ = random.random(SIZE) < 0.05
        self.readers = [
            ("everyone",) if open_[n] else tuple(sorted({f"group:g{group}" for group in groups[n]}))
            for n in range(SIZE)
        ]
        self.status = np.array(STATUSES)[random.integers(0, len(STATUSES), SIZE)]
        self.publisher = np.array(DEPARTMENTS)[random.integers(0, len(DEPARTMENTS), SIZE)]
        self.concept = random.integers(0, 40, SIZE)
        self.begins = [date(2020 + int(year), 1, 1) if year < 6 else None for year in random.integers(0, 9, SIZE)]
        self.ends = [date(2023 + int(year), 1, 1) if year < 4 else None for year in random.integers(0, 9, SIZE)]
        words = random.integers(0, 5_000, (SIZE, 8))
        for start in range(0, SIZE, 2_000):
            index.upsert([self._point(n, words[n]) for n in range(start, start + 2_000)])
        index.flush()
        index.optimize()

    def _point(self, n: int, words: np.ndarray) -> Point:
        payload = Payload(
            identifier=f"s/{n // 10}",
            revision=1,
            ordinal=n % 10,
            readers=self.readers[n],
            status=str(self.status[n]),
            source=f"source{n % 20}",
            publisher=str(self.publisher[n]),
            tier="policy",
            concepts=(f"urn:c{self.concept[n]}",),
            valid_from=self.begins[n],
            valid_until=self.ends[n],
        )
        text = " ".join(f"word{word}" for word in words)
        return Point(str(UUID(int=n + 1)), self.vectors[n], text, f"word{words[0]}", payload)

    def passing(self, wanted: SearchFilter) -> np.ndarray:
        allowed = np.array([not wanted.readers.isdisjoint(readers) for readers in self.readers])
        if wanted.statuses is not None:
            allowed &= np.isin(self.status, wanted.statuses)
        if wanted.publishers is not None:
            allowed &= np.isin(self.publisher, wanted.publishers)
        if wanted.concepts is not None:
            allowed &= np.isin(self.concept, [int(iri.removeprefix("urn:c")) for iri in wanted.concepts])
        if (at := wanted.at) is not None:
            allowed &= np.array([begins is None or begins <= at for begins in self.begins])
            allowed &= np.array([ends is None or at < ends for ends in self.ends])
        return allowed


@pytest.fixture(scope="module")
def corpus() -> Iterator[Corpus]:
    with TemporaryDirectory(prefix="concord-") as folder:
        index = EdgeIndex(Path(folder), DIMENSION)
        yield Corpus(index)
        index.close()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("shape", SHAPES)
def test_recall_per_filter_shape_and_breadth(corpus: Corpus, shape: str, who: str) -> None:
    wanted = replace(SearchFilter(WHO[who]), **SHAPES[shape])  # type: ignore[arg-type]
    passing = np.flatnonzero(corpus.passing(wanted))
    assert len(passing), "the corpus holds nothing for this shape"
    if who == "narrow":
        assert len(passing) < 0.01 * SIZE
    random = np.random.default_rng(5)
    near = corpus.vectors[random.integers(0, SIZE, QUERIES)]
    queries = near + 0.02 * random.standard_normal((QUERIES, DIMENSION), np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    scores = queries @ corpus.vectors[passing].T
    recalls = []
    for query, row in zip(queries, scores, strict=True):
        best = {int(n) for n in passing[np.argsort(-row)[:LIMIT]]}
        result = corpus.index.search(SearchRequest(wanted, query, "word7 word70 word700", "word7", limit=LIMIT))
        found = {UUID(hit.id).int - 1 for hit in result.dense}
        assert len(result.dense) == len(found) == min(LIMIT, len(passing)), "a short result"
        assert found <= {int(n) for n in passing}, "a point that does not pass the filter"
        recalls.append(len(best & found) / len(best))
    exact = corpus.index.search(SearchRequest(wanted, None, "word7 word70 word700", "word7", limit=LIMIT, exact=True))
    assert [hit.score for hit in exact.text] == pytest.approx([hit.score for hit in result.text])
    assert [hit.score for hit in exact.label] == pytest.approx([hit.score for hit in result.label])
    recall = float(np.mean(recalls))
    print(f"\nrecall of {who}, {shape}: {recall:.4f} at {LIMIT} (worst {min(recalls):.3f}), {len(passing):,} pass")
    assert recall >= LEAST
