from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.standard import Derivation, MappingResult, Origin, apply_mapping, parse_mapping

RECORD: dict[str, Any] = {
    "native_id": "leave/annual-leave.md",
    "name": "annual-leave.md",
    "folder": "leave",
    "url": "https://wiki.example/leave",
    "media_type": "text/markdown",
    "metadata": {
        "title": "Annual leave",
        "status": "Final",
        "last_updated": "2026-02-01",
        "reviewed": date(2026, 1, 31),
        "review_in": "6 months",
        "tags": "leave, holidays, , leave",
        "replaces": "leave/old.md",
        "readers": ["everyone"],
        "authority_tier": "regulation",
        "access_rights": "public",
    },
    "document": {"title": "Heading"},
    "history": {"created": datetime(2024, 1, 1, tzinfo=UTC), "modified": datetime(2025, 1, 1, tzinfo=UTC)},
    "text": "# Annual leave\n\nVersion: 3.1\n",
}


def mapped(mapping: dict[str, Any], record: dict[str, Any] = RECORD, **options: Any) -> MappingResult:
    native_id = str(record.get("native_id", "x"))
    return apply_mapping(
        parse_mapping(mapping),
        record,
        identifier=f"handbook/{native_id}",
        source="handbook",
        derivation=Derivation(native_id=native_id),
        **options,
    )


def value(name: str, expression: Any, record: dict[str, Any] = RECORD, **options: Any) -> Any:
    result = mapped({"fields": {name: expression}}, record, **options)
    assert result.item is not None, result.problems
    return getattr(result.item, name)


def failure(name: str, expression: Any, **metadata: Any) -> str:
    result = mapped({"fields": {name: expression}}, RECORD | {"metadata": metadata})
    assert result.item is None
    assert [problem.field for problem in result.problems if problem.fatal] == [name]
    return result.problems[0].message


def test_what_fields_take_without_an_expression() -> None:
    item = mapped({}).item
    assert item is not None
    assert (item.title, item.status, item.language) == ("Annual leave", "approved", "en")
    assert (item.landing_page, item.format) == ("https://wiki.example/leave", "text/markdown")
    assert (item.created, item.modified) == (RECORD["history"]["created"], RECORD["history"]["modified"])
    assert item.field_origin["status"] is Origin.DEFAULT
    assert item.field_origin["title"] is Origin.CONNECTOR


def test_content_never_assigns_its_own_access_or_authority() -> None:
    item = mapped({}).item
    assert item is not None
    assert (item.readers, item.access_rights, item.authority_tier) == ((), "internal", None)
    assert value("authority_tier", {"path": "metadata.authority_tier"}) == "regulation"


def test_titles_fall_back_to_the_heading_and_the_file_name() -> None:
    assert value("title", {"path": "metadata.title"}, RECORD | {"metadata": {"title": "A\n  B\x00 "}}) == "A B"
    assert getattr(mapped({}, RECORD | {"metadata": {}}).item, "title", None) == "Heading"
    result = mapped({}, RECORD | {"metadata": {}, "document": {}})
    assert getattr(result.item, "title", None) == "Annual leave"
    assert result.origins["title"] is Origin.DEFAULT and result.problems == ()
    told = mapped({"fields": {"title": {"path": "metadata.headline"}}})
    assert getattr(told.item, "title", None) == "Annual leave"
    assert [(problem.field, problem.fatal) for problem in told.problems] == [("title", False)]


