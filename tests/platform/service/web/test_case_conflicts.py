"""The case of a contradiction over HTTP and on its page: both sides to who may read them, and nothing to others."""

import html
import re

import pytest

CLAIMS = "Within how many days of receipt are travel expenses paid?"
PEOPLE, FINANCE = "people-handbook/claims.md", "finance-policies/claims.md"


@pytest.fixture
def client(house, serve_with):
    """A workspace in which two departments contradict each other, and fay, who may read both, has asked."""
    house.close()
    workspace = house.workspace
    lower = '  rules:\n    - match: {path: "claims.md"}\n      set: {authority_tier: discussion}'
    workspace.replace("sources/people-handbook.yaml", "  rules:", lower)
    for source, days, modified in (("people", 30, "2026-02-01"), ("finance", 60, "2023-01-01")):
        page = f"# Expenses\n\nTravel expenses are paid within {days} days of receipt.\n"
        workspace.write(f"content/{source}/claims.md", f"---\nmodified: {modified}\n---\n{page}")
    workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    house.apply()
    house.sync()
    made = serve_with()
    assert made.post("/v1/ask", json={"question": CLAIMS}, headers={"X-Concord-User": "fay"}).status_code == 200
    made.app.state.live.current().detect()
    return made


@pytest.fixture
def number(client):
    """The number of the case."""
    (case,) = client.get("/v1/cases?cause=source_conflict", headers={"X-Concord-User": "fay"}).json()["cases"]
    return case["id"]


def page(client, who, number):
    return client.get(f"/cases/{number}", headers={"X-Concord-User": who, "Accept": "text/html"})


def test_both_sides_are_told_to_who_may_read_them(client, number):
    answer = client.get(f"/v1/cases/{number}", headers={"X-Concord-User": "fay"})
    (entry,) = answer.json()["conflicts"]
    sides = {each["value"]: (each["wins"], each["pages"][0]["identifier"]) for each in entry["sides"]}
    assert sides == {"30 days": (False, PEOPLE), "60 days": (True, FINANCE)}
    assert (entry["winner"], entry["rule"]) == (FINANCE, "source_ranking")
    text = page(client, "fay", number).text
    assert all(f"paid within {days} days of receipt" in text for days in (30, 60))
    assert "Ranking of sources" in text and entry["explanation"].split(":")[0] in text
    (told,) = re.findall(r"<strong>(\d+ days)</strong> <span class=\"badge good\">", text)
    assert told == "60 days"
    assert f'href="/items/{PEOPLE}' in text and f'href="/items/{FINANCE}' in text


@pytest.mark.parametrize("who", ["ann", "pat"])
def test_whoever_may_read_one_side_only_learns_of_neither(client, number, who):
    missing, other = page(client, who, 99_999), page(client, who, number)
    assert other.status_code == missing.status_code == 404
    assert other.text.replace(f"/cases/{number}", "/cases/99999") == missing.text
    assert client.get(f"/v1/cases/{number}", headers={"X-Concord-User": who}).status_code == 404


def test_whoever_asked_and_may_read_one_side_only_by_now_sees_that_they_asked(client, house, number):
    house.workspace.replace("principals.yaml", "groups: [finance]", "groups: [people]")
    assert house.workspace.run("apply").code == 0
    mine = client.get(f"/v1/cases/{number}", headers={"X-Concord-User": "fay"})
    assert mine.json()["yours"] and "conflicts" not in mine.json()
    assert "60 days" not in mine.text and FINANCE not in mine.text
    assert page(client, "fay", number).status_code == 404


def test_a_disagreement_in_the_chat_names_its_sources_as_people_call_them(client, house):
    title = r"Finance \D \1 \g<x> (people-handbook"
    house.workspace.replace("sources/finance-policies.yaml", "title: Finance policies", f"title: '{title}'")
    assert house.workspace.run("apply").code == 0
    headers = {"X-Concord-User": "fay", "Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/ask", data={"question": CLAIMS}, headers=headers)
    assert answer.status_code == 200
    assert f"{title} ranks above People handbook" in html.unescape(answer.text)
