from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from concord_feedback import Citation, Evidence, Stage, Trace, expired

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
TRACE = Trace(
    id="t-1",
    at=AT,
    principal="amara.osei",
    use_case="ask-people",
    question="How many days?",
    as_of=date(2026, 6, 1),
    policy_version="abc",
    stages=(Stage(name="search", started=0.5, ms=12.25, data={"hits": [{"id": "x", "score": 0.5}], "exact": True}),),
    evidence=(Evidence(identifier="s/a.md", revision=2, ordinal=0, text="27 days\u2028é", score=0.7),),
    answer="27 days [1]",
    citations=(Citation(number=1, identifier="s/a.md", revision=2, quote="27 days"),),
    conflicts=({"verdict": "resolved", "losers": ["s/b.md"]},),
)


def test_a_trace_survives_json() -> None:
    assert Trace.from_json(TRACE.to_json()) == TRACE


def test_stages_are_found_by_name() -> None:
    stage = TRACE.stage("search")
    assert stage is not None and stage.ms == 12.25
    assert TRACE.stage("compose") is None


@pytest.mark.parametrize("bad", [{"at": datetime(2026, 1, 1)}, {"principal": ""}, {"tokens": ["user:a"]}])
def test_a_trace_that_could_not_be_replayed_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Trace.model_validate(TRACE.model_dump() | bad)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValidationError):
        Stage(name="search", started=0, ms=float("nan"))
    with pytest.raises(ValidationError):
        Evidence(identifier="a", revision=1, ordinal=0, text="", score=float("inf"))


def test_retention_deletes_what_is_older() -> None:
    old = TRACE.model_copy(update={"id": "t-0", "at": AT - timedelta(days=90)})
    older = TRACE.model_copy(update={"id": "t-9", "at": AT - timedelta(days=91)})
    assert expired([TRACE, old, older], AT) == ["t-9", "t-0"]
    assert not TRACE.expired(AT)
