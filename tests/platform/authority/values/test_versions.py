import pytest

from concord.authority.values import TypedValue, ValueType, extract_values, same_value


def versions(text: str) -> list[TypedValue]:
    return [found.value for found in extract_values(text) if found.value.type is ValueType.VERSION]


@pytest.mark.parametrize(
    ("text", "number", "product"),
    [
        ("version 3.1", "3.1", ""),
        ("the v2.4.1 client", "2.4.1", ""),
        ("Release 12", "12", ""),
        ("Python 3.11", "3.11", "python"),
        ("Terraform v1.5", "1.5", "terraform"),
        ("Windows version 11.0", "11", "windows"),
    ],
)
def test_versions(text: str, number: str, product: str) -> None:
    (found,) = versions(text)
    assert (found.low, found.unit) == (number, product)


@pytest.mark.parametrize(
    "text", ["version 2 of the API", "Section 3.2", "Topic 3.2", "Article 6.1", "Rate 3.5%", "Python"]
)
def test_what_is_no_version(text: str) -> None:
    assert versions(text) == []


def test_zeros_at_the_end_say_nothing() -> None:
    (short,), (long,), (other,) = versions("version 3"), versions("version 3.0.0"), versions("version 3.0.1")
    assert same_value(short, long)
    assert not same_value(short, other)


def test_versions_of_two_products_are_not_compared() -> None:
    (python,), (terraform,) = versions("Python 3.11"), versions("Terraform 3.11")
    assert not same_value(python, terraform)
    assert python.dimension != terraform.dimension
