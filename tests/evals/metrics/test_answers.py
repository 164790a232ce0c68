"""Citations, values, abstention and latency: known answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_evals.metrics import (
    abstention,
    citation_precision,
    citation_recall,
    holds_value,
    percentile,
    value_accuracy,
)
from concord_taxonomy.standard import ItemRef

WANTED = [ItemRef.parse("leave.md@2.."), ItemRef.parse("pay.md@1")]


def test_citations_are_counted_by_item_and_revision():
    cited = [("leave.md", 2), ("leave.md", 2), ("other.md", 1)]
    assert citation_precision(cited, WANTED) == 0.5
    assert citation_recall(cited, WANTED) == 0.5
    assert citation_recall([("leave.md", 1)], WANTED) == 0
    assert citation_precision([("leave.md", 1)], WANTED) == 0


def test_sides_of_a_disagreement_may_be_cited():
    assert citation_precision([("leave.md", 2), ("wiki.md", 7)], WANTED, {"wiki.md"}) == 1
    assert citation_precision([("wiki.md", 7)], WANTED, {"wiki.md"}) == 0


def test_no_citation_is_a_failure():
    assert citation_precision([], WANTED) == citation_recall([], WANTED) == 0
    with pytest.raises(ValueError, match="nothing is wanted"):
        citation_recall([("leave.md", 2)], [])


@pytest.mark.parametrize(
    ("answer", "expected", "held"),
    [
        ("You get 27 days a year.", "27 days", True),
        ("You get 127 days a year.", "27 days", False),
        ("You get twenty-seven days.", "27 days", True),
        ("Keep it for six months.", "6 months", True),
        ("Keep it for 1 year.", "12 months", True),
        ("It costs £1,200.00.", "£1200", True),
        ("It costs £1,200.50.", "£1200", False),
        ("It costs EUR 1200.", "£1200", False),
        ("Ask the Line Manager first.", "line manager", True),
        ("Ask the online managers.", "line manager", False),
        ("See rule 4.2 here.", "4.2", True),
        ("See rule 14.2 here.", "4.2", False),
        ("It costs £14,000 a day.", "£14", False),
        ("It costs £14.50.", "£14", False),
        ("It costs £14.", "£14", True),
        ("You get 27 days a month.", "27 days a year", False),
        ("You get 27 days each year.", "27 days a year", True),
        ("You get 27 days.", "27 days a year", True),
        ("Give at least 14 days of notice.", "at most 14 days", False),
        ("Give at most 14 days of notice.", "at least 14 days", False),
        ("Claim within 30 days.", "30 days", True),
        ("It is not 27 days.", "27 days", False),
        ("It isn't 27 days but 25 days.", "27 days", False),
        ("It isn't 27 days but 25 days.", "25 days", True),
        ("It is not more than 27 days.", "27 days", True),
        ("It is not the line manager who approves it.", "line manager", True),
        ("Do not ask, but tell the owner.", "owner", True),
        ("", "27 days", False),
    ],
)
def test_values_are_compared_and_not_their_letters(answer, expected, held):
    assert holds_value(answer, expected) is held


def test_value_accuracy_is_a_share():
    assert value_accuracy("27 days, within 2 weeks", ["27 days", "14 days", "£5"]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="no value is expected"):
        value_accuracy("27 days", [])


def test_abstention():
    found = abstention([(True, True), (True, False), (False, True), (False, False), (True, True)])
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert abstention([(True, False)]).precision is None
    assert abstention([(False, True)]).recall is None


def test_latency_is_by_nearest_rank():
    times = [float(each) for each in range(1, 101)]
    assert (percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1)) == (50, 95, 100)
    assert percentile([], 0.5) is None
    assert percentile([7.0], 0.01) == 7
    with pytest.raises(ValueError, match="no share"):
        percentile(times, 0)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_bounds_its_share(values, share):
    found = percentile(values, share)
    assert found in values
    assert sum(each <= found for each in values) >= share * len(values) - 1e-9
