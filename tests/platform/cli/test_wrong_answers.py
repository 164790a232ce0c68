"""Answers that are sure and wrong: stale, in conflict, ranked the wrong way round, of another scope."""

import json

import pytest

from concord.bootstrap import Concord
from concord.bootstrap.diagnosing import Diagnoser

from .faults import LEAVE, OTHER, QUESTION, SAYS_24, conflicting, misranked, overdue


def scoped(workspace):
    workspace.remove("content/people/leave-2024.md")
    workspace.write("content/people/leave.md", SAYS_24.replace("Everyone receives 24", "A crane operator receives 27"))
    workspace.write("content/people/clerks.md", SAYS_24.replace("Everyone receives 24", "A customs clerk receives 20"))


@pytest.mark.parametrize(
    ("wrong", "right", "cause", "item", "saw"),
    [
        (overdue, "30 days", "stale_content", LEAVE, "past its review"),
        (conflicting, "27 days", "source_conflict", OTHER, "no rule decides"),
        (misranked, "27 days", "authority_misconfigured", OTHER, "loses by the rule source_ranking"),
        (scoped, "20 days", "incorrect_specificity", "people-handbook/clerks.md", "in another scope"),
    ],
)
def test_an_answer_that_is_sure_and_wrong_has_a_cause(synced_copy, wrong, right, cause, item, saw):
    synced_copy.replace("principals.yaml", "groups: [people-leads]", "groups: [people-leads, finance]")
    wrong(synced_copy)
    workspace = synced_copy.ready()
    answer = json.loads(workspace.run("ask", QUESTION, "--as", "fay", "--json").out)
    assert not answer["abstained"]
    done = workspace.run("correct", answer["trace_id"], "--as", "fay", "--right-answer", right, "--json")
    number = json.loads(done.out)["corrections"][0]["case"]
    found = json.loads(workspace.run("cases", "diagnose", str(number), "--as", "ann", "--json").out)
    assert found["cause"] == cause
    (failed,) = [each for each in found["diagnosis"] if each["outcome"] == "failed"]
    assert saw in failed["saw"] and failed["items"] == [item]


@pytest.fixture
def told(synced_copy):
    """The causes of reports of one person, by page, question and right answer: what is told is wrong on the page."""

    def diagnosed(pages):
        for number, (body, _, _) in enumerate(pages):
            synced_copy.write(f"content/people/wrong-{number}.md", f"# Page {'ABCDEFGHIJ'[number]}\n\n{body}\n")
        workspace, found = synced_copy.ready(), []
        for _, question, right in pages:
            made = workspace.json("cases", "diagnose", str(reported(workspace, question, right)), "--as", "ann")
            items = [each["items"] for each in made["diagnosis"] if each["outcome"] == "failed"]
            found.append((made["cause"], items[0] if items else []))
        return found

    return diagnosed


PAGES = [
    ("The lost property office is in room 14.", "In which room is the lost property office?", "room 12"),
    ("The porter is reached at extension 5550.", "At which extension is the porter reached?", "5551"),
    (
        "The address for bread orders is shop@bakery.shop.",
        "What is the address for bread orders?",
        "orders@bakery.shop",
    ),
    ("The cellar keys are kept by Bob Miller.", "By whom are the cellar keys kept?", "Anna Smith"),
    ("Parcels are sent with form A1.", "With which form are parcels sent?", "form B2"),
]


def test_a_page_with_another_number_name_or_address_is_wrong(told):
    assert told(PAGES) == [("content_error", [f"people-handbook/wrong-{each}.md"]) for each in range(len(PAGES))]


def reported(workspace, question, right):
    """The number of the case of what one person says is right."""
    trace = workspace.json("ask", question, "--as", "fay")["trace_id"]
    return workspace.json("correct", trace, "--as", "fay", "--right-answer", right)["corrections"][0]["case"]


def found_of(workspace, question, right):
    """What a diagnosis says that the case is about, whoever may read it."""
    case = reported(workspace, question, right)
    concord = Concord.open(workspace.folder)
    try:
        made, _ = Diagnoser(concord).case(case, "user:ann")
    finally:
        concord.close()
    return made.about


def test_a_neighbour_with_the_same_value_is_not_the_page_that_answered(synced_copy):
    synced_copy.write("content/people/ladder.md", "# Ladder\n\nA ladder costs 30 euros.\n")
    synced_copy.write("content/people/fryer.md", "# Fryer\n\nA fryer costs 20 euros.\n")
    workspace = synced_copy.ready()
    workspace.remove("content/people/ladder.md")
    assert workspace.run("sync").code == 0
    workspace.write("content/people/fryer.md", "# Fryer\n\nA fryer costs 30 euros.\n")
    about = found_of(workspace, "How much does a ladder cost?", "30 euros")
    assert (about.cause, about.item) == ("missing_content", "people-handbook/ladder.md")


def test_a_restricted_page_with_the_bare_value_of_something_else_hides_nothing(synced_copy):
    factors = "| Port | Factor |\n|---|---|\n| Hamburg | 1.08 |\n"
    synced_copy.write("content/people/restricted/factors.md", f"# Factors\n\n{factors}")
    workspace = synced_copy.ready()
    assert found_of(workspace, "In which room is the service desk of Hamburg?", "1.08").cause == "missing_content"


