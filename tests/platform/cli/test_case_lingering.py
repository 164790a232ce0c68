"""A right answer of now proves no fix while the page of the case still says what was reported as wrong."""

import pytest

QUESTION = "How many days of annual leave does everyone receive?"
LEAVE = "content/people/leave.md"
OWN = "Everyone receives {} of annual leave a year."
WHO = "Who approves annual leave?"


@pytest.fixture
def workspace(synced_copy):
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    synced_copy.remove("content/people/leave-2024.md")
    return synced_copy.ready()


def page(workspace, *said, path=LEAVE, modified="2026-02-02"):
    workspace.write(path, f"---\nmodified: {modified}\n---\n# Annual leave\n\n" + "\n\n".join(said) + "\n")
    assert workspace.run("sync").code == 0


def reported(workspace, question=QUESTION, right="28 days"):
    trace = workspace.json("ask", question, "--as", "pat")["trace_id"]
    made = workspace.json("correct", trace, "--as", "pat", "--right-answer", right)
    return str(made["corrections"][0]["case"])


def stands(workspace, number):
    case = workspace.json("cases", "show", number, "--as", "ann")
    return case["sub_state"] or case["state"], case["unproven"] or ""


def told(workspace, who):
    return [each["what"] for each in workspace.json("cases", "news", "--as", who)["news"]]


@pytest.mark.parametrize(
    ("other", "diagnosed"),
    [
        ("## Summary\n\nAnnual leave: {} a year for everyone.", False),
        ("## Summary\n\nAnnual leave: {} a year for everyone.", True),
        ("## Questions\n\nHow long may everyone be on annual leave? {} a year.", True),
        ("| What | How much |\n|---|---|\n| Annual leave, a year | {} |", True),
        ("## Notes\n\nAnnual leave of {} is received by everyone, and during it nobody is called.", False),
    ],
)
def test_a_page_that_says_the_old_value_in_another_section_is_for_a_person(workspace, other, diagnosed):
    page(workspace, OWN.format("27 days"), other.format("27 days"))
    number = reported(workspace)
    if diagnosed:
        assert workspace.run("cases", "diagnose", number, "--as", "ann").code == 0
    page(workspace, OWN.format("28 days"), other.format("27 days"))
    state, why = stands(workspace, number)
    assert state == "fix_submitted" and "still says elsewhere" in why
    assert "case.fixed_confirmed" not in told(workspace, "pat") and told(workspace, "ann").count("case.unproven") == 1
    page(workspace, OWN.format("28 days"), other.format("28 days"))
    assert stands(workspace, number) == ("fixed_confirmed", "")


@pytest.mark.parametrize(
    "beside",
    [
        "## Trainees\n\nTrainees receive 27 days of annual leave a year.",
        "## Sick leave\n\nA sick note is due after 27 days of illness.",
        "## Before\n\nUntil 2025 everyone received 27 days of annual leave a year.",
        "## Changes\n\n2024-01-01: annual leave for everyone set to 27 days a year.",
        "## Changes\n\nUntil May 2026 everyone had 27 days of annual leave.",
        "## Carry over\n\nUp to 5 days of annual leave may be carried over.",
    ],
)
def test_the_old_value_of_something_else_keeps_no_proof(workspace, beside):
    page(workspace, OWN.format("27 days"), beside)
    number = reported(workspace)
    page(workspace, OWN.format("28 days"), beside)
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_name_that_still_stands_elsewhere_is_for_a_person(workspace):
    says, other = "Annual leave is approved by {}.", "## Contacts\n\nFor annual leave {} approves all that is asked."
    page(workspace, says.format("Vera Holt"), other.format("Vera Holt"))
    number = reported(workspace, WHO, "Karl Brandt")
    page(workspace, says.format("Karl Brandt"), other.format("Vera Holt"))
    assert stands(workspace, number)[0] == "fix_submitted"
    page(workspace, says.format("Karl Brandt"), other.format("Karl Brandt"))
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_newer_page_that_outranks_a_wrong_one_mends_it_not(workspace):
    page(workspace, OWN.format("27 days"))
    number = reported(workspace)
    found = workspace.json("cases", "diagnose", number, "--as", "ann")
    assert (found["cause"], found["item"]) == ("content_error", "people-handbook/leave.md")
    page(workspace, OWN.format("28 days"), path="content/people/holidays.md", modified="2026-08-01")
    assert workspace.run("cases", "submit-fix", number, "--what", "it is written anew", "--as", "ann").code == 0
    assert workspace.run("sync").code == 0
    assert "28 days" in workspace.json("ask", QUESTION, "--as", "pat")["answer"]
    state, why = stands(workspace, number)
    assert state == "fix_submitted" and "still says elsewhere" in why
    workspace.remove(LEAVE)
    assert workspace.run("sync").code == 0
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_proven_page_that_says_the_old_value_again_elsewhere_is_looked_at_again(workspace):
    page(workspace, OWN.format("27 days"))
    number = reported(workspace)
    page(workspace, OWN.format("28 days"))
    assert stands(workspace, number) == ("fixed_confirmed", "")
    page(workspace, OWN.format("28 days"), "## Summary\n\nAnnual leave: 27 days a year for everyone.")
    state, why = stands(workspace, number)
    assert state == "regressed" and "still says elsewhere" in why
    by_hand = ("cases", "resolve", number, "--reason", "fixed", "--comment", "it is meant so", "--as", "ann")
    assert workspace.run(*by_hand).code == 0
    page(workspace, OWN.format("28 days"), "## Summary\n\nAnnual leave: 27 days a year for everyone.", "More below.")
    assert stands(workspace, number)[1] == ""


