"""`concord apply` puts files in force, or lists everything that keeps them from it."""

import json


def test_apply_lists_what_changed_and_applying_again_writes_nothing(workspace, dump):
    done = workspace.run("apply")
    assert done.code == 0 and "added    sources/people-handbook.yaml" in done.out and "is in force" in done.out
    before = dump(workspace)
    again = workspace.run("apply")
    assert again.code == 0 and "in force already" in again.out
    assert dump(workspace) == before
    workspace.replace("authority.yaml", "expenses", "leave")
    assert workspace.run("apply").out.startswith("changed  authority.yaml\n")


def test_check_changes_nothing(workspace, dump):
    before = dump(workspace)
    done = workspace.run("apply", "--check")
    assert done.code == 0 and "added" in done.out
    assert dump(workspace) == before


def test_all_problems_are_listed_and_nothing_is_applied(workspace, dump):
    workspace.replace("ownership.yaml", "user:fay", "user:fey")
    workspace.replace("usecases/ask-people.yaml", "id/leave", "id/leaves")
    before = dump(workspace)
    for command in (["apply"], ["apply", "--check"]):
        done = workspace.run(*command)
        assert done.code == 2 and not done.out
        lines = done.err.splitlines()
        assert [line.split(": ")[0] for line in lines] == ["ownership.yaml", "usecases/ask-people.yaml", "concord"]
        assert "2 problems" in lines[-1]
    assert dump(workspace) == before
    told = workspace.run("apply", "--json")
    assert told.code == 2 and len(json.loads(told.out)["problems"]) == 2


def test_the_one_who_applies_is_in_the_audit_log(workspace, dump):
    assert workspace.run("apply", "--as", "nobody").code == 2
    done = workspace.run("apply", "--as", "ann", "--json")
    assert json.loads(done.out)["applied"]
    assert "user:ann" in str(dump(workspace)["audit_events"])
    workspace.replace("ownership.yaml", "user:fay", "user:ann")
    workspace.run("apply")
    assert "local:" in str(dump(workspace)["audit_events"])


def test_applying_shows_nothing_of_documents(workspace):
    for command in (["apply", "--check"], ["apply"], ["apply", "--json"]):
        assert "zanzibar" not in workspace.run(*command).everything


def test_concepts_that_replace_each_other_are_refused_with_their_line(workspace, dump):
    ring = """
s:old a skos:Concept ; <http://purl.org/dc/terms/isReplacedBy> s:older ; skos:inScheme s:small .
s:older a skos:Concept ; <http://purl.org/dc/terms/isReplacedBy> s:old ; skos:inScheme s:small .
"""
    workspace.write("taxonomy/shared.ttl", (workspace.folder / "taxonomy/shared.ttl").read_text("utf-8") + ring)
    before = dump(workspace)
    done = workspace.run("apply")
    assert done.code == 2 and "is replaced by itself, by way of" in done.err
    first = done.err.splitlines()[0]
    assert first.startswith("taxonomy/shared.ttl: line ") and "remove one dcterms:isReplacedBy" in first
    assert dump(workspace) == before
    workspace.replace("taxonomy/shared.ttl", "isReplacedBy> s:old ;", "isReplacedBy> s:leave ;")
    assert workspace.run("apply").code == 0


def test_what_breaks_the_vocabulary_is_told_and_let_through(workspace):
    assert "warning" not in workspace.run("apply").everything
    workspace.replace("taxonomy/shared.ttl", '"expenses"@en', '"expenses"@en , "costs"@en')
    for command in (["apply", "--check"], ["apply"]):
        done = workspace.run(*command)
        assert done.code == 0
        assert "warning: S14: https://small.example/id/expenses 2 preferred labels in en" in done.err
        assert "the vocabulary gets 1 error that it does not have now" in done.err
    assert "warning" not in workspace.run("apply", "--check").everything  # it is in force, and is not told again
    workspace.replace("taxonomy/shared.ttl", '"annual leave"@en', '"annual leave"@en , "leave"@en')
    warnings = json.loads(workspace.run("apply", "--json").out)["warnings"]
    assert len(warnings) == 1 and warnings[0].startswith("S14: https://small.example/id/leave")
