"""`--as-of` and `concord item --history`, as a person sees them."""

import json

import pytest

from concord.cli.differences import differences, words

LEAVE = "handbook/leave.md"


def run(past, *arguments, who="pat"):
    past.close()
    return past.workspace.run(*arguments, "--as", who)


def test_search_and_ask_as_of_a_day(past):
    found = run(past, "search", "annual leave", "--as-of", "2023-06-01").out
    assert f"{LEAVE}@2" in found and "held 2022-05-01 to 2023-12-31" in found and "26 days" in found
    data = json.loads(run(past, "search", "annual leave", "--as-of", "2023-06-01", "--json").out)
    assert [each["held"] for each in data] == [{"from": "2022-05-01", "until": "2024-01-01"}]
    past.workspace.write("concord.yaml", "embedding: {runtime: hashing}\nanswer: {min_confidence: 0.0}\n")
    told = run(past, "ask", "How many days of annual leave are there?", "--as-of", "2023-06-01").out
    assert told.startswith("As of 2023-06-01:") and f"{LEAVE}@2, held 2022-05-01 to 2023-12-31" in told
    nothing = run(past, "ask", "How many days of annual leave are there?", "--as-of", "2019-06-01").out
    assert nothing == "No answer. Of what you may read about this, no version is known that held on that day.\n"


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("day", "problem"), [("yesterday", "takes a date"), ("2023-02-30", "takes a date"), ("2999-01-01", "still to come")]
)
def test_a_day_that_cannot_be_is_told_on_one_line(past, command, day, problem):
    done = run(past, command, "annual leave", "--as-of", day)
    assert done.code == 2 and done.out == "" and done.err.count("\n") == 1 and problem in done.err


def test_the_history_of_an_item_with_what_changed(past):
    lines = run(past, "item", LEAVE, "--history").out.splitlines()
    assert lines[:2] == ["Annual leave", f"{LEAVE}: 3 revisions"]
    assert "@3  since 2024-01-01  (current)" in lines and "@1  2020-03-01 to 2022-04-30" in lines
    assert "    ~ Everyone receives [-25-]{+26+} days of annual leave a year." in lines
    data = json.loads(run(past, "item", LEAVE, "--history", "--json").out)
    assert [each["revision"] for each in data["revisions"]] == [3, 2, 1]
    assert data["revisions"][2]["differences"] == [] and data["revisions"][0]["state"] == "current"


def test_a_revision_of_an_item(past):
    assert "25 days" in run(past, "item", f"{LEAVE}@1", "--text").out
    assert "27 days" in run(past, "item", f"{LEAVE}@3", "--text").out
    assert "27 days" in run(past, "item", f"{LEAVE}@2..", "--text").out
    shown = run(past, "item", f"{LEAVE}@1").out
    assert "Held 2020-03-01 to 2022-04-30" in shown
    data = json.loads(run(past, "item", f"{LEAVE}@1", "--json").out)
    assert data["item"]["revision"] == 1 and data["held"] == {"from": "2020-03-01", "until": "2022-05-01"}
    done = run(past, "item", f"{LEAVE}@7")
    assert done.code == 2 and "has no revision 7: its revisions are 1 to 3" in done.err


@pytest.mark.parametrize("arguments", [(f"{LEAVE}@1",), (f"{LEAVE}@7",), (LEAVE, "--history")])
def test_who_may_not_read_it_is_told_what_one_is_told_of_nothing(past, arguments):
    hidden = run(past, "item", *arguments, who="carl")
    missing = run(past, "item", *(each.replace("leave", "gone") for each in arguments), who="carl")
    assert hidden.code == missing.code == 2 and hidden.out == missing.out == ""
    assert hidden.err.replace("leave.md", "gone.md") == missing.err


def test_history_goes_with_json_alone(past):
    assert run(past, "item", LEAVE, "--history", "--text").code == 2


def test_differences_mark_words_and_leave_out_what_is_the_same():
    before = "# Title\n\nOne two three four.\n\nStays.\n\nStays too.\n\nGoes away entirely.\n"
    after = "# Title\n\nOne two 3 four.\n\nStays.\n\nStays too.\n\nSomething else is here now.\n"
    assert differences(before, after) == [
        "~ One two [-three-]{+3+} four.",
        "…",
        "- Goes away entirely.",
        "+ Something else is here now.",
    ]
    assert differences(before, before) == [] and words("a b", "a c") == "a [-b-]{+c+}"