def test_what_is_written_on_a_new_page_is_seen_though_nobody_says_so(workspace):
    trace = workspace.json("ask", "What does a canoe cost a day?", "--as", "pat")["trace_id"]
    said = ("--reason", "missing", "--right-answer", "12 euros")
    number = str(workspace.json("correct", trace, "--as", "pat", *said)["corrections"][0]["case"])
    assert workspace.json("cases", "diagnose", number, "--as", "ann")["cause"] == "missing_content"
    workspace.write("content/people/boats.md", "# Boats\n\nA canoe costs 14 euros a day.\n")
    assert workspace.run("sync").code == 0
    assert stands(workspace, number)[0] == "new"
    workspace.write("content/people/boats.md", "# Boats\n\nA canoe costs 12 euros a day.\n")
    assert workspace.run("sync").code == 0
    assert stands(workspace, number) == ("fixed_confirmed", "") and "case.fixed_confirmed" in told(workspace, "pat")


def test_what_another_page_takes_out_of_the_way_is_seen(workspace):
    page(workspace, OWN.format("28 days"))
    page(workspace, OWN.format("27 days"), path="content/people/old.md", modified="2026-03-03")
    assert "27 days" in workspace.json("ask", QUESTION, "--as", "pat")["answer"]
    number = reported(workspace)
    workspace.remove("content/people/old.md")
    assert workspace.run("sync").code == 0
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_page_that_is_named_as_right_proves_nothing_beside_what_is_still_told(workspace):
    page(workspace, OWN.format("27 days"))
    trace = workspace.json("ask", QUESTION, "--as", "pat")["trace_id"]
    other = "# Days off\n\nEveryone receives 28 days of annual leave a year, says the calendar.\n"
    workspace.write("content/people/calendar.md", f"---\nmodified: 2025-01-01\n---\n{other}")
    assert workspace.run("sync").code == 0
    said = ("--reason", "outdated", "--evidence", "people-handbook/calendar.md")
    number = str(workspace.json("correct", trace, "--as", "pat", *said)["corrections"][0]["case"])
    page(workspace, "Everyone in the house receives 27 days of annual leave a year.")
    assert stands(workspace, number)[0] != "fixed_confirmed"


def test_a_page_that_still_allows_what_is_forbidden_is_for_a_person(workspace):
    dogs = "Dogs are {} in the office of the works council."
    again = "Rules of the house: in the office of the works council dogs are {}."
    page(workspace, dogs.format("allowed"), again.format("allowed"))
    number = reported(workspace, "Are dogs allowed in the office of the works council?", "no")
    page(workspace, dogs.format("not allowed"), again.format("allowed"))
    assert stands(workspace, number)[0] == "fix_submitted"
    page(workspace, dogs.format("not allowed"), again.format("not allowed"))
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_link_that_answers_show_nobody_is_for_a_person(workspace):
    page(workspace, "Annual leave is booked at https://old.example/leave.")
    number = reported(workspace, "Where is annual leave booked?", "https://new.example/leave")
    page(workspace, "Annual leave is booked at https://new.example/leave.")
    assert stands(workspace, number)[0] == "fix_submitted"


@pytest.mark.parametrize(
    "still",
    [
        "## Your {} of annual leave\n\nAsk your manager first.",
        "## How many days of annual leave does everyone receive?\n\n{}.",
        "## The calendar\n\nMark all 27 in the calendar for annual leave.",
        "## Questions\n\nHow much annual leave does everyone receive? Twenty-seven.",
    ],
)
def test_a_heading_an_answer_or_a_mere_number_that_still_says_it_is_for_a_person(workspace, still):
    page(workspace, OWN.format("27 days"), still.format("27 days"))
    number = reported(workspace)
    page(workspace, OWN.format("28 days"), still.format("27 days"))
    assert stands(workspace, number)[0] == "fix_submitted"


@pytest.mark.parametrize(
    "above",
    ["## Until 2025", "## For trainees only", "## Proposal", "The following is no longer valid.", "## Managers"],
)
def test_what_is_right_under_a_heading_that_bounds_it_is_for_a_person(workspace, above):
    page(workspace, OWN.format("27 days"))
    number = reported(workspace)
    page(workspace, above, OWN.format("28 days"))
    assert stands(workspace, number)[0] == "fix_submitted"
    page(workspace, "## How much", OWN.format("28 days"))
    assert stands(workspace, number) == ("fixed_confirmed", "")


def test_a_heading_that_was_there_before_bounds_nothing(workspace):
    page(workspace, "## Managers", OWN.format("27 days"))
    number = reported(workspace)
    page(workspace, "## Managers", OWN.format("28 days"))
    assert stands(workspace, number) == ("fixed_confirmed", "")


@pytest.mark.parametrize(
    ("wrong", "right", "mended"),
    [
        ("The archive is room 14.", "room 12", "The archive is room 12a."),
        ("The archive is on floor 4.", "floor 3", "The archive is on floor -3."),
        ("The archive opens on 3 May 2026.", "3 March", "The archive opens on 3 March 2019."),
        ("The archive is inspected every 3 years.", "every year", "The archive is inspected every 2 years."),
    ],
)
def test_nearly_what_is_right_proves_nothing(workspace, wrong, right, mended):
    page(workspace, wrong)
    question = {"room": "Which room is the archive?", "floor": "On which floor is the archive?"}.get(
        right.split()[0], "When does the archive open?" if "March" in right else "How often is the archive inspected?"
    )
    number = reported(workspace, question, right)
    page(workspace, mended)
    assert stands(workspace, number)[0] != "fixed_confirmed"