@pytest.mark.parametrize(
    ("name", "expression", "expected"),
    [
        ("publisher", {"const": "People"}, "People"),
        ("title", [{"path": "metadata.nothing"}, {"path": "document.title"}], "Heading"),
        ("status", {"path": "metadata.status", "map": {"Final": "approved"}}, "approved"),
        ("status", {"path": "metadata.status", "map": {"FINAL": "deprecated"}}, "deprecated"),
        ("status", {"path": "metadata.status", "map": {"Draft": "draft"}, "default": "in_review"}, "in_review"),
        ("status", {"path": "metadata.nothing", "default": "draft"}, "draft"),
        ("type", {"path": "metadata.status", "map": {"Draft": "d"}, "map_default": "keep", "lower": True}, "final"),
        ("modified", {"path": "metadata.last_updated", "date": True}, datetime(2026, 2, 1, tzinfo=UTC)),
        ("last_reviewed", {"path": "metadata.last_updated"}, date(2026, 2, 1)),
        (
            "review_due",
            {"path": "metadata.reviewed", "date": True, "plus": {"path": "metadata.review_in"}},
            date(2026, 7, 31),
        ),
        ("review_due", {"path": "metadata.last_updated", "plus": "P1Y"}, date(2027, 2, 1)),
        ("review_due", {"path": "metadata.last_updated", "plus": {"path": "metadata.nothing"}}, None),
        ("version", {"path": "text", "pattern": r"Version: (\d+(?:\.\d+)*)"}, "3.1"),
        ("version", {"path": "name", "pattern": r"v(\d+)"}, None),
        ("version", {"path": "metadata.last_updated", "date": True}, "2026-02-01"),
        ("keyword", {"path": "metadata.tags", "split": ","}, ("leave", "holidays")),
        (
            "keyword",
            {"path": "metadata.tags", "split": ",", "map": {"leave": ["a", "b"]}, "default": "c"},
            ("a", "b", "c"),
        ),
        ("keyword", {"path": "metadata.status"}, ("Final",)),
        ("publisher", {"path": "folder", "strip": "el"}, "av"),
        ("replaces", {"path": "metadata.replaces"}, ("handbook/leave/old.md",)),
        ("readers", {"const": ["everyone"]}, ("everyone",)),
        ("readers", {"path": "metadata.nothing"}, ()),
    ],
)
def test_expressions(name: str, expression: Any, expected: Any) -> None:
    assert value(name, expression) == expected


@pytest.mark.parametrize(
    ("link", "identifier"),
    [
        ("leave/old.md", "handbook/leave/old.md"),
        ("/leave/old.md", "handbook/leave/old.md"),
        ("./old.md", "handbook/leave/old.md"),
        ("../pay/old.md", "handbook/pay/old.md"),
        ("handbook/leave/old.md", "handbook/leave/old.md"),
        ("intranet/old.html", "intranet/old.html"),
        ("other/old.md", "handbook/other/old.md"),
    ],
)
def test_native_ids_become_identifiers(link: str, identifier: str) -> None:
    record = RECORD | {"metadata": {"replaces": [link]}}
    assert value("replaces", {"path": "metadata.replaces"}, record, sources={"handbook", "intranet"}) == (identifier,)


@pytest.mark.parametrize(
    ("name", "expression", "metadata", "message"),
    [
        ("modified", {"path": "metadata.x", "date": True}, {"x": "last week"}, "no date that can be read"),
        ("modified", {"path": "metadata.x", "date": True}, {"x": "03/12/2024"}, "day_first"),
        ("modified", {"path": "metadata.x"}, {"x": ["2024-01-01", "2024-01-02"]}, "2 values"),
        (
            "review_due",
            {"path": "metadata.x", "plus": {"path": "metadata.y"}},
            {"x": "2024-01-01", "y": "often"},
            "duration",
        ),
        ("review_due", {"path": "metadata.x", "plus": "1 year"}, {"x": "9999-12-31"}, "beyond the year"),
        ("status", {"path": "metadata.x", "map": {"Final": "approved"}}, {"x": "Finl"}, "'Finl' is not in the map"),
        ("status", {"path": "metadata.x"}, {"x": "Final"}, "is not one of draft"),
        ("readers", {"path": "metadata.x"}, {"x": ["user:ann", "bob"]}, "'bob' is no reader token"),
        ("subject", {"path": "metadata.x"}, {"x": "leave"}, "write its IRI"),
        ("replaces", {"path": "metadata.x"}, {"x": "../../etc/passwd"}, "leads out of the source"),
        ("creator", {"path": "metadata.x"}, {"x": {"name": "Ann"}}, "name the part"),
        ("creator", {"path": "metadata.x", "lower": True}, {"x": {"name": "Ann"}}, "name the part"),
        ("language", {"path": "metadata.x"}, {"x": "English"}, "no language tag"),
        ("title", {"path": "metadata.x"}, {"x": "x" * 3000}, "more than 2,000 characters"),
    ],
)
def test_what_cannot_be_used_goes_to_quarantine(name: str, expression: Any, metadata: Any, message: str) -> None:
    assert message in failure(name, expression, **metadata)


