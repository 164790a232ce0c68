"""A diagnosis in words: what was asked of each stage, whether it is as it should be, and what was seen there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from concord.cli.output import say
from concord_feedback.causes import RootCause
from concord_feedback.diagnosis import PROBES, Outcome
from concord_feedback.meaning import CAUSES

_ASKS = {probe.name: probe.asks for probe in PROBES}
_ANSWERS = {Outcome.PASSED: "yes", Outcome.FAILED: "NO", Outcome.COULD_NOT_RUN: "?"}


def print_diagnosis(probes: Sequence[Mapping[str, Any]]) -> None:
    """Print the probes that ran, each a question whose answer should be yes, and how many come after the last."""
    for probe in probes:
        answer = _ANSWERS.get(Outcome(probe["outcome"]))
        if answer:
            say(f"  {answer:<3}  {_ASKS.get(probe['probe'], probe['probe'])}")
            if probe["saw"]:
                say(f"         {probe['saw']}")
            for item in probe["items"] if answer == "NO" else ():
                say(f"         {item}")
    if left := sum(each["outcome"] == Outcome.NOT_NEEDED for each in probes):
        say(f"  {left} later {'stages were' if left > 1 else 'stage was'} not looked at: nothing is to be found there")


def print_cause(cause: RootCause) -> None:
    """Print what a root cause means, and what mends it."""
    told = CAUSES[cause.value]
    say("", f"{told.name}: {told.means}", f"What to do: {told.mends}")
