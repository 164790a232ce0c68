"""Corrections over HTTP: kept with the trace and exact revisions, and of one's own answers alone."""

from datetime import UTC, datetime, timedelta

import pytest

from concord.catalog.audit import events
from concord.catalog.engine import reading, writing
from concord.catalog.traces import any_before, forget_before
from concord_feedback import Rating

ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"
HIDDEN = "people-handbook/restricted/zanzibar.md"


@pytest.fixture
def correct(client):
    """Correct an answer as a person."""

    def send(who, trace, **said):
        return client.post("/v1/feedback", json={"trace_id": trace, **said}, headers={"X-Concord-User": who})

    return send


@pytest.fixture
def trace(client):
    """Give a trace as a person."""
    return lambda who, name: client.get(f"/v1/traces/{name}", headers={"X-Concord-User": who})


def test_a_correction_is_kept_with_the_trace(ask, correct, trace, client):
    asked = ask("pat", ASKED).json()
    said = {"reason": "outdated", "right_answer": "27 days", "evidence": ["people-handbook/leave-2024.md"]}
    made = correct("pat", asked["trace_id"], helpful=False, comment=" Old. ", **said)
    assert made.status_code == 201, made.text
    kept = made.json()
    assert kept["rating"]["evidence"] == ["people-handbook/leave-2024.md@1"] and kept["rating"]["comment"] == "Old."
    assert kept["cited"] == ["people-handbook/leave.md@1"] and kept["principal"] == "pat"
    assert correct("pat", asked["trace_id"], helpful=True).status_code == 201
    told = trace("pat", asked["trace_id"]).json()
    assert [each["rating"]["helpful"] for each in told["corrections"]] == [False, True]
    assert told["answer"] == asked["answer"] and not told["withheld"]
    with reading(client.app.state.live.current().engine) as connection:
        event = next(each for each in events(connection) if each.type == "correction.made")
    assert (event.actor, event.subject, event.data["reason"]) == ("user:pat", asked["trace_id"], "outdated")


def test_a_trace_stays_as_long_as_its_correction(ask, correct, client):
    kept, _ = (ask("pat", ASKED).json()["trace_id"] for _ in range(2))
    assert correct("pat", kept, helpful=True).status_code == 201
    later = datetime.now(UTC) + timedelta(days=1)
    with writing(client.app.state.live.current().engine) as connection:
        assert any_before(connection, later)
        assert forget_before(connection, later) == 1
        assert not any_before(connection, later)


def test_a_foreign_trace_is_like_a_missing_one(ask, correct, trace):
    foreign = ask("ann", CLOSED).json()["trace_id"]
    missing = "00000000-0000-0000-0000-000000000000"
    for send in (lambda name: trace("pat", name), lambda name: correct("pat", name, helpful=True)):
        told = [send(name) for name in (foreign, missing)]
        assert [each.status_code for each in told] == [404, 404]
        kept = [{**each.json(), "request_id": ""} for each in told]
        assert str(kept[0]).replace(foreign, missing) == str(kept[1])


def test_foreign_evidence_is_like_a_missing_one(ask, correct):
    asked = ask("pat", ASKED).json()["trace_id"]
    missing = "people-handbook/restricted/no-such.md"
    for end in ("", "@1", "@9"):
        told = [
            correct("pat", asked, helpful=False, reason="wrong", evidence=[name + end]) for name in (HIDDEN, missing)
        ]
        assert [each.status_code for each in told] == [404, 404]
        kept = [{**each.json(), "request_id": ""} for each in told]
        assert str(kept[0]).replace(HIDDEN, missing) == str(kept[1])


def test_a_trace_tells_nothing_that_was_revoked_since(ask, trace, house):
    asked = ask("ann", CLOSED).json()
    assert "zanzibar" in trace("ann", asked["trace_id"]).text.lower()
    house.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "department: People")
    assert house.workspace.run("apply").code == 0
    told = trace("ann", asked["trace_id"])
    assert told.json()["withheld"] and not told.json()["answer"] and not told.json()["conflicts"]
    assert "zanzibar" not in told.text.lower().replace(CLOSED.lower(), "")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"helpful": False},
        {"helpful": True, "reason": "wrong"},
        {"helpful": False, "reason": "ugly"},
        {"helpful": False, "reason": "wrong", "comment": "a" * 4001},
        {"helpful": False, "reason": "wrong", "evidence": ["a"] * 21},
        {"helpful": False, "reason": "wrong", "principal": "ann"},
    ],
)
def test_a_correction_that_is_none(ask, correct, said):
    told = correct("pat", ask("pat", ASKED).json()["trace_id"], **said)
    assert told.status_code == 422 and told.json()["errors"]


