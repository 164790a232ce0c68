"""Asking about a past day: what stood then, why there is no answer, and what the answer says of itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from concord.retrieval.errors import DateToCome
from concord.retrieval.question import Question

ASKED = "How many days of annual leave does everyone receive?"


def ask(past, day, who="pat", question=ASKED, confidence=0.0):
    asked = Question(question, past.principal(who), date.fromisoformat(day), past=True)
    return past.concord.answerer.answer(asked, min_confidence=confidence)


def test_the_citation_names_the_revision_and_when_it_held(past):
    answer = ask(past, "2023-06-01")
    assert answer.text is not None and "26 days" in answer.text and answer.as_of == date(2023, 6, 1)
    (citation,) = answer.to_json()["citations"]
    assert (citation["identifier"], citation["revision"]) == ("handbook/leave.md", 2)
    assert citation["held"] == {"from": "2022-05-01", "until": "2024-01-01"}
    assert "27 days" in past.ask(ASKED, "pat").text
    assert past.ask(ASKED, "pat").to_json()["citations"][0]["held"] is None


def test_before_the_first_known_version_it_abstains_with_that_reason(past):
    answer = ask(past, "2019-01-01")
    assert answer.text is None and answer.reason == "no_version_at_date"


def test_a_page_that_came_later_is_no_version_at_that_date_and_not_weak_evidence(past):
    past.repository.commit("2025-01-01", {"parking.md": "# Parking\n\nBicycles may stand in the yard overnight.\n"})
    past.sync()
    asked = "Where may bicycles stand overnight: in the yard?"
    sure = ask(past, "2025-01-01", question=asked).confidence * 0.9
    assert ask(past, "2024-12-31", question=asked, confidence=sure).reason == "no_version_at_date"
    # The page was there, and never said it.
    assert ask(past, "2024-12-31", question="Who won the race in Oslo?", confidence=0.9).reason == "weak_evidence"


def test_the_reason_tells_nothing_of_what_one_may_not_read(past):
    """Of a page that came later and few may read, others learn as much as of one that never was."""
    secret = "# Bicycles\n\nBicycles may stand in the zanzibar yard overnight.\n"
    past.repository.commit("2025-01-01", {"restricted/zanzibar.md": secret})
    past.sync()
    asked = "May bicycles stand in the zanzibar yard overnight?"
    sure = ask(past, "2025-01-01", "ann", asked).confidence * 0.9
    assert ask(past, "2024-12-31", "ann", asked, sure).reason == "no_version_at_date"
    hidden, missing = (
        ask(past, "2024-12-31", "pat", question, sure)
        for question in (asked, "May bicycles stand in the mombasa yard overnight?")
    )
    assert hidden.reason == missing.reason == "weak_evidence" and hidden.citations == missing.citations == ()
    for day in ("2019-01-01", "2025-06-01"):
        reasons = {ask(past, day, who, asked, sure).reason for who in ("pat", "fay")}
        assert len(reasons) == 1


def test_what_was_replaced_since_stood_then(past):
    successor = past.page(30, "replaces: leave.md").replace("# Annual leave", "# Annual leave, new")
    past.repository.commit("2025-01-01", {"new.md": successor})
    past.sync()
    then = {each.item.identifier for each in ask(past, "2024-12-31").citations}
    since = {each.item.identifier for each in ask(past, "2025-01-01").citations}
    assert then == {"handbook/leave.md"} and since == {"handbook/new.md"}


def test_a_link_that_is_gone_by_now_counted_then(past):
    linked = past.page(30, "replaces: leave.md").replace("# Annual leave", "# Annual leave, new")
    past.repository.commit("2025-01-01", {"new.md": linked})
    past.repository.commit("2025-03-01", {"new.md": linked.replace("replaces: leave.md", "status: approved")})
    past.sync()
    then, since = (ask(past, day).conflicts[0].decision for day in ("2025-02-01", "2025-03-01"))
    assert then.rule == "in_force" and then.losers[0].claim.identifier == "handbook/leave.md"
    assert since.rule != "in_force"


def test_today_and_days_to_come(past):
    today, reader = datetime.now(UTC).date(), past.principal("pat")
    assert past.concord.ask(ASKED, reader, as_of=today).as_of is None
    assert past.concord.ask(ASKED, reader, as_of=today - timedelta(days=1)).as_of is not None
    with pytest.raises(DateToCome, match="still to come"):
        past.concord.search(ASKED, reader, at=today + timedelta(days=1))
