"""What an activation changes: the declarations in force beside others."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from concord.catalog.activations import active, active_digest
from concord.catalog.engine import reading
from concord.catalog.errors import NothingApplied
from concord.workspace import Declarations
from concord.workspace.vocabulary import vocabulary_broken_by


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation comes to: pairs of `added`, `changed` or `removed` and a path; none where nothing differs."""

    digest: str
    changes: tuple[tuple[str, str], ...]
    new: bool

    def paths(self, kind: str) -> list[str]:
        """The paths of one kind of change."""
        return [path for each, path in self.changes if each == kind]


def in_force(connection: Connection) -> Declarations:
    """The declarations in force; none before anything was applied."""
    try:
        return active(connection)
    except NothingApplied:
        return Declarations({})


def compared(connection: Connection, declarations: Declarations) -> Activation:
    """What activating these declarations would change; `new` where they are not in force already."""
    changes = tuple(in_force(connection).changes(declarations))
    return Activation(declarations.digest, changes, active_digest(connection) != declarations.digest)


def breaks_vocabulary(engine: Engine, declarations: Declarations) -> list[str]:
    """What these declarations break in the vocabulary in force (`vocabulary_broken_by`)."""
    with reading(engine) as connection:
        held = in_force(connection)
    return vocabulary_broken_by(held, declarations)
