"""Who stands above whom, as a search by brute force finds it, in hierarchies of any shape."""

import time

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
    for low, found in above.items():
        assert {high for high in "abcdefgh" if hierarchy.is_above(high, low)} == found
        assert hierarchy.on_ring(low) == (low in found)
    on_rings = {node for node, found in above.items() if node in found}
    assert sorted(node for ring in hierarchy.rings() for node in ring) == sorted(on_rings)
    for ring in hierarchy.rings():
        assert all(other in above[one] for one in ring for other in ring)


def test_a_deep_hierarchy_takes_no_longer_than_a_flat_one() -> None:
    count = 20_000
    chain = {f"{number}": frozenset({f"{number - 1}"}) for number in range(1, count)}
    began = time.process_time()
    hierarchy = Hierarchy(chain)
    found = [hierarchy.is_above(f"{number // 2}", f"{number}") for number in range(2, count)]
    assert all(found) and not hierarchy.is_above(f"{count - 1}", "0")
    assert time.process_time() - began < 5
