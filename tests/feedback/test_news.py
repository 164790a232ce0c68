"""News of cases: told while they hold, and in the words of whoever reads them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from concord_feedback.cases import EVENTS, About, Case, Proof, State, SubState
from concord_feedback.causes import RootCause
from concord_feedback.news import NEWS, holds, told

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CASE = Case(About(RootCause.STALE_CONTENT, "p/leave.md"), NOW, NOW, owner="user:ann", id=1)
FIXED = replace(CASE, state=State.RESOLVED, sub_state=SubState.FIXED_CONFIRMED, proof=Proof(True, NOW, NOW))
BROKEN = replace(CASE, state=State.ASSIGNED, sub_state=SubState.REGRESSED, proof=Proof(False, NOW, NOW), reopened=1)


@pytest.mark.parametrize(
    ("kind", "holding", "overtaken"),
    [
        ("case.fixed_confirmed", FIXED, BROKEN),
        ("case.fixed_unjudged", FIXED, BROKEN),
        ("case.fixed_otherwise", FIXED, BROKEN),
        ("case.fixed_since", FIXED, BROKEN),
        ("case.taken_away", FIXED, BROKEN),
        ("case.hidden_confirmed", FIXED, BROKEN),
        ("case.question_answered", BROKEN, FIXED),
        ("case.regressed", BROKEN, FIXED),
        ("case.doubted", BROKEN, FIXED),
        ("case.routed", CASE, replace(CASE, owner="user:fay")),
        ("case.escalated", CASE, FIXED),
        ("case.fix_rejected", BROKEN, FIXED),
        ("case.resolved", replace(CASE, state=State.RESOLVED), replace(CASE, state=State.ASSIGNED)),
        ("case.fixed_by_hand", replace(CASE, state=State.RESOLVED), replace(CASE, state=State.ASSIGNED)),
        ("case.archived", replace(CASE, state=State.ARCHIVED), replace(CASE, state=State.ASSIGNED)),
        ("case.unproven", replace(CASE, unproven="nothing to ask"), CASE),
    ],
)
def test_news_hold_while_the_case_stands_so(kind, holding, overtaken):
    assert holds(kind, holding, "user:ann") and not holds(kind, overtaken, "user:ann")


def test_every_kind_of_news_reads_as_words_and_who_only_asked_reported_nothing():
    assert {kind for kind in NEWS if kind.startswith("case.")} - {*EVENTS.values()} == {
        "case.routed",
        "case.overdue",
        "case.disputed",
        "case.merged",
        "case.report_joined",
        "case.outcome_disputed",
        "case.fixed_by_hand",
        "case.fixed_unjudged",
        "case.fixed_otherwise",
        "case.fixed_since",
        "case.taken_away",
        "case.hidden_confirmed",
        "case.question_answered",
        "case.unproven",
    }
    assert "you reported" in told("case.fixed_confirmed", reported=True)
    assert not any("you reported" in told(kind, reported=False) for kind in NEWS)
