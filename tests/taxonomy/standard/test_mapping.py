from typing import Any

import pytest

from concord_taxonomy.standard import Mapping, MappingError, mapping_fingerprint, parse_mapping
from concord_taxonomy.standard.expression import Expression


def issues(data: object) -> dict[str, str]:
    with pytest.raises(MappingError) as caught:
        parse_mapping(data)  # type: ignore[arg-type]
    return {issue.place: issue.message for issue in caught.value.issues}


def field(value: Any, name: str = "title") -> dict[str, str]:
    return issues({"fields": {name: value}})


@pytest.mark.parametrize("data", [None, {}, {"fields": {}}, {"fields": None, "rules": None}])
def test_nothing_declared_is_the_empty_mapping(data: dict[str, Any] | None) -> None:
    assert parse_mapping(data) == Mapping()


def test_every_mistake_is_named_at_its_place() -> None:
    found = issues(
        {
            "fields": {
                "titel": {"path": "metadata.title"},
                "identifier": {"const": "x"},
                "status": {"path": "metadata.status", "map": {"Done": "Final"}},
                "modified": [{"path": "metadata.a"}, {"path": "metadata.b", "pattern": "(a+)+"}],
                "review_due": {"path": "metadata.c", "plus": {"path": "nowhere.d"}},
            },
            "rules": [
                {"match": {"path": "["}, "set": {"status": "approved"}},
                {"match": {"path": "a/**"}, "set": {"readers": ["bob"]}, "add": {"title": "x"}},
                "rule",
            ],
            "filds": {},
        }
    )
    assert found["fields.titel"].endswith("did you mean title?")
    assert "platform sets" in found["fields.identifier"]
    assert "'Final' is not one of draft" in found["fields.status.map.Done"]
    assert "repeats a repetition" in found["fields.modified[1].pattern"]
    assert "a record has no 'nowhere'" in found["fields.review_due.plus.path"]
    assert "glob" in found["rules[0].match.path"]
    assert "no reader token" in found["rules[1].set.readers.const"]
    assert "holds one value" in found["rules[1].add.title"]
    assert set(found) > {"rules[2]", "filds"}


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ("People", "fields.title", "{const: People}"),
        ({}, "fields.title", "either `path` or `const`"),
        ({"path": "text", "const": "x"}, "fields.title", "either `path` or `const`"),
        ({"const": "x", "lower": True}, "fields.title", "`const` stands alone: drop lower"),
        ({"const": {"a": 1}}, "fields.title.const", "no value"),
        ({"const": [["a"]]}, "fields.title.const", "a list inside a list"),
        ({"path": "text", "map": []}, "fields.title.map", "as in {Final: approved}"),
        ({"path": "text", "map_default": "keep"}, "fields.title", "needs a `map`"),
        ({"path": "text", "plus": "6 monts"}, "fields.title.plus", "no duration"),
        ({"path": "text", "plus": 6}, "fields.title.plus", "string"),
        ({"path": "text", "patern": "x"}, "fields.title.patern", "unknown: write one of path"),
    ],
)
def test_expressions_that_cannot_be_meant(value: Any, place: str, message: str) -> None:
    assert message in field(value)[place]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"set": {"status": "draft"}}, "rules[0].match"),
        ({"match": {}, "set": {"status": "draft"}}, "rules[0].match"),
        ({"match": {"pattern": "x"}, "set": {"status": "draft"}}, "rules[0].match"),
        ({"match": {"path": "a"}}, "rules[0]"),
        ({"match": {"path": "a"}, "set": {"status": "draft"}, "do": 1}, "rules[0].do"),
        ({"match": {"field": "x.y"}, "set": {"status": "draft"}}, "rules[0].match.field"),
        ({"match": {"path": "a"}, "set": "draft"}, "rules[0].set"),
        ({"match": {"path": "a"}, "set": {"modified": "yesterday"}}, "rules[0].set.modified.const"),
    ],
)
def test_rules_that_cannot_be_meant(rule: Any, place: str) -> None:
    assert place in issues({"rules": [rule]})


@pytest.mark.parametrize("data", [[], "x", {"fields": []}, {"rules": {}}])
def test_a_mapping_of_another_shape(data: object) -> None:
    assert issues(data)


def test_map_keys_are_text_whatever_yaml_made_of_them() -> None:
    mapping = parse_mapping({"fields": {"status": {"path": "metadata.live", "map": {True: "approved", 0: "draft"}}}})
    assert mapping.fields["status"][0].map == {"true": "approved", "0": "draft"}


def test_fingerprint_follows_the_meaning() -> None:
    one = parse_mapping({"fields": {"title": {"path": "text"}, "status": {"const": "draft"}}})
    same = parse_mapping({"fields": {"status": [{"const": "draft"}], "title": {"path": "text", "lower": False}}})
    other = parse_mapping({"fields": {"title": {"path": "text"}, "status": {"const": "approved"}}})
    assert mapping_fingerprint(one) == mapping_fingerprint(same)
    assert mapping_fingerprint(one) != mapping_fingerprint(other)
    assert len(mapping_fingerprint(one)) == 64


def test_order_of_rules_is_part_of_the_meaning() -> None:
    rules = [{"match": {"path": f"{name}/**"}, "set": {"publisher": name}} for name in "ab"]
    assert mapping_fingerprint(parse_mapping({"rules": rules})) != mapping_fingerprint(
        parse_mapping({"rules": rules[::-1]})
    )


def test_an_older_mapping_is_upgraded_on_the_way() -> None:
    old = {"standard": "0.9", "fields": {"department": {"const": "People"}, "owner": {"path": "metadata.owner"}}}
    mapping = parse_mapping(old)
    assert mapping.fields["publisher"] == (Expression(const="People"),)
    assert set(mapping.fields) == {"publisher", "contact_point"}
    assert "upgrade Concord" in issues({"standard": 2.0})["standard"]
