"""Which declarations are in force: `concord apply` activates them, by value."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from concord.catalog import texts
from concord.catalog.errors import CatalogDamaged, NothingApplied
from concord.catalog.schema import activations
from concord.workspace.files import Declarations


def activate(connection: Connection, declarations: Declarations, actor: str, at: datetime) -> None:
    """Put `declarations` in force."""
    texts.keep(connection, declarations.files.values())
    files = {path: texts.text_hash(text) for path, text in declarations.files.items()}
    connection.execute(
        insert(activations).values(digest=declarations.digest, files=files, activated_at=at, activated_by=actor)
    )


def active(connection: Connection) -> Declarations:
    """The declarations in force; raises `NothingApplied`, and `CatalogDamaged` where a text of theirs is gone."""
    files = connection.scalar(select(activations.c.files).order_by(activations.c.seq.desc()).limit(1))
    if files is None:
        raise NothingApplied
    held = texts.load(connection, files.values())
    if missing := set(files.values()) - held.keys():
        path = connection.engine.url.database or ":memory:"
        raise CatalogDamaged(path, f"{len(missing)} of the files in force are missing")
    return Declarations({path: held[key] for path, key in files.items()})


def active_digest(connection: Connection) -> str | None:
    """The digest in force, if any."""
    digest: str | None = connection.scalar(select(activations.c.digest).order_by(activations.c.seq.desc()).limit(1))
    return digest
