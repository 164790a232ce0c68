from datetime import date

import pytest

from concord.index import InvalidRequest, SearchFilter
from concord.index.conditions import conditions
from concord.index.edge import filters as edge
from concord.index.server import filters as server


def test_a_filter_is_never_empty() -> None:
    assert conditions(SearchFilter(frozenset())) is None
    assert conditions(SearchFilter(frozenset({"a"}), statuses=())) is None
    built = conditions(SearchFilter(frozenset({"a"}), concepts=("c",), at=date(2025, 1, 1)))
    assert built is not None
    for engine in (edge, server):
        assert len(engine.to_filter(built).must or []) == 4
        assert len(engine.of_item("").must or []) == 1


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="concepts"):
        conditions(SearchFilter(frozenset({"a"}), concepts=tuple(map(str, range(10_001)))))
