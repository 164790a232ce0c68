"""Runs, comparisons, questions and scorecards in the browser: nothing that the viewer may not read, for every eye."""

import json
import re
from dataclasses import dataclass

import httpx
import pytest

from concord.cli.main import run as concord_cli
from concord_evals import runs
from concord_evals.diagnosing import diagnosed
from concord_evals.suites import read_suites

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SECRET = "anzibar"
LEAVE = "How many days of annual leave does everyone receive?"

POLICY = """\
@id("all") permit (principal, action in [Action::"ask", Action::"read_items", Action::"read_traces"], resource);
@id("evaluations") permit (principal in Group::"staff", action == Action::"read_evaluations", resource);
"""
USE_CASE = """\
title: Ask People
audience: [group:staff, user:carl]
stakeholders:
  - {group: staff, title: Everybody, owner: "user:pat", at_least: {answered: 0.9}}
  - {group: leads, title: Leads, questions: all, at_least: {answered: 1.0, values: 1.0}, at_most: {ms_p95: 0}}
"""
QUESTIONS = [
    {"id": "leave", "question": LEAVE, "evidence": ["handbook/leave.md"], "values": ["27 days"], "group": "staff"},
    {"id": "days", "question": "How many days is leave?", "evidence": ["handbook/leave.md"], "values": ["99 days"]},
    {
        "id": "closing",
        "question": "When does the Zanzibar office close?",
        "principal": "user:ann",
        "evidence": ["handbook/closed/zanzibar.md"],
        "group": "leads",
    },
    {"id": "nowhere", "question": "Who dug the Zanzibar canal?", "principal": "user:ann", "expect": "abstain"},
]


@dataclass(frozen=True)
class Evaluated:
    """A served workspace with a run of each person's own, one that a contractor asked, and one of a question alone."""

    url: str
    first: str
    second: str
    few: str

    def get(self, who, path=""):
        headers = {"X-Concord-User": who, "Accept": "text/html"}
        return httpx.get(f"{self.url}/evaluations{path}", headers=headers, timeout=60)


@pytest.fixture(scope="module")
def evaluated(site):
    concord = site.app.state.live.current()
    for path, text in {"policies/mine.cedar": POLICY, "usecases/ask-people.yaml": USE_CASE}.items():
        (concord.folder / path).parent.mkdir(exist_ok=True)
        (concord.folder / path).write_text(text)
    (concord.folder / "evals").mkdir()
    lines = [json.dumps({"principal": "user:pat", "use_case": "ask-people", **each}) + "\n" for each in QUESTIONS]
    (concord.folder / "evals" / "set.jsonl").write_text("".join(lines))
    assert concord_cli(["--workspace", str(concord.folder), "apply"]) == 0
    concord = site.app.state.live.current()
    suites, questions = read_suites(concord.folder)
    made = []
    for as_, asked in ((None, questions), ("carl", questions), (None, questions[:1])):
        began = runs.begin(concord, suites, asked, "test", as_)
        runs.ask(concord, began)
        made.append(began.id)
        if as_ is not None:
            first = runs.scores(concord, runs.find(concord, made[0]))
            diagnosed(concord, first, began, runs.scores(concord, began))
    return Evaluated(site.url, *made)


def test_who_may_not_sees_no_evaluations(evaluated):
    assert evaluated.get("carl").status_code == 403
    assert evaluated.get("carl", f"/{evaluated.first}").status_code == 403
    home = httpx.get(evaluated.url, headers={"X-Concord-User": "carl", "Accept": "text/html"}, timeout=60).text
    assert "/evaluations" not in home


def test_runs_are_counted_over_the_questions_that_one_may_see(evaluated):
    pat, ann = evaluated.get("pat").text, evaluated.get("ann").text
    assert "1 of 2" in pat and "2 of 4" in ann and evaluated.first[:8] in pat
    shown = evaluated.get("pat", f"/{evaluated.first}").text
    assert (
        "1 of 2 questions right" in shown and SECRET not in shown and "closing" not in shown and "nowhere" not in shown
    )
    assert SECRET in evaluated.get("ann", f"/{evaluated.first}").text


