"""What an answer says of the policy: what stands in the place of a superseded page, open conflicts, other scopes."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from concord.authority.decide import replay
from concord.authority.decision import Decision
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since

ASKED = "How many days of annual leave does everyone receive?"


def page(text, title="Annual leave", **fields):
    return "".join(["---\n", *(f"{name}: {value}\n" for name, value in fields.items()), f"---\n# {title}\n\n{text}\n"])


NEW = page("Everyone receives 27 days of annual leave a year.", modified="2026-01-10")
OLD = page("Everyone receives 25 days of annual leave a year.", modified="2022-01-10")

NEW_TOO = page("Everyone receives 30 days of annual leave a year.", modified="2026-01-10")


def cited(answer):
    return [citation.item.identifier for citation in answer.citations]


def test_what_replaced_a_page_is_returned_where_only_the_old_page_matches(answering, monkeypatch):
    monkeypatch.setenv("CONCORD_RETRIEVAL__CANDIDATES", "5")
    wordy = page("Quokka holidays: quokka leave for quokka people.", "Quokka", modified="2022-01-10")
    chain = {
        "policies/q1.md": wordy,
        "policies/q2.md": page("The second wording says 3 days.", "Second", replaces="q1.md"),
        "policies/q3.md": page("The third wording says 5 days.", "Third", replaces="q2.md"),
        **{f"wiki/{name}.md": page(f"Quokka leave, note {name}.", f"Quokka {name}") for name in "abcdefghijkl"},
    }
    house = answering(chain)
    answer = house.ask("Quokka holidays for quokka people?", "pat")
    assert cited(answer)[0] == "policies/q3.md"
    assert not {"policies/q1.md", "policies/q2.md"} & set(cited(answer))
    found = house.workspace.run("search", "Quokka holidays for quokka people?", "--as", "pat", "--json")
    found = house.concord.search("Quokka holidays for quokka people?", house.principal("pat")).passages
    assert found[0].item.identifier in {"policies/q1.md", "policies/q3.md"}
    assert "policies/q3.md" in {passage.item.identifier for passage in found}


def test_a_successor_that_may_not_be_read_stands_in_nobodys_place(answering):
    house = answering(
        {"policies/q1.md": page("Quokka holidays last 3 days.", "Quokka"), "closed/q2.md": page("Nine.", "New")}
    )
    house.workspace.replace("content/policies/q1.md", "---\n---", "---\nis_replaced_by: closed/q2.md\n---")
    house.workspace.replace(
        "sources/policies.yaml", "    replaces:", "    is_replaced_by: {path: metadata.is_replaced_by}\n    replaces:"
    )
    house.apply()
    house.sync()
    assert cited(house.ask("Quokka holidays?", "pat")) == ["policies/q1.md"]
    assert cited(house.ask("Quokka holidays?", "ann")) == ["closed/q2.md"]
    found = house.concord.search("Quokka holidays?", house.principal("pat")).passages
    assert {passage.item.identifier for passage in found} == {"policies/q1.md"}


def test_pages_that_replace_each_other_are_both_there(answering):
    house = answering(
        {
            "policies/a.md": NEW.replace("---\n", "---\nreplaces: b.md\n", 1),
            "policies/b.md": OLD.replace("---\n", "---\nreplaces: a.md\n", 1),
        }
    )
    answer = house.ask(ASKED, "pat")
    assert answer.conflicts[0].decision.winner.identifier == "policies/a.md"
    assert answer.conflicts[0].decision.rule == "claim_date"


def test_a_contested_winner_is_shown_with_who_contests_it(answering):
    house = answering({"policies/leave.md": OLD, "wiki/leave.md": NEW})
    answer = house.ask(ASKED, "pat")
    [conflict] = answer.conflicts
    assert conflict.decision.verdict == "contested"
    assert cited(answer)[:2] == ["policies/leave.md", "wiki/leave.md"]
    told = answer.to_json()["conflicts"][0]
    assert (told["winner"]["citation"], told["losers"][0]["citation"]) == (1, 2)
    assert told["winner"]["title"] == "Annual leave" and told["winner"]["authority_tier"] == "policy"
    assert told["sent_to"] == ["user:ann"] and told["abstained"] is None


def test_a_resolved_conflict_is_sent_to_nobody(answering):
    answer = answering({"policies/leave.md": NEW, "wiki/leave.md": OLD}).ask(ASKED, "pat")
    assert answer.conflicts[0].decision.verdict == "resolved" and answer.conflicts[0].sent_to == ()


@pytest.mark.parametrize(
    ("owner", "steward", "to"),
    [
        ("user:pat", "user:ann", ("user:ann", "user:pat")),
        ("group:staff", "user:ann", ("group:staff", "user:ann")),
        ("user:carl", "user:ann", ("user:ann",)),  # an owner who may not read both: a steward who may
        ("user:carl", "user:fay", ("user:fay",)),
        ("user:carl", "user:carl", ()),
    ],
)
def test_an_open_conflict_is_for_those_who_may_read_all_of_it(answering, owner, steward, to):
    house = answering({"policies/leave.md": OLD, "wiki/leave.md": NEW})
    house.workspace.write(
        "ownership.yaml",
        "rules:\n  - match: {source: policies}\n    owner: user:ann\n"
        f"  - match: {{source: wiki}}\n    owner: {owner}\n    steward: {steward}\n",
    )
    house.apply()
    house.sync()
    assert house.ask(ASKED, "pat").conflicts[0].sent_to == to


@pytest.mark.parametrize(("first", "second", "verdict"), [(OLD, NEW, "contested"), (NEW, NEW_TOO, "unresolved")])
def test_an_open_conflict_beside_the_question_is_not_told_one_sidedly(answering, monkeypatch, first, second, verdict):
    """The words of the question meet too few of the conflict's for it to lead: what is quoted has its other side."""
    monkeypatch.setattr("concord.answering.evidence._WORDS_MET", 2.0)
    monkeypatch.setattr("concord.answering.compose._NEAR_ELSEWHERE", -1.0)
    name = "policies/other.md" if verdict == "unresolved" else "wiki/leave.md"
    answer = answering({"policies/leave.md": first, name: second}).ask(ASKED, "pat")
    [conflict] = answer.to_json()["conflicts"]
    assert conflict["verdict"] == verdict
    sides = [each for each in (conflict["winner"], *conflict["losers"]) if each]
    assert len(sides) == 2 and all(side["quote"] in answer.text and side["citation"] for side in sides)


