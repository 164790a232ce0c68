from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.values import extract_values
from concord.authority.values.numbers import parse_number, plain

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int, hyphen: str = "-", conjunction: str = " and ") -> str:
    """A number below a billion as people write it."""
    for name, size in (("million", 1_000_000), ("thousand", 1_000)):
        if number >= size:
            rest = in_words(number % size, hyphen, conjunction) if number % size else ""
            return f"{in_words(number // size, hyphen, conjunction)} {name}{' ' + rest if rest else ''}"
    if number >= 100:
        rest = in_words(number % 100, hyphen, conjunction) if number % 100 else ""
        return f"{ONES[number // 100]} hundred{conjunction + rest if rest else ''}"
    if number >= 20:
        return TENS[number // 10 - 2] + (hyphen + ONES[number % 10] if number % 10 else "")
    return ONES[number]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14", "14"),
        ("2,000", "2000"),
        ("1,234,567.50", "1234567.5"),
        ("100 000", "100000"),
        ("1 234 567", "1234567"),
        ("2½", "2.5"),
        ("2 ½", "2.5"),
        ("2 1/2", "2.5"),
        ("twelve", "12"),
        ("Twenty-Five", "25"),
        ("five (5)", "5"),
        ("two hundred", "200"),
        ("one hundred and twenty", "120"),
        ("one hundred twenty", "120"),
        ("two thousand five hundred", "2500"),
        ("two hundred and fifty thousand", "250000"),
        ("one and a half", "1.5"),
        ("dozen", "12"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert plain(parse_number(text)) == number


@given(st.integers(1, 999_999), st.sampled_from(["-", " "]), st.sampled_from([" and ", " "]))
def test_words_and_digits_are_one_number(number: int, hyphen: str, conjunction: str) -> None:
    words = in_words(number, hyphen, conjunction)
    assert parse_number(words) == number
    (found,) = extract_values(f"It takes {words} days in all.")
    assert found.value.low == plain(Decimal(number) * 86_400)
    assert found.value.text == f"{words} days"


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_separators_change_nothing(whole: int, cents: int) -> None:
    number = plain(Decimal(whole) + Decimal(cents) / 100)
    for text in (f"{whole}.{cents:02}", f"{whole:,}.{cents:02}", f"{whole:,}.{cents:02}".replace(",", " ")):
        (found,) = extract_values(f"The fee is £{text} now")
        assert (found.value.low, found.value.text) == (number, f"£{text}")


def test_a_joint_of_two_numbers_is_no_longer_number() -> None:
    (found,) = extract_values("between one hundred and two hundred days")
    assert (found.value.low, found.value.high) == ("8640000", "17280000")


@given(st.decimals("0", "1e12", places=3))
def test_equal_numbers_are_equal_strings(number: Decimal) -> None:
    assert plain(number) == plain(number + Decimal("0.000")) == plain(number.normalize())
    assert Decimal(plain(number)) == number
    assert "E" not in plain(number)
