"""`concord authority explain`, `lint`, `diff` and `schema` on the small workspace."""

import json

import pytest

ASKED = "How many days of annual leave does everyone receive?"
WIKI = """\
title: Wiki
connector: files
options: {path: content/wiki}
mapping:
  fields:
    modified: {path: metadata.modified, date: true}
    replaces: {path: metadata.replaces}
    authority_tier: {const: guidance}
    readers: {const: ["group:staff"]}
"""
OTHER = 'rankings:\n  - {concept: "https://small.example/id/leave", sources: [wiki, people-handbook]}\n'


@pytest.fixture
def disagreeing(synced_copy, monkeypatch):
    """A wiki that says something else than the handbook, in a workspace of one's own."""
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    synced_copy.write("sources/wiki.yaml", WIKI)
    synced_copy.write(
        "content/wiki/leave.md",
        "---\nmodified: 2021-01-01\n---\n# Annual leave\n\nEveryone receives 25 days of annual leave a year.\n",
    )
    assert synced_copy.run("apply").code == 0
    assert synced_copy.run("sync").code == 0
    return synced_copy


def run(workspace, *arguments, code=0):
    done = workspace.run("authority", *arguments, "--json")
    assert done.code == code, done.err
    return json.loads(done.out)


def test_of_a_question_the_rules_are_told_with_what_each_side_had(disagreeing):
    told = run(disagreeing, "explain", ASKED, "--as", "pat")
    assert told["kind"] == "question" and told["asks"]["types"]
    [conflict] = told["conflicts"]
    assert conflict["verdict"] == "resolved" and conflict["rule"] == conflict["rules"][-1]["rule"]
    assert [step["decides"] for step in conflict["rules"]].count(True) == 1 and conflict["rules"][-1]["decides"]
    assert [one["n"] for one in conflict["rules"][0]["had"]] == [1, 2, 3]  # an older page says the same as the wiki
    claim = conflict["claims"][conflict["winner"] - 1]
    assert claim["identifier"] == "people-handbook/leave.md" and claim["slot"]["type"] == "duration"
    shown = disagreeing.run("authority", "explain", ASKED, "--as", "pat").out
    assert "← decides" in shown and "27 days" in shown


def test_of_an_item_the_standing_is_told_with_who_gave_it(disagreeing):
    told = run(disagreeing, "explain", "wiki/leave.md", "--as", "pat")
    assert told["kind"] == "item" and told["in_force"] == "in force"
    assert told["tier"] == {"value": "guidance", "place": 5, "of": 6, "given_by": "rule"}
    assert told["dates"]["modified"] == {"value": "2021-01-01", "given_by": "connector"}
    assert "tier: guidance, place 5 of 6" in disagreeing.run("authority", "explain", "wiki/leave.md", "--as", "pat").out


def test_what_one_may_not_read_is_like_what_there_is_not(disagreeing):
    hidden = disagreeing.run("authority", "explain", "people-handbook/restricted/zanzibar.md", "--as", "pat")
    missing = disagreeing.run("authority", "explain", "people-handbook/restricted/nothing.md", "--as", "pat")
    assert hidden.code == missing.code == 2
    assert hidden.err.replace("zanzibar", "nothing") == missing.err
    assert run(disagreeing, "explain", "people-handbook/restricted/zanzibar.md", "--as", "ann")["kind"] == "item"


def test_nothing_to_explain(disagreeing):
    done = disagreeing.run("authority", "explain", ASKED, "--as", "carl")
    assert done.code == 0 and done.out == "What you may read does not disagree on this.\n"


def test_a_link_that_only_proposes_is_shown_as_such(disagreeing):
    disagreeing.replace("content/wiki/leave.md", "modified:", "replaces: people-handbook/leave.md\nmodified:")
    assert disagreeing.run("sync").code == 0
    links = run(disagreeing, "explain", "people-handbook/leave.md", "--as", "pat")["links"]
    assert [each for each in links if each["newer"] == "wiki/leave.md"] == [
        {
            "newer": "wiki/leave.md",
            "older": "people-handbook/leave.md",
            "basis": "proposal",
            "effective": False,
        }
    ]
    shown = disagreeing.run("authority", "explain", "people-handbook/leave.md", "--as", "pat").out
    assert "only a proposal" in shown


