"""What a check is, and what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from concord_taxonomy.quality.graph import SkosGraph

Found = Iterator[tuple[str, str]]
"""Pairs of a concept (or what else is at fault) and the detail."""


class Severity(StrEnum):
    """How bad a finding is: an error contradicts SKOS, a warning is what people come to regret."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name in the SKOS Reference or in qSKOS, what it looks for, and how to repair what it finds."""

    name: str
    severity: Severity
    looks_for: str
    repair: str
    find: Callable[[SkosGraph], Found]


def error(name: str, looks_for: str, repair: str, find: Callable[[SkosGraph], Found]) -> Check:
    """A check whose findings contradict SKOS."""
    return Check(name, Severity.ERROR, looks_for, repair, find)


def warning(name: str, looks_for: str, repair: str, find: Callable[[SkosGraph], Found]) -> Check:
    """A check whose findings are what people come to regret."""
    return Check(name, Severity.WARNING, looks_for, repair, find)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a check found of a concept."""

    check: str
    concept: str
    detail: str
    severity: Severity
    repair: str

    def to_json(self) -> dict[str, str]:
        """The finding as JSON values."""
        return {
            "check": self.check,
            "severity": self.severity.value,
            "concept": self.concept,
            "detail": self.detail,
            "repair": self.repair,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The findings on a vocabulary, errors first, then by check and concept."""

    concepts: int
    triples: int
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, graph: SkosGraph, checks: Iterable[Check]) -> Report:
        """Run checks over a graph."""
        found = {
            Finding(check.name, concept, detail, check.severity, check.repair)
            for check in checks
            for concept, detail in check.find(graph)
        }
        return cls(len(graph.concepts), graph.facts.triples, tuple(sorted(found, key=lambda f: (f.severity, f))))

    @property
    def counts(self) -> dict[str, int]:
        """Findings by check, in the order of the findings."""
        return dict(Counter(finding.check for finding in self.findings))

    @property
    def errors(self) -> int:
        """Findings that contradict SKOS."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values: what `concord taxonomy check --json` prints."""
        return {
            "concepts": self.concepts,
            "triples": self.triples,
            "findings": [finding.to_json() for finding in self.findings],
            "counts": self.counts,
        }
