"""Who may ask, under which name of this machine, how large a request, how many at once, and how errors look."""

import asyncio
import inspect
import threading

import pytest

from concord.service.errors import Busy, CannotServe, TimedOut
from concord.service.identity import check_binding, is_local
from concord.service.work import Work
from concord.workspace import Settings

BODY = {"question": "How many days of annual leave does everyone receive?"}


@pytest.mark.parametrize("headers", [{}, {"X-Concord-User": ""}, {"X-Concord-User": "nobody"}])
def test_nobody_gets_nothing(client, headers):
    answer = client.post("/v1/ask", json=BODY, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"]
    assert "principals" not in answer.text or not headers.get("X-Concord-User")


@pytest.mark.parametrize("host", ["rebound.example", "169.254.169.254", "[::1", "127.0.0.1.example", ""])
def test_a_page_of_another_host_cannot_ask(client, host):
    answer = client.post("/v1/ask", json=BODY, headers={"X-Concord-User": "pat", "Host": host})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["localhost:8700", "127.0.0.1", "[::1]:8700"])
def test_this_machine_by_its_names(client, host):
    assert client.post("/v1/ask", json=BODY, headers={"X-Concord-User": "pat", "Host": host}).status_code == 200


def test_a_body_that_is_too_large_is_not_read(client):
    answer = client.post("/v1/ask", json={"question": "a" * 70_000}, headers={"X-Concord-User": "pat"})
    assert answer.status_code == 413


def test_what_is_not_there_is_a_problem_too(client):
    for answer, status in ((client.get("/v1/secrets"), 404), (client.get("/v1/ask"), 405)):
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "body", "kind", "title"),
    [
        ("/v1/ask", {**BODY, "use_case": "none"}, "urn:concord:problem:no-such-use-case", "No such use case"),
        ("/v1/ask", {"question": ""}, "urn:concord:problem:the-request-is-invalid", "The request is invalid"),
        ("/v1/feedback", {"trace_id": "t", "helpful": True}, "urn:concord:problem:no-such-trace", "No such trace"),
        ("/v1/secrets", {}, "about:blank", "Not Found"),  # which says no more than the status does
    ],
)
def test_programs_tell_problems_of_one_status_apart(client, path, body, kind, title):
    told = client.post(path, json=body, headers={"X-Concord-User": "pat"}).json()
    assert (told["type"], told["title"]) == (kind, title)


def calls(routes):
    """What is called for every request of a route: its endpoint, and all that this depends on."""
    for each in routes:
        if hasattr(each, "effective_candidates"):
            yield from calls(each.effective_candidates())
        waiting = [each.dependant] if hasattr(each, "dependant") else []
        while waiting:
            dependant = waiting.pop()
            yield dependant.call
            waiting += dependant.dependencies


def test_no_request_is_sent_to_a_thread_but_for_its_work(client):
    found = set(calls(client.app.routes))
    assert {each.__name__ for each in found} >= {"ask", "_asker", "looking", "from_our_pages"}
    assert not [each for each in found if not inspect.iscoroutinefunction(each)]


def test_a_request_has_an_id(client):
    given = client.get("/livez", headers={"X-Request-ID": "mine-1"})
    made = client.get("/v1/secrets", headers={"X-Request-ID": "not\tplain"})
    assert given.headers["x-request-id"] == "mine-1"
    assert made.headers["x-request-id"] == made.json()["request_id"] != "not\tplain"


def test_an_error_that_nobody_thought_of_tells_nothing(client, monkeypatch, caplog):
    def broken():
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(client.app.state.live, "current", broken)
    answer = client.post("/v1/ask", json=BODY, headers={"X-Concord-User": "pat"})
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.json()["request_id"] in caplog.text and "the secret inside" in caplog.text


def test_the_schema_names_every_status(client):
    operations = client.get("/openapi.json").json()["paths"]
    assert {"200", "401", "403", "404", "413", "422", "503", "504"} <= operations["/v1/ask"]["post"]["responses"].keys()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_personas_are_served_on_this_machine_alone(host):
    assert not is_local(host)
    with pytest.raises(CannotServe, match=r"127\.0\.0\.1"):
        check_binding(Settings(), host)


def test_no_personas_where_people_sign_in():
    with pytest.raises(CannotServe, match=r"oidc\.issuer"):
        check_binding(Settings(auth="oidc"), "127.0.0.1")


def test_serve_refuses_on_one_line(workspace):
    done = workspace.run("serve", "--host", "0.0.0.0")
    assert done.code == 2 and done.err.count("\n") == 1 and "127.0.0.1" in done.err


def test_so_many_at_once_and_no_more():
    async def scene():
        work, gate = Work(at_once=1, queued=1, seconds=30), threading.Event()
        running, waiting = (asyncio.create_task(work.run(gate.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await work.run(gate.wait)
        gate.set()
        assert await running and await waiting
        assert await work.run(lambda: "free again") == "free again"
        work.close()

    asyncio.run(scene())


def test_out_of_time_holds_its_place_until_it_ends():
    async def scene():
        work, gate = Work(at_once=1, queued=0, seconds=0.05), threading.Event()
        with pytest.raises(TimedOut):
            await work.run(gate.wait)
        with pytest.raises(Busy):
            await work.run(gate.wait)
        gate.set()
        for _ in range(500):
            try:
                return await work.run(lambda: "free again")
            except Busy:
                await asyncio.sleep(0.01)
        return None

    assert asyncio.run(scene()) == "free again"


def test_a_call_s_own_time_out_is_its_own():
    def call():
        raise TimeoutError("the database's")

    with pytest.raises(TimeoutError, match="the database's"):
        asyncio.run(Work(1, 1, 30).run(call))