def test_a_page_with_another_number_in_the_cell_of_a_row_is_wrong(told):
    ovens = "| Oven | Number |\n|---|---|\n| stone oven | 17 |\n| deck oven | 23 |"
    found = told([(ovens, "Which number has the stone oven?", "19")])
    assert found == [("content_error", ["people-handbook/wrong-0.md"])]


WORDED = [
    ("The colour printer stands in the post room.", "Where does the colour printer stand?", "in the library"),
    ("The steam oven stands in the yard.", "Where does the steam oven stand?", "The steam oven stands in the cellar."),
    ("Parrots are allowed in the bakery.", "Are parrots allowed in the bakery?", "no"),
]


def test_a_page_that_answers_the_very_question_in_other_words_is_wrong_and_not_missing(told):
    assert told(WORDED) == [("content_error", [f"people-handbook/wrong-{each}.md"]) for each in range(len(WORDED))]


def test_two_pages_that_allow_and_forbid_are_in_conflict_where_yes_or_no_is_right(synced_copy):
    synced_copy.write("content/people/parrots.md", "# Animals\n\nParrots are allowed in the bakery.\n")
    synced_copy.write("content/people/rules.md", "# Rules\n\nParrots are not allowed in the bakery.\n")
    workspace = synced_copy.ready()
    about = found_of(workspace, "Are parrots allowed in the bakery?", "no")
    assert about.cause == "source_conflict"


@pytest.mark.parametrize(
    ("question", "says", "right"),
    [
        ("By whom is the choir of the port led?", "The choir of the port is led by {}.", ("Lea Kern", "Max Roth")),
        ("By whom are flowers paid?", "Flowers are paid by {}.", ("the company", "the team")),
    ],
)
def test_two_pages_that_are_both_quoted_with_other_words_are_in_conflict(synced_copy, question, says, right):
    synced_copy.write("content/people/one.md", f"# Customs\n\n{says.format(right[0])}\n")
    synced_copy.write("content/people/other.md", f"# Customs\n\n{says.format(right[1])}\n")
    workspace = synced_copy.ready()
    told = workspace.json("ask", question, "--as", "fay")["answer"]
    assert right[0] in told and right[1] in told
    assert found_of(workspace, question, right[0]).cause == "source_conflict"


def test_a_word_on_a_page_about_something_else_is_not_what_was_left_unread(synced_copy):
    synced_copy.write("content/people/badges.md", "# Badges\n\nVisitors wear a blue badge.\n")
    synced_copy.write("content/people/bins.md", "# Waste\n\nThe turquoise bin is for glass.\n")
    about = found_of(synced_copy.ready(), "Which badge do visitors wear?", "turquoise")
    assert (about.cause, about.item) == ("content_error", "people-handbook/badges.md")


@pytest.mark.parametrize("number", ["14", "fourteen"])
def test_a_mere_number_is_of_the_unit_that_is_asked_for(told, number):
    page, asked = (
        "Everyone receives 12 days of adoption leave.",
        "How many days of adoption leave does everyone receive?",
    )
    assert told([(page, asked, number)]) == [("content_error", ["people-handbook/wrong-0.md"])]


def test_a_page_that_was_cited_about_something_else_leaves_what_is_asked_missing(synced_copy):
    synced_copy.write("content/people/printer.md", "# Printer\n\nThe colour printer stands in the post room.\n")
    workspace, question = synced_copy.ready(), "Who empties the colour printer in the post room?"
    assert not workspace.json("ask", question, "--as", "fay")["abstained"]
    assert found_of(workspace, question, "the caretaker").cause == "missing_content"


@pytest.mark.parametrize("reason", ["not_for_me", "wrong"])
@pytest.mark.parametrize(
    ("one", "other"), [("Office staff", "Drivers"), ("A customs clerk", "A crane operator"), ("Clerks", "Trainees")]
)
def test_one_page_that_says_it_for_several_has_told_it_for_another(synced_copy, one, other, reason):
    synced_copy.remove("content/people/leave-2024.md")
    says = "{} receive {} days of annual leave a year."
    body = f"# Annual leave\n\n{says.format(one, 27)}\n\n{says.format(other, 33)}\n"
    synced_copy.write("content/people/leave.md", body)
    workspace = synced_copy.ready()
    asked = workspace.json("ask", "How many days of annual leave do I get?", "--as", "fay")
    right = "27 days" if "33 days" in asked["answer"] else "33 days"
    options = ("--right-answer", right, "--reason", reason)
    made = workspace.json("correct", asked["trace_id"], "--as", "fay", *options)
    found = workspace.json("cases", "diagnose", str(made["corrections"][0]["case"]), "--as", "ann")
    assert (found["cause"], found["item"], found["role"]) == ("incorrect_specificity", LEAVE, "owner")


def test_another_matter_on_the_page_is_no_other_scope(synced_copy):
    synced_copy.remove("content/people/leave-2024.md")
    body = "# Annual leave\n\nAnnual leave is 27 days a year.\n\nSick leave is paid for 33 days a year.\n"
    synced_copy.write("content/people/leave.md", body)
    workspace = synced_copy.ready()
    asked = workspace.json("ask", "How many days of annual leave do I get?", "--as", "fay")
    made = workspace.json("correct", asked["trace_id"], "--as", "fay", "--right-answer", "33 days")
    found = workspace.json("cases", "diagnose", str(made["corrections"][0]["case"]), "--as", "ann")
    assert found["cause"] != "incorrect_specificity"