def test_a_bad_date_is_not_passed_over_for_the_next_alternative() -> None:
    alternatives = [{"path": "metadata.x", "date": True}, {"path": "history.modified", "date": True}]
    assert "no date" in failure("modified", alternatives, x="soonish")


def test_a_bad_date_that_no_mapping_asked_for_only_warns() -> None:
    result = mapped({}, RECORD | {"metadata": {"modified": "soonish"}})
    assert result.item is not None and result.item.modified == RECORD["history"]["modified"]
    assert [(problem.field, problem.fatal) for problem in result.problems] == [("modified", False)]


def test_periods_end_when_they_are_over() -> None:
    record = RECORD | {"metadata": {"x": "Mar 2026"}}
    assert value("valid_from", {"path": "metadata.x"}, record) == date(2026, 3, 1)
    assert value("valid_until", {"path": "metadata.x"}, record) == date(2026, 4, 1)
    assert value("valid_until", {"path": "metadata.last_updated"}) == date(2026, 2, 1)


def rules(*entries: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"fields": {name: {"const": constant} for name, constant in fields.items()}, "rules": list(entries)}


def test_a_later_rule_overrides_and_names_itself() -> None:
    result = mapped(
        rules(
            {"match": {"path": "leave/**"}, "set": {"authority_tier": "policy", "publisher": "A"}},
            {"match": {"field": "metadata.status", "pattern": "^Fin"}, "set": {"authority_tier": "procedure"}},
            {"match": {"path": "pay/**"}, "set": {"authority_tier": "discussion"}},
            {"match": {"path": "leave/**", "field": "metadata.nothing"}, "set": {"publisher": "B"}},
            authority_tier="guidance",
        )
    )
    assert result.item is not None
    assert (result.item.authority_tier, result.item.publisher) == ("procedure", "A")
    assert result.origins["authority_tier"] is Origin.RULE


def test_rules_add_after_the_last_set() -> None:
    leave = {"path": "leave/**"}
    result = mapped(
        rules(
            {"match": leave, "add": {"readers": ["group:lost"]}},
            {"match": leave, "set": {"readers": ["group:hr"]}},
            {"match": leave, "add": {"readers": ["group:pay", "group:hr"], "keyword": {"path": "folder"}}},
            readers=["everyone"],
        )
    )
    assert result.item is not None
    assert result.item.readers == ("group:hr", "group:pay")
    assert result.item.keyword == ("leave",)


def test_a_rule_may_set_by_expression_and_an_empty_one_keeps_what_stood() -> None:
    everything = {"path": "**"}
    result = mapped(
        rules(
            {"match": everything, "set": {"publisher": {"path": "folder"}, "creator": {"path": "metadata.nothing"}}},
            publisher="People",
            creator="Ann",
        )
    )
    assert result.item is not None
    assert (result.item.publisher, result.item.creator) == ("leave", "Ann")


def test_a_rule_about_readers_that_names_none_means_nobody() -> None:
    for nobody in ({"path": "metadata.nothing"}, [], None):
        result = mapped(rules({"match": {"path": "**"}, "set": {"readers": nobody}}, readers=["everyone"]))
        assert result.item is not None and result.item.readers == ()


