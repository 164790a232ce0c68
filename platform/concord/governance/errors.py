"""Errors of governance.

GovernanceError
├── InvalidWorkspace    files of the content layer that cannot be put in force
├── NoSuchProposal      no proposal of that number that the person may read
├── NotPossible         the proposal's state does not allow it
├── NotAllowed          this person may not do it
├── NotAsReviewed       the proposal's content is not, or need not be, what was reviewed
├── OutOfDate           what the proposal changes was changed by another one meanwhile
├── ChangedMeanwhile    something else came into force while a change was made
├── GateRefused         a gate does not let the change through
├── NothingToPropose    the change would leave everything as it is
├── WhyNeeded           a change without a reason
├── BadValue            a value of a change that cannot be taken
├── NoSuchEntry         no entry of the conflict register of that id that the person may read
└── NothingAccepted     the entry is no accepted difference
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from concord.governance.problems import Problem


class GovernanceError(Exception):
    """Something that governance does not let through."""


class InvalidWorkspace(GovernanceError):
    """The workspace's files cannot be applied; `problems` names every place that has to change."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class NoSuchProposal(GovernanceError):
    """`number` is no proposal that the person may read; whether it exists is not told."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"no proposal {number} that you may read: `concord proposals list` shows them")


class NotPossible(GovernanceError):
    """`act` does not exist for a proposal in `state`."""

    def __init__(self, number: int, state: str, act: str, possible: Iterable[str]) -> None:
        self.number, self.state, self.act = number, state, act
        rest = ", ".join(possible)
        hope = f"what can be done: {rest}" if rest else "that is for good: make a new proposal"
        super().__init__(f"proposal {number} is {state.replace('_', ' ')}, and cannot be told to {act}; {hope}")


class NotAllowed(GovernanceError):
    """`who` may not do it, for the reason `problem`."""

    def __init__(self, who: str, problem: str) -> None:
        self.who = who
        super().__init__(f"{who} may not do this: {problem}")


class NotAsReviewed(GovernanceError):
    """The proposal's content is its `revision`, and the reviewer named another or none."""

    def __init__(self, number: int, revision: int, named: int | None) -> None:
        self.number, self.revision = number, revision
        told = f"not {number}@{named}" if named else "which it has been changed to since it was made"
        super().__init__(f"proposal {number} says {number}@{revision}, {told}: read it, then name {number}@{revision}")


class OutOfDate(GovernanceError):
    """What the proposal was made from was changed meanwhile, in `paths`, where it makes changes itself."""

    def __init__(self, number: int, paths: Sequence[str]) -> None:
        self.number, self.paths = number, tuple(paths)
        super().__init__(
            f"proposal {number} is out of date: {', '.join(paths)} changed since in the same place; withdraw it and "
            "propose it again from what is in force"
        )


class ChangedMeanwhile(GovernanceError):
    """Something else came into force while a change was made of what was in force before."""

    def __init__(self) -> None:
        super().__init__("something else came into force meanwhile: look at the change again, and propose it then")


class GateRefused(GovernanceError):
    """The gate `gate` does not let the change through, for the reason `problem`."""

    def __init__(self, gate: str, problem: str) -> None:
        self.gate = gate
        super().__init__(f"the gate {gate} refuses: {problem}")


class NothingToPropose(GovernanceError):
    """The change would leave everything as it is."""

    def __init__(self) -> None:
        super().__init__("there is nothing to propose: what is in force says this already")


class WhyNeeded(GovernanceError):
    """Everybody who reads of a change later wants to know why it was made."""

    def __init__(self) -> None:
        super().__init__("say why with --why: it is kept with the change")


class BadValue(GovernanceError):
    """What was given for `field` of a change cannot be taken, for the reason `problem`."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}")


class NoSuchEntry(GovernanceError):
    """`identity` is no entry of the conflict register that the person may read; whether it exists is not told."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        super().__init__(f"no conflict {identity!r} that you may read: `concord conflicts --all` shows ids")


class NothingAccepted(GovernanceError):
    """The entry `identity` is no accepted difference."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        super().__init__(f"conflict {identity} is not accepted: there is nothing to revoke")
