"""Putting the content layer in force: its digest is the policy version that every decision names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from concord.catalog.activations import activate, active, active_digest
from concord.catalog.audit import AuditEvent
from concord.catalog.engine import reading, writing
from concord.catalog.errors import NothingApplied
from concord.workspace import Declarations


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation comes to: pairs of `added`, `changed` or `removed` and a path; none where nothing differs."""

    digest: str
    changes: tuple[tuple[str, str], ...]
    new: bool

    def paths(self, kind: str) -> list[str]:
        """The paths of one kind of change."""
        return [path for each, path in self.changes if each == kind]


def compare(engine: Engine, declarations: Declarations) -> Activation:
    """What activating these declarations would change; `new` where they are not in force already."""
    with reading(engine) as connection:
        return _compared(connection, declarations)


def apply(engine: Engine, declarations: Declarations, actor: str) -> Activation:
    """Put reviewed declarations in force, with the event that tells of it; those in force already write nothing."""
    if not compare(engine, declarations).new:
        return compare(engine, declarations)
    with writing(engine) as connection:
        activation = _compared(connection, declarations)
        if activation.new:
            activate(connection, declarations, actor, datetime.now(UTC))
            data = {kind: activation.paths(kind) for kind in ("added", "changed", "removed")}
            AuditEvent("workspace.applied", actor, activation.digest, data).append(connection)
    return activation


def _compared(connection: Connection, declarations: Declarations) -> Activation:
    try:
        held = active(connection)
    except NothingApplied:
        held = Declarations({})
    changes = tuple(held.changes(declarations))
    return Activation(declarations.digest, changes, active_digest(connection) != declarations.digest)