@pytest.mark.parametrize("question", ["closing", "nowhere", "none"])
def test_a_question_about_what_one_may_not_read_is_not_there(evaluated, question):
    answer = evaluated.get("pat", f"/{evaluated.first}/questions/{question}")
    assert answer.status_code == 404 and SECRET not in answer.text
    assert "There is no such page for you" in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/nothing/scorecards", "/compare?baseline=none&candidate=last", "/nothing/questions/leave"]
)
def test_what_is_not_there_is_a_page(evaluated, path):
    assert evaluated.get("pat", path).status_code == 404


def test_a_question_leads_to_its_pages_and_to_its_trace(evaluated):
    mine = evaluated.get("pat", f"/{evaluated.first}/questions/leave").text
    assert "/items/handbook/leave.md?revision=" in mine and "27 days" in mine
    [trace] = set(re.findall(r"/traces/[\w-]+", mine))
    headers = {"X-Concord-User": "pat", "Accept": "text/html"}
    assert httpx.get(evaluated.url + trace, headers=headers, timeout=60).status_code == 200
    # Another's trace is for another.
    assert "/traces/" not in evaluated.get("ann", f"/{evaluated.first}/questions/leave").text
    carls = evaluated.get("ann", f"/{evaluated.second}/questions/leave").text
    assert "Not right" in carls and "/traces/" not in carls


def test_two_runs_tell_what_flipped_and_where(evaluated):
    shown = evaluated.get("pat", f"/compare?baseline={evaluated.first}&candidate={evaluated.second}").text
    assert "Questions that flipped" in shown and LEAVE in shown and SECRET not in shown
    row = next(each for each in shown.split("<tr>") if LEAVE in each)
    assert "Answered" in row and "<td>who may read</td>" in row
    same = evaluated.get("pat", f"/compare?baseline={evaluated.first}&candidate={evaluated.first}").text
    assert "Nothing that answers depend on." in same


def test_what_a_run_did_not_ask_is_missing_and_no_reason_to_pass(evaluated):
    shown = evaluated.get("pat", f"/compare?baseline={evaluated.first}&candidate={evaluated.few}").text
    whole = next(each for each in shown.split("<tr>") if "Everything right" in each)
    assert "Inconclusive" in whole and "1 not measured" in whole and SECRET not in shown


def test_scorecards_stand_side_by_side_and_tell_what_is_not_agreed_on(evaluated):
    shown = evaluated.get("pat", f"/{evaluated.first}/scorecards").text
    assert "Everybody" in shown and "Leads" in shown and "Pat Moss" in shown
    assert "Some groups accept it as it is, and others do not." in shown
    # The leads judge every question that is seen: three to Ann, two to Pat.
    assert "2 questions" in shown and "4 questions" in evaluated.get("ann", f"/{evaluated.first}/scorecards").text


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_no_violation_of_wcag(evaluated, tab, axe, theme, width):
    here, found = tab("ann", theme=theme, width=width), {}
    here.page.add_init_script(axe)
    first, second = evaluated.first, evaluated.second
    paths = ("", f"/{first}", f"/{first}/scorecards", f"/{first}/questions/leave", f"/{second}/questions/leave")
    for path in (*paths, f"/compare?baseline={first}&candidate={second}"):
        here.go(f"/evaluations{path}")
        here.page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        height = here.page.evaluate("document.documentElement.scrollHeight")
        here.page.set_viewport_size({"width": width, "height": max(844, height)})
        options = {"runOnly": {"type": "tag", "values": WCAG}}
        result = here.page.evaluate("(options) => axe.run(document, options)", options)
        where = [(each["id"], node["html"][:200]) for each in result["violations"] for node in each["nodes"]]
        wide = here.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if where or wide > 0:
            found[path] = (where, wide)
    assert not found


def test_two_runs_are_chosen_and_compared_by_hand(evaluated, tab):
    here = tab("ann")
    here.go()
    here.page.get_by_role("link", name="Evaluations").first.click()
    here.page.get_by_role("button", name="Compare").click()
    here.page.get_by_role("heading", name="Two runs side by side").wait_for()
    here.page.locator("main table a").first.click()
    here.page.get_by_role("heading", name="What was expected").wait_for()
