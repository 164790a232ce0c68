import json

from concord_taxonomy.standard import Derivation, MappingReport, apply_mapping, parse_mapping

MAPPING = parse_mapping(
    {
        "fields": {
            "status": {"path": "metadata.status", "map": {"Final": "approved", "Draft": "draft"}},
            "creator": {"path": "metadata.author"},
            "publisher": {"const": "People"},
        }
    }
)


def report(*records: dict[str, str]) -> MappingReport:
    return MappingReport.of(
        apply_mapping(
            MAPPING,
            {"native_id": f"{number}.md", "name": f"{number}.md", "metadata": metadata},
            identifier=f"s/{number}.md",
            source="s",
            derivation=Derivation(native_id=f"{number}.md"),
        )
        for number, metadata in enumerate(records)
    )


MIXED = report(
    {"status": "Final", "author": "Ann", "title": "A"},
    {"status": "Draft", "title": "B"},
    {"status": "Done"},
    {"status": "Done"},
    {"status": "Gone"},
    {"title": "C"},
)


def test_coverage_counts_items_and_origins() -> None:
    fields = {field.field: field for field in MIXED.fields}
    assert (MIXED.total, MIXED.mapped, MIXED.quarantined) == (6, 3, 3)
    assert (fields["creator"].given, fields["creator"].total, fields["creator"].share) == (1, 3, 1 / 3)
    assert fields["status"].origins == {"connector": 2, "default": 1}
    assert fields["publisher"].origins == {"rule": 3}
    assert fields["title"].examples == ("A", "B", "C")
    assert fields["readers"].given == 0


def test_failures_are_grouped_with_distinct_samples_first() -> None:
    (failure,) = MIXED.failures
    assert (failure.field, failure.count) == ("status", 3)
    assert [sample.value for sample in failure.samples] == ["Done", "Gone", "Done"]
    assert failure.samples[1].identifier == "s/4.md"
    assert [(group.field, group.count) for group in MIXED.warnings] == [("status", 1)]


def test_the_report_is_data_and_text() -> None:
    assert json.loads(json.dumps(MIXED.as_dict()))["quarantined"] == 3
    lines = MIXED.lines()
    assert lines[0] == "3 of 6 records mapped, 3 quarantined"
    assert any(line.startswith("failed: status in 3 records") for line in lines)
    assert any("no value:" in line and "readers" in line for line in lines)


def test_no_records_at_all() -> None:
    assert report().lines()[0] == "0 of 0 records mapped, 0 quarantined"
