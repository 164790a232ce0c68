"""Every probe finds its cause at its stage, and one that could not run makes the whole undetermined."""

from dataclasses import replace

import pytest

from concord_feedback.causes import RootCause
from concord_feedback.diagnosis import (
    PROBES,
    Answered,
    CannotProbe,
    Composed,
    Cut,
    Doubted,
    Filtered,
    Held,
    Outcome,
    Retrieved,
    Sourced,
    Weighed,
    Worded,
    diagnose,
)
from concord_feedback.meaning import CAUSES

WRONG, RIGHT = Answered(False, 0, 1, cited=("p/b",)), Answered(False, 1, 1, cited=("p/a",))
A = ("p/a",)


class Replayed:
    """A replay in which nothing is wrong but what a test says; what is an exception is raised."""

    def __init__(self, **stages):
        self.stages = {
            "traced": WRONG,
            "answered": WRONG,
            "doubted": Doubted(),
            "held": Held(A),
            "sourced": Sourced(3),
            "filtered": Filtered(A, A),
            "worded": Worded((), named=True),
            "cut": Cut(0.8, 0.8, 0.9, cut=True),
            "retrieved": Retrieved(A, A, 50),
            "weighed": Weighed(A),
            "composed": Composed(A, A),
            **stages,
        }

    def __getattr__(self, name):
        def look():
            found = self.stages[name]
            if isinstance(found, Exception):
                raise found
            return found

        return look


@pytest.mark.parametrize(
    ("cause", "stages"),
    [
        (RootCause.INVALID_FEEDBACK, {"traced": RIGHT}),
        (RootCause.WRONG_FORMAT, {"traced": replace(RIGHT, literally=False)}),
        (RootCause.HALLUCINATION, {"traced": replace(WRONG, unsupported=("It is 40 days.",))}),
        (RootCause.STALE_CONTENT, {"doubted": Doubted(overdue=A)}),
        (RootCause.STALE_CONTENT, {"doubted": Doubted(replaced=("p/a", "p/b"))}),
        (RootCause.SOURCE_CONFLICT, {"doubted": Doubted(contradicted=("p/a", "q/b"))}),
        (RootCause.INGESTION_ERROR, {"held": Held((), quarantined=A)}),
        (RootCause.INGESTION_ERROR, {"held": Held((), rivals=A), "sourced": Sourced(3, A)}),
        (RootCause.INGESTION_ERROR, {"held": Held(("q/b",), sure=False), "sourced": Sourced(3, A)}),
        (RootCause.MISSING_CONTENT, {"held": Held(("q/b",), gone=A, sure=False)}),
        (RootCause.STALE_CONTENT, {"held": Held((), rivals=A, overdue=A)}),
        (RootCause.CONTENT_ERROR, {"held": Held((), rivals=A)}),
        (RootCause.MISSING_CONTENT, {"held": Held(())}),
        (RootCause.MISSING_CONTENT, {"held": Held((), gone=A, rivals=("q/b",))}),
        (RootCause.ACCESS_FILTERED, {"filtered": Filtered((), ())}),
        (RootCause.TAXONOMY_GAP, {"filtered": Filtered(A, (), retagged=A)}),
        (RootCause.FILTER_EXCLUDED, {"filtered": Filtered(A, ())}),
        (RootCause.SOURCE_CONFLICT, {"weighed": Weighed(A, against=("q/b",))}),
        (RootCause.STALE_CONTENT, {"weighed": Weighed(A, against=("p/b",), older=True)}),
        (RootCause.AUTHORITY_MISCONFIGURED, {"weighed": Weighed(A, against=("q/b",), rule="source_ranking")}),
        (RootCause.AUTHORITY_MISCONFIGURED, {"weighed": Weighed((), superseded=A)}),
        (RootCause.INCORRECT_SPECIFICITY, {"weighed": Weighed(A, by_scope=True)}),
        (RootCause.INCOMPLETE, {"answered": Answered(False, 1, 2)}),
        (RootCause.TAXONOMY_GAP, {"worded": Worded(("pto",), named=False, with_labels=RIGHT, label="leave")}),
        (RootCause.CHUNK_SPLIT, {"cut": Cut(0.0, 0.2, 0.8, cut=True)}),
        (RootCause.CHUNK_SPLIT, {"cut": Cut(0.0, 0.2, 0.3, cut=True, beside=True)}),
        (RootCause.MISSED_TOP_RANK, {"retrieved": Retrieved((), A)}),
        (RootCause.RETRIEVAL_MISS, {"retrieved": Retrieved(())}),
        (RootCause.NOT_EXTRACTED, {"composed": Composed(A, ())}),
        (RootCause.NOT_IN_CONTEXT, {"composed": Composed((), ())}),
        (RootCause.NOT_EXTRACTED, {}),
    ],
)
def test_the_first_stage_at_which_it_disappears_is_the_cause(cause, stages):
    found = diagnose(Replayed(**stages))
    assert found.cause is cause
    outcomes = [each.outcome for each in found.probes]
    place = outcomes.index(Outcome.FAILED)
    assert outcomes == [Outcome.PASSED] * place + [Outcome.FAILED] + [Outcome.NOT_NEEDED] * (len(PROBES) - place - 1)


def test_a_stage_that_cannot_be_looked_at_is_never_healthy():
    for stage in ("traced", "doubted", "held", "filtered", "weighed", "worded", "cut", "retrieved", "composed"):
        found = diagnose(Replayed(**{stage: CannotProbe("it is out of reach")}))
        assert found.cause is RootCause.UNDETERMINED, stage
        assert [each.saw for each in found.probes if each.outcome is Outcome.COULD_NOT_RUN] == ["it is out of reach"]
    found = diagnose(Replayed(held=Held(()), sourced=CannotProbe("the source is down")))
    assert found.cause is RootCause.UNDETERMINED


def test_an_answer_that_quoted_nothing_is_not_said_to_have_quoted_another_sentence():
    for abstained, quoted in ((True, "nothing"), (False, "another")):
        found = diagnose(Replayed(answered=replace(WRONG, abstained=abstained)))
        assert found.probes[-1].saw == f"its sentence was there, and {quoted} was quoted"


def test_every_cause_is_told_in_words():
    assert CAUSES.keys() == {each.value for each in RootCause}


def test_what_is_answered_rightly_by_now_cannot_be_diagnosed():
    assert diagnose(Replayed(answered=RIGHT)).cause is RootCause.UNDETERMINED


def test_an_answer_that_takes_no_side_is_not_right():
    assert not replace(RIGHT, torn=True).right
    assert diagnose(Replayed(traced=replace(RIGHT, torn=True))).cause is not RootCause.INVALID_FEEDBACK
