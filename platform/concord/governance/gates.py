"""The port `Gate`: what a change has to pass before it is in force, such as a golden set that must not get worse.

Gates come from entry points of the group `concord.gates`, each called with the workspace (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from concord.catalog.proposals import Proposal
from concord.governance.errors import GateRefused
from concord.workspace import Declarations

Looked = TypeVar("Looked")


@dataclass(frozen=True, slots=True)
class Change:
    """What would be put in force by approving some proposals, and what is in force before it.

    Files that a development workspace applies have no proposals yet when gates look at them.
    """

    proposals: tuple[Proposal, ...]
    before: Declarations
    after: Declarations

    def to_json(self) -> list[dict[str, Any]]:
        """The files that differ as JSON values: each as it is (`before`) and as it would be (`after`)."""
        texts = self.before.files, self.after.files
        return [
            {"change": kind, "path": path, "before": texts[0].get(path), "after": texts[1].get(path)}
            for kind, path in self.before.changes(self.after)
        ]


class Gate(Protocol):
    """Looks at a change before it is approved."""

    @property
    def name(self) -> str:
        """What errors and the audit log call it."""
        ...

    def refuses(self, change: Change) -> str | None:
        """Why the change may not be put in force; None lets it through. One that raises an error refuses too."""
        ...


@runtime_checkable
class RecipeGate(Protocol):
    """Looks at a recipe of the index, too: another embedding model, before it is in use."""

    @property
    def name(self) -> str:
        """What errors and the audit log call it."""
        ...

    def refuses_recipe(self, candidate: object) -> str | None:
        """Why a recipe may not be used, by a workspace (`Concord`) that answers by it; None lets it through."""
        ...


@dataclass(frozen=True, slots=True)
class BrokenGate:
    """Stands for a gate that could not be loaded, for the reason `problem`."""

    name: str
    problem: str

    def refuses(self, change: Change) -> str | None:
        """Refuse whatever it is."""
        return f"it could not be loaded ({self.problem}): repair or remove its package"

    def refuses_recipe(self, candidate: object) -> str | None:
        """Refuse whatever it is."""
        return f"it could not be loaded ({self.problem}): repair or remove its package"


def pass_gates(gates: Iterable[Gate], change: Change) -> Sequence[str]:
    """The names of the gates that the change passed; raises `GateRefused`. Fails closed: a gate has to say yes."""
    return [_passed(each.name, each.refuses, change) for each in gates]


def pass_recipe(gates: Iterable[RecipeGate], candidate: object) -> Sequence[str]:
    """The names of the gates that the recipe of `candidate` passed; raises `GateRefused`, like `pass_gates`."""
    return [_passed(each.name, each.refuses_recipe, candidate) for each in gates]


def _passed(name: str, refuses: Callable[[Looked], str | None], what: Looked) -> str:
    try:
        problem = refuses(what)
    except Exception as error:
        raise GateRefused(name, f"it could not be run ({type(error).__name__}: {error})") from error
    if problem is not None:
        raise GateRefused(name, problem)
    return name
