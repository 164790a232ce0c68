"""Hybrid search on 5,000 clustered points agrees with an exact computation, for every shape of filter."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import pytest

from concord.index import Payload, Point, SearchFilter, SearchRequest
from concord.index.edge.shard import EdgeIndex

SIZE, DIMENSION, CLUSTERS = 5_000, 64, 50
GROUPS = [f"group:{n}" for n in range(40)]
STATUSES = ("approved", "draft", "deprecated")
TIERS = ("policy", "guidance", "discussion")
WORDS = [f"word{n}" for n in range(400)]


class Corpus:
    """Points in clusters, and which of them pass a filter, computed without the engine."""

    def __init__(self, index: EdgeIndex) -> None:
        self.index = index
        self.random = np.random.default_rng(7)
        centres = self.random.normal(size=(CLUSTERS, DIMENSION))
        raw = centres[self.random.integers(0, CLUSTERS, SIZE)] + 0.4 * self.random.normal(size=(SIZE, DIMENSION))
        self.vectors = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype("float32")
        self.payloads = [self.payload(n) for n in range(SIZE)]
        self.texts = [list(self.random.choice(WORDS, 30)) for _ in range(SIZE)]
        index.upsert(
            [
                Point(
                    str(UUID(int=n + 1)), self.vectors[n], " ".join(self.texts[n]), self.texts[n][0], self.payloads[n]
                )
                for n in range(SIZE)
            ]
        )
        index.optimize()

    def payload(self, n: int) -> Payload:
        readers = tuple(str(group) for group in self.random.choice(GROUPS, self.random.integers(0, 4), replace=False))
        return Payload(
            identifier=f"s/{n // 5}",
            revision=1,
            ordinal=n % 5,
            readers=readers,
            status=STATUSES[n % 3],
            source=f"source{n % 7}",
            publisher=None if n % 4 == 0 else f"department{n % 5}",
            tier=None if n % 11 == 0 else TIERS[n % 3],
            concepts=(f"urn:c{n % 13}", f"urn:c{n % 17}"),
            valid_from=date(2020 + n % 5, 1, 1) if n % 2 else None,
            valid_until=date(2024 + n % 3, 1, 1) if n % 3 else None,
        )

    def passing(self, wanted: SearchFilter) -> np.ndarray:
        return np.array([passes(payload, wanted) for payload in self.payloads])


def passes(payload: Payload, wanted: SearchFilter) -> bool:
    return (
        not wanted.readers.isdisjoint(payload.readers)
        and (wanted.statuses is None or payload.status in wanted.statuses)
        and (wanted.sources is None or payload.source in wanted.sources)
        and (wanted.publishers is None or payload.publisher in wanted.publishers)
        and (wanted.tiers is None or payload.tier in wanted.tiers)
        and (wanted.concepts is None or not set(wanted.concepts).isdisjoint(payload.concepts))
        and (wanted.at is None or payload.valid_from is None or payload.valid_from <= wanted.at)
        and (wanted.at is None or payload.valid_until is None or wanted.at < payload.valid_until)
    )


@pytest.fixture(scope="module")
def corpus() -> Iterator[Corpus]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="concord-", dir=memory if memory.is_dir() else None) as folder:
        index = EdgeIndex(Path(folder), DIMENSION)
        yield Corpus(index)
        index.close()


SHAPES = {
    "everyone": SearchFilter(frozenset(GROUPS)),
    "one group": SearchFilter(frozenset(GROUPS[:1])),
    "few groups": SearchFilter(frozenset(GROUPS[:6])),
    "access and tier": SearchFilter(frozenset(GROUPS[:6]), tiers=("policy",)),
    "access and status": SearchFilter(frozenset(GROUPS[:6]), statuses=("approved", "draft")),
    "access and date": SearchFilter(frozenset(GROUPS), at=date(2024, 6, 1)),
    "access and concepts": SearchFilter(frozenset(GROUPS), concepts=("urn:c3", "urn:c5")),
    "access and source": SearchFilter(frozenset(GROUPS[:3]), sources=("source1",)),
    "all at once": SearchFilter(
        frozenset(GROUPS[:20]),
        ("approved", "draft"),
        ("source1", "source2", "source3"),
        ("department1", "department2"),
        ("policy", "guidance"),
        ("urn:c1", "urn:c2", "urn:c3"),
        date(2024, 6, 1),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_recall_per_filter_shape(corpus: Corpus, shape: str) -> None:
    wanted = SHAPES[shape]
    allowed = corpus.passing(wanted)
    assert allowed.any()
    for turn in range(10):
        query = corpus.vectors[turn * 37] + 0.1 * np.float32(1)
        query = query / np.linalg.norm(query)
        words = [str(word) for word in corpus.texts[turn * 37][:3]]
        result = corpus.index.search(SearchRequest(wanted, query, " ".join(words), words[0], limit=20))
        scores = np.where(allowed, corpus.vectors @ query, -np.inf)
        best = np.sort(scores[scores > -np.inf])[::-1][:20]
        assert [hit.score for hit in result.dense] == pytest.approx(list(best), abs=1e-5)
        for leg, count in ((result.text, 3), (result.label, 1)):
            texts = [set(text) if count == 3 else {text[0]} for text in corpus.texts]
            matching = {n for n in range(SIZE) if allowed[n] and not texts[n].isdisjoint(words[:count])}
            found = {UUID(hit.id).int - 1 for hit in leg}
            assert found <= matching
            assert len(found) == min(20, len(matching))
            assert all(passes(hit.payload, wanted) for hit in leg)
        exact = corpus.index.search(SearchRequest(wanted, query, " ".join(words), words[0], limit=20, exact=True))
        assert [hit.score for hit in exact.text] == pytest.approx([hit.score for hit in result.text])
        assert [hit.score for hit in exact.label] == pytest.approx([hit.score for hit in result.label])
