from datetime import date

import pytest

from concord.index import InvalidRequest, SearchFilter
from concord.index.conditions import conditions
from concord.index.edge import filters as edge
from concord.index.server import filters as server

IN_USE = frozenset({"a", "b"})


def test_a_filter_is_never_empty() -> None:
    assert conditions(SearchFilter(frozenset()), IN_USE) is None
    assert conditions(SearchFilter(frozenset({"a"}), statuses=()), IN_USE) is None
    built = conditions(SearchFilter(frozenset({"a"}), concepts=("c",), at=date(2025, 1, 1)), IN_USE)
    assert built is not None
    for engine in (edge, server):
        assert len(engine.to_filter(built).must or []) == 4
        assert len(engine.of_item("").must or []) == 1


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="concepts"):
        conditions(SearchFilter(frozenset({"a"}), concepts=tuple(map(str, range(10_001)))), IN_USE)


def test_only_tokens_in_use_are_searched_and_too_many_of_them_are_refused() -> None:
    many = frozenset(f"group:g{number}" for number in range(1_001))
    assert conditions(SearchFilter(frozenset({"user:mallory"})), IN_USE) is None
    built = conditions(SearchFilter(many | IN_USE), IN_USE)
    assert built is not None and built.any_of["readers"] == ["a", "b"]
    with pytest.raises(InvalidRequest, match="1001 reader tokens in use"):
        conditions(SearchFilter(many), many)
