"""Scorecards: each group by its own questions and thresholds, and what they do not agree on."""

import json
from datetime import UTC, datetime

import pytest

from concord.catalog.evaluations import Judgement
from concord.cli.main import run as concord_cli
from concord.usecases import Stakeholder, read_use_cases, stakeholders
from concord.workspace import Declarations, FileProblem
from concord_evals.figures import figures
from concord_evals.judging.model import LOWER_IS_BETTER, METRICS
from concord_evals.runs import Run
from concord_evals.scorecards import scorecards
from concord_evals.scoring import CHECKS, Score
from concord_feedback import GoldenQuestion


def run_of(asked, *groups):
    """A run of questions by group, with the stakeholders of one use case."""
    questions = tuple(
        GoldenQuestion(id=name, question="?", principal="user:pat", reference="x", use_case="desk", group=group)
        for name, group, _ in asked
    )
    scores = [Score(name, "?", metrics, ms=100.0, cost=0.0) for name, _, metrics in asked]
    made = tuple(Stakeholder.model_validate(each) for each in groups)
    return Run("r", datetime.now(UTC), "t", ("s",), questions, {}, stakeholders={"desk": made}), scores


ASKED = [
    ("a", "staff", {"answered": True, "mrr": 1.0}),
    ("b", "staff", {"answered": True, "mrr": 0.5}),
    ("c", "legal", {"answered": False, "mrr": 0.5}),
    ("d", None, {"answered": False, "mrr": 0.0}),
]
STAFF = {"group": "staff", "at_least": {"answered": 1.0}}
LEGAL = {"group": "legal", "title": "Counsel", "at_least": {"answered": 0.5}, "at_most": {"ms_p95": 50}}


def test_each_group_is_shown_by_its_own_questions_and_thresholds():
    [card] = scorecards(*run_of(ASKED, STAFF, LEGAL))
    staff, legal = card.cards
    assert (staff.questions, staff.mark, legal.questions, legal.mark) == (2, "met", 1, "missed")
    assert [(each.metric, each.mark) for each in legal.rows] == [("answered", "missed"), ("ms_p95", "missed")]
    assert staff.others["ms_p95"].value == 100 and card.divided
    [apart] = card.disagreements
    assert (apart.metric, apart.why) == ("answered", "outcome")
    assert apart.sides == (("staff", 1.0, 1.0, "met"), ("legal", 0.0, 0.5, "missed"))


def test_a_group_may_judge_every_question_of_the_use_case():
    [card] = scorecards(*run_of(ASKED, {**STAFF, "questions": "all"}))
    assert card.cards[0].questions == 4 and card.cards[0].rows[0].figure.value == 0.5 and not card.divided


def test_figures_that_would_not_do_for_another_group_are_told():
    [card] = scorecards(
        *run_of(ASKED, {"group": "staff", "at_least": {"mrr": 0.7}}, {"group": "legal", "at_least": {"mrr": 0.4}})
    )
    assert [each.mark for each in card.cards] == ["met", "met"] and not card.divided
    assert [(each.metric, each.why) for each in card.disagreements] == [("mrr", "threshold")]


def test_what_was_not_measured_accepts_nothing():
    asked = [("a", "staff", {"answered": None}), ("b", "staff", {"answered": True})]
    [card] = scorecards(*run_of(asked, STAFF, {"group": "nobody", "at_least": {"answered": 0.1}}))
    assert [each.mark for each in card.cards] == ["undetermined", "undetermined"]
    assert [(each.rows[0].figure.of, each.rows[0].figure.missing) for each in card.cards] == [(2, 1), (0, 0)]


def test_metrics_of_ragas_count_where_one_judge_gave_them():
    asks = {"group": "staff", "at_least": {"faithfulness": 0.8}}
    run, scores = run_of(ASKED, asks)

    def given(judge, *values):
        return [
            Judgement(name, "faithfulness", judge, value, None, ()) for name, value in zip("ab", values, strict=True)
        ]

    def mark(judgements):
        return scorecards(run, scores, judgements)[0].cards[0].mark

    assert mark(given("x", 1.0, 0.7)) == "met" and mark(given("x", 0.6, 0.7)) == "missed"
    assert mark([]) == mark(given("x", 1.0, None)) == mark(given("x", 1, 1) + given("y", 1, 1)) == "undetermined"