def test_so_many_an_hour_and_no_more(ask, correct, client):
    client.app.state.live.current().settings.service.corrections_per_hour = 2
    asked = {who: ask(who, ASKED).json()["trace_id"] for who in ("pat", "ann")}
    told = [correct("pat", asked["pat"], helpful=True).status_code for _ in range(3)]
    assert told == [201, 201, 429]
    assert correct("ann", asked["ann"], helpful=True).status_code == 201


def test_no_number_of_corrections_moves_a_page_up_or_down(ask, correct, trace):
    def answered():
        given = ask("pat", ASKED).json()
        shown = trace("pat", given["trace_id"]).json()
        ranked = [(each["identifier"], each["ordinal"], each["score"]) for each in shown["evidence"]]
        return given["answer"], [each["identifier"] for each in given["citations"]], ranked

    before = answered()
    assert len(before[-1]) > 2
    wrong = {"reason": "wrong", "right_answer": "99 days", "evidence": ["people-handbook/leave.md"]}
    for who in ("pat", "ann", "fay"):
        for _ in range(4):
            assert correct(
                who, ask(who, ASKED).json()["trace_id"], helpful=who == "fay", **({} if who == "fay" else wrong)
            )
    assert answered() == before


def test_a_rating_says_what_is_wrong():
    with pytest.raises(ValueError, match="a thumb down has a reason"):
        Rating(helpful=False)


def test_a_case_is_disputed_by_whoever_sees_it_and_is_missing_for_others(ask, correct, client):
    trace = ask("pat", ASKED).json()["trace_id"]
    assert correct("pat", trace, helpful=False, reason="wrong", right_answer="28 days").status_code == 201
    read = {"X-Concord-User": "ann", "Accept": "text/html"}
    (number,) = {
        line.split(",")[0] for line in client.get("/cases.csv", headers=read).text.splitlines() if ASKED in line
    }

    def disputed(who, case=number, comment="the page says 27 days"):
        return client.post(f"/v1/cases/{case}/disputes", json={"comment": comment}, headers={"X-Concord-User": who})

    made = disputed("ann")
    assert (made.status_code, made.json()) == (201, {"case": int(number), "told": 1})
    assert disputed("ann").json()["told"] == 0  # told once
    assert disputed("pat").json()["told"] == 1
    hidden, missing = disputed("fay"), disputed("fay", 99_999)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["detail"].replace(number, "99999") == missing.json()["detail"]
    assert disputed("ann", comment="  ").status_code == disputed("ann", 2**63).status_code == 422


def test_so_many_disputes_an_hour_and_no_more_by_one_person(ask, correct, client):
    concord = client.app.state.live.current()
    concord.settings.service.disputes_per_hour = 2
    vars(concord).pop("desk", None)
    trace = ask("pat", ASKED).json()["trace_id"]
    assert correct("pat", trace, helpful=False, reason="wrong", right_answer="28 days").status_code == 201
    (number,) = {each.case.id for each in concord.desk.cases(concord.foundation.directory.principal("pat"))}

    def disputed(who):
        said = {"comment": "the page says 27 days"}
        return client.post(f"/v1/cases/{number}/disputes", json=said, headers={"X-Concord-User": who})

    told = [disputed("ann") for _ in range(3)]
    assert [each.status_code for each in told] == [201, 201, 429]
    assert told[-1].json()["title"] == "Too many disputes" and "at most 2 disputes" in told[-1].json()["detail"]
    assert disputed("pat").status_code == 201
    with writing(concord.engine, renews=False) as connection:
        seen = [each for each in events(connection) if each.type == "case.disputed"]
        later = seen[0].at + timedelta(minutes=61)
    assert len(seen) == 3  # what is refused leaves nothing
    ann = concord.foundation.directory.principal("ann")
    assert concord.desk.dispute(ann, number, "an hour later", later) == 0
