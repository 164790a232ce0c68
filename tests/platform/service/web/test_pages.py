"""The pages: nothing of what one may not read, nothing that a browser could be tricked into, and every error a page."""

import asyncio
import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from concord.catalog.engine import reading, writing
from concord.catalog.schema import cases, reports, told, traces
from concord.catalog.traces import load_trace, store_trace
from concord.service.asker import Asker
from concord.service.identity import Persona
from concord.service.web import asking

SECRET = "zanzibar"
ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"
OURS = {"Sec-Fetch-Site": "same-origin"}


def page(client, who, path="/", **headers):
    return client.get(path, headers={"X-Concord-User": who, "Accept": "text/html", **headers})


def ask(client, who, question=ASKED, **fields):
    headers = {"X-Concord-User": who, "Accept": "text/html", **OURS}
    return client.post("/ask", data={"question": question, **fields}, headers=headers)


def test_every_page_may_load_nothing_from_elsewhere(client):
    answer = page(client, "pat")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]* src=\"/static/)|<style|\son\w+=|\sstyle=|=\"https?://", answer.text)


def test_nothing_is_written_on_the_event_loop(client):
    """Pages, errors as pages and the schema are; it would hold up everybody else."""
    on_the_loop = []

    def noted(call):
        def called(*given):
            with suppress(RuntimeError):
                on_the_loop.append(asyncio.get_running_loop())
            calls.append(call)
            return call(*given)

        return called

    calls = []
    made = client.app.state.pages.environment.globals
    made["asset"], client.app.openapi = noted(made["asset"]), noted(client.app.openapi)
    for path in ("/", "/conversations", "/work", "/nowhere", "/openapi.json"):
        began = len(calls)
        assert page(client, "pat", path).status_code == (404 if path == "/nowhere" else 200)
        assert len(calls) > began, path
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 401
    assert not on_the_loop


def test_an_answer_without_any_script(client):
    answer = ask(client, "pat")
    assert answer.status_code == 200 and str(answer.url).rpartition("/")[0].endswith("/conversations")
    assert "27 days of annual leave" in answer.text and 'aria-label="Source 1"' in answer.text


def test_an_answer_as_it_is_made(client):
    headers = {"X-Concord-User": "pat", "Accept": "text/event-stream", **OURS}
    answer = client.post("/ask", data={"question": ASKED}, headers=headers)
    names = re.findall(r"^event: (\w+)$", answer.text, re.M)
    assert names[0] == "evidence" and names[-1] == "answer" and set(names[1:-1]) == {"text"}
    assert "27 days" in answer.text


def told_to(client, who, asked):
    """The parts of an answer, one after the other."""
    state = client.app.state
    asker = Asker(state.live, state.work, Persona(who), state.rates)
    return asking.told(state.pages, asker, *asker.now(), asked)


def test_an_answer_that_is_left_half_way_is_in_the_history(client):
    asked = asking.AskForm(question="How many days of leave does everyone receive, please?")
    parts = told_to(client, "pat", asked)
    assert next(parts)["event"] == "evidence" and asked.question not in page(client, "pat").text
    parts.close()
    (link,) = set(
        re.findall(rf'href="(/conversations/[^"]+)"[^>]*>\s*{re.escape(asked.question)}', page(client, "pat").text)
    )
    assert "27 days of annual leave" in page(client, "pat", link).text


def test_pages_that_come_near_are_those_that_one_may_read_at_the_end(serve_with, house, monkeypatch):
    """A model may take its time over an answer."""
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "1")
    client = serve_with()
    assert "/restricted/" in ask(client, "ann", CLOSED).text
    parts = told_to(client, "ann", asking.AskForm(question=CLOSED))
    next(parts)
    house.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "groups: [people]")
    assert house.workspace.run("apply").code == 0
    [last] = parts
    assert "The nearest pages" in last["html"] and "/restricted/" not in last["html"]


@pytest.mark.parametrize("accept", ["text/html", "text/event-stream"])
def test_a_question_that_fails_says_so(client, accept):
    headers = {"X-Concord-User": "carl", "Accept": accept, **OURS}
    answer = client.post("/ask", data={"question": ASKED, "use_case": "ask-people"}, headers=headers)
    assert ("event: failed" in answer.text) if accept == "text/event-stream" else answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8999"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/persona", "/theme"])
def test_nothing_is_done_for_another_page(client, path, headers):
    answer = client.post(path, data={"question": ASKED, "theme": "dark"}, headers={"X-Concord-User": "pat", **headers})
    assert answer.status_code == 403 and not answer.cookies


