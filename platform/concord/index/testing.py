"""The contract of `Index` as tests: subclass `IndexContract`, say how an index is opened, and pytest runs them all.

    class TestMyIndex(IndexContract):
        def open(self, directory: Path) -> Index:
            return MyIndex(directory, DIMENSION)

Needs pytest (the extra `dev`).
"""
# ruff: noqa: S101, D102  # these are tests, and their names say what they check

from __future__ import annotations

import math
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from concord.index.digest import Digest
from concord.index.errors import IndexUnavailable, InvalidPoint, InvalidRequest
from concord.index.protocol import Index, LegHit, Payload, Point, SearchFilter, SearchRequest, SearchResult

DIMENSION = 8
STAFF = frozenset({"group:staff"})


def point_id(name: str) -> str:
    """Return the id that `make_point` gives to `name`."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def make_point(
    name: str,
    *,
    text: str = "annual leave for everyone",
    label_text: str = "Leave",
    dense: Sequence[float] = (1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    readers: tuple[str, ...] = ("group:staff",),
    status: str = "approved",
    source: str = "handbook",
    publisher: str | None = "People",
    tier: str | None = "guidance",
    concepts: tuple[str, ...] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    identifier: str | None = None,
) -> Point:
    """Return a point called `name`, whose item has the same name unless `identifier` says otherwise."""
    item = identifier or name
    payload = Payload(
        item, 1, 0, readers, status, source, publisher, tier, concepts, valid_from, valid_until
    )  # fmt: skip
    return Point(point_id(name), dense, text, label_text, payload)


def ask(
    index: Index,
    *,
    readers: frozenset[str] = STAFF,
    statuses: tuple[str, ...] | None = None,
    sources: tuple[str, ...] | None = None,
    publishers: tuple[str, ...] | None = None,
    tiers: tuple[str, ...] | None = None,
    concepts: tuple[str, ...] | None = None,
    at: date | None = None,
    text: str | None = "leave",
    label_text: str | None = "leave",
    limit: int = 100,
    exact: bool = False,
) -> SearchResult:
    """Run all three legs."""
    wanted = SearchFilter(readers, statuses, sources, publishers, tiers, concepts, at)
    dense = [1.0] * DIMENSION
    return index.search(SearchRequest(wanted, dense, text, label_text, limit, exact))


def legs(result: SearchResult) -> list[tuple[LegHit, ...]]:
    """Return the three legs' hits."""
    return [result.dense, result.text, result.label]


def names(result: SearchResult) -> set[str]:
    """Return the items found, after checking that every leg found the same."""
    found = [{hit.payload.identifier for hit in leg} for leg in legs(result)]
    assert found[0] == found[1] == found[2], found
    return found[0]


