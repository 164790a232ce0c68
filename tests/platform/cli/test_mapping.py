"""`concord mapping test` tries the mapping of the files, and shows everyone what they may see of it."""

import json

import pytest

from concord.bootstrap import Concord

SECRET = "zanzibar"


def trial(workspace, source, who, *arguments):
    done = workspace.run("mapping", "test", source, "--as", who, "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def field(report, name):
    return next(each for each in report["fields"] if each["field"] == name)


def test_those_who_answer_for_a_source_see_coverage_origins_examples_and_failures(synced):
    report = trial(synced, "finance-policies", "fay")
    assert (report["total"], report["mapped"], report["quarantined"]) == (3, 1, 2)
    assert field(report, "publisher") == {
        "field": "publisher",
        "given": 1,
        "total": 1,
        "share": 1.0,
        "origins": {"rule": 1},
        "examples": ["Finance"],
    }
    assert {each["field"]: each["count"] for each in report["failures"]} == {"modified": 1, "record": 1}
    shown = synced.run("mapping", "test", "finance-policies", "--as", "fay").out
    for part in ("1 of 3 records mapped", "publisher", "1 (100%)", "failed: modified in 1 record", "mileage.md"):
        assert part in shown


@pytest.mark.parametrize("who", ["fay", "ann"])
def test_owner_and_steward_are_answerable(synced, who):
    assert trial(synced, "finance-policies", who)["total"] == 3


@pytest.mark.parametrize(("who", "total"), [("ann", 5), ("pat", 3), ("fay", 3), ("carl", 0)])
def test_others_see_the_records_that_they_may_read(synced, who, total):
    report = trial(synced, "people-handbook", who)
    assert report["total"] == total
    if who != "ann":
        assert report["mapped"] == total and not report["quarantined"] and not report["failures"]


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_nothing_of_what_one_may_not_read_is_shown(synced, who, form):
    assert SECRET in synced.run("mapping", "test", "people-handbook", "--as", "ann").everything
    assert SECRET not in synced.run("mapping", "test", "people-handbook", "--as", who, *form).everything


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
def test_a_document_that_one_may_not_read_changes_nothing_that_is_shown(synced, synced_copy, who):
    synced_copy.remove("content/people/restricted/zanzibar.md")
    synced_copy.remove("content/people/restricted/zanzibar-list.md")
    assert trial(synced, "people-handbook", who) == trial(synced_copy, "people-handbook", who)


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
@pytest.mark.parametrize("applied", [True, False])
def test_a_sample_is_taken_from_what_one_may_read(make_workspace, who, applied):
    # Unreadable documents before, between and behind the others.
    with_them, without = make_workspace(), make_workspace()
    for name in ("a", "k", "z"):
        with_them.write(f"content/people/{name}.md", "# Zanzibar\n\nIt closes.\n")
    for name in ("zanzibar", "zanzibar-list"):
        without.remove(f"content/people/restricted/{name}.md")
    for each in (with_them, without):
        # The rule that closes them is in both, so that the sources differ in these documents alone.
        each.replace("sources/people-handbook.yaml", '"restricted/**"', '["restricted/**", a.md, k.md, z.md]')
        assert not applied or each.run("apply").code == 0
    for count in (1, 3, 4):
        limit = ("--sample", str(count))
        report = trial(with_them, "people-handbook", who, *limit)
        assert report == trial(without, "people-handbook", who, *limit)
        assert report["total"] == (0 if who == "carl" else min(count, 3))
        asked = ("mapping", "test", "people-handbook", "--as", who, *limit)
        assert with_them.run(*asked) == without.run(*asked)


def test_progress_does_not_tell_of_what_is_left_out(synced):
    concord, steps = Concord.open(synced.folder), []
    try:
        held = concord.foundation
        reader = held.directory.principal("pat")
        report = concord.trial(held, held, "people-handbook").report(100, reader, lambda: steps.append(1))
    finally:
        concord.close()
    assert len(steps) == report.total == 3


def test_the_mapping_is_the_one_of_the_files(synced_copy):
    synced_copy.replace("sources/finance-policies.yaml", "publisher: {const: Finance}", "publisher: {const: Money}")
    assert field(trial(synced_copy, "finance-policies", "fay"), "publisher")["examples"] == ["Money"]


def test_a_changed_file_shows_nobody_more_than_what_is_in_force(synced_copy):
    synced_copy.replace("sources/people-handbook.yaml", "group:people-leads", "everyone")
    synced_copy.replace("ownership.yaml", "backup: group:people-leads", "backup: user:pat")
    synced_copy.replace("principals.yaml", "groups: [people]}", "groups: [people-leads]}")
    assert trial(synced_copy, "people-handbook", "pat")["total"] == 3
    assert SECRET not in synced_copy.run("mapping", "test", "people-handbook", "--as", "pat").everything


def test_a_source_can_be_tried_before_anything_is_applied(workspace):
    assert trial(workspace, "people-handbook", "ann")["total"] == 5
    assert trial(workspace, "people-handbook", "pat")["total"] == 3


def test_a_sample_is_bounded(synced):
    assert trial(synced, "people-handbook", "ann", "--sample", "2")["total"] == 2
    assert synced.run("mapping", "test", "people-handbook", "--as", "ann", "--sample", "0").code == 2


def test_an_unknown_source_is_told_with_the_known_ones(synced):
    done = synced.run("mapping", "test", "nope", "--as", "ann")
    assert done.code == 2 and "one of finance-policies, people-handbook" in done.err


def test_nothing_is_stored(workspace, dump):
    before = dump(workspace)
    trial(workspace, "people-handbook", "ann")
    assert dump(workspace) == before


def test_the_schema_is_printed(synced):
    schema = json.loads(synced.run("mapping", "schema").out)
    assert schema["$schema"].endswith("2020-12/schema") and "authority_tier" in schema["properties"]
