"""The port `Gate`: what a change has to pass before it is in force, such as a golden set that must not get worse.

Gates come from entry points of the group `concord.gates`, each called with the workspace (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from concord.catalog.proposals import Proposal
from concord.governance.errors import GateRefused
from concord.workspace import Declarations


@dataclass(frozen=True, slots=True)
class Change:
    """What would be put in force by approving some proposals, and what is in force before it.

    Files that a development workspace applies have no proposals yet when gates look at them.
    """

    proposals: tuple[Proposal, ...]
    before: Declarations
    after: Declarations


class Gate(Protocol):
    """Looks at a change before it is approved."""

    @property
    def name(self) -> str:
        """What errors and the audit log call it."""
        ...

    def refuses(self, change: Change) -> str | None:
        """Why the change may not be put in force; None lets it through. One that raises an error refuses too."""
        ...


@dataclass(frozen=True, slots=True)
class BrokenGate:
    """Stands for a gate that could not be loaded, for the reason `problem`."""

    name: str
    problem: str

    def refuses(self, change: Change) -> str | None:
        """Refuse whatever it is."""
        return f"it could not be loaded ({self.problem}): repair or remove its package"


def pass_gates(gates: Iterable[Gate], change: Change) -> Sequence[str]:
    """The names of the gates that the change passed; raises `GateRefused`. Fails closed: a gate has to say yes."""
    passed = []
    for gate in gates:
        try:
            problem = gate.refuses(change)
        except Exception as error:
            raise GateRefused(gate.name, f"it could not be run ({type(error).__name__}: {error})") from error
        if problem is not None:
            raise GateRefused(gate.name, problem)
        passed.append(gate.name)
    return passed
