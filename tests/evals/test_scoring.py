"""Golden questions over a small workspace: what is measured, what is undetermined, what leaks is seen."""

import json
from dataclasses import replace

import pytest

from concord.bootstrap import Concord
from concord_evals.figures import figures as figures_of
from concord_evals.figures import told
from concord_evals.golden import lines, main, report
from concord_evals.scorecards import Mark, Row
from concord_evals.scoring import applicable, observe, score, score_all
from concord_feedback import GoldenQuestion

LEAVE = GoldenQuestion(
    id="leave",
    question="How much annual leave does everybody have?",
    principal="user:pat",
    evidence=("hr/leave.md@1..",),
    values=("25 days",),
    conflict=False,
)
NOBODY = GoldenQuestion(id="nobody", question="Who is the mayor?", principal="user:pat", expect="abstain")


@pytest.fixture
def concord(synced_words):
    opened = Concord.open(synced_words)
    yield opened
    opened.close()


def test_every_metric_of_an_answered_question(concord):
    found = score(LEAVE, observe(concord, LEAVE))
    assert found.right is True and found.failed == ()
    assert found.cited[0] == "hr/leave.md@1" and found.ms is not None
    assert found.metrics["hit@1"] == found.metrics["mrr"] == found.metrics["passage_mrr"] == 1
    assert found.metrics["value_accuracy"] == found.metrics["citation_recall"] == 1
    assert set(found.metrics) == set(applicable(LEAVE))


def test_evidence_at_a_revision_that_is_gone_is_not_found(concord):
    older = LEAVE.model_copy(update={"evidence": ("hr/leave.md@7",)})
    found = score(older, observe(concord, older))
    assert found.right is False and "right_page_first" in found.failed
    assert found.metrics["hit@5"] == found.metrics["mrr"] == 0


def test_a_retrieval_that_found_nothing_fails_and_is_not_left_out(concord):
    observed = replace(observe(concord, LEAVE), passages=())
    assert score(LEAVE, observed).metrics["ndcg@10"] == score(LEAVE, observed).metrics["hit@1"] == 0


def test_what_cannot_be_asked_is_undetermined(concord):
    unknown = LEAVE.model_copy(update={"principal": "user:nobody"})
    elsewhere = LEAVE.model_copy(update={"id": "elsewhere", "use_case": "no-such-desk"})
    first, second = score_all(concord, [unknown, elsewhere])
    for each in (first, second):
        assert each.error and each.right is None
        assert set(each.metrics) == set(applicable(LEAVE)) and set(each.metrics.values()) == {None}
    figures = report([first, second, *score_all(concord, [LEAVE])])
    assert figures["unmeasured"] == 2
    assert figures["means"]["mrr"] == {"mean": None, "of": 3, "missing": 2}
    assert figures["totals"]["right_page_first"] == (1, 3)


def test_what_the_asker_may_not_read_counts_as_a_violation(concord):
    observed = replace(observe(concord, LEAVE), forbidden=frozenset({"hr/pay.md"}))
    found = score(LEAVE, observed)
    assert found.failed == ("only_readable",) and found.right is False
    assert report([found])["access_violations"] == 1


def test_what_is_to_be_kept_from_the_asker_and_is_not_is_a_violation_though_the_answer_is_about_another_page(concord):
    kept = NOBODY.model_copy(update={"evidence": ("hr/leave.md",)})
    gone = NOBODY.model_copy(update={"evidence": ("hr/never.md",)})
    told, missing = score_all(concord, [kept, gone])
    assert told.metrics["only_readable"] is False and told.metrics["evidence"] is True
    assert missing.metrics["only_readable"] is True and missing.metrics["evidence"] is False


def test_no_violation_is_told_where_any_question_was_not_looked_at(concord):
    observed = observe(concord, LEAVE)
    clean, leaked = score(LEAVE, observed), score(LEAVE, replace(observed, forbidden=frozenset({"hr/pay.md"})))
    [unasked] = score_all(concord, [LEAVE.model_copy(update={"principal": "user:nobody"})])
    for scores, violations, line in (
        ([clean], 0, "access violations 0"),
        ([clean, unasked], None, "access violations undetermined, 1 not measured"),
        ([clean, unasked, leaked], 1, "access violations 1, 1 not measured"),
        ([], None, "access violations undetermined"),
    ):
        figures = report(scores)
        assert figures["access_violations"] == violations and line in lines(figures)
    row = Row("access_violations", 1, True, told(figures_of([clean, unasked, leaked]), "access_violations"))
    assert row.mark is Mark.UNDETERMINED and replace(row, threshold=0).mark is Mark.MISSED


def test_a_page_of_an_unanswerable_question_has_to_stand_too(concord):
    kept = LEAVE.model_copy(update={"expect": "abstain", "evidence": ("hr/gone.md",), "values": ()})
    [found] = score_all(concord, [kept])
    assert found.metrics["evidence"] is False and found.right is False


@pytest.mark.parametrize(
    ("fallback", "by", "worded"),
    [(None, "llm", True), ("empty", "extractive", False), ("unreachable", "extractive", None)],
)
def test_a_model_that_said_nothing_is_not_measured(concord, fallback, by, worded):
    observed = observe(concord, LEAVE)
    found = score(LEAVE, replace(observed, answer=replace(observed.answer, composed_by=by, fallback=fallback)))
    assert found.metrics["worded"] is worded and found.right is worded
    assert "worded" not in score(LEAVE, observed).metrics


def test_outdated_evidence_fails(concord):
    assert score(LEAVE, replace(observe(concord, LEAVE), outdated=frozenset({"hr/leave.md"}))).failed == ("current",)


def test_someone_else_can_ask(concord):
    [found] = score_all(concord, [LEAVE], as_="nobody")
    assert found.error is not None


def test_the_report(synced_words, tmp_path, capsys):
    file = tmp_path / "set.jsonl"
    lines = [each.model_dump(mode="json", exclude_defaults=True) for each in (LEAVE, NOBODY)]
    file.write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    main([str(synced_words), str(file), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["right_page_first"] == [1, 1]
    # This workspace answers whatever it finds.
    assert told["abstention"] == {"precision": None, "recall": 0.0}
    main([str(synced_words), str(file)])
    shown = capsys.readouterr().out
    assert "right_page_first      1 of 1" in shown and "nobody: abstained" in shown
