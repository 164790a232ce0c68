"""From a correction to a report, and to what its case is about before anybody has diagnosed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from concord.authority.words import content_stems
from concord.catalog import items
from concord.governance.cases.rightness import Right
from concord_feedback import Correction, Trace
from concord_feedback.cases import About, Report
from concord_feedback.causes import RootCause
from concord_taxonomy.standard import ItemRef

_ASKED = 200
"""Characters of the words asked by which cases about no item are told apart."""


def report_of(correction: Correction, trace: Trace) -> Report:
    """A thumb down or correction as the report of a case."""
    rating = correction.rating
    return Report(
        key=f"correction/{correction.id}",
        kind="correction",
        at=correction.at,
        question=trace.question,
        principal=correction.principal,
        trace=trace.id,
        use_case=trace.use_case,
        reason=rating.reason.value if rating.reason else None,
        right_answer=rating.right_answer,
        comment=rating.comment,
        expected=rating.evidence,
        asked_at=trace.at,
        rule=losing_rule(correction, trace),
        cited=correction.cited,
        quoted=correction.quoted,
        imported_by=correction.imported_by,
    )


def losing_rule(correction: Correction, trace: Trace) -> str | None:
    """The rule by which an answer chose against what its corrector names as right; None where none did.

    A side is named by its page, else by its value in the right answer.
    """
    named = {ItemRef.parse(each).identifier for each in correction.rating.evidence}
    right = Right.to(trace.question, correction.rating.right_answer)
    for conflict in trace.conflicts:
        winner: Any = conflict.get("winner")
        losers: Any = conflict.get("losers") or ()
        if not winner or winner["identifier"] in named:
            continue
        for each in losers:
            claim = each["claim"]
            if claim["identifier"] in named or (not named and right.parts and right.told(claim["quote"])):
                return str(each["rule"])
    return None


def about_of(
    connection: Connection,
    question: str,
    scope: str | None,
    references: Sequence[str],
    cause: RootCause = RootCause.UNDETERMINED,
) -> About:
    """What a report is about: the first item that is named, else the words that were asked."""
    named = [ItemRef.parse(each).identifier for each in references]
    item = items.last_known(connection, named[0]) if named else None
    if item is None:
        words = " ".join(sorted(set(content_stems(question))))[:_ASKED]
        return About(cause, f"asked:{words}", "", scope or "")
    return About(cause, item.identifier, item.subject[0] if item.subject else "", scope or "")
