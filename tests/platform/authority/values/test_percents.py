import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import ValueType, extract_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8%", [("8", None)]),
        ("3.50 percent", [("3.5", None)]),
        ("twelve per cent", [("12", None)]),
        ("5-10 per cent", [("5", "10")]),
        ("5% to 10%", [("5", "10")]),
        ("between 5% and 10%", [("5", "10")]),
        ("between 5 and 10%", [("5", "10")]),
        ("5% and 10%", [("5", None), ("10", None)]),
        ("5% or 10%", [("5", None), ("10", None)]),
        ("5 or 10%", [("10", None)]),
    ],
)
def test_percentages(text: str, values: list[tuple[str, str | None]]) -> None:
    found = extract_values(text)
    assert {each.value.type for each in found} == {ValueType.PERCENT}
    assert [(each.value.low, each.value.high) for each in found] == values


@given(st.integers(0, 100), st.sampled_from(["%", " %", " percent", " per cent"]))
def test_a_percentage_is_one_however_it_is_written(number: int, sign: str) -> None:
    (found,) = extract_values(f"The rate is {number}{sign}.")
    assert (found.value.low, found.value.unit) == (str(number), "%")