class IndexContract(ABC):
    """What every `Index` does. Override `open`."""

    @abstractmethod
    def open(self, directory: Path) -> Index:
        """Return the index in `directory`, of `DIMENSION` dimensions; the same directory gives the same points."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[Index]:
        """An empty index."""
        opened = self.open(tmp_path / "index")
        yield opened
        opened.close()

    def test_is_an_index(self, index: Index) -> None:
        assert isinstance(index, Index)

    def test_an_empty_index_gives_nothing(self, index: Index) -> None:
        assert names(ask(index)) == set()
        assert index.count() == 0
        assert index.tokens_in_use() == frozenset()
        assert index.identifiers() == frozenset()
        assert index.item_points("none") == frozenset()

    def test_a_hit_carries_its_payload_and_the_score_of_its_leg(self, index: Index) -> None:
        wanted = make_point("a", dense=[1.0] * DIMENSION, concepts=("urn:c1",), valid_from=date(2024, 1, 1))
        index.upsert([wanted])
        result = ask(index)
        assert all([hit.payload for hit in leg] == [wanted.payload] for leg in legs(result))
        assert all([hit.id for hit in leg] == [wanted.id] for leg in legs(result))
        assert result.dense[0].score == pytest.approx(1.0, abs=1e-5)
        assert result.text[0].score > 0 < result.label[0].score

    def test_hits_come_best_first_and_at_most_limit(self, index: Index) -> None:
        index.upsert([make_point(f"p{n}", text="leave " * n, dense=[1.0] * 4 + [n] * 4) for n in range(1, 9)])
        for leg in legs(ask(index, limit=5)):
            scores = [hit.score for hit in leg]
            assert len(leg) == 5
            assert scores == sorted(scores, reverse=True)

    def test_a_leg_without_a_query_is_not_run(self, index: Index) -> None:
        index.upsert([make_point("a")])
        assert ask(index, text=None).text == ()
        assert ask(index, label_text="").label == ()
        assert ask(index, text="the of and").text == ()
        assert index.search(SearchRequest(SearchFilter(STAFF))) == SearchResult()

    def test_nobody_reads_nothing(self, index: Index) -> None:
        index.upsert([make_point("a"), make_point("open", readers=("everyone",))])
        assert names(ask(index, readers=frozenset())) == set()

    def test_an_unknown_token_reads_nothing(self, index: Index) -> None:
        index.upsert([make_point("a")])
        assert names(ask(index, readers=frozenset({"group:nobody", "user:x", "group:sta", ""}))) == set()

    def test_a_point_without_readers_is_never_found(self, index: Index) -> None:
        index.upsert([make_point("closed", readers=()), make_point("a")])
        assert names(ask(index)) == {"a"}
        assert names(ask(index, readers=STAFF | {"everyone", ""})) == {"a"}

    def test_any_of_the_readers_will_do(self, index: Index) -> None:
        index.upsert(
            [make_point("both", readers=("group:staff", "user:ann")), make_point("ann", readers=("user:ann",))]
        )
        assert names(ask(index)) == {"both"}
        assert names(ask(index, readers=frozenset({"user:ann", "group:x"}))) == {"both", "ann"}

    @pytest.mark.parametrize(
        ("field", "asked", "good", "bad"),
        [
            ("status", "statuses", "approved", "draft"),
            ("source", "sources", "handbook", "intranet"),
            ("publisher", "publishers", "People", "Finance"),
            ("publisher", "publishers", "People", None),
            ("tier", "tiers", "policy", "guidance"),
            ("tier", "tiers", "policy", None),
            ("concepts", "concepts", ("urn:a", "urn:b"), ("urn:c",)),
            ("concepts", "concepts", ("urn:a",), ()),
        ],
    )
    def test_a_filter_keeps_any_of_its_values(
        self, index: Index, field: str, asked: str, good: object, bad: object
    ) -> None:
        index.upsert([make_point("good", **{field: good}), make_point("bad", **{field: bad})])  # type: ignore[arg-type]
        value = good[0] if isinstance(good, tuple) else good
        assert names(ask(index, **{asked: (value, "other")})) == {"good"}  # type: ignore[arg-type]
        assert names(ask(index, **{asked: (value,)}, exact=True)) == {"good"}  # type: ignore[arg-type]
        assert names(ask(index, **{asked: None})) == {"good", "bad"}  # type: ignore[arg-type]
        assert names(ask(index, **{asked: ()})) == set()  # type: ignore[arg-type]

    def test_filters_are_joined_by_and(self, index: Index) -> None:
        full = {"status": "approved", "source": "s", "publisher": "P", "tier": "policy", "concepts": ("urn:a",)}
        other = {"status": "draft", "source": "t", "publisher": "Q", "tier": "guidance", "concepts": ("urn:b",)}
        points = [make_point(field, **{**full, field: other[field]}) for field in full]  # type: ignore[arg-type]
        points.append(make_point("full", **full))  # type: ignore[arg-type]
        points.append(make_point("old", valid_until=date(2020, 1, 1), **full))  # type: ignore[arg-type]
        points.append(make_point("secret", readers=("user:x",), **full))  # type: ignore[arg-type]
        index.upsert(points)
        found = ask(
            index,
            statuses=("approved",),
            sources=("s",),
            publishers=("P",),
            tiers=("policy",),
            concepts=("urn:a",),
            at=date(2025, 6, 1),
        )
        assert names(found) == {"full"}

    def test_validity_includes_its_first_day_and_excludes_its_last(self, index: Index) -> None:
        start, end = date(2024, 1, 1), date(2025, 1, 1)
        index.upsert(
            [
                make_point("bounded", valid_from=start, valid_until=end),
                make_point("from", valid_from=start),
                make_point("until", valid_until=end),
                make_point("always"),
            ]
        )
        every = {"bounded", "from", "until", "always"}
        assert names(ask(index, at=date(2023, 12, 31))) == {"until", "always"}
        assert names(ask(index, at=start)) == every
        assert names(ask(index, at=date(2024, 12, 31))) == every
        assert names(ask(index, at=end)) == {"from", "always"}
        assert names(ask(index, at=date.min)) == {"until", "always"}
        assert names(ask(index, at=date.max)) == {"from", "always"}
        assert names(ask(index)) == every

    def test_what_one_may_not_read_does_not_move_scores(self, index: Index) -> None:
        index.upsert([make_point("a", text="relocation budget"), make_point("b", text="travel", label_text="Other")])
        before = ask(index, text="relocation budget", label_text="leave")
        index.upsert(
            [
                make_point(f"secret{n}", text="relocation budget cut", label_text="Leave", readers=("group:board",))
                for n in range(20)
            ]
        )
        index.flush()
        assert ask(index, text="relocation budget", label_text="leave") == before

    def test_what_another_filter_hides_does_not_move_scores(self, index: Index) -> None:
        index.upsert([make_point("a", text="relocation budget"), make_point("b", text="travel", label_text="Other")])
        before = ask(index, text="relocation", statuses=("approved",), at=date(2025, 1, 1))
        hidden = [make_point(f"d{n}", text="relocation", status="draft") for n in range(10)]
        hidden += [make_point(f"o{n}", text="relocation", valid_until=date(2020, 1, 1)) for n in range(10)]
        index.upsert(hidden)
        assert ask(index, text="relocation", statuses=("approved",), at=date(2025, 1, 1)) == before

    def test_writing_twice_is_writing_once(self, index: Index) -> None:
        index.upsert([make_point("a"), make_point("b")])
        before = ask(index)
        index.upsert([make_point("a"), make_point("b")])
        assert index.count() == 2
        assert ask(index) == before

    def test_a_later_point_replaces_the_earlier_whole(self, index: Index) -> None:
        index.upsert([make_point("a", tier="policy", publisher="People")])
        index.upsert([make_point("a", tier=None, publisher=None, readers=("user:ann",), text="holiday pay")])
        assert index.count() == 1
        assert names(ask(index)) == set()
        (hit,) = ask(index, readers=frozenset({"user:ann"}), text="holiday").text
        assert hit.payload.tier is None
        assert hit.payload.publisher is None
        assert index.tokens_in_use() == {"user:ann"}

    def test_delete_keeps_what_it_is_told_to(self, index: Index) -> None:
        index.upsert([make_point(name, identifier="item") for name in "abc"] + [make_point("d", identifier="other")])
        assert index.item_points("item") == {point_id(name) for name in "abc"}
        index.delete_item("item", keep=[point_id("b").upper(), point_id("d"), point_id("never")])
        assert index.item_points("item") == {point_id("b")}
        assert index.item_points("other") == {point_id("d")}
        assert index.item_payloads("item") == {point_id("b"): make_point("b", identifier="item").payload}
        index.delete_item("item")
        index.delete_item("item")
        index.delete_item("never")
        assert index.count() == 1
        assert names(ask(index)) == {"other"}

    def test_a_revoked_reader_is_gone_at_the_next_search(self, index: Index) -> None:
        index.upsert([make_point("a")])
        assert names(ask(index)) == {"a"}
        index.upsert([make_point("a", readers=())])
        assert names(ask(index)) == set()

    def test_tokens_in_use_follow_every_write(self, index: Index) -> None:
        index.upsert([make_point("a", readers=("group:staff", "user:ann")), make_point("b", readers=())])
        assert index.tokens_in_use() == {"group:staff", "user:ann"}
        index.upsert([make_point("b", readers=("everyone",))])
        assert index.tokens_in_use() == {"group:staff", "user:ann", "everyone"}
        index.delete_item("a")
        assert index.tokens_in_use() == {"everyone"}

    def test_identifiers_follow_every_write(self, index: Index) -> None:
        index.upsert([make_point("a", identifier="item"), make_point("b", identifier="item"), make_point("c")])
        assert index.identifiers() == {"item", "c"}
        index.delete_item("item", keep=[point_id("a")])
        assert index.identifiers() == {"item", "c"}
        index.delete_item("item")
        assert index.identifiers() == {"c"}

    def test_a_digest_tells_ids_and_payloads_apart_and_nothing_else(self, index: Index) -> None:
        expected = Digest()
        assert index.digest() == expected.value
        points = [make_point(name, valid_from=date(2024, 1, 1), concepts=("urn:a",), tier=None) for name in "bca"]
        for point in points:
            index.upsert([point])
            expected.add(point.id, point.payload)
        assert index.digest() == expected.value
        index.upsert([make_point("a", readers=("group:board",))])
        assert index.digest() != expected.value
        index.upsert(points)
        assert index.digest() == expected.value
        index.delete_item("a")
        assert index.digest() != expected.value

    @pytest.mark.parametrize(
        "dense",
        [
            [math.nan] + [1.0] * 7,
            [math.inf] + [1.0] * 7,
            [-math.inf] + [1.0] * 7,
            [1e39] + [1.0] * 7,
            [0.0] * 8,
            [1e-50] * 8,
            [1.0] * 7,
            [1.0] * 9,
            [],
            ["1"] * 8,
        ],
        ids=["nan", "inf", "-inf", "float32-overflow", "zero", "float32-zero", "short", "long", "empty", "words"],
    )
    def test_a_vector_that_would_be_lost_is_refused(self, index: Index, dense: Sequence[float]) -> None:
        with pytest.raises(InvalidPoint) as caught:
            index.upsert([make_point("good"), make_point("bad", dense=dense)])
        assert caught.value.point_id == point_id("bad")
        assert index.count() == 0
        if len(dense):
            with pytest.raises(InvalidRequest):
                index.search(SearchRequest(SearchFilter(STAFF), dense))

    def test_a_very_short_vector_has_a_direction_too(self, index: Index) -> None:
        index.upsert([make_point("short", dense=[1e-6] * 8), make_point("long", dense=[1e6] * 8)])
        assert [hit.score for hit in ask(index).dense] == pytest.approx([1.0, 1.0], abs=1e-5)

    @pytest.mark.parametrize("identity", ["", "a", "17", "x" * 36])
    def test_an_id_is_a_uuid(self, index: Index, identity: str) -> None:
        good = make_point("a")
        with pytest.raises(InvalidPoint, match="UUID"):
            index.upsert([Point(identity, good.dense, "", "", good.payload)])

    @pytest.mark.parametrize("limit", [0, -1, 1_001, 10**9])
    def test_a_limit_out_of_range_is_refused(self, index: Index, limit: int) -> None:
        with pytest.raises(InvalidRequest, match="limit"):
            ask(index, limit=limit)

    def test_too_many_readers_fail_closed(self, index: Index) -> None:
        many = [f"group:{n}" for n in range(1_001)]
        index.upsert([make_point("a"), make_point("b", readers=tuple(many))])
        assert names(ask(index, readers=frozenset(many[1:]))) == {"b"}
        # Those that no point carries find nothing, and do not count.
        assert names(ask(index, readers=STAFF | {f"user:{n}" for n in range(2_000)})) == {"a"}
        with pytest.raises(InvalidRequest, match="1001 reader tokens in use"):
            ask(index, readers=frozenset(many))

    def test_broken_text_is_no_trouble(self, index: Index) -> None:
        index.upsert([make_point("a", text="leave \ud800 \x00", label_text="Leave \udfff"), make_point("b", text="")])
        assert [hit.payload.identifier for hit in ask(index, text="leave \ud800").text] == ["a"]
        assert len(ask(index).dense) == 2

    def test_flushed_points_survive(self, index: Index, tmp_path: Path) -> None:
        index.upsert([make_point("a"), make_point("b")])
        index.delete_item("b")
        index.flush()
        before = ask(index)
        index.close()
        again = self.open(tmp_path / "index")
        try:
            assert again.count() == 1
            assert ask(again) == before
            assert again.tokens_in_use() == STAFF
        finally:
            again.close()

    def test_a_closed_index_says_so(self, index: Index) -> None:
        index.upsert([make_point("a")])
        index.close()
        index.close()
        with pytest.raises(IndexUnavailable, match="closed"):
            index.count()
        with pytest.raises(IndexUnavailable, match="closed"):
            ask(index)