def test_a_cost_that_is_not_known_of_every_question_is_none():
    scores = [Score("a", "?", {}, ms=1, cost=0.5), Score("b", "?", {}, ms=1, cost=None)]
    assert figures(scores)["cost_total"].value is None and figures(scores)["cost_total"].missing == 1
    assert figures(scores[:1])["cost_total"].value == 0.5


def test_what_stakeholders_may_ask_for_is_what_is_measured():
    measured = {name for name in figures([Score("a", "?", {})]) if name not in stakeholders.LIMITS}
    ragas = METRICS.keys() - LOWER_IS_BETTER
    scores = {f"{part}{name}" for part in ("", "passage_") for name in ("hit@1", "hit@5", "recall@5", "mrr", "ndcg@10")}
    others = {"citation_precision", "citation_recall", "value_accuracy"}
    assert {*CHECKS, *scores, *others, *measured, *ragas} == stakeholders.SHARES
    resources = {"access_violations", "ms_p50", "ms_p95", "cost_mean", "cost_total"}
    assert {*resources, *LOWER_IS_BETTER} == stakeholders.LIMITS


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{group: a}", "a asks for nothing"),
        ("{group: a, at_least: {nice: 1}}", "no metric 'nice'"),
        ("{group: a, at_least: {ms_p95: 1}}", "ms_p95 stands under at_most"),
        ("{group: a, at_most: {answered: 1}}", "answered stands under at_least"),
        ("{group: a, at_least: {answered: 90}}", "90.0 is no share"),
        ("{group: a, at_most: {ms_p95: -1}}", "-1.0 is no limit"),
        ("{group: a, at_most: {ms_p95: .inf}}", "inf is no limit"),
        ("{group: a, at_least: {answered: 1}}, {group: a, at_least: {answered: 1}}", "a stands twice"),
        ("{group: a, at_least: {answered: 1}, weight: 2}", "there is no such key"),
    ],
)
def test_a_scorecard_that_cannot_be_is_refused(written, told):
    with pytest.raises(FileProblem, match=told):
        read_use_cases(Declarations({"usecases/a.yaml": f"title: A\nstakeholders: [{written}]\n"}))


def test_the_command_shows_what_was_declared_when_the_run_began(words_copy, capsys):
    def cli(*arguments):
        code = concord_cli(["--workspace", str(words_copy), *arguments])
        return code, *capsys.readouterr()

    (words_copy / "usecases").mkdir(exist_ok=True)
    use_case = "title: Desk\naudience: [everyone]\nstakeholders:\n  - {group: staff, at_least: {answered: 0.5}}\n"
    (words_copy / "usecases" / "desk.yaml").write_text(use_case + "  - {group: legal, at_most: {ms_p95: 0}}\n")
    asked = {"question": "How much annual leave?", "principal": "user:pat", "use_case": "desk", "reference": "25 days"}
    (words_copy / "evals").mkdir()
    lines = [{"id": name, "group": name, **asked} for name in ("staff", "legal")]
    (words_copy / "evals" / "set.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    assert cli("apply")[0] == 0 and cli("sync")[0] == 0 and cli("eval", "run")[0] == 0
    code, out, _ = cli("eval", "scorecard", "--json")
    [card] = json.loads(out)["scorecards"]
    assert code == 0 and card["divided"] and [each["verdict"] for each in card["groups"]] == ["met", "missed"]
    (words_copy / "usecases" / "desk.yaml").write_text(use_case.replace("0.5", "1.0"))
    assert cli("apply")[0] == 0
    _, shown, _ = cli("eval", "scorecard")
    assert "desk:" in shown and "at least 0.5" in shown and "some groups accept it as it is" in shown
    assert cli("eval", "scorecard", "--use-case", "other")[0] == 2
