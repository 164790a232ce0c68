"""Answers as server-sent events: the same answer, piece by piece, and problems in their place."""

import asyncio
import json
import threading

import pytest

from concord.answering.events import TextDelta
from concord.service.errors import Busy, TimedOut, TooManyRequests
from concord.service.rates import MAX_KNOWN, Rates
from concord.service.work import Work

ASKED = "How many days of annual leave does everyone receive?"
HEADERS = {"X-Concord-User": "pat", "Accept": "text/event-stream, application/json;q=0.5"}


def parsed(text):
    """The events of a stream: `[("text", {…}), …]`."""
    assert text.endswith("\n\n")
    blocks = [block.split("\n") for block in text[:-2].split("\n\n")]
    assert all(len(block) == 2 for block in blocks)
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in blocks]


def stream(client, question=ASKED, headers=HEADERS, **body):
    return client.post("/v1/ask", json={"question": question, **body}, headers=headers)


def test_a_stream_ends_with_the_answer(client, ask):
    told = stream(client)
    assert told.status_code == 200 and told.headers["content-type"].startswith("text/event-stream")
    assert told.headers["cache-control"] == "no-store" and told.headers["x-request-id"]
    events = parsed(told.text)
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "evidence" and kinds[-1] == "answer" and set(kinds[1:-1]) == {"text"}
    whole = events[-1][1]["answer"]
    assert "".join(data["text"] for kind, data in events if kind == "text") == whole["answer"]
    plain = ask("pat", ASKED).json()
    for each in (whole, plain):
        each.pop("trace_id"), each.pop("timings_ms")
    assert whole == plain and events[0][1]["citations"] == plain["citations"]


def test_what_is_wrong_with_a_question_is_told_before_the_stream(client):
    for body, status in (({"use_case": "none"}, 404), ({"as_of": "2999-01-01"}, 422), ({"limit": 3}, 422)):
        told = stream(client, **body)
        assert told.status_code == status and told.headers["content-type"] == "application/problem+json"
    assert stream(client, headers={**HEADERS, "X-Concord-User": "nobody"}).status_code == 401


def test_what_goes_wrong_later_ends_the_stream_with_a_problem(client, monkeypatch, caplog):
    def broken(*_given):
        yield TextDelta("27 days")
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(type(client.app.state.live.current()), "stream", broken)
    (first, _), (last, problem) = parsed(stream(client).text)
    assert (first, last, problem["status"]) == ("text", "problem", 500)
    assert "secret" not in str(problem) and problem["request_id"] in caplog.text


def test_an_abstention_streams_no_text(client):
    events = parsed(stream(client, "Zzyx qwv?", as_of="1999-01-01").text)
    assert [kind for kind, _ in events] == ["evidence", "answer"] and events[-1][1]["answer"]["abstained"]


def test_whoever_stops_reading_ends_the_work():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    async def scene():
        work = Work(1, 0, 30)
        items = work.stream(endless)
        assert await anext(items) == 1
        await items.aclose()
        assert await asyncio.to_thread(closed.wait, 10)
        for _ in range(500):
            try:
                return await work.run(lambda: "free again", answers=True)
            except Busy:
                await asyncio.sleep(0.01)
        return None

    assert asyncio.run(scene()) == "free again"


def test_answers_hold_up_nothing_else():
    gate = threading.Event()

    def slow():
        yield 1
        gate.wait(10)

    async def scene():
        work = Work(1, 0, 30)
        items = work.stream(slow)
        assert await anext(items) == 1
        try:
            with pytest.raises(Busy):
                await work.run(lambda: "an answer", answers=True)
            return await work.run(lambda: "a page")
        finally:
            gate.set()
            await items.aclose()
            work.close()

    assert asyncio.run(scene()) == "a page"


@pytest.mark.parametrize("streams", [True, False])
def test_no_slow_model_holds_up_a_page(client, monkeypatch, streams):
    gate, concord = threading.Event(), client.app.state.live.current()
    client.app.state.work = Work(1, 0, 30)
    waits = threading.Event()

    def slow(*_given):
        waits.set()
        gate.wait(10)
        raise RuntimeError("nothing")
        yield

    monkeypatch.setattr(type(concord), "stream", slow)
    headers = HEADERS if streams else {"X-Concord-User": "pat"}
    asking = threading.Thread(target=lambda: stream(client, headers=headers))
    asking.start()
    try:
        assert waits.wait(10)
        assert client.get("/v1/sources", headers={"X-Concord-User": "pat"}).status_code == 200
        assert stream(client, headers=headers).status_code == 503
    finally:
        gate.set()
        asking.join()


def test_a_stream_has_its_time_and_its_place():
    gate = threading.Event()

    def slow():
        yield 1
        gate.wait(10)
        yield 2

    async def scene():
        work = Work(1, 0, 0.05)
        items = work.stream(slow)
        assert await anext(items) == 1
        with pytest.raises(Busy):
            await anext(work.stream(slow))
        with pytest.raises(TimedOut):
            await anext(items)
        gate.set()

    asyncio.run(scene())


def test_everyone_has_their_own_rate():
    now = [0.0]
    rates = Rates(3, lambda: now[0])
    for _ in range(3):
        rates.take("pat")
    with pytest.raises(TooManyRequests) as caught:
        rates.take("pat")
    assert caught.value.seconds == 20
    rates.take("ann")
    now[0] = 20.1
    rates.take("pat")
    with pytest.raises(TooManyRequests):
        rates.take("pat")


def test_what_is_kept_of_rates_is_bounded():
    rates = Rates(1)
    for number in range(MAX_KNOWN + 10):
        rates.take(str(number))
    assert len(rates._buckets) == MAX_KNOWN


def test_too_many_requests(client):
    client.app.state.rates._size = 2
    told = [client.get("/v1/use-cases", headers={"X-Concord-User": "fay"}) for _ in range(3)]
    assert [each.status_code for each in told] == [200, 200, 429]
    assert 1 <= int(told[-1].headers["retry-after"]) <= 60