def test_an_old_browser_that_names_its_page(client):
    headers = {"X-Concord-User": "pat", "Origin": "http://127.0.0.1"}
    assert client.post("/ask", data={"question": ASKED}, headers=headers).status_code == 200


def test_nobody_yet_is_asked_who_they_would_like_to_be(client):
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 401 and "Ann Lee" in answer.text and "Pat Moss" in answer.text


def test_a_persona_is_remembered_and_its_cookie_is_closed(client):
    answer = client.post("/persona", data={"persona": "pat"}, headers=OURS, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303 and "httponly" in cookie and "samesite=strict" in cookie
    assert "Pat Moss" in client.get("/").text
    assert client.post("/v1/ask", json={"question": ASKED}).status_code == 401  # the API knows no cookie


def test_a_persona_is_refused_elsewhere(client):
    for headers in ({"Host": "rebound.example"}, {"Host": "192.168.1.4"}):
        assert client.post("/persona", data={"persona": "pat"}, headers=OURS | headers).status_code == 403
    assert client.post("/persona", data={"persona": "nobody"}, headers=OURS).status_code == 401


def test_a_page_that_one_may_not_read_is_one_that_is_not_there(client):
    hidden, missing = (
        page(client, "pat", f"/items/people-handbook/restricted/{name}.md") for name in ("zanzibar", "nothing-here")
    )
    assert page(client, "ann", "/items/people-handbook/restricted/zanzibar.md").status_code == 200
    assert hidden.status_code == missing.status_code == 404
    assert unnamed(hidden.text) == unnamed(missing.text).replace("nothing-here", "zanzibar")
    assert SECRET not in unnamed(hidden.text).replace("restricted/zanzibar.md", "").lower()


def test_the_passage_that_is_quoted_is_marked_where_it_stands(client):
    text = ask(client, "pat").text
    path = re.search(r'class="cite" href="([^"]+)"', text)[1].replace("&amp;", "&")
    found = page(client, "pat", path).text
    assert '<mark id="passage">Everyone receives 27 days of annual leave a year.</mark>' in found
    assert "Ann Lee" in found  # who keeps it


def test_what_a_text_marks_is_escaped(client):
    found = page(client, "pat", "/items/people-handbook/leave.md?passage=%3Cscript%3Ealert(1)%3C/script%3E")
    assert found.status_code == 200 and "<script>alert" not in found.text


def test_one_s_conversations_are_one_s_own(client):
    mine = str(ask(client, "ann", "What of Zanzibar and its annual leave?").url).partition("127.0.0.1")[2]
    assert page(client, "ann", mine).status_code == 200
    assert page(client, "pat", mine).status_code == 404
    assert unnamed(page(client, "pat", mine).text) == unnamed(page(client, "pat", "/conversations/missing").text)
    assert SECRET not in page(client, "pat").text.lower()
    used = ask(client, "pat", conversation=mine.rpartition("/")[2].partition("#")[0])
    assert used.status_code == 404


def test_an_answer_is_closed_once_what_it_quotes_may_not_be_read_any_more(client, house):
    mine = str(ask(client, "pat").url).partition("127.0.0.1")[2]
    assert "27 days" in page(client, "pat", mine).text
    house.workspace.replace("principals.yaml", "department: People, groups: [people]", "department: People")
    assert house.workspace.run("apply").code == 0
    told = page(client, "pat", mine).text
    assert "no longer shown" in told and "27 days" not in told


UNSEEN = "\u202e\u202d\u2066\u200b\u200e\ufeff\u2069\u202c\xad"


def test_no_title_reads_as_another_by_what_nobody_sees(house, serve, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "1")
    name = "kite\u200b.md"
    house.workspace.write(f"content/people/{name}", f"# Kite {UNSEEN}gnorw{UNSEEN} group\n\nDragons are green.\n")
    house.close()
    assert house.workspace.run("sync").code == 0
    client = serve(house.workspace, shared=True)
    near = ask(client, "pat", "Are dragons green?").text
    path = re.search(r'href="(/items/[^"]*kite[^"]*)"', near)[1]
    shown = [near, page(client, "pat", path).text]
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    client = serve(house.workspace, shared=True)
    shown.append(ask(client, "pat", "Are dragons green?").text)
    assert f'name="page" value="people-handbook/{name}"' in shown[-1]  # what is sent back stays as it is
    told = told_to(client, "pat", asking.AskForm(question="Are dragons green?"))
    shown.append(next(told)["titles"][0])
    list(told)
    for text in shown:
        assert "Kite gnorw group" in text
        assert not set(UNSEEN) & set(text.replace(name, ""))


def test_the_picker_shows_what_one_may_use(client):
    assert "Ask People" in page(client, "pat").text and "Ask People" not in page(client, "carl").text
    assert page(client, "carl", "/?use_case=ask-people").status_code == 404


def test_a_conversation_stays_in_its_use_case_and_ends_with_it(client, house):
    mine = str(ask(client, "pat", use_case="ask-people").url).partition("127.0.0.1")[2]
    assert 'name="use_case" value="ask-people"' in page(client, "pat", mine).text
    house.workspace.replace("usecases/ask-people.yaml", "audience: [group:staff]", "audience: []")
    assert house.workspace.run("apply").code == 0
    told = page(client, "pat", mine).text
    assert "You can no longer use the assistant" in told and "27 days" in told
    assert "ask-people" not in told and 'id="question"' not in told
    conversation = mine.rpartition("/")[2].partition("#")[0]
    assert ask(client, "pat", conversation=conversation).status_code == 404  # whatever use case is sent with it


def test_light_and_dark_are_remembered(client):
    sent = {"theme": "dark", "back": "//evil.example/"}
    answer = client.post("/theme", data=sent, headers=OURS, follow_redirects=False)
    assert answer.headers["location"] == "/"
    assert 'data-theme="dark"' in page(client, "pat").text


@pytest.mark.parametrize(
    "fields", [{}, {"question": "  "}, {"question": "a" * 2001}, {"question": "x", "as_of": "soon"}]
)
def test_a_form_that_is_none(client, fields):
    headers = {"X-Concord-User": "pat", "Accept": "text/html", **OURS}
    answer = client.post("/ask", data=fields, headers=headers)
    assert answer.status_code == 422 and "<h1>" in answer.text


def test_files_are_kept_for_good_under_what_they_hold(client):
    path = re.search(r'href="(/static/style.css\?v=\w+)"', page(client, "pat").text)[1]
    assert "immutable" in client.get(path).headers["cache-control"]
    assert client.get("/static/../pages.py").status_code == 404


def unnamed(text):
    """A page without what names the request."""
    return re.sub(r"[0-9a-f-]{36}", "", re.sub(r'value="/[^"]*"', "", text))


def trace_of(text):
    return re.search(r'name="trace" value="([^"]+)"', text)[1]


def test_a_correction_is_kept_with_the_answer_and_its_evidence(client):
    asked = ask(client, "pat")
    headers = {"X-Concord-User": "pat", "HX-Request": "true", "Accept": "text/html", **OURS}
    sent = {
        "trace": trace_of(asked.text),
        "helpful": "false",
        "reason": "outdated",
        "right_answer": "28 days",
        "page": ["people-handbook/leave.md", "people-handbook/bonus.md"],
        "elsewhere": "http://127.0.0.1/items/people-handbook/leave-2024.md?revision=1#passage",
    }
    said = client.post("/feedback", data=sent, headers=headers)
    assert said.status_code == 200 and "out of date" in said.text and "28 days" in said.text
    kept = client.get(f"/v1/traces/{sent['trace']}", headers={"X-Concord-User": "pat"}).json()["corrections"][0]
    named = ["people-handbook/leave.md@1", "people-handbook/bonus.md@1", "people-handbook/leave-2024.md@1"]
    assert kept["rating"]["evidence"] == named and kept["rating"]["reason"] == "outdated"
    again = page(client, "pat", str(asked.url).partition("127.0.0.1")[2]).text
    assert "You say the right answer is: 28 days" in again


def test_an_address_that_one_may_not_read_is_kept_as_words(client):
    trace = trace_of(ask(client, "pat").text)
    sent = {"trace": trace, "helpful": "false", "reason": "missing", "back": "/conversations"}
    sent["elsewhere"] = "/items/people-handbook/restricted/zanzibar.md"
    answer = client.post("/feedback", data=sent, headers={"X-Concord-User": "pat", **OURS}, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/conversations"
    rating = client.get(f"/v1/traces/{trace}", headers={"X-Concord-User": "pat"}).json()["corrections"][0]["rating"]
    assert rating["evidence"] == [] and "restricted/zanzibar.md" in rating["comment"]


HIDDEN = "http://127.0.0.1/items/people-handbook/restricted/zanzibar.md"


@pytest.mark.parametrize(
    "elsewhere",
    ["people-handbook/restricted/zanzibar.md", "people-handbook/none.md", "http://[/items/x", "//[/items/", HIDDEN],
)
def test_a_page_that_is_not_found_is_told_and_nothing_of_what_was_said_is_lost(client, elsewhere):
    trace = trace_of(ask(client, "pat").text)
    sent = {"trace": trace, "helpful": "false", "reason": "missing", "comment": "Look there", "elsewhere": elsewhere}
    headers = {"X-Concord-User": "pat", "HX-Request": "true", "Accept": "text/html", **OURS}
    said = client.post("/feedback", data=sent, headers=headers)
    rating = client.get(f"/v1/traces/{trace}", headers={"X-Concord-User": "pat"}).json()["corrections"][0]
    assert said.status_code == 200
    assert f"No page that you can read is found at “{elsewhere}”: it is kept as you wrote it." in said.text
    if elsewhere.startswith("http"):
        assert elsewhere in str(rating["quoted"])
    else:
        assert rating["rating"]["comment"] == f"Look there\n\nSee: {elsewhere}"


def test_a_page_named_at_great_length_is_refused(client):
    sent = {"trace": trace_of(ask(client, "pat").text), "helpful": "false", "page": "a" * 5_000}
    assert client.post("/feedback", data=sent, headers={"X-Concord-User": "pat", **OURS}).status_code == 422


@pytest.mark.parametrize("origin", ["http://[", "null", "http://127.0.0.1.example", ""])
def test_no_other_page_changes_anything(client, origin):
    answer = client.post("/feedback", data={}, headers={"X-Concord-User": "pat", "Origin": origin})
    assert answer.status_code == 403


def test_a_number_that_no_catalog_holds_is_none(client):
    huge = 10**23
    for path in (f"/cases/{huge}", f"/proposals/{huge}", f"/items/people-handbook/leave.md?revision={huge}"):
        assert page(client, "pat", path).status_code == 422
    for path in (f"/cases/{huge}/diagnose", f"/cases/{huge}/notify", f"/proposals/{huge}/approve"):
        assert client.post(path, headers={"X-Concord-User": "pat", "Accept": "text/html", **OURS}).status_code == 422


def test_another_s_answer_is_neither_corrected_nor_traced(client):
    trace = trace_of(ask(client, "ann").text)
    assert page(client, "ann", f"/traces/{trace}").status_code == 200
    hidden, missing = (page(client, "pat", f"/traces/{name}") for name in (trace, "0" * 36))
    assert hidden.status_code == missing.status_code == 404 and unnamed(hidden.text) == unnamed(missing.text)
    sent = {"trace": trace, "helpful": "true"}
    assert client.post("/feedback", data=sent, headers={"X-Concord-User": "pat", **OURS}).status_code == 404


def test_a_trace_shows_every_stage(client):
    text = page(client, "pat", f"/traces/{trace_of(ask(client, 'pat').text)}").text
    for part in (
        "Finding other words for it",
        "Ranking",
        "Weighing disagreements",
        "Passages, best first",
        "Compared: 27 days",
        "annual leave",
    ):
        assert part in text


def test_a_trace_shows_what_a_model_did(client):
    """In words: what it took, what was taken out and why, and what it was given, for who wants to see it."""
    trace = trace_of(ask(client, "pat").text)
    with writing(client.app.state.live.current().engine, renews=False) as connection:
        found = load_trace(connection, trace, "pat")
        stage = found.stages[-1]
        removed = [{"text": "It is 40 days.", "lacks": "value"}]
        said = {"model": "m-1", "attempts": 2, "prompt_tokens": 11, "completion_tokens": 7, "failed": "too_slow"}
        worded = {
            "prompt": {"system": "the rules", "user": "the <evidence>", "evidence": 1},
            "answer": said,
            "check": {"kept": 3, "removed": removed},
        }
        more = [stage.model_copy(update={"name": name, "data": data}) for name, data in worded.items()]
        found = found.model_copy(update={"id": "worded", "stages": (*found.stages, *more)})
        store_trace(connection, found)
    text = page(client, "pat", "/traces/worded").text
    for part in (
        "m-1, asked 2 times",
        "11 read, 7 written",
        "It took too long",
        "“It is 40 days.”",
        "&lt;evidence&gt;",
    ):
        assert part in text
    assert "It states a number, date or amount that no cited page has" in text
    assert "The model answers" in text and "completion_tokens" not in text


def test_one_s_questions_are_exported_and_deleted(client):
    mine = str(ask(client, "pat").url).partition("127.0.0.1")[2].partition("#")[0]
    ask(client, "pat", "And how long before a holiday?", conversation=mine.rpartition("/")[2])
    ask(client, "ann")
    told = page(client, "pat", "/conversations.json").json()["conversations"]
    assert [len(each["turns"]) for each in told] == [2] and told[0]["turns"][0]["answer"]["citations"]
    assert client.post(f"{mine}/delete", headers={"X-Concord-User": "fay", **OURS}).status_code == 404
    assert client.post(f"{mine}/delete", headers={"X-Concord-User": "pat", **OURS}).status_code == 200
    assert page(client, "pat", mine).status_code == 404
    client.post("/conversations/delete", headers={"X-Concord-User": "pat", **OURS})
    assert len(page(client, "ann", "/conversations.json").json()["conversations"]) == 1


@pytest.mark.parametrize("which", ["one", "all"])
def test_how_an_answer_was_found_goes_with_its_conversation(client, which):
    """But what a correction or a case refers to stays; and so does what others asked."""
    engine = client.app.state.live.current().engine
    asked = [str(ask(client, "pat").url) for _ in range(3)]
    mine = [each.partition("127.0.0.1")[2].partition("#")[0] for each in asked]
    theirs = str(ask(client, "ann").url).partition("127.0.0.1")[2].partition("#")[0]

    def trace(who, conversation):
        exported = page(client, who, "/conversations.json").json()["conversations"]
        [found] = [each for each in exported if each["id"] == conversation.rpartition("/")[2]]
        return found["turns"][0]["answer"]["trace_id"]

    plain, corrected, reported = (trace("pat", each) for each in mine)
    others = trace("ann", theirs)
    feedback = {"trace_id": corrected, "helpful": True}
    assert client.post("/v1/feedback", json=feedback, headers={"X-Concord-User": "pat"}).status_code == 201
    about = {"fingerprint": "f", "open": False, "state": "closed", "cause": "gap", "item": "", "data": {}}
    about["changed_at"] = datetime.now(UTC)
    with writing(engine) as connection:
        case = connection.scalar(insert(cases).values(about).returning(cases.c.id))
        row = {"key": "abstained/1", "case_id": case, "at": datetime.now(UTC), "trace": reported, "data": {}}
        connection.execute(insert(reports), [row])
    paths = [f"{each}/delete" for each in mine] if which == "one" else ["/conversations/delete"]
    for path in paths:
        client.post(path, headers={"X-Concord-User": "ann" if which == "one" else "fay", **OURS})
    assert page(client, "pat", f"/traces/{plain}").status_code == 200
    for path in paths:
        assert client.post(path, headers={"X-Concord-User": "pat", **OURS}).status_code == 200
    kept = [page(client, "pat", f"/traces/{each}").status_code for each in (plain, corrected, reported)]
    assert kept == [404, 200, 200] and page(client, "ann", f"/traces/{others}").status_code == 200
    with reading(engine) as connection:
        left = set(connection.scalars(select(told.c.trace)))
        assert not connection.scalar(select(traces.c.question).where(traces.c.id == plain))
    assert plain not in left and {corrected, reported, others} <= left


def test_an_answer_to_a_conversation_that_is_deleted_meanwhile_leaves_nothing(client, monkeypatch):
    mine = str(ask(client, "pat").url).partition("127.0.0.1")[2].partition("#")[0]
    late = asking.answer_of

    def deleted_meanwhile(events):
        answer = late(events)
        client.post(f"{mine}/delete", headers={"X-Concord-User": "pat", **OURS})
        return answer

    monkeypatch.setattr(asking, "answer_of", deleted_meanwhile)
    assert ask(client, "pat", "And in Zurich?", conversation=mine.rpartition("/")[2]).status_code == 404
    with reading(client.app.state.live.current().engine) as connection:
        assert connection.scalars(select(traces.c.question)).all() == []


def test_nothing_is_kept_where_nothing_is_to_be(synced_copy, serve, monkeypatch):
    monkeypatch.setenv("CONCORD_CONVERSATIONS__RETENTION_DAYS", "0")
    assert synced_copy.run("sync").code == 0
    client = serve(synced_copy, shared=True)
    assert "27 days" in ask(client, "pat").text
    assert page(client, "pat", "/conversations.json").json() == {"conversations": []}
