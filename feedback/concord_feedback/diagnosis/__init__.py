"""Diagnosis: the first stage at which what is right disappears, found without a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from concord_feedback.causes import RootCause
from concord_feedback.diagnosis.probes import PROBES, Finding, Probe
from concord_feedback.diagnosis.replay import (
    Answered,
    CannotProbe,
    Composed,
    Cut,
    Doubted,
    Filtered,
    Held,
    Replay,
    Retrieved,
    Sourced,
    Weighed,
    Worded,
)

__all__ = [
    "PROBES",
    "Answered",
    "CannotProbe",
    "Composed",
    "Cut",
    "Diagnosis",
    "Doubted",
    "Filtered",
    "Finding",
    "Held",
    "Outcome",
    "Probe",
    "Probed",
    "Replay",
    "Retrieved",
    "Sourced",
    "Weighed",
    "Worded",
    "diagnose",
]


class Outcome(StrEnum):
    """What came of a probe."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_RUN = "could_not_run"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe with its outcome and what it saw."""

    probe: str
    outcome: Outcome
    saw: str = ""
    items: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The probe as JSON values."""
        return {"probe": self.probe, "outcome": self.outcome.value, "saw": self.saw, "items": list(self.items)}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A root cause with every probe; the last that ran found it. `items` are those that the cause is about."""

    cause: RootCause
    probes: tuple[Probed, ...]
    items: tuple[str, ...] = ()


def diagnose(replay: Replay, probes: Sequence[Probe] = PROBES) -> Diagnosis:
    """Look at the stages in order until one is where the right evidence disappears.

    A probe that could not run ends it as undetermined: what comes after it proves nothing about what it did not see.
    """
    done: list[Probed] = []
    for place, probe in enumerate(probes):
        rest = tuple(Probed(each.name, Outcome.NOT_NEEDED) for each in probes[place + 1 :])
        try:
            found = probe.look(replay)
        except CannotProbe as problem:
            done.append(Probed(probe.name, Outcome.COULD_NOT_RUN, str(problem)))
            return Diagnosis(RootCause.UNDETERMINED, (*done, *rest))
        outcome = Outcome.FAILED if found.cause else Outcome.PASSED
        done.append(Probed(probe.name, outcome, found.saw, found.items))
        if found.cause:
            return Diagnosis(found.cause, (*done, *rest), found.items)
    return Diagnosis(RootCause.UNDETERMINED, tuple(done))
