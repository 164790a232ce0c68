import pytest

from concord.authority.values import Comparator, extract_values


@pytest.mark.parametrize(
    ("comparator", "texts"),
    [
        (
            Comparator.AT_LEAST,
            (
                "at least 12 characters",
                "a minimum of 12 characters",
                "no fewer than 12 characters",
                "12 characters or more",
                "12 characters minimum",
                "12+ characters",
                "5 days or longer",
            ),
        ),
        (
            Comparator.AT_MOST,
            (
                "up to £500",
                "no more than £500",
                "must not exceed £500",
                "£500 or less",
                "a limit of £500",
                "cannot be longer than 5 days",
                "within 5 days",
                "by 30 June",
                "not later than 30 June",
                "30 June at the latest",
                "12 characters or fewer",
                "a maximum of 3 reviewers",
            ),
        ),
        (Comparator.ABOVE, ("more than £500", "over £500", "exceeding £500", "above the £500")),
        (Comparator.BELOW, ("less than £500", "under £500", "fewer than 3 reviewers", "below £500")),
        (
            Comparator.EXACT,
            (
                "£500",
                "exactly 5 days",
                "followed by 13 weeks",
                "extended by 3 months",
                "3 managers or more senior colleagues",
                "the 30 June event",
                "carry over 5 days",
                "spread over 3 months",
            ),
        ),
    ],
)
def test_bounds(comparator: Comparator, texts: tuple[str, ...]) -> None:
    for text in texts:
        (found,) = extract_values(text)
        assert found.value.comparator is comparator, text


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("27 days a year", "year"),
        ("£50 per person per night", "person"),
        ("£50/night", "night"),
        ("45p a mile", "mile"),
        ("2 hours each week", "week"),
        ("£50 for dinner", ""),
        ("£50 persons", ""),
    ],
)
def test_rates(text: str, per: str) -> None:
    assert extract_values(text)[0].value.per == per
