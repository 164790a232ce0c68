"""Both engines rank alike: the same points, the same searches, the same hits and scores on the exact path."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product

import numpy as np
import pytest

from concord.index import Index, Payload, Point, SearchFilter, SearchRequest, open_index, open_server
from concord.index.server.standin import StandIn

POINTS, DIMENSION = 300, 32
WORDS = [f"{kind}{number}" for kind in ("leave", "budget", "travel", "laptop") for number in range(40)]
GROUPS = [f"group:{number}" for number in range(12)]


def points() -> list[Point]:
    """Clustered vectors, words as rare and common as in texts, several points of one item, some without words."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(12, DIMENSION))
    made = []
    for number in range(POINTS):
        length = int(random.integers(0, 60)) if number % 25 else 0
        words = [WORDS[min(int(random.exponential(25)), len(WORDS) - 1)] for _ in range(length)]
        start = date(2024, 1, 1) + timedelta(days=int(random.integers(0, 600)))
        payload = Payload(
            identifier=f"source-{number % 5}/{number // 3}.md",
            revision=1 + number % 2,
            ordinal=number % 3,
            readers=tuple(random.choice(GROUPS, size=int(random.integers(0, 4)), replace=False).tolist()),
            status=("approved", "draft", "deprecated")[number % 3],
            source=f"source-{number % 5}",
            publisher=(None, "People", "Finance")[number % 3],
            tier=(None, "policy", "guidance")[number % 3],
            concepts=tuple(f"urn:{each}" for each in random.choice(9, size=2, replace=False)),
            valid_from=start if number % 4 else None,
            valid_until=start + timedelta(days=300) if number % 3 == 0 else None,
        )
        vector = centres[number % 12] + 0.4 * random.normal(size=DIMENSION)
        label = f"{words[0]} {WORDS[number % len(WORDS)]}" if words else ""
        made.append(
            Point(str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))), vector.tolist(), " ".join(words), label, payload)
        )
    return made


FILTERS = [
    SearchFilter(frozenset(readers), statuses=statuses, sources=sources, tiers=tiers, concepts=concepts, at=at)
    for readers, statuses, (sources, tiers, concepts), at in product(
        (GROUPS, GROUPS[:3], GROUPS[5:6]),
        (None, ("approved", "draft")),
        ((None, None, None), (("source-1", "source-2"), None, None), (None, ("policy",), ("urn:1", "urn:2", "urn:3"))),
        (None, date(2024, 9, 1)),
    )
]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Index]]:
    """Edge and the server, holding the same."""
    folder = tmp_path_factory.mktemp("same")
    with StandIn() as server:
        edge = open_index(folder / "edge", DIMENSION, shared=False)
        other = open_server(server.url, "same", DIMENSION)
        for index in (edge, other):
            index.upsert(points())
            index.delete_item("source-1/7.md")
            index.flush()
        yield edge, other
        edge.close()
        other.close()


def test_they_hold_the_same(engines: tuple[Index, Index]) -> None:
    edge, server = engines
    assert edge.count() == server.count() < POINTS
    assert edge.digest() == server.digest()
    assert edge.identifiers() == server.identifiers()
    assert edge.tokens_in_use() == server.tokens_in_use() == set(GROUPS)


@pytest.mark.parametrize("wanted", FILTERS, ids=range(len(FILTERS)))
def test_they_find_and_rank_the_same(engines: tuple[Index, Index], wanted: SearchFilter) -> None:
    edge, server = engines
    random = np.random.default_rng(FILTERS.index(wanted))
    words = " ".join(random.choice(WORDS[:60], size=4))
    vector = random.normal(size=DIMENSION).tolist()
    every = SearchRequest(wanted, vector, words, words, limit=1_000, exact=True)
    ours, theirs = edge.search(every), server.search(every)
    top = server.search(SearchRequest(wanted, vector, words, words, limit=10))
    assert ours.dense
    for leg in ("dense", "text", "label"):
        scores = {hit.id: hit.score for hit in getattr(ours, leg)}
        assert {hit.id: hit.score for hit in getattr(theirs, leg)} == pytest.approx(scores, abs=1e-5)
        assert {hit.id: hit.payload for hit in getattr(theirs, leg)} == {
            hit.id: hit.payload for hit in getattr(ours, leg)
        }
        # In the other's order its scores never rise: only equal scores may change places.
        order = [scores[hit.id] for hit in getattr(theirs, leg)]
        assert all(later <= earlier + 1e-5 for earlier, later in pairwise(order))
        best = sorted(scores.values(), reverse=True)[:10]
        assert [hit.score for hit in getattr(top, leg)] == pytest.approx(best, abs=1e-5)
