"""Which declarations are in force: `concord apply` activates them, by value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from concord.catalog import texts
from concord.catalog.errors import CatalogDamaged, NothingApplied
from concord.catalog.schema import activations
from concord.workspace.files import Declarations


@dataclass(frozen=True, slots=True)
class Version:
    """One activation: what was put in force, by whom, and the approved proposals that it came from.

    `files` are hashes of texts by path.
    """

    digest: str
    files: Mapping[str, str]
    at: datetime
    by: str
    proposals: tuple[int, ...]


def activate(
    connection: Connection, declarations: Declarations, actor: str, at: datetime, proposals: Iterable[int] = ()
) -> None:
    """Put `declarations` in force, as the proposals of these numbers ask."""
    texts.keep(connection, declarations.files.values())
    files = {path: texts.text_hash(text) for path, text in declarations.files.items()}
    row = {"digest": declarations.digest, "files": files, "activated_at": at, "activated_by": actor}
    connection.execute(insert(activations).values(**row, proposals=list(proposals)))


def active(connection: Connection) -> Declarations:
    """The declarations in force; raises `NothingApplied`, and `CatalogDamaged` where a text of theirs is gone."""
    files = connection.scalar(select(activations.c.files).order_by(activations.c.seq.desc()).limit(1))
    if files is None:
        raise NothingApplied
    return _declared(connection, files)


def once_active(connection: Connection, digest: str) -> Declarations | None:
    """The declarations of a digest that is or was in force; None where there never were any."""
    files = connection.scalar(select(activations.c.files).where(activations.c.digest == digest).limit(1))
    return None if files is None else _declared(connection, files)


def versions(connection: Connection) -> list[Version]:
    """Everything that was put in force, oldest first."""
    rows = connection.execute(select(activations).order_by(activations.c.seq))
    return [
        Version(row.digest, row.files, row.activated_at, row.activated_by, tuple(row.proposals or ())) for row in rows
    ]


def active_digest(connection: Connection) -> str | None:
    """The digest in force, if any."""
    digest: str | None = connection.scalar(select(activations.c.digest).order_by(activations.c.seq.desc()).limit(1))
    return digest


def _declared(connection: Connection, files: Mapping[str, str]) -> Declarations:
    held = texts.load(connection, files.values())
    if missing := set(files.values()) - held.keys():
        path = connection.engine.url.database or ":memory:"
        raise CatalogDamaged(path, f"{len(missing)} of the files in force are missing")
    return Declarations({path: held[key] for path, key in files.items()})
