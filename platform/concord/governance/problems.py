"""What is wrong in the files of a workspace: file, place and what to do, one by one."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from concord.authority.errors import PolicyError
from concord.workspace import FileProblem
from concord.workspace.yaml import plain_message
from concord_feedback import OwnershipError
from concord_taxonomy.standard import MappingError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to change: `path` is relative to the workspace, `place` as in `rules[3].owner` or `line 12`."""

    path: str
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.message) if part)


def problems_of(error: FileProblem) -> list[Problem]:
    """Everything that an error tells of: those that name many places at once are taken apart."""
    cause = error.__cause__
    found: list[tuple[str, str]]
    match cause:
        case MappingError():
            found = [(f"mapping.{issue.place}", issue.message) for issue in cause.issues]
        case OwnershipError():
            found = [(problem.place, problem.message) for problem in cause.problems]
        case PolicyError():
            found = list(cause.problems)
        case ValidationError():
            found = [(_place(each["loc"]), plain_message(each)) for each in cause.errors(include_url=False)]
        case _:
            found = [(error.place, str(error).removeprefix(f"{error.path}: ").removeprefix(f"{error.place}: "))]
    return [Problem(error.path, place, message) for place, message in found]


def _place(steps: tuple[int | str, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
