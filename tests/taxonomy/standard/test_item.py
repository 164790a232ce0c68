from datetime import date

import pytest
from pydantic import ValidationError

from concord_taxonomy.standard import ContentItem, Derivation, Problem, content_item_schema, validation_problems
from concord_taxonomy.standard.fields import MAPPABLE, PLATFORM
from concord_taxonomy.standard.item import STANDARD_VERSION
from concord_taxonomy.standard.terms import TERMS

REQUIRED = {
    "identifier": "handbook/leave.md",
    "source": "handbook",
    "title": "Leave",
    "was_derived_from": {"native_id": "leave.md"},
}


def problems(**changes: object) -> dict[str, Problem]:
    with pytest.raises(ValidationError) as caught:
        ContentItem.model_validate(REQUIRED | changes)
    return {problem.field: problem for problem in validation_problems(caught.value)}


def test_the_least_item_is_read_by_nobody() -> None:
    item = ContentItem.model_validate(REQUIRED)
    assert item.readers == ()
    assert item.authority_tier is None
    assert item.was_derived_from == Derivation(native_id="leave.md")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "a value is needed and this one is empty"),
        ("title", "x" * 2001, "this has more than 2,000 characters: shorten it"),
        ("status", "Final", "'Final' is not one of the standard's values: write 'draft', 'in_review', 'approved',"),
        ("readers", ["bob"], "'bob' is no reader token: write user:<id>, group:<id> or everyone"),
        ("language", "English", "'English' is no language tag: write one as in en or en-GB"),
        ("modified", "2026-01-01T00:00:00", "'2026-01-01T00:00:00' names no time zone"),
        ("valid_from", "soon", "'soon' is no date: write one as in 2026-03-12"),
        ("revision", 0, "0 is less than 1"),
        ("department", "People", "the standard has no field of this name"),
        ("subject", "leave", "'leave' is no list"),
        ("title", 3, "'3' is no text"),
        ("replaces", ["handbook/leave.md"], "an item cannot replace itself"),
    ],
)
def test_one_plain_sentence_per_field(field: str, value: object, message: str) -> None:
    found = problems(**{field: value})
    assert list(found) == [field]
    assert found[field].message.startswith(message)
    assert found[field].fatal
    assert "pydantic" not in found[field].message


def test_a_missing_field_shows_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        ContentItem.model_validate({})
    found = validation_problems(caught.value)
    assert {problem.field for problem in found} == set(REQUIRED)
    assert all(problem.value == "" and problem.message.startswith("a value is needed") for problem in found)


def test_a_check_over_two_fields_names_the_one_to_change() -> None:
    found = problems(valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1))
    assert list(found) == ["valid_until"]
    assert "2026-01-01" in found["valid_until"].message


def test_every_field_is_in_the_tables() -> None:
    fields = set(ContentItem.model_fields)
    assert set(MAPPABLE) | PLATFORM == fields
    assert not set(MAPPABLE) & PLATFORM
    assert set(TERMS) == fields


def test_schema_names_its_version_and_terms() -> None:
    schema = content_item_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(STANDARD_VERSION) and schema["version"] == STANDARD_VERSION
    assert schema["properties"]["modified"]["x-term"] == "http://purl.org/dc/terms/modified"
    assert set(schema["required"]) == set(REQUIRED)
    assert schema["additionalProperties"] is False
