"""An answer while it is made: evidence, text, all of it; and nothing that the whole answer does not say."""

import asyncio
import json
import threading
import time
from datetime import date

import pytest
from sqlalchemy import select

from concord.answering.events import Answered, EvidenceFound, TextDelta
from concord.catalog.engine import reading
from concord.catalog.schema import traces
from concord.catalog.traces import load_trace
from concord.governance import activation
from concord.retrieval.errors import DateToCome
from concord.service.work import Work
from concord.usecases import UnknownUseCase
from concord_feedback.traces import Trace

ASKED = "How many days of annual leave does everyone receive?"
POLICY = "# Annual leave\n\nEveryone receives 27 days of annual leave a year.\n"
TIE = {"policies/one.md": POLICY, "policies/two.md": POLICY.replace("27", "26")}


@pytest.fixture(autouse=True)
def _however_sure(monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")


def stream(house, who="pat", question=ASKED, **other):
    return list(house.concord.stream(question, house.principal(who), **other))


def without_trace(answer):
    return {name: value for name, value in answer.to_json().items() if name not in ("trace_id", "timings_ms")}


def test_evidence_comes_first_then_whole_sentences_then_the_answer(answering):
    house = answering(TIE)
    found, *deltas, answered = stream(house)
    assert isinstance(found, EvidenceFound) and isinstance(answered, Answered)
    assert len(deltas) == 2 and all(isinstance(each, TextDelta) for each in deltas)
    answer = answered.answer
    assert "".join(each.text for each in deltas) == answer.text
    assert [each.text[:5] for each in deltas] == ["Every", " Ever"] and deltas[0].text.endswith("a year. [1]")
    assert found.citations == answer.citations and found.conflicts == answer.conflicts
    assert [each.decision.verdict for each in found.conflicts] == ["unresolved"]
    assert without_trace(answer) == without_trace(house.concord.ask(ASKED, house.principal("pat")))


def test_the_events_are_json(answering):
    house = answering(TIE)
    told = [each.to_json() for each in stream(house)]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [each["event"] for each in told] == ["evidence", "text", "text", "answer"]
    assert told[-1]["answer"]["citations"] == told[0]["citations"]
    assert told[-1]["answer"]["conflicts"] == told[0]["conflicts"]


def test_an_abstention_has_no_text(answering):
    found, answered = stream(answering({"closed/leave.md": POLICY}))
    assert found.citations == found.conflicts == ()
    assert answered.answer.abstained and answered.answer.reason == "no_evidence"


def test_what_cannot_be_asked_is_refused_before_the_first_event(answering):
    house = answering({"policies/leave.md": POLICY})
    with pytest.raises(UnknownUseCase):
        house.concord.stream(ASKED, house.principal("pat"), "no-such")
    with pytest.raises(DateToCome):
        house.concord.stream(ASKED, house.principal("pat"), as_of=date(2999, 1, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "follow"),
    [
        ("principals.yaml", "groups: [people]", "groups: []", False),
        ("sources/policies.yaml", "group:staff", "group:people-leads", True),
    ],
    ids=["out-of-the-group", "closed"],
)
def test_what_is_taken_away_while_an_answer_is_made_is_told_no_further(answering, file, old, new, follow):
    house = answering(TIE)
    running, other = house.concord, house.concord.renewed()
    events = running.stream(ASKED, house.principal("pat"))
    evidence, text = next(events), next(events)
    assert evidence.citations
    house.workspace.replace(file, old, new)
    activation.apply(other.engine, other.desired().declarations, "local:test")
    if follow:
        fresh = other.renewed()
        for source in fresh.foundation.sources.values():
            fresh.sync(source).run()
    *told, answered = list(events)
    assert told == []
    answer = answered.answer
    assert (answer.text, answer.reason, answer.citations, answer.conflicts) == (None, "no_evidence", (), ())
    (trace,) = traced(house)
    assert (trace.id, trace.broken_off, trace.answer) == (answer.trace_id, True, text.text)
    assert [each.quote for each in trace.citations] == [each.quote for each in evidence.citations]


def test_an_answer_that_is_given_up_leaves_a_trace_of_what_was_told(answering):
    house = answering(TIE)
    events = house.concord.stream(ASKED, house.principal("pat"))
    evidence, told = next(events), next(events)
    events.close()
    (trace,) = traced(house)
    assert trace.broken_off and not trace.abstained
    assert trace.answer == told.text
    assert [each.quote for each in trace.citations] == [each.quote for each in evidence.citations]
    assert len(trace.conflicts) == len(evidence.conflicts) == 1


def test_an_answer_that_fails_half_way_leaves_a_trace_of_what_was_told(answering):
    house = answering({"policies/leave.md": POLICY})
    events = house.concord.stream(ASKED, house.principal("pat"))
    told = next(events)
    with pytest.raises(OSError, match="gone"):
        events.throw(OSError("gone"))
    (trace,) = traced(house)
    assert (trace.broken_off, trace.answer, len(trace.citations)) == (True, "", len(told.citations))


SAID = "Everyone receives 27 days of annual leave a year. [1] Contractors "


def left(house, model, text, after):
    """Read a stream up to its first text, come back for more, and leave; returns the trace, and the seconds it took.

    The model says `text`, then what `after` writes until its connection is closed.
    """
    closed = threading.Event()

    def script(handler):
        try:
            model.write(handler, text, end=False)
            after(handler)
        except OSError:
            closed.set()
            raise

    model.script = script

    async def scene():
        work = Work(1, 0, 30)
        events = work.stream(lambda: house.concord.stream(ASKED, house.principal("pat")))
        told = [await anext(events), await anext(events)]
        coming = asyncio.create_task(anext(events))
        await asyncio.sleep(0.3)
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        began = time.monotonic()
        await events.aclose()
        assert await asyncio.to_thread(closed.wait, 5)
        while work.held and time.monotonic() - began < 5:
            await asyncio.sleep(0.01)
        work.close()
        return told, time.monotonic() - began

    told, seconds = asyncio.run(scene())
    (trace,) = traced(house)
    return told, trace, seconds


def goes_on(model, said):
    def after(handler):
        for _ in range(100):
            model.chunk(handler, said)
            time.sleep(0.05)

    return after


def falls_silent(handler):
    handler.connection.settimeout(5)
    if not handler.connection.recv(1):
        raise OSError("closed")


@pytest.mark.parametrize("silent", [True, False])
def test_whoever_leaves_while_nothing_is_told_ends_the_model_s_work(answering, model, silent):
    house = answering({"policies/leave.md": POLICY})
    after = falls_silent if silent else goes_on(model, "receive 40 days. [1] Contractors ")
    told, trace, seconds = left(house, model, SAID, after)
    assert seconds < 2
    assert trace.broken_off and trace.answer == told[1].text
    stages = {each.name: each for each in trace.stages}
    assert list(stages)[-3:] == ["prompt", "answer", "check"]
    assert stages["answer"].ms >= 250 and "27 days" in stages["prompt"].data["user"]
    assert stages["check"].data["kept"] == 1 and bool(stages["check"].data["removed"]) is not silent


def test_what_was_made_and_not_read_is_not_in_the_trace(answering, model):
    house = answering({"policies/leave.md": POLICY})
    gate = threading.Event()

    def made():
        for event in house.concord.stream(ASKED, house.principal("pat")):
            yield event
            if isinstance(event, TextDelta):
                gate.set()

    model.script = lambda handler: (model.write(handler, SAID, end=False), falls_silent(handler))

    async def scene():
        work = Work(1, 0, 30)
        events = work.stream(made)
        await anext(events)
        await anext(events)  # the evidence was passed on, and the text never is
        assert await asyncio.to_thread(gate.wait, 5)
        await events.aclose()
        began = time.monotonic()
        while work.held and time.monotonic() - began < 5:
            await asyncio.sleep(0.01)
        work.close()

    asyncio.run(scene())
    (trace,) = traced(house)
    assert trace.broken_off and trace.answer == "" and len(trace.citations) == 1


def test_nothing_is_traced_of_an_answer_of_which_nothing_was_told(answering):
    house = answering({"policies/leave.md": POLICY})
    house.concord.stream(ASKED, house.principal("pat")).close()
    assert traced(house) == []


def traced(house):
    with reading(house.concord.engine) as connection:
        return [Trace.model_validate(data) for data in connection.scalars(select(traces.c.data))]


def test_a_follow_up_is_asked_in_full_and_says_so(answering):
    house = answering({"policies/leave.md": POLICY})
    *_, answered = stream(house, question="And for contractors?", earlier=["How many days of leave do employees get?"])
    answer = answered.answer
    assert answer.to_json()["asked"] == answer.question == "How many days of leave do contractors get?"
    with reading(house.concord.engine) as connection:
        trace = load_trace(connection, answer.trace_id, "pat")
    # A replay asks the question that stands alone.
    assert trace.question == answer.question and trace.stages[0].data == {"said": "And for contractors?"}
    *_, alone = stream(house, earlier=["How many days of leave do employees get?"])
    assert alone.answer.to_json()["asked"] is None
