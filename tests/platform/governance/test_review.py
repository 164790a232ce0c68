"""The content layer is reviewed as a whole: every problem, with its file and place, at once."""

import pytest

from concord.bootstrap import Concord
from concord.governance.checks import MENTIONS, unknown_names


def problems(workspace):
    concord = Concord.open(workspace.folder)
    try:
        return [str(problem) for problem in concord.review(concord.desired())]
    finally:
        concord.close()


def test_a_right_workspace_has_no_problems(workspace):
    assert problems(workspace) == []


def test_every_problem_of_every_file_is_told_at_once(workspace):
    workspace.replace("ownership.yaml", "owner: user:fay", "owner: fay")
    workspace.replace("authority.yaml", "rankings:", "rule: [tier]\nrankings:")
    workspace.replace("principals.yaml", "groups: [finance]", "groups: [finanz]")
    workspace.replace("sources/finance-policies.yaml", "Draft: draft", "Draft: drafty")
    workspace.write("sources/broken.yaml", "connector: [")
    workspace.write("sources/Upper.yaml", "connector: files")
    workspace.write("taxonomy/broken.ttl", "<a> <b>")
    workspace.replace("usecases/ask-people.yaml", "title: Ask People", "titel: Ask People")
    found = problems(workspace)
    for path, place in [
        ("authority.yaml", "rule"),
        ("ownership.yaml", "rules[2].owner"),
        ("principals.yaml", ""),
        ("sources/Upper.yaml", ""),
        ("sources/broken.yaml", "line 1"),
        ("sources/finance-policies.yaml", "mapping.fields.status.map.Draft"),
        ("taxonomy/broken.ttl", "line 1"),
        ("usecases/ask-people.yaml", "title"),
        ("usecases/ask-people.yaml", "titel"),
    ]:
        assert any(each.startswith(": ".join(filter(None, (path, place, "")))) for each in found), (path, place, found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("ownership.yaml", "source: finance-policies", "source: finance", "rules[2].match.source: no source 'finance'"),
        ("ownership.yaml", "owner: user:fay", "owner: user:fey", "rules[2].owner: no 'user:fey' in principals.yaml"),
        ("ownership.yaml", "steward: user:ann", "steward: group:leads", "rules[2].steward: no 'group:leads'"),
        ("authority.yaml", "id/expenses", "id/expences", "rankings[0].concept: no concept"),
        ("authority.yaml", "[finance-policies", "[finance", "rankings[0].sources[0]: no source 'finance'"),
        ("usecases/ask-people.yaml", "owner: user:ann", "owner: user:anne", "owner: no 'user:anne'"),
        ("usecases/ask-people.yaml", "group:staff", "group:stuff", "audience[0]: no 'group:stuff'"),
        ("usecases/ask-people.yaml", "[people-handbook]", "[people]", "sources[0]: no source 'people'"),
        ("usecases/ask-people.yaml", "id/leave", "id/leaves", "concepts[0]: no concept"),
        ("sources/people-handbook.yaml", "group:staff", "group:stuff", "mapping.fields.readers.const[0]: no 'group:s"),
        (
            "sources/people-handbook.yaml",
            "group:people-leads",
            "group:x",
            "mapping.rules[0].set.readers[0]: no 'group:",
        ),
        ("sources/people-handbook.yaml", "connector: files", "connector: file", "connector: no connector 'file'"),
        ("sources/people-handbook.yaml", "path: content/people", "paht: content/people", "options.paht: there is no"),
    ],
)
def test_a_name_that_no_file_declares_is_told_with_its_place(workspace, path, old, new, told):
    workspace.replace(path, old, new)
    found = problems(workspace)
    assert len(found) == 1
    assert found[0].startswith(f"{path}: {told}")


def test_a_near_name_is_proposed(workspace):
    workspace.replace("ownership.yaml", "owner: user:fay", "owner: user:fey")
    assert problems(workspace)[0].endswith("did you mean 'user:fay'?")


def test_names_are_not_checked_against_files_that_cannot_be_read(workspace):
    workspace.write("principals.yaml", "users: 3")
    workspace.write("taxonomy/shared.ttl", "<a> <b>")
    assert {each.split(":")[0] for each in problems(workspace)} == {"principals.yaml", "taxonomy/shared.ttl"}


def test_people_of_an_identity_provider_are_not_looked_for_in_the_file(workspace):
    workspace.write("concord.yaml", "auth: oidc\nembedding: {runtime: hashing}\n")
    workspace.remove("principals.yaml")
    assert problems(workspace) == []


def test_vocabularies_without_a_shared_scheme_are_told_of_as_a_whole(workspace):
    text = (workspace.folder / "taxonomy/shared.ttl").read_text("utf-8")
    workspace.remove("taxonomy/shared.ttl")
    workspace.write("taxonomy/one.ttl", text)
    workspace.write("taxonomy/two.ttl", text.replace("small.example", "other.example"))
    assert [each for each in problems(workspace) if each.startswith("taxonomy: ") and "shared" in each]


def test_an_older_standard_is_upgraded(workspace):
    workspace.write("concord.yaml", 'standard: "0.9"\nembedding: {runtime: hashing}\n')
    workspace.replace("sources/people-handbook.yaml", "publisher: {const: People}", "department: {const: People}")
    assert problems(workspace) == []
    concord = Concord.open(workspace.folder)
    assert "publisher" in concord.desired().sources["people-handbook"].mapping.fields
    concord.close()


@pytest.mark.parametrize(("version", "way_out"), [("7.0", "upgrade Concord"), ("0.1", "correct the version")])
def test_an_unknown_standard_is_refused_with_the_way_out(workspace, version, way_out):
    workspace.write("concord.yaml", f'standard: "{version}"\nembedding: {{runtime: hashing}}\n')
    [problem] = problems(workspace)
    assert problem.startswith("concord.yaml: standard: ") and way_out in problem


def test_every_place_of_the_table_is_looked_at():
    for mention in MENTIONS:
        path = mention.files.replace("*", "some")
        value = "user:nobody" if mention.kind == "principal" else "nothing"
        content = value
        for step in reversed(mention.place.rstrip("=").split(".")):
            name, each, _ = step.partition("[]")
            content = {name: [content] if each else content}
        [problem] = unknown_names({path: content}, {mention.kind: ()})
        assert problem.path == path and value in problem.message
        assert unknown_names({path: content}, {mention.kind: (value,)}) == []
        assert unknown_names({path: content}, {}) == []


def test_places_of_another_shape_are_left_to_the_files_own_reader():
    odd = {"rules": [3, None, {"owner": ["user:x"]}], "rankings": {}, "delegations": "x"}
    assert unknown_names({"ownership.yaml": odd, "authority.yaml": odd}, {"principal": (), "concept": ()}) == []
