import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import ValueType, extract_values


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("It costs $2000.", "2000", None, "USD"),
        ("It costs $2,000.00.", "2000", None, "USD"),
        ("US$ 3.5k", "3500", None, "USD"),
        ("USD 50", "50", None, "USD"),
        ("1 million dollars", "1000000", None, "USD"),
        ("a fee of £1.2m", "1200000", None, "GBP"),
        ("GBP 12bn", "12000000000", None, "GBP"),
        ("twelve pounds", "12", None, "GBP"),
        ("twelve pounds sterling", "12", None, "GBP"),
        ("45 pence a mile", "0.45", None, "GBP"),
        ("45p a mile", "0.45", None, "GBP"),
        ("40 EUR per day", "40", None, "EUR"),
        ("40€ per day", "40", None, "EUR"),
        ("100 000 euros", "100000", None, "EUR"),
        ("two hundred and fifty euros", "250", None, "EUR"),
        ("500 CHF", "500", None, "CHF"),
        ("between $7 and $8.25", "7", "8.25", "USD"),
        ("£5-10", "5", "10", "GBP"),
        ("£5–£10 million", "5000000", "10000000", "GBP"),
        ("from €40 to €60 a night", "40", "60", "EUR"),
        ("40 to 60 euros", "40", "60", "EUR"),
    ],
)
def test_amounts(text: str, low: str, high: str | None, unit: str) -> None:
    (found,) = extract_values(text)
    assert found.value.type is ValueType.MONEY
    assert (found.value.low, found.value.high, found.value.unit) == (low, high, unit)


def test_two_amounts_are_not_a_range() -> None:
    lows = [found.value.low for found in extract_values("Breakfast is £8 and dinner £30.")]
    assert lows == ["8", "30"]


def test_an_amount_does_not_take_the_number_of_something_else() -> None:
    money, duration = extract_values("It costs $5 to 10 days after the order.")
    assert (money.value.low, money.value.high) == ("5", None)
    assert (duration.value.type, duration.value.low) == (ValueType.DURATION, "864000")


@pytest.mark.parametrize(
    "text", ["Terms on p 45 apply.", "See p45 and the map.", "pounds of pressure", "A dollar store"]
)
def test_what_is_no_money(text: str) -> None:
    assert [found for found in extract_values(text) if found.value.type is ValueType.MONEY] == []


@given(st.integers(1, 10**7), st.sampled_from(["£{}", "GBP {}", "{} GBP", "{} pounds", "{} pounds sterling"]))
def test_a_currency_is_one_however_it_is_named(amount: int, form: str) -> None:
    (found,) = extract_values(f"The limit is {form.format(f'{amount:,}')} in all.")
    assert (found.value.low, found.value.unit) == (str(amount), "GBP")