def test_a_bad_value_that_a_rule_overrides_is_not_a_problem() -> None:
    mapping = rules({"match": {"field": "metadata.layout"}, "set": {"status": "withdrawn"}})
    mapping["fields"]["status"] = {"path": "metadata.status", "map": {"Draft": "draft"}}
    assert mapped(mapping).item is None
    result = mapped(mapping, RECORD | {"metadata": {"status": "?", "layout": "old"}})
    assert result.item is not None and result.item.status == "withdrawn"


def test_the_sources_own_grants_stand_unless_the_mapping_speaks_of_readers() -> None:
    granted = mapped({}, readers=("group:hr",))
    assert granted.item is not None and granted.item.readers == ("group:hr",)
    assert granted.origins["readers"] is Origin.CONNECTOR
    said = mapped(rules(readers=["user:ann"]), readers=("group:hr",))
    assert said.item is not None and said.item.readers == ("user:ann",)
    assert mapped({}, readers=("hr",)).item is None


def test_an_item_cannot_replace_itself() -> None:
    result = mapped({"fields": {"replaces": {"path": "native_id"}}})
    assert result.item is None and result.problems[0].field == "replaces"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates() | st.datetimes()
    | st.binary(max_size=4)
    | st.sampled_from(["everyone", "Final", "2026-02-01", "6 months", "../../x", "\ud800", "9" * 5000])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
ALL_FIELDS = parse_mapping(
    {
        "fields": {
            "title": [{"path": "metadata.a"}, {"path": "document.title"}],
            "status": {"path": "metadata.b", "map": {"Final": "approved"}, "default": "draft"},
            "modified": {"path": "metadata.c", "date": True, "day_first": True},
            "review_due": {"path": "metadata.a", "date": True, "plus": {"path": "metadata.b"}},
            "valid_until": {"path": "metadata.c"},
            "version": {"path": "text", "pattern": r"v(\d+(?:\.\d+)*)"},
            "keyword": {"path": "metadata.a.*", "split": ",", "lower": True},
            "replaces": {"path": "metadata.b"},
            "readers": {"path": "metadata.c"},
            "subject": {"path": "metadata.a"},
            "description": {"path": "metadata.b"},
        },
        "rules": [
            {"match": {"path": "a*", "field": "metadata.a", "pattern": "[aeiou]"}, "set": {"status": "withdrawn"}},
            {"match": {"field": "metadata.b"}, "add": {"keyword": {"path": "metadata.b"}}},
        ],
    }
)


def run(record: dict[str, Any]) -> MappingResult:
    return apply_mapping(ALL_FIELDS, record, identifier="s/x", source="s", derivation=Derivation(native_id="x"))


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES), VALUES, VALUES)
def test_bad_data_never_raises_and_the_same_data_gives_the_same(metadata: Any, name: Any, text: Any) -> None:
    record = {
        "native_id": name,
        "name": name,
        "url": text,
        "metadata": metadata,
        "document": text,
        "text": text,
        "history": name,
    }
    first = run(record)
    assert (first.item is None) == any(problem.fatal for problem in first.problems)
    again = run(record)
    assert (again.problems, again.origins) == (first.problems, first.origins)
    assert (again.item and again.item.model_dump_json()) == (first.item and first.item.model_dump_json())


UNRELATED = [
    {"match": {"path": "leave/**"}, "set": {"publisher": "People"}},
    {"match": {"field": "metadata.status"}, "set": {"authority_tier": "policy"}},
    {"match": {"path": "pay/**"}, "set": {"status": "withdrawn"}},
    {"match": {"path": "*.md"}, "add": {"keyword": ["markdown"]}},
    {"match": {"path": "**"}, "set": {"readers": ["group:hr"], "access_rights": "restricted"}},
]


@given(st.permutations(UNRELATED))
def test_the_order_of_rules_about_different_fields_does_not_matter(entries: list[dict[str, Any]]) -> None:
    assert mapped({"rules": entries}) == mapped({"rules": UNRELATED})
