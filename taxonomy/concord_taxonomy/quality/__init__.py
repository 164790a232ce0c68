"""Checking vocabularies: the integrity conditions of SKOS, the quality issues of qSKOS, and safe repairs."""

from __future__ import annotations

from collections.abc import Mapping

from concord_taxonomy.quality.finding import Check, Finding, Report, Severity
from concord_taxonomy.quality.graph import SkosGraph
from concord_taxonomy.quality.integrity import INTEGRITY
from concord_taxonomy.quality.repair import REPAIRED, repair
from concord_taxonomy.quality.structure import EXACT_CHAINS, STRUCTURE
from concord_taxonomy.quality.wording import WORDING
from concord_taxonomy.skos.statement import Limits

CHECKS: tuple[Check, ...] = (*INTEGRITY, *STRUCTURE, *WORDING)
"""Every check, errors first."""


def check(files: Mapping[str, bytes], limits: Limits | None = None) -> Report:
    """Check files, by name, as one vocabulary; raises `VocabularyFileError` for one that cannot be read.

    >>> words = b'''@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    ... <https://x.example/leave> a skos:Concept ; skos:prefLabel "leave"@en ; skos:hiddenLabel "leave"@en .'''
    >>> check({"words.ttl": words}).counts["S13"]
    1
    """
    return Report.of(SkosGraph.read(files, limits), CHECKS)


def broken_by(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """The errors of files that those `before` do not have, and exact matches that newly join concepts of a scheme."""
    return sorted(_faults(after) - _faults(before))


def _faults(files: Mapping[str, bytes]) -> set[str]:
    report = Report.of(SkosGraph.read(files), (*INTEGRITY, EXACT_CHAINS))
    return {f"{each.check}: {each.concept} {each.detail}" for each in report.findings}


__all__ = [
    "CHECKS",
    "REPAIRED",
    "Check",
    "Finding",
    "Report",
    "Severity",
    "SkosGraph",
    "broken_by",
    "check",
    "repair",
]
