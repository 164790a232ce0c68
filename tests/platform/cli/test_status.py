"""`concord status` shows a workspace as one person sees it."""

import json

import pytest

SECRET = "zanzibar"


def status(workspace, who):
    done = workspace.run("status", "--as", who, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.mark.parametrize(
    ("who", "items", "quarantined"),
    [
        ("ann", {"finance-policies": 0, "people-handbook": 4}, 3),  # steward of finance, reads none of it
        ("pat", {"people-handbook": 3}, 0),
        ("fay", {"finance-policies": 1, "people-handbook": 3}, 2),
        ("carl", {}, 0),
    ],
)
def test_counts_are_of_what_the_person_may_read(synced, who, items, quarantined):
    told = status(synced, who)
    assert {each["source"]: each["items"] for each in told["sources"]} == items
    assert len(told["quarantine"]) == quarantined
    assert told["principal"] == f"user:{who}" and told["index"] == {"model": "hashing@1", "behind": False}
    assert all(sum(each["by_status"].values()) == each["items"] and each["last_checked"] for each in told["sources"])


def test_the_owner_sees_the_reason(synced):
    by_identifier = {each["identifier"]: each for each in status(synced, "fay")["quarantine"]}
    assert by_identifier["finance-policies/empty.md"]["reason"] == "empty"
    assert "one of these days" in by_identifier["finance-policies/mileage.md"]["detail"]
    shown = synced.run("status", "--as", "fay").out
    assert "yours to mend" in shown and "finance-policies/mileage.md" in shown


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_nothing_of_what_a_person_may_not_read_is_shown(synced, who, form):
    assert SECRET in synced.run("status", "--as", "ann").everything
    assert SECRET not in synced.run("status", "--as", who, *form).everything


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
def test_a_document_that_one_may_not_read_changes_nothing_that_is_shown(synced, synced_copy, who):
    synced_copy.remove("content/people/restricted/zanzibar.md")
    synced_copy.remove("content/people/restricted/zanzibar-list.md")
    synced_copy.run("sync")
    told, without = status(synced, who), status(synced_copy, who)
    for each in (*told["sources"], *without["sources"]):
        del each["last_checked"]
    for each in (*told["quarantine"], *without["quarantine"]):
        del each["since"]
    assert told == without


def test_files_that_differ_and_an_index_that_is_behind_are_told(synced_copy):
    synced_copy.replace("authority.yaml", "expenses", "leave")
    told = status(synced_copy, "pat")
    assert told["files_differ"] and told["index"]["behind"]  # the copy came without its index
    shown = synced_copy.run("status", "--as", "pat").out
    assert "`concord apply`" in shown and "it is behind: `concord sync`" in shown


def test_a_title_cannot_drive_the_terminal(synced_copy):
    synced_copy.replace("sources/people-handbook.yaml", "title: People handbook", 'title: "\\e[31mRed [bold]x"')
    synced_copy.run("apply")
    out = synced_copy.run("status", "--as", "pat").out
    assert "\x1b" not in out and "[bold]x" in out
