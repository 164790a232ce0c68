"""Who stands above whom, as a search by brute force finds it, in hierarchies of any shape."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.quality.hierarchy import Hierarchy
from concord_taxonomy.skos.closure import reachable

nodes = st.sampled_from("abcdefgh")
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=3).map(frozenset), max_size=8)


@given(graphs)
def test_it_finds_what_a_search_finds(ups: dict[str, frozenset[str]]) -> None:
    hierarchy = Hierarchy(ups)
    above = {
        node: {up for each in ups.get(node, ()) for up in reachable(each, lambda at: ups.get(at, ()))}
        for node in "abcdefgh"
    }
    pairs = hierarchy.above((high, low) for high in "abcdefgh" for low in "abcdefgh")
    assert pairs == {(high, low) for low, found in above.items() for high in found}
    for low, found in above.items():
        assert hierarchy.on_ring(low) == (low in found)
    groups = list(ups.values())
    assert hierarchy.above_others(groups) == [
        {far for far in group if any(far in above[near] for near in group - {far})} for group in groups
    ]
    on_rings = {node for node, found in above.items() if node in found}
    assert sorted(node for ring in hierarchy.rings() for node in ring) == sorted(on_rings)
    for ring in hierarchy.rings():
        assert all(other in above[one] for one in ring for other in ring)


@given(graphs)
def test_many_questions_take_several_walks(ups: dict[str, frozenset[str]]) -> None:
    pairs = [(high, low) for high in "abcdefgh" for low in "abcdefgh"]
    with patch.multiple("concord_taxonomy.quality.hierarchy", _BITS=0, _FEWEST=1):
        apart = Hierarchy(ups).above(pairs), Hierarchy(ups).above_others(list(ups.values()))
    assert apart == (Hierarchy(ups).above(pairs), Hierarchy(ups).above_others(list(ups.values())))


def test_a_deep_hierarchy_takes_no_longer_than_a_flat_one() -> None:
    count = 20_000
    chain = {f"{number}": frozenset({f"{number - 1}"}) for number in range(1, count)}
    pairs = {(f"{number // 2}", f"{number}") for number in range(2, count)}
    assert Hierarchy(chain).above(pairs | {(f"{count - 1}", "0")}) == pairs


def test_ladders_side_by_side_are_not_walked_anew_for_each_pair() -> None:
    count = 20_000
    ups = {
        f"{side}{number}": frozenset({f"{side}{number + 1}", f"{side}{number + 2}"})
        for side in "ab"
        for number in range(count)
    }
    pairs = {(f"a{number}", f"b{number * 7 % count}") for number in range(count)}
    assert not Hierarchy(ups).above(pairs | {(low, high) for high, low in pairs})
