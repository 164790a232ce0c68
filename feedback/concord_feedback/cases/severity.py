"""How severe a case is: from whom it reaches, and from what a wrong answer can cost."""

from __future__ import annotations

from collections.abc import Sequence

from concord_feedback.cases.model import Reach, Risk, Severity

RISKY_REASONS = frozenset({"should_not_be_visible"})
"""Reports that are a risk whatever they are about: somebody saw what they should not."""

LEVELS: Sequence[tuple[Risk, Reach, Severity]] = (
    (Risk.HIGH, Reach(people=3), Severity.CRITICAL),
    (Risk.HIGH, Reach(), Severity.HIGH),
    (Risk.NORMAL, Reach(people=10, asked=10), Severity.HIGH),
    (Risk.NORMAL, Reach(people=5, use_cases=2), Severity.HIGH),
    (Risk.NORMAL, Reach(people=2), Severity.MEDIUM),
    (Risk.NORMAL, Reach(use_cases=2), Severity.MEDIUM),
    (Risk.NORMAL, Reach(asked=5), Severity.MEDIUM),
)
"""Risk, the least reach, and the severity of it; the first that holds counts, and what meets none is low."""


def severity(reach: Reach, risk: Risk) -> Severity:
    """The severity of a reach at a risk."""
    for at, least, level in LEVELS:
        enough = reach.people >= least.people and reach.use_cases >= least.use_cases and reach.asked >= least.asked
        if at is risk and enough:
            return level
    return Severity.LOW
