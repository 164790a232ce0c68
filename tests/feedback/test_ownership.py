import pytest

from concord_feedback import Owner, Ownership, OwnershipError

PAYROLL = "https://example.org/id/payroll"
OWNERSHIP = Ownership.parse(
    {
        "rules": [
            {"match": {}, "owner": "group:knowledge"},
            {"match": {"source": "handbook"}, "owner": "user:priya", "steward": "user:tom", "backup": "user:ann"},
            {"match": {"source": "handbook", "path": "leave/**"}, "owner": "user:leo"},
            {"match": {"concept": PAYROLL}, "owner": "user:finn"},
            {"match": {"path": ["drafts/**", "!drafts/final/**"]}, "owner": "user:dora"},
        ]
    }
)


@pytest.mark.parametrize(
    ("source", "path", "concepts", "owner", "rule"),
    [
        ("wiki", "a.md", (), "group:knowledge", 1),
        ("handbook", "pay.md", (), "user:priya", 2),
        ("handbook", "leave/annual.md", (), "user:leo", 3),
        ("handbook", "leave/annual.md", (PAYROLL,), "user:finn", 4),
        ("wiki", "drafts/a.md", {PAYROLL}, "user:dora", 5),
        ("wiki", "drafts/final/a.md", (), "group:knowledge", 1),
        ("wiki", "", (), "group:knowledge", 1),
    ],
)
def test_the_last_match_wins(source: str, path: str, concepts: set[str], owner: str, rule: int) -> None:
    found = OWNERSHIP.resolve(source, path, concepts)
    assert found is not None
    assert (found.owner, found.rule_number) == (owner, rule)


def test_a_rule_is_taken_whole() -> None:
    assert OWNERSHIP.resolve("handbook", "leave/annual.md") == Owner("user:leo", None, None, 3)


def test_nobody_owns_what_no_rule_names() -> None:
    assert Ownership.parse(None).resolve("handbook", "a.md") is None
    only = Ownership.parse({"rules": [{"match": {"source": "handbook"}, "owner": "user:priya"}]})
    assert only.resolve("wiki", "a.md") is None


def test_mistakes_are_named_at_their_places() -> None:
    with pytest.raises(OwnershipError) as caught:
        Ownership.parse(
            {
                "rules": [
                    {"match": {"path": "["}, "owner": "bob"},
                    {"match": {"sorce": "x"}, "owner": "everyone"},
                    {"match": {"source": "x"}},
                ]
            }
        )
    found = {problem.place: problem.message for problem in caught.value.problems}
    assert "glob" in found["rules[0].match.path"]
    assert "no reader token" in found["rules[0].owner"]
    assert found["rules[1].match.sorce"].startswith("unknown")
    assert "nobody in particular" in found["rules[1].owner"]
    assert found["rules[2].owner"] == "this is needed"
    assert str(caught.value).startswith("ownership.yaml: ")