def test_lint(disagreeing):
    clean = disagreeing.run("authority", "lint")
    assert clean.code == 0 and "name who looks with --as" in clean.err
    bad = disagreeing.write("bad.yaml", "rankings:\n  - {use_case: ask, sources: [nowhere]}\nabstain: [stale]\n")
    told = run(disagreeing, "lint", str(bad), code=1)
    assert {each["check"] for each in told["findings"]} == {"unknown-name", "unreachable"}
    assert told["content_checked"] is False
    seen = run(disagreeing, "lint", "--as", "pat")
    assert seen["content_checked"] is True
    for page, other in (("a", "b"), ("b", "a")):
        disagreeing.write(f"content/wiki/{page}.md", f"---\nreplaces: {other}.md\n---\n# Page {page}\n\nText.\n")
    disagreeing.run("sync")
    told = run(disagreeing, "lint", "--as", "pat", code=1)
    assert [each["detail"].split(" replace")[0] for each in told["findings"] if each["check"] == "replaces-circle"] == [
        "wiki/a.md, wiki/b.md"
    ]
    assert not [each for each in run(disagreeing, "lint", "--as", "carl")["findings"] if "circle" in each["check"]]
    circles = [
        json.loads(disagreeing.run("status", "--as", who, "--json").out)["replaces_circles"] for who in ("pat", "carl")
    ]
    assert circles == [[["wiki/a.md", "wiki/b.md"]], []]
    assert "wiki/a.md, wiki/b.md replace each other in a circle" in disagreeing.run("status", "--as", "pat").out


def test_diff_lists_every_winner_that_would_change(disagreeing):
    assert disagreeing.run("ask", ASKED, "--as", "pat").code == 0
    golden = {"id": "g1", "question": ASKED, "principal": "user:fay", "values": ["27"]}
    disagreeing.write("evals/golden.jsonl", json.dumps(golden) + "\n")
    other = str(disagreeing.write("other.yaml", OTHER))
    told = run(disagreeing, "diff", "active", other, "--as", "pat")
    assert (told["logged"], told["golden"]) == ({"asked": 1, "undetermined": 0, "limited": False},) * 2
    [change] = told["changes"]  # also an entry of the conflict register: one conflict
    [entry] = json.loads(disagreeing.run("conflicts", "--as", "pat", "--json").out)["conflicts"]
    assert told["register"] == {"entries": 1} and change["entry"] == entry["id"]
    assert change["change"] == "winner" and change["asked"] == 2 and change["questions"] == [ASKED, ASKED]
    assert change["before"]["winner"] == "people-handbook/leave.md" and change["after"]["winner"] == "wiki/leave.md"
    assert change["after"]["rule"] == "source_ranking"
    shown = disagreeing.run("authority", "diff", "active", other, "--as", "pat").out
    assert "27 days from people-handbook/leave.md" in shown and "winner changes for 2 of the questions" in shown
    assert run(disagreeing, "diff", "active", "active", "--as", "pat")["changes"] == []
    # Another's logged question is counted, and not shown in its words.
    mine = run(disagreeing, "diff", "active", other, "--as", "ann")["changes"][0]
    assert mine["asked"] == 2 and mine["questions"] == [ASKED]


def test_diff_decides_the_conflict_register_again_though_nobody_asked(disagreeing):
    other = str(disagreeing.write("other.yaml", OTHER))
    told = run(disagreeing, "diff", "active", other, "--as", "pat")
    [change] = told["changes"]
    assert change["asked"] == 0 and change["entry"]
    assert change["before"]["winner"] == "people-handbook/leave.md" and change["after"]["winner"] == "wiki/leave.md"
    assert "of the conflict register" in disagreeing.run("authority", "diff", "active", other, "--as", "pat").out


def test_diff_shows_nothing_of_what_the_viewer_may_not_read(disagreeing):
    assert disagreeing.run("ask", ASKED, "--as", "pat").code == 0
    other = str(disagreeing.write("other.yaml", OTHER))
    told = run(disagreeing, "diff", "active", other, "--as", "carl")
    assert told["changes"] == [] and "wiki/leave.md" not in json.dumps(told)
    assert told["register"] == {"entries": 0}


def test_diff_takes_a_policy_version_and_tells_what_is_none(disagreeing):
    first = json.loads(disagreeing.run("apply", "--check", "--json").out)["policy_version"]
    disagreeing.write("authority.yaml", OTHER)
    disagreeing.run("apply")
    [change] = run(disagreeing, "diff", first, "active", "--as", "pat")["changes"]
    assert change["after"]["winner"] == "wiki/leave.md"
    for name in ("nothing.yaml", "0123456789abcdef"):
        done = disagreeing.run("authority", "diff", "active", name, "--as", "pat")
        assert done.code == 2 and "no such file, and no policy version" in done.err and done.err.count("\n") == 1
    bad = disagreeing.write("bad.yaml", "rules: [alphabet]\n")
    done = disagreeing.run("authority", "diff", "active", str(bad), "--as", "pat")
    assert done.code == 2 and "alphabet" in done.err and done.err.count("\n") == 1
    assert disagreeing.run("authority", "diff", "active", "active", "--as", "pat", "--limit", "0").code == 2


def test_the_schema_of_the_policy(workspace):
    done = workspace.run("authority", "schema")
    assert set(json.loads(done.out)["properties"]) >= {"rules", "rankings", "delegations", "freshness", "abstain"}
