"""Who reported something sees where it stands, and disputes it or its outcome, in the browser."""

import re

import pytest

ASKED = "How many days of annual leave does everyone receive?"
LEAVE = "people-handbook/leave.md"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def number(client, house):
    """A case of ann's that pat and fay reported."""
    house.workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    assert house.workspace.run("apply").code == 0
    for who, comment in (("pat", "It was 27 before."), ("fay", "So I was told.")):
        headers = {"X-Concord-User": who}
        trace = client.post("/v1/ask", json={"question": ASKED}, headers=headers).json()["trace_id"]
        said = {"trace_id": trace, "helpful": False, "reason": "wrong", "right_answer": "28 days", "evidence": [LEAVE]}
        assert client.post("/v1/feedback", json={**said, "comment": comment}, headers=headers).status_code == 201
    listed = client.get("/v1/cases", headers={"X-Concord-User": "ann"}).json()["cases"]
    (found,) = [each["id"] for each in listed if each["item"] == LEAVE]
    return found


@pytest.fixture
def page(client):
    def open_(who, path):
        return client.get(path, headers={"X-Concord-User": who, "Accept": "text/html"}, follow_redirects=False)

    return open_


@pytest.fixture
def send(client):
    def sent(who, path, headers=OURS, **fields):
        given = {"X-Concord-User": who, "Accept": "text/html", **headers}
        return client.post(path, data=fields, headers=given, follow_redirects=False)

    return sent


def plain(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_who_reported_it_sees_where_it_stands_and_nothing_of_others(page, number):
    path = f"/notices/{number}"
    assert path in page("pat", "/notices").text
    shown = plain(page("pat", path))
    for words in (ASKED, "28 days", "It was 27 before.", "waits to be looked at"):
        assert words in shown
    for words in ("leave.md", "Annual leave", "So I was told", "undetermined"):
        assert words not in shown
    others, missing = page("carl", path), page("pat", "/notices/99999")
    assert others.status_code == missing.status_code == 404
    led = page("ann", path)
    assert (led.status_code, led.headers["location"]) == (303, f"/cases/{number}")


def test_what_was_reported_is_disputed_by_who_reported_it(page, send, number):
    path = f"/notices/{number}"
    assert send("pat", f"{path}/dispute", {"Sec-Fetch-Site": "cross-site"}, comment="x").status_code == 403
    assert send("carl", f"{path}/dispute", comment="x").status_code == 404
    empty = send("pat", f"{path}/dispute", comment=" ")
    assert empty.status_code == 409 and "Say why in a comment" in empty.text
    done = send("pat", f"{path}/dispute", comment="I misread the page")
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?disputed=yes")
    assert "whoever has the case is told" in page("pat", done.headers["location"]).text
    assert "I misread the page" in page("ann", f"/cases/{number}").text
    for who in ("ann", "fay"):
        assert "Somebody says that what was reported is not so" in page(who, "/notices").text


def test_the_outcome_of_a_closed_case_is_disputed_by_who_reported_it(page, send, number):
    path = f"/notices/{number}"
    close = {"reason": "will_not_fix", "comment": "the page stays"}
    assert send("ann", f"/cases/{number}/resolve", **close).status_code == 303
    closed = page("pat", path).text
    assert "looked at and closed" in closed and "Dispute the outcome" in closed and "the page stays" not in closed
    wrong = "the outcome of this case is not right"
    for comment in ("it is still wrong", "really"):
        assert send("pat", f"{path}/dispute", comment=comment).status_code == 303
    assert page("ann", "/notices").text.count(wrong) == 1 and wrong not in page("fay", "/notices").text
    assert "it is still wrong" in page("ann", f"/cases/{number}").text
    assert send("ann", f"/cases/{number}/reopen", comment="indeed").status_code == 303
    assert "working on it" in page("pat", path).text
    assert send("ann", f"/cases/{number}/resolve", **close).status_code == 303
    assert send("pat", f"{path}/dispute", comment="it is wrong still").status_code == 303
    assert page("ann", "/notices").text.count(wrong) == 2, "once each time that it was closed"
