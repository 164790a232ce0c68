"""Proposals: changes of the content layer that wait for a decision, or had one; by value, and kept for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from concord.catalog import texts
from concord.catalog.schema import proposals


class State(StrEnum):
    """Where a proposal stands; the last three are for good."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of files of one `kind`: `files` and `base` are hashes of texts by path, None where there is no file.

    `base` is what it was made from, which stood in the declarations `base_digest` (None: before anything was in force).
    `operation` says what it means where it was not made by editing a file. `revision` counts its contents, so that a
    decision is about what was read. `proposer` and `reviewer` are tokens (`user:…`), or accounts of the machine.
    """

    kind: str
    files: Mapping[str, str | None]
    base: Mapping[str, str | None]
    base_digest: str | None
    proposer: str
    why: str
    created_at: datetime
    changed_at: datetime
    operation: dict[str, Any] | None = None
    state: State = State.DRAFT
    revision: int = 1
    reviewer: str | None = None
    decided_at: datetime | None = None
    comment: str | None = None
    id: int = 0

    @property
    def subject(self) -> str:
        """Its name in the audit log."""
        return f"proposal/{self.id}"

    @property
    def ref(self) -> str:
        """Its number with that of its content: `3@1`."""
        return f"{self.id}@{self.revision}"


def keep(connection: Connection, files: Mapping[str, str | None]) -> dict[str, str | None]:
    """Store the texts of files, and return their hashes."""
    texts.keep(connection, [text for text in files.values() if text is not None])
    return {path: None if text is None else texts.text_hash(text) for path, text in files.items()}


def contents(connection: Connection, files: Mapping[str, str | None]) -> dict[str, str | None]:
    """The texts of these hashes."""
    held = texts.load(connection, [key for key in files.values() if key is not None])
    return {path: None if key is None else held[key] for path, key in files.items()}


def add(connection: Connection, proposal: Proposal) -> Proposal:
    """Keep a new proposal under the next number."""
    made = connection.execute(insert(proposals).values(_row(proposal)).returning(proposals.c.id))
    return replace(proposal, id=made.scalar_one())


def save(connection: Connection, proposal: Proposal) -> None:
    """Write over a proposal that the same transaction has read."""
    connection.execute(update(proposals).where(proposals.c.id == proposal.id).values(_row(proposal)))


def load(connection: Connection, ids: Iterable[int]) -> dict[int, Proposal]:
    """Those of the proposals that there are, by number."""
    rows = connection.execute(select(proposals).where(proposals.c.id.in_(list(ids))))
    return {row.id: Proposal(**{**row._mapping, "state": State(row.state)}) for row in rows}


def in_states(connection: Connection, states: Collection[State]) -> list[Proposal]:
    """Proposals in any of the states, newest first."""
    wanted = [state.value for state in states]
    ids = connection.scalars(select(proposals.c.id).where(proposals.c.state.in_(wanted)))
    return sorted(load(connection, ids.all()).values(), key=lambda each: -each.id)


def _row(proposal: Proposal) -> dict[str, Any]:
    row = asdict(proposal)
    del row["id"]
    return {**row, "state": proposal.state.value, "files": dict(proposal.files), "base": dict(proposal.base)}
