"""Examples of what a policy should decide: read, decided, counted."""

import json
from datetime import date

import pytest

from concord.authority.errors import ExamplesError
from concord.authority.examples import Example, parse_examples
from concord.authority.policy import Policy
from concord.authority.trial import Trial, totals

TODAY = date(2026, 6, 1)


def document(name, text, **fields):
    return {"identifier": name, "text": text, **fields}


def example(*documents, conflict=True, winner=None, **fields):
    return {"id": "one", "documents": documents, "expect": {"conflict": conflict, "winner": winner}, **fields}


def lines(*examples):
    return "".join(json.dumps(each) + "\n" for each in examples)


def outcome(*documents, policy=None, **fields):
    return Trial(policy or Policy()).run(parse_examples(lines(example(*documents, **fields)))[0], TODAY)


OLD = document(
    "old", "Employees receive 25 days of annual leave a year.", modified="2024-01-01", authority_tier="policy"
)
NEW = document(
    "new", "Employees receive 27 days of annual leave a year.", modified="2026-01-01", authority_tier="policy"
)


def test_the_newer_of_equal_rank_wins():
    made = outcome(OLD, NEW, winner="new")
    assert (made.conflict, made.verdict, made.winner, made.rule, made.passed) == (
        True,
        "resolved",
        "new",
        "effective_date",
        True,
    ) or (made.rule == "claim_date" and made.passed)


def test_the_order_of_documents_changes_nothing():
    one, other = outcome(OLD, NEW, winner="new"), outcome(NEW, OLD, winner="new")
    assert one.to_json() == other.to_json()


def test_a_higher_tier_wins_and_a_newer_lower_one_contests_it():
    guidance = {**NEW, "authority_tier": "guidance"}
    made = outcome(OLD, guidance, winner="old")
    assert (made.verdict, made.winner, made.rule, made.passed) == ("contested", "old", "tier", True)


def test_a_tie_is_a_conflict_that_nobody_wins():
    made = outcome({**OLD, "modified": None}, {**NEW, "modified": None})
    assert (made.conflict, made.verdict, made.winner, made.rule, made.passed) == (True, "unresolved", None, None, True)


def test_the_same_value_is_no_conflict():
    assert not outcome(OLD, {**OLD, "identifier": "copy"}, conflict=False).conflict


def test_another_role_is_no_conflict_unless_the_question_leaves_it_open():
    pilots = document("pilots", "The notice period of a harbour pilot is 3 months.")
    clerks = document("clerks", "The notice period of a customs clerk is 1 month.")
    made = outcome(pilots, clerks, conflict=False)
    assert not made.conflict and made.winner is None


def test_a_link_that_counts_supersedes():
    made = outcome({**OLD, "modified": "2026-03-01"}, {**NEW, "replaces": "old"}, winner="new")
    assert (made.winner, made.rule) == ("new", "in_force")


def test_as_of_a_date_before_the_winner():
    later = {**NEW, "valid_from": "2026-01-01"}
    assert outcome(OLD, later, winner="new").winner == "new"
    assert outcome(OLD, later, winner="old", as_of="2025-01-01").winner == "old"


def test_a_question_is_answered_by_what_it_asks_about():
    other = document("other", "Employees receive 5 days of sick leave a year.")
    made = outcome(OLD, NEW, other, winner="new", question="How many days of annual leave do employees receive?")
    assert made.passed and "27 days" not in made.explanation


def test_a_policy_of_one_s_own_decides():
    policy = Policy.read({"tiers": ["guidance", "policy"]})
    made = outcome(OLD, {**NEW, "modified": "2024-01-01", "authority_tier": "guidance"}, winner="new", policy=policy)
    assert made.passed and made.rule == "tier"


def test_totals_count_what_was_missed():
    examples = parse_examples(
        lines(
            {**example(OLD, NEW, winner="new"), "id": "hit", "kind": "leave"},
            {**example(OLD, {**OLD, "identifier": "copy"}, winner="copy"), "id": "miss", "kind": "leave"},
            {**example(OLD, NEW, conflict=False), "id": "alarm"},
        )
    )
    outcomes = [Trial(Policy()).run(each, TODAY) for each in examples]
    report = totals(outcomes)
    assert (report["cases"], report["passed"], report["precision"], report["recall"]) == (3, 1, 0.5, 0.5)
    assert report["winner_accuracy"] == report["by_kind"]["leave"]["winner_accuracy"] == 0.5
    assert report["by_kind"].keys() == {"leave"}


def test_what_cannot_be_measured_is_undetermined():
    report = totals([Trial(Policy()).run(parse_examples(lines(example(OLD, conflict=False)))[0], TODAY)])
    assert report["precision"] is report["recall"] is report["winner_accuracy"] is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"documents": []}, "documents"),
        ({"documents": [{"identifier": "a"}]}, "needs its text"),
        ({"documents": ["a"]}, "an object with identifier and text"),
        ({"documents": [document("", "x")]}, "identifier"),
        ({"documents": [document("a", "x", modified="yesterday")]}, "modified"),
        ({"documents": [document("a", "x", colour="red")]}, "colour"),
        ({"documents": [document("a", "x"), document("a", "y")]}, "two documents are called a"),
        ({"expect": {"conflict": True, "winner": "nobody"}}, "the expected winner nobody is no document"),
        ({"expect": {"conflict": False, "winner": "old"}}, "without a conflict there is no winner"),
        ({"expect": None}, "expect"),
        ({"as_of": "soon"}, "as_of"),
    ],
)
def test_a_line_that_is_wrong_is_named(wrong, said):
    with pytest.raises(ExamplesError) as caught:
        parse_examples(lines(example(OLD, NEW, winner="new"), {**example(OLD, NEW), "id": "two", **wrong}), "f.jsonl")
    assert "f.jsonl: line 2" in str(caught.value) and said in str(caught.value)


def test_ids_are_unique_and_lines_are_json():
    with pytest.raises(ExamplesError) as caught:
        parse_examples(lines(example(OLD), example(OLD)) + "{\n\n", "f.jsonl")
    assert [problem.place for problem in caught.value.problems] == ["line 2, id", "line 3"]


def test_a_question_compares_the_answers_of_documents() -> None:
    texts = ("The Orrin Mill was built in 1856.", "The Orrin Mill, in Ohio since its start, was built in 1902.")
    documents = [{"identifier": f"d{number}", "text": text} for number, text in enumerate(texts)]
    documents[1]["modified"] = "2025-01-01"
    shape = {"id": "mill", "documents": documents, "expect": {"conflict": True, "winner": "d1"}}
    asked = Example.model_validate(shape | {"question": "When was the Orrin Mill built?"})
    outcome = Trial(Policy()).run(asked, TODAY)
    assert (outcome.conflict, outcome.winner) == (True, "d1")
    assert not Trial(Policy()).run(Example.model_validate(shape), TODAY).conflict
