"""Metrics, stages and figures in words."""

from __future__ import annotations

from concord_evals.figures import Figure

METRICS = {
    "right": "Everything right",
    "answered": "Answered",
    "abstained": "No answer, where there is none",
    "right_page_first": "Right page cited first",
    "right_page_cited": "Right page cited",
    "values": "Every value stated",
    "no_false_conflict": "No false disagreement",
    "winner": "Right side wins",
    "losers": "Other sides disclosed",
    "rule": "Decided by the right rule",
    "winner_first": "Begins with the winner",
    "current": "Nothing out of date",
    "evidence": "Expected pages still stand",
    "only_readable": "Only what the asker may read",
    "worded": "Worded by the model",
    "citation_precision": "Citations that are right",
    "citation_recall": "Right pages that are cited",
    "value_accuracy": "Values stated",
    "abstention_precision": "Abstentions that are right",
    "abstention_recall": "Unanswerable ones abstained from",
    "access_violations": "Access violations",
    "ms_p50": "Time, half of the answers",
    "ms_p95": "Time, 95 of 100 answers",
    "cost_total": "Cost in all",
    "cost_mean": "Cost of a question",
    "ms": "Milliseconds a question",
    "cost": "Cost of a question",
}
STAGES = {
    "ask": "asking at all",
    "evidence": "what it expects",
    "access": "who may read",
    "abstain": "abstaining",
    "grounded": "saying what is cited",
    "held": "what the catalog has",
    "filters": "use case and life cycle",
    "authority": "deciding between sources",
    "complete": "completeness",
    "vocabulary": "the vocabulary",
    "chunking": "cutting passages",
    "retrieval": "finding",
    "extraction": "taking the sentence",
    "context": "ranking",
    "undetermined": "undetermined",
}
FINGERPRINTS = {
    "policy": "Declarations in force",
    "content": "Content",
    "index": "Index",
    "models": "Models",
    "settings": "Settings",
    "version": "Version",
    "questions": "Questions",
}


def metric(name: str) -> str:
    """A metric's name; what has no words of its own is called as in docs/gates.md."""
    return METRICS.get(name, name.replace("_", " "))


def shown(name: str, found: Figure, currency: str = "") -> str:
    """A figure."""
    return "undetermined" if found.value is None else amount(name, found.value, currency)


def amount(name: str, value: float, currency: str = "") -> str:
    """A value of a metric."""
    if name.startswith("ms"):
        return f"{value:.0f} ms"
    if name.startswith("cost"):
        return f"{value:.4f} {currency}".strip()
    if name == "access_violations":
        return f"{value:.0f}"
    return f"{value:.2f}"


def value(given: bool | float | None) -> str:
    """A metric of one question."""
    if given is None:
        return "not measured"
    return f"{given:.2f}" if isinstance(given, float) else ("yes" if given else "no")
