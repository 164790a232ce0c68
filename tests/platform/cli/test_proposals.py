"""Changes of a governed workspace: proposed, previewed, decided by someone else, and live only then."""

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

GOVERNED = """\
name: Small
embedding: {runtime: hashing}
index: {idle_seconds: 20}
governance: {mode: governed, approvers: ['user:ann', 'user:pat']}
"""
LEAVE, EXPENSES = "https://small.example/id/leave", "https://small.example/id/expenses"
WORDS = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix s: <https://small.example/id/> .
s:small a skos:ConceptScheme ; skos:prefLabel "Small"@en .

# Time off.
s:leave a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:inScheme s:small .
s:vacation a skos:Concept ; skos:prefLabel "vacation"@en ; skos:altLabel "furlough"@en ; skos:inScheme s:small .

s:expenses a skos:Concept ; skos:prefLabel "expenses"@en ; skos:inScheme s:small .
"""


def governed(workspace):
    """In force, then governed."""
    assert workspace.run("apply").code == 0
    workspace.write("concord.yaml", GOVERNED)
    return workspace


@pytest.fixture
def house(make_workspace):
    return governed(make_workspace({"taxonomy/shared.ttl": WORDS}))


def told(done):
    assert done.code == 0, done.err
    return json.loads(done.out)


def version(workspace):
    return told(workspace.run("workspace", "history", "--as", "ann", "--json"))["versions"][0]["policy_version"]


def test_a_merge_is_proposed_decided_by_another_and_followed_without_embedding(house):
    assert house.run("sync").code == 0
    before = version(house)
    made = told(
        house.run(
            "taxonomy", "propose", "merge", "vacation", "annual leave", "--as", "fay", "--why", "one thing", "--json"
        )
    )
    [proposal] = made["proposals"]
    assert (proposal["state"], proposal["summary"], made["policy_version"]) == (
        "in_review",
        "merge vacation into annual leave",
        None,
    )
    assert version(house) == before and (house.folder / "taxonomy/shared.ttl").read_text("utf-8") == WORDS

    refused = house.run("proposals", "approve", "70", "--as", "fay")
    assert refused.code == 2 and "no proposal 70" in refused.err
    number = str(proposal["id"])
    own = house.run("proposals", "approve", number, "--as", "fay")
    assert own.code == 2 and "whoever proposed a change does not decide on it" in own.err
    stranger = house.run("proposals", "approve", number, "--as", "carl")
    assert stranger.code == 2 and "answers for everything that changes" in stranger.err
    assert version(house) == before

    assert house.run("ask", "How long is a furlough?", "--as", "pat").code == 0
    preview = told(house.run("proposals", "preview", number, "--as", "pat", "--json"))
    assert preview["questions"]["asked"] == 1 and preview["items"]["limited"] is False
    shown = house.run("proposals", "preview", number, "--as", "fay")
    assert shown.code == 0 and "retagged" in shown.out and "questions of the last 30 days" in shown.out
    # Who proposed it reads no words of others: everybody may propose something.
    assert "zanzibar" not in shown.everything and "furlough" not in shown.out
    assert "use cases: 1 affected" in shown.out
    assert version(house) == before

    read = house.run("proposals", "show", number, "--as", "pat")
    assert read.code == 0 and "in review: merge vacation into annual leave" in read.out and "you may decide" in read.err
    assert "+     owl:deprecated true ." in read.out and "drafted by user:fay: one thing" in read.out
    listed = house.run("proposals", "list", "--as", "carl")
    assert listed.code == 0 and f"{number}@1" in listed.out

    done = house.run("proposals", "approve", number, "--as", "pat", "--why", "agreed on Monday")
    assert done.code == 0 and "written  taxonomy/shared.ttl" in done.out and "no gate is installed" in done.err
    assert version(house) != before
    text = (house.folder / "taxonomy/shared.ttl").read_text("utf-8")
    assert (
        "# Time off." in text and "dcterms:isReplacedBy s:leave" in text and text.count("\n") < WORDS.count("\n") + 14
    )
    assert told(house.run("apply", "--as", "ann", "--json"))["changes"] == []

    synced = told(house.run("sync", "--json"))
    assert synced["embedded"] == 0
    found = told(house.run("search", "how long is a furlough", "--as", "pat", "--json"))
    assert found[0]["identifier"].startswith("people-handbook/leave")
    assert "one thing" in house.run("workspace", "history", "--as", "carl").out
    [row] = [
        each
        for each in told(house.run("workspace", "history", "--as", "carl", "--json"))["versions"]
        if each["by"] == "user:pat"
    ]
    assert [(each["proposer"], each["why"], each["comment"]) for each in row["proposals"]] == [
        ("user:fay", "one thing", "agreed on Monday")
    ]
    shown = told(house.run("proposals", "show", number, "--as", "fay", "--json"))
    assert [each["type"] for each in shown["history"]] == [
        "proposal.drafted",
        "proposal.submitted",
        "proposal.approved",
    ]
    assert shown["history"][-1]["gates"] == [] and shown["history"][-1]["actor"] == "user:pat"


def test_edited_files_are_proposed_by_kind_and_not_in_force_until_approved(house):
    before = version(house)
    house.replace("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]")
    house.replace("usecases/ask-people.yaml", "title: Ask People", "title: Ask about People")
    nobody = house.run("apply", "--why", "x")
    assert nobody.code == 2 and "name one with --as USER" in nobody.err
    silent = house.run("apply", "--as", "fay")
    assert silent.code == 2 and "--why" in silent.err
    done = told(house.run("apply", "--as", "fay", "--why", "people first", "--json"))
    assert done["proposals"] == ["7@1", "8@1"] and not done["applied"] and version(house) == before
    again = told(house.run("apply", "--as", "fay", "--json"))
    assert again["proposals"] == ["7@1", "8@1"]

    # Another content makes another revision, which has to be named: nobody approves what they did not read.
    house.replace("usecases/ask-people.yaml", "Ask about People", "Ask of People")
    assert told(house.run("apply", "--as", "fay", "--why", "better", "--json"))["proposals"] == ["7@1", "8@2"]
    for named in ("8", "8@1"):
        stale = house.run("proposals", "approve", named, "--as", "pat")
        assert stale.code == 2 and "read it, then name 8@2" in stale.err
    assert told(house.run("proposals", "approve", "8@2", "7", "--as", "pat", "--json"))["written"] == []
    assert version(house) != before
    assert "nothing to do" in house.run("apply", "--as", "fay").out


def test_a_proposal_follows_what_changed_elsewhere_and_is_out_of_date_where_it_did_not(house):
    for arguments in (
        ("change", "annual leave", "--alt", "holiday"),
        ("change", "expenses", "--alt", "claims"),
        ("merge", "vacation", "annual leave"),
    ):
        assert house.run("taxonomy", "propose", *arguments, "--as", "fay", "--why", "x").code == 0
    assert house.run("proposals", "approve", "8", "--as", "pat").code == 0
    assert house.run("proposals", "approve", "7", "--as", "pat").code == 0
    late = house.run("proposals", "approve", "9", "--as", "pat")
    assert late.code == 2 and "out of date: taxonomy/shared.ttl" in late.err
    text = (house.folder / "taxonomy/shared.ttl").read_text("utf-8")
    assert '"holiday"' in text and '"claims"' in text
    shown = told(house.run("proposals", "show", "9", "--as", "fay", "--json"))
    assert not shown["current"] and "out of date" in shown["problem"]


def test_files_with_other_changes_are_left_alone_unless_the_change_can_be_made_of_them(house):
    assert house.run("taxonomy", "propose", "merge", "vacation", "annual leave", "--as", "fay", "--why", "x").code == 0
    house.replace("taxonomy/shared.ttl", '"expenses"@en', '"expenses"@en ; skos:altLabel "claims"@en')
    done = told(house.run("proposals", "approve", "7", "--as", "pat", "--json"))
    assert done["written"] == ["taxonomy/shared.ttl"] and done["left"] == []
    text = (house.folder / "taxonomy/shared.ttl").read_text("utf-8")
    assert '"claims"' in text and "isReplacedBy" in text
    house.replace("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]")
    assert house.run("apply", "--as", "fay", "--why", "x").code == 0
    house.replace("authority.yaml", "[people-handbook, finance-policies]", "[people-handbook]")
    left = house.run("proposals", "approve", "9", "--as", "pat")
    assert left.code == 0 and "authority.yaml has other changes" in left.err


def test_what_a_reviewer_declines_or_a_proposer_takes_back_is_never_in_force(house):
    before = version(house)
    for label in ("secondment", "sabbatical"):
        assert house.run("taxonomy", "propose", "add", label, "--as", "fay", "--why", "x").code == 0
    assert house.run("proposals", "reject", "7", "--as", "pat").code == 2  # needs a why
    assert "rejected" in house.run("proposals", "reject", "7", "--as", "pat", "--why", "too rare").out
    assert house.run("proposals", "withdraw", "8", "--as", "pat").code == 2
    assert "withdrawn" in house.run("proposals", "withdraw", "8", "--as", "fay").out
    for number in ("7", "8"):
        done = house.run("proposals", "approve", number, "--as", "pat")
        assert done.code == 2 and "that is for good" in done.err
    assert version(house) == before
    assert "no proposal waits" in house.run("proposals", "list", "--as", "fay").out
    states = [
        each["state"] for each in told(house.run("proposals", "list", "--all", "--as", "fay", "--json"))["proposals"]
    ]
    assert states[:2] == ["withdrawn", "rejected"]


def test_a_draft_waits_to_be_submitted(house):
    assert "draft" in house.run("taxonomy", "propose", "add", "sabbatical", "--draft", "--as", "fay", "--why", "x").out
    early = house.run("proposals", "approve", "7", "--as", "pat")
    assert early.code == 2 and "cannot be told to approve" in early.err
    assert house.run("proposals", "submit", "7", "--as", "pat").code == 2
    assert "in review" in house.run("proposals", "submit", "7", "--as", "fay").out


def test_proposals_are_shown_to_those_whom_they_concern_alone(house):
    house.replace("principals.yaml", "name: Carl Ray", "name: Carl Rey")
    assert house.run("apply", "--as", "fay", "--why", "his name").code == 0
    assert told(house.run("proposals", "list", "--as", "carl", "--json")) == {"proposals": []}
    for command in ("show", "preview", "submit", "approve", "reject", "withdraw"):
        why = ["--why", "x"] if command in ("reject",) else []
        done = house.run("proposals", command, "7", "--as", "carl", *why)
        assert done.code == 2 and "no proposal 7 that you may read" in done.err, command
    for who in ("fay", "ann"):
        assert [each["id"] for each in told(house.run("proposals", "list", "--as", who, "--json"))["proposals"]] == [7]


def test_owners_of_a_concept_decide_on_it_and_what_is_below_it(make_workspace):
    words = WORDS.replace('"vacation"@en ;', '"vacation"@en ; skos:broader s:leave ;')
    rules = [
        f"  - match: {{concept: '{iri}'}}\n    owner: user:{who}\n" for iri, who in ((LEAVE, "pat"), (EXPENSES, "carl"))
    ]
    owners = "rules:\n" + "".join(rules)
    house = make_workspace({"taxonomy/shared.ttl": words, "ownership.yaml": owners})
    assert house.run("apply").code == 0
    house.write("concord.yaml", GOVERNED.replace("approvers: ['user:ann', 'user:pat']", "approvers: []"))
    for arguments in (("change", "vacation", "--alt", "time off"), ("change", "expenses", "--alt", "claims")):
        assert house.run("taxonomy", "propose", *arguments, "--as", "fay", "--why", "x").code == 0
    for number, refused, decided in (("7", "carl", "pat"), ("8", "pat", "carl")):
        assert "answers for everything" in house.run("proposals", "approve", number, "--as", refused).err
        assert house.run("proposals", "approve", number, "--as", decided).code == 0


def test_owners_decide_on_what_they_own(house):
    house.replace("sources/finance-policies.yaml", "title: Finance policies", "title: Finance")
    assert house.run("apply", "--as", "pat", "--why", "x").code == 0
    house.write("concord.yaml", GOVERNED.replace(", approvers: ['user:ann', 'user:pat']", ""))
    assert house.run("proposals", "approve", "7", "--as", "carl").code == 2
    assert house.run("proposals", "approve", "7", "--as", "fay", "--why", "mine").code == 0


def test_a_review_in_git_is_named_by_its_commit_which_has_to_say_the_same(house):
    def git(*arguments):
        who = ["-c", "user.name=A", "-c", "user.email=a@small.example"]
        done = subprocess.run(["git", *who, *arguments], cwd=house.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", "authority.yaml")
    git("commit", "--quiet", "--message", "before")
    old = git("rev-parse", "HEAD")
    house.replace("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]")
    assert house.run("apply", "--as", "fay", "--why", "x").code == 0
    for commit, problem in ((old, "is something else in commit"), ("nothing", "is no commit"), ("--help", "names no")):
        done = house.run("proposals", "approve", "7", "--as", "pat", f"--commit={commit}")
        assert done.code == 2 and problem in done.err
    git("commit", "--quiet", "--all", "--message", "after")
    assert house.run("proposals", "approve", "7", "--as", "pat", "--commit", "HEAD").code == 0
    history = told(house.run("proposals", "show", "7", "--as", "pat", "--json"))["history"]
    assert history[-1]["commit"] == git("rev-parse", "HEAD")


def test_a_development_workspace_approves_by_itself_and_says_so(make_workspace):
    house = make_workspace({"taxonomy/shared.ttl": WORDS}).ready()
    done = house.run("taxonomy", "propose", "merge", "vacation", "annual leave", "--as", "fay")
    assert done.code == 0 and "approved" in done.out and "is in force" in done.out
    shown = told(house.run("proposals", "list", "--approved", "--as", "fay", "--json"))["proposals"][0]
    assert shown["reviewer"] == "system:development" and shown["proposer"] == "user:fay"
    assert told(house.run("sync", "--json"))["embedded"] == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("merge", "vacatoin", "annual leave"), "no concept is called 'vacatoin'"),
        (("merge", "annual leave", "annual leave"), "cannot be merged into itself"),
        (("add", "annual leave", "--iri", LEAVE), "is there already"),
        (("add", "sabbatical", "--iri", "no iri"), "iri:"),
        (("add", "sabbatical", "--scheme", "Nowhere"), "no scheme is called 'Nowhere'"),
        (("change", "annual leave", "--broader", "annual leave"), "cannot be broader"),
        (("change", "annual leave"), "nothing to propose"),
        (("split", "annual leave", "--into", "paid"), "two or more"),
        (("deprecate", "vacation", "--use", "vacation"), "cannot replace itself"),
        (("align", "vacation", "exact", "annual leave"), "of one scheme"),
        (("align", "vacation", "same", "annual leave"), "no relation is called"),
    ],
)
def test_what_makes_no_sense_is_told_on_one_line(house, arguments, problem):
    done = house.run("taxonomy", "propose", *arguments, "--as", "fay", "--why", "x")
    assert done.code == 2 and problem in done.err and done.err.count("\n") == 1


def test_the_first_files_of_a_governed_workspace_are_approved_together(make_workspace):
    house = make_workspace({"concord.yaml": GOVERNED})
    made = told(house.run("apply", "--as", "fay", "--why", "the beginning", "--json"))["proposals"]
    waiting = told(house.run("proposals", "list", "--as", "pat", "--json"))["proposals"]
    assert [each["id"] for each in waiting][::-1] == [int(each.partition("@")[0]) for each in made]
    assert house.run("sync").code == 2
    alone = house.run("proposals", "approve", "1", "--as", "pat")
    assert len(made) == 6 and alone.code in (0, 2)
    assert (
        house.run("proposals", "approve", *[each for each in made if alone.code or each != "1@1"], "--as", "pat").code
        == 0
    )
    assert house.run("sync").code == 0


def test_files_that_cannot_be_read_hide_no_proposal_and_no_mistake(house):
    assert house.run("taxonomy", "propose", "add", "sabbatical", "--as", "fay", "--why", "x").code == 0
    house.write("principals.yaml", "users: [")
    (waits,) = told(house.run("proposals", "list", "--as", "pat", "--json"))["proposals"]
    made, by = (datetime.fromisoformat(waits[name]) for name in ("changed_at", "decide_by"))
    assert timedelta(hours=71) < by - made <= timedelta(hours=72)
    assert f"until {by:%Y-%m-%d}" in " ".join(house.run("proposals", "list", "--as", "pat").out.split())
    assert "zoe" in house.run("proposals", "show", "7", "--as", "zoe").err
    assert "no proposal 70" in house.run("proposals", "reject", "70", "--as", "pat", "--why", "no").err
    assert house.run("proposals", "reject", "7", "--as", "pat", "--why", "no").code == 0


def gates(monkeypatch, **named):
    from importlib.metadata import EntryPoint

    from concord.bootstrap import connecting

    real = connecting.entry_points
    made = [EntryPoint(name, value, "concord.gates") for name, value in named.items()]
    monkeypatch.setattr(
        connecting, "entry_points", lambda group: made if group == "concord.gates" else real(group=group)
    )


def test_the_gate_of_the_guide_works_and_one_that_cannot_be_loaded_refuses(house, monkeypatch, tmp_path):
    text = (Path(__file__).parents[3] / "docs" / "extending.md").read_text("utf-8")
    code = text.split("`concord_frozen.py`:\n\n```python\n")[1].split("```")[0]
    (tmp_path / "concord_frozen.py").write_text(code.replace("month == 12", "month < 13"))
    monkeypatch.syspath_prepend(tmp_path)
    assert 'frozen = "concord_frozen:Frozen"' in text
    gates(monkeypatch, frozen="concord_frozen:Frozen")
    house.replace("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]")
    assert house.run("apply", "--as", "fay", "--why", "x").code == 0
    refused = house.run("proposals", "approve", "7", "--as", "pat")
    assert refused.code == 2 and "the gate frozen refuses: authority.yaml stays as it is" in refused.err
    assert house.run("taxonomy", "propose", "add", "sabbatical", "--as", "fay", "--why", "x").code == 0
    passed = told(house.run("proposals", "approve", "8", "--as", "pat", "--json"))
    assert passed["gates"] == ["frozen"]
    gates(monkeypatch, gone="no_such_module:Gate")
    broken = house.run("proposals", "approve", "7", "--as", "pat")
    assert broken.code == 2 and "the gate gone refuses: it could not be loaded" in broken.err


def test_use_cases_that_name_a_merged_concept_go_on_to_find_what_it_was_about(make_workspace):
    use_case = "title: Ask\naudience: [group:staff]\nconcepts: ['https://small.example/id/leave']\n"
    house = make_workspace({"taxonomy/shared.ttl": WORDS, "usecases/ask-people.yaml": use_case}).ready()
    ask = ("search", "annual leave", "--as", "pat", "--use-case", "ask-people", "--json")
    before = [each["identifier"] for each in told(house.run(*ask))]
    assert before
    assert house.run("taxonomy", "propose", "merge", "annual leave", "vacation", "--as", "ann").code == 0
    assert told(house.run("sync", "--json"))["embedded"] == 0
    assert [each["identifier"] for each in told(house.run(*ask))] == before


def test_terms_of_a_list_are_changed_by_rows_and_its_line_ends_stay(make_workspace):
    files = {
        "taxonomy/list.csv": "Code,Term,Also\n1,bus trip,coach\n2,cab,\n",
        "taxonomy/list.yaml": "scheme: https://small.example/list\n"
        "columns: {Code: id, Term: prefLabel, Also: {property: altLabel, separator: ;}}\n",
    }
    house = make_workspace(files)
    path = house.folder / "taxonomy/list.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert house.run("apply").code == 0
    done = house.run("taxonomy", "propose", "change", "bus trip", "--alt", "omnibus", "--as", "fay", "--why", "said so")
    assert done.code == 0, done.err
    assert path.read_bytes() == b"Code,Term,Also\r\n1,bus trip,coach; omnibus\r\n2,cab,\r\n"
    refused = house.run("taxonomy", "propose", "deprecate", "cab", "--as", "fay", "--why", "nobody has one")
    assert refused.code == 2 and "taxonomy/list.csv: no column holds deprecated" in refused.err
    assert len(refused.err.splitlines()) == 1


def test_a_reviewer_is_told_what_files_break_in_the_vocabulary(house):
    house.replace("taxonomy/shared.ttl", '"expenses"@en', '"expenses"@en , "costs"@en')
    assert house.run("apply", "--as", "fay", "--why", "x").code == 0
    shown = house.run("proposals", "show", "7", "--as", "pat")
    assert "warning: S14: https://small.example/id/expenses" in shown.err
    assert told(house.run("proposals", "show", "7", "--as", "pat", "--json"))["warnings"]
