"""`concord search`: passages with what they rest on, best first, as many as asked for."""

import json

import pytest

KEYS = {
    "n",
    "identifier",
    "revision",
    "ordinal",
    "title",
    "heading_path",
    "page",
    "text",
    "source",
    "publisher",
    "contact_point",
    "status",
    "authority_tier",
    "held",
    "score",
    "cosine",
    "ranks",
}


def search(workspace, question, who, *arguments):
    done = workspace.run("search", question, "--as", who, "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_passages_as_json(synced):
    found = search(synced, "annual leave", "pat")
    assert all(each.keys() == KEYS for each in found)
    assert [each["n"] for each in found] == list(range(1, len(found) + 1))
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    first = found[0]
    assert first["identifier"] in {"people-handbook/leave.md", "people-handbook/leave-2024.md"}
    assert first["contact_point"] == "user:ann" and first["authority_tier"] == "policy"
    assert set(first["ranks"]) <= {"dense", "text", "label"} and -1 <= first["cosine"] <= 1
    assert first["heading_path"] and "annual leave" in first["text"]


def test_no_vector_is_shown(synced):
    def numbers(value):
        if isinstance(value, list):
            return max([sum(isinstance(each, float) for each in value), *map(numbers, value)], default=0)
        return max(map(numbers, value.values()), default=0) if isinstance(value, dict) else 0

    assert numbers(search(synced, "annual leave", "ann")) <= 1


def test_passages_for_a_person(synced):
    out = synced.run("search", "annual leave", "--as", "pat").out
    assert out.startswith(" 1. Annual leave") and "people-handbook/leave.md@1 (" in out and "owner user:ann" in out


def test_as_many_as_asked_for(synced):
    every = search(synced, "annual leave", "pat")
    assert len(every) == 3
    assert search(synced, "annual leave", "pat", "--limit", "2") == every[:2]
    assert search(synced, "annual leave", "pat", "-n", "100") == every


@pytest.mark.parametrize("limit", ["0", "-1", "101", "many", "1e9", "nan"])
def test_a_limit_out_of_bounds_is_told_on_one_line(synced, limit):
    done = synced.run("search", "annual leave", "--as", "pat", "--limit", limit)
    assert done.code == 2 and not done.out and done.err.count("\n") == 1 and "--limit" in done.err


def test_nothing_found_is_no_error(synced):
    done = synced.run("search", "annual leave", "--as", "carl")
    assert (done.code, done.out) == (0, "Nothing that you may read matches.\n")
    assert search(synced, "annual leave", "carl") == []


def test_a_use_case_keeps_to_its_sources_and_concepts(synced):
    found = search(synced, "expenses", "fay", "--use-case", "ask-people")
    assert {each["identifier"] for each in found} == {"people-handbook/leave.md", "people-handbook/leave-2024.md"}


def test_drafts_are_found_and_marked(synced_copy):
    synced_copy.replace("content/finance/mileage.md", "modified: one of these days\n", "")
    synced_copy.run("sync")
    [draft] = [each for each in search(synced_copy, "mileage", "fay") if each["identifier"].endswith("mileage.md")]
    assert draft["status"] == "draft"
