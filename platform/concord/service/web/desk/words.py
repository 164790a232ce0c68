"""What the pages of cases say, in words for people who are no engineers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from concord_feedback.cases import Case, SubState
from concord_feedback.meaning import CAUSES as CAUSES
from concord_feedback.meaning import Cause

STATES = {
    "new": "New",
    "acknowledged": "Acknowledged",
    "assigned": "Assigned",
    "fix_submitted": "Fix to be checked",
    "resolved": "Closed",
    "archived": "Put away",
}
SUB_STATES = {
    "escalating": "Overdue, passed on",
    "regressed": "Proven no more",
    "fixed_confirmed": "Fixed and proven",
}
SEVERITIES = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}
RESOLUTIONS = {
    "accepted_difference": "Both may differ",
    "invalid_feedback": "The answer was right",
    "not_reproduced": "It does not happen any more",
    "fixed_elsewhere": "It was mended elsewhere",
    "will_not_fix": "It stays as it is",
    "fixed": "Somebody has read the answer of now, and it is right",
}
ROLES = {
    "owner": "owner of the page",
    "steward": "steward",
    "source": "owner of the source",
    "use_case": "owner of the use case",
    "access": "access",
    "authority": "authority",
    "taxonomy": "vocabulary",
    "engineering": "engineering",
    "triage": "sorting cases",
}
OUTCOMES = {
    "passed": "Fine",
    "failed": "Here it breaks",
    "could_not_run": "Could not be looked at",
    "not_needed": "Not needed",
}
KINDS = {
    "correction": "Reported by a person",
    "abstained": "Asked, and not answered",
    "conflict": "Told both sides of a disagreement",
    "stale": "Answered from an old page",
    "rephrased": "Asked three times over in other words",
    "drift": "Lost its page when search was changed",
    "evaluation": "Right in a run before, and wrong in a later one",
    "quarantine": "Set aside when it was read",
    "sync_failed": "The source could not be synced",
}
EVENTS = {
    "case.opened": "Opened",
    "case.joined": "Another report joined it",
    "case.weighed": "It matters more or less than before",
    "case.routed": "Went",
    "case.disputed": "Disputed",
    "case.diagnosed": "The cause was looked for",
    "case.merged": "Joined with another case",
    "case.acknowledged": "Acknowledged",
    "case.assigned": "Assigned",
    "case.escalated": "Its deadline had gone by: passed on",
    "case.fix_submitted": "Mended, to be checked",
    "case.fixed_confirmed": "Fixed: asked again, and answered rightly",
    "case.fix_rejected": "Not fixed: asked again, and still wrong",
    "case.unproven": "The fix can be neither confirmed nor rejected",
    "case.decision_asked": "A decision on the proposed change was asked for",
    "case.fix_declined": "The proposed change was not approved",
    "case.resolved": "Closed",
    "case.regressed": "Broken again",
    "case.doubted": "What is answered has changed: whether it is still right is for a person to say",
    "case.reopened": "Opened again",
    "case.archived": "Put away",
    "case.answers_notified": "People with an old answer were told",
}
RULES = {
    "in_force": "In force on the day",
    "status": "Further in its approval",
    "source_ranking": "Ranking of sources",
    "tier": "Standing of the page",
    "specificity": "More specific",
    "effective_date": "Took effect later",
    "claim_date": "Said so more recently",
}
STANDS = {
    "new": "It waits to be looked at.",
    "acknowledged": "Somebody is looking at it.",
    "assigned": "Somebody is working on it.",
    "fix_submitted": "It was worked on; your question will be asked again to check.",
    "resolved": "It was looked at and closed.",
    "archived": "It was put away.",
}
FIXED = "It is fixed: your question was asked again, and is answered rightly now."
HIDDEN = "It is fixed: what you reported is not shown to you any more."
BROKEN = "It was fixed, and is looked at again: what is answered now is not known to be right."
"""What the one who reported a case is told of where it stands: no cause, and no page."""


def stands(case: Case) -> str:
    """Where a case stands, for whoever reported it."""
    if case.sub_state is SubState.FIXED_CONFIRMED:
        return HIDDEN if case.hides else FIXED
    if case.sub_state is SubState.REGRESSED and case.open:
        return BROKEN
    return STANDS[case.state.value]


def job(name: str) -> str:
    """What is done for all, with the name of the webhook to which it is done."""
    kind, webhook, named = name.partition("/webhook/")
    return f"{JOBS[f'{kind}/webhook']} {named}" if webhook else JOBS.get(name, name)


def plain(table: Mapping[str, str], key: str | None) -> str:
    """The words for a key, else the key as words."""
    return table.get(key or "") or (key or "").replace("_", " ").replace(".", " ")


JOBS = {
    "cases/deadlines": "Deadlines of cases",
    "cases/detection": "Looking for errors that nobody reported",
    "cases/proofs": "Proofs of fixes",
    "digests/email": "Digests by mail",
    "digests/webhook": "Digests to the webhook",
}
RUNS = {"running": "Runs now", "done": "Done", "failed": "Failed", "skipped": "Left out", "lost": "Given up"}
HANDWORK = {
    "case": "Work on cases",
    "tag": "Tags set by hand",
    "merge": "Concepts merged",
    "alignment": "Concepts aligned",
    "vocabulary": "Other changes of the vocabulary",
    "mapping": "Sources and their mappings",
    "authority": "Rules of authority",
    "difference": "Differences accepted",
    "use_case": "Use cases declared or changed",
    "ownership": "Ownership",
    "access": "People and policies",
    "standard": "The standard",
}


PROPOSALS = {
    "draft": "Not submitted yet",
    "in_review": "Waits for a decision",
    "approved": "In force",
    "rejected": "Not approved",
    "withdrawn": "Taken back",
}
CHANGES = {
    "access": "may not be asked any more",
    "answered": "is answered",
    "abstains": "is not answered any more",
    "text": "says something else",
    "citations": "quotes other pages",
    "conflicts": "sees the disagreement otherwise",
}
"""What becomes of an answer."""
FIELDS = {
    "status": "status",
    "valid_from": "first day",
    "valid_until": "last day",
    "last_reviewed": "last review",
    "review_due": "next review",
    "replaces": "what it replaces",
    "is_replaced_by": "what replaces it",
    "audience": "for whom it holds",
    "spatial": "where it holds",
    "keyword": "words for it",
}
"""Fields of the standard in words; the others are called what they are."""


def cause(key: str) -> Cause:
    """A root cause in words."""
    return CAUSES.get(key) or Cause(key.replace("_", " "), "", "")


def span(seconds: int | None) -> str:
    """A length of time in its largest unit: "3 hours"."""
    if seconds is None:
        return ""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            many = round(seconds / length)
            return f"{many} {unit}{'' if many == 1 else 's'}"
    return "under a minute"


def until(moment: datetime | str | None, now: datetime | None = None) -> str:
    """How long there is until a moment, or how long it is past."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    left = at - (now or datetime.now(UTC))
    told = span(round(abs(left.total_seconds())))
    return f"in {told}" if left > timedelta(0) else f"{told} overdue"


def overdue(moment: datetime | str | None) -> bool:
    """Whether a moment is past."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at is not None and at < datetime.now(UTC)
