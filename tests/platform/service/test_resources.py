"""Use cases, items, revisions, conflicts, sources and vocabularies over HTTP: the command line's, and no more."""

import json
import statistics
import time

import pytest

HIDDEN = "people-handbook/restricted/zanzibar.md"
SECRET = "zanzibar"
LEAVE = "https://small.example/id/leave"


@pytest.fixture
def get(client):
    """Get as a person: `get("pat", "/v1/sources")`."""
    return lambda who, path, **query: client.get(path, params=query, headers={"X-Concord-User": who})


def test_use_cases_are_those_that_one_may_use(get):
    told = get("pat", "/v1/use-cases").json()["use_cases"]
    assert told == [{"id": "ask-people", "title": "Ask People", "description": ""}]
    assert get("carl", "/v1/use-cases").json() == {"use_cases": []}


def test_an_item_is_the_command_line_s(get, house):
    told = get("pat", "/v1/items/people-handbook/leave.md").json()
    text = told.pop("text")
    assert text.startswith("# Annual leave")
    house.close()
    printed = house.workspace.run("item", "people-handbook/leave.md", "--as", "pat", "--json")
    assert told == json.loads(printed.out)


def test_links_of_an_item_lead_only_to_what_one_may_read(get):
    assert get("ann", "/v1/items/people-handbook/bonus.md").json()["item"]["replaces"] == [HIDDEN]
    assert SECRET not in get("pat", "/v1/items/people-handbook/bonus.md").text.lower()


def test_revisions_of_an_item(get):
    told = get("pat", "/v1/revisions/people-handbook/leave.md").json()
    assert [(each["revision"], each["state"]) for each in told["revisions"]] == [(1, "current")]
    assert get("pat", "/v1/items/people-handbook/leave.md@1").status_code == 200
    missing = get("pat", "/v1/items/people-handbook/leave.md@7")
    assert missing.status_code == 404 and "its revisions are 1 to 1" in missing.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/items/", "/v1/revisions/"])
@pytest.mark.parametrize("reference", ["", "@1", "@9"])
def test_a_foreign_item_is_like_a_missing_one(get, path, reference):
    if path == "/v1/items/" or not reference:
        assert get("ann", path + HIDDEN + ("@1" if reference else "")).status_code == 200
    missing_name = "people-handbook/restricted/no-such.md"
    hidden, missing = (get("pat", path + name + reference) for name in (HIDDEN, missing_name))
    assert hidden.status_code == missing.status_code == 404
    kept = [{**each.json(), "request_id": ""} for each in (hidden, missing)]
    assert str(kept[0]).replace(HIDDEN, missing_name) == str(kept[1])
    assert hidden.headers.keys() == missing.headers.keys()


def test_a_foreign_item_takes_the_time_of_a_missing_one(get):
    taken = {HIDDEN: [], "people-handbook/restricted/no-such.md": []}
    for name in [*taken] * 60:
        began = time.perf_counter()
        get("pat", f"/v1/items/{name}")
        taken[name].append(time.perf_counter() - began)
    hidden, missing = (statistics.median(each[10:]) for each in taken.values())
    assert 0.5 < hidden / missing < 2


@pytest.mark.parametrize("name", ["a@1", "@", "a%00b", "%ff", "a" * 5000, "..%2f..%2fetc%2fpasswd", "%ed%a0%80"])
def test_odd_names_of_items(get, name):
    assert get("ann", f"/v1/items/{name}").status_code == 404
    assert get("ann", f"/v1/revisions/{name}").status_code == 404


def test_conflicts_are_the_command_line_s(get, house):
    told = get("pat", "/v1/conflicts", all=True).json()
    one = get("pat", f"/v1/conflicts/{told['conflicts'][0]['id']}").json()
    house.close()
    printed = json.loads(house.workspace.run("conflicts", "--all", "--as", "pat", "--json").out)["conflicts"]
    assert [each["id"] for each in told["conflicts"]] == [each["id"] for each in printed] and not told["more"]
    assert one["sides"] == printed[0]["sides"]


def test_a_foreign_conflict_is_like_a_missing_one(get):
    hidden = get("pat", "/v1/conflicts", all=True).json()["conflicts"][0]["id"]
    missing = "0" * len(hidden)
    assert get("carl", "/v1/conflicts", all=True).json() == {"conflicts": [], "more": False}
    told = [get("carl", f"/v1/conflicts/{each}") for each in (hidden, missing)]
    assert [each.status_code for each in told] == [404, 404]
    kept = [{**each.json(), "request_id": ""} for each in told]
    assert str(kept[0]).replace(hidden, missing) == str(kept[1])
    assert SECRET not in get("pat", "/v1/conflicts", all=True).text.lower()


def test_sources_are_counted_among_what_one_may_read(get):
    told = {
        who: {each["source"]: each["items"] for each in get(who, "/v1/sources").json()["sources"]}
        for who in ("ann", "pat", "fay", "carl")
    }
    assert told["ann"]["people-handbook"] == told["pat"]["people-handbook"] + 1
    assert told["pat"].keys() == {"people-handbook"} and "finance-policies" in told["fay"]
    assert told["carl"] == {}


def test_the_vocabulary(get):
    [scheme] = get("pat", "/v1/taxonomy/schemes").json()["schemes"]
    assert scheme == {
        "iri": "https://small.example/id/small",
        "title": "Small",
        "publisher": "",
        "shared": True,
        "concepts": 2,
    }
    concept = get("pat", "/v1/taxonomy/concept", iri=LEAVE).json()
    assert concept["label"] == "annual leave" and concept["alt_label"] == ["holiday"]
    assert get("pat", "/v1/taxonomy/concept", iri="https://small.example/id/none").status_code == 404


@pytest.mark.parametrize(
    ("typed", "label"), [("hol", "holiday"), ("LEAVE", "annual leave"), ("annual leave", "annual leave")]
)
def test_suggestions(get, typed, label):
    [found] = get("pat", "/v1/taxonomy/suggestions", q=typed).json()["suggestions"]
    assert (found["iri"], found["matched"]) == (LEAVE, label)


def test_suggestions_say_nothing_of_what_stands_in_documents(get):
    assert get("pat", "/v1/taxonomy/suggestions", q=SECRET).json() == {"suggestions": []}
    assert get("pat", "/v1/taxonomy/suggestions", q="nual").json() == {"suggestions": []}


@pytest.mark.parametrize(
    "path",
    ["/v1/use-cases", "/v1/items/people-handbook/leave.md", "/v1/revisions/people-handbook/leave.md", "/v1/conflicts",
     "/v1/conflicts/abc", "/v1/sources", "/v1/taxonomy/schemes", "/v1/traces/abc", "/v1/taxonomy/suggestions?q=a"],
)  # fmt: skip
def test_nobody_gets_nothing_of_any_of_it(client, path):
    for headers in ({}, {"X-Concord-User": "nobody"}):
        assert client.get(path, headers=headers).status_code == 401