def test_where_the_policy_abstains_there_is_no_answer_and_both_sides_are_shown(answering):
    house = answering({"policies/leave.md": OLD, "wiki/leave.md": NEW})
    house.workspace.write("authority.yaml", "abstain: [contested]\n")
    house.apply()
    answer = house.ask(ASKED, "pat")
    assert (answer.text, answer.reason, answer.citations) == (None, "no_winner", ())
    told = answer.to_json()["conflicts"][0]
    assert (told["winner"], told["verdict"], told["abstained"]) == (None, "unresolved", "contested")
    assert {side["value"] for side in told["losers"]} == {"25 days", "27 days"} and told["sent_to"] == ["user:ann"]
    assert answer.to_json()["abstained"] is True


def test_a_ranking_for_a_department_holds_for_its_people(answering):
    house = answering({"policies/leave.md": NEW, "wiki/leave.md": OLD})
    house.workspace.write("authority.yaml", "rankings:\n  - {department: Finance, sources: [wiki, policies]}\n")
    house.apply()
    winners = [house.ask(ASKED, who).conflicts[0].decision.winner.identifier for who in ("pat", "fay")]
    assert winners == ["policies/leave.md", "wiki/leave.md"]


def test_a_value_that_depends_on_the_scope_is_told_for_each(answering):
    house = answering(
        {
            "policies/crane.md": page("A crane operator receives 30 days of annual leave a year.", "Crane operators"),
            "policies/clerk.md": page("A customs clerk receives 25 days of annual leave a year.", "Customs clerks"),
        }
    )
    answer = house.ask("How many days of annual leave are received a year?", "pat")
    assert answer.conflicts == ()
    [slot] = answer.to_json()["by_scope"]
    assert {(each["scope"], each["value"]) for each in slot["values"]} == {
        ("crane operator", "30 days"),
        ("customs clerk", "25 days"),
    }
    assert any(each["citation"] for each in slot["values"])


def test_a_banner_in_the_text_replaces_the_page(answering):
    replaced = "This page has been replaced by [the new page](leave-new.md)."
    banner = f"{replaced}\n\nEveryone receives 25 days of annual leave a year."
    house = answering({"policies/leave.md": page(banner, modified="2026-02-01"), "policies/leave-new.md": NEW})
    answer = house.ask(ASKED, "pat")
    assert cited(answer)[0] == "policies/leave-new.md" and "policies/leave.md" not in cited(answer)
    assert answer.conflicts[0].decision.rule == "in_force"
    told = json.loads(house.workspace.run("authority", "explain", "policies/leave.md", "--as", "pat", "--json").out)
    assert told["in_force"] == "replaced by policies/leave-new.md"
    assert told["links"][0]["basis"] == "stated by the superseded item"


def test_every_logged_decision_replays_identically(answering):
    pages = {
        "policies/leave.md": OLD,
        "wiki/leave.md": NEW,
        "policies/trips.md": page("A hotel costs at most £120.", "Trips"),
    }
    house = answering(pages | {"wiki/trips.md": page("A hotel costs at most £140.", "Trips")})
    for question in (ASKED, "How much may a hotel cost at most?"):
        house.ask(question, "pat")
    with reading(house.concord.engine) as connection:
        traces, _ = asked_since(connection, datetime.now(UTC) - timedelta(days=1), 10)
    logged = [Decision.from_json(each) for trace in traces for each in trace.conflicts]
    assert len(logged) >= 2
    policy = house.concord.foundation.policy
    for decision in logged:
        assert replay(decision, policy) == decision and replay(decision, policy).to_json() == decision.to_json()
