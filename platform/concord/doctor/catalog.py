"""Checks of the catalog: its file, its audit log, what waits, and rows that belong to nothing."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, exists, func, select, text

from concord.catalog import audit, outbox, register
from concord.catalog.chunks import read_otherwise
from concord.catalog.schema import chunks, embeddings, items, replacements, revisions, tags
from concord.doctor.model import Check, Level, fine

_RESTORE = "restore the catalog from a backup, or move it away and run `concord apply` and `concord sync`"


def integrity(connection: Connection) -> Check:
    """Whether the database holds together, and which schema it has."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if connection.dialect.name != "sqlite":
        return fine("catalog", f"schema {revision}")
    wrong = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    wrong += [
        f"{row[0]} row {row[1]} refers to nothing" for row in connection.execute(text("PRAGMA foreign_key_check"))
    ]
    if wrong:
        return Check("catalog", Level.PROBLEM, f"{len(wrong)} faults, the first: {wrong[0]}", _RESTORE)
    return fine("catalog", f"sound, schema {revision}")


def audit_log(connection: Connection, kept: str | None = None) -> Check:
    """Whether each event follows from the one before, and the one with the hash that was `kept` is still there.

    Raises `AuditBroken`.
    """
    count = sum(1 for _ in audit.events(connection))
    if kept is not None and not audit.holds(connection, kept):
        found = f"{count} events, and none with the hash that was kept: the log was cut off since, or is another one"
        return Check("audit log", Level.PROBLEM, found, "compare it with a backup of the catalog: events are missing")
    told = f"; the hash of the last is {last}" if (last := audit.head(connection)) else ""
    return fine("audit log", f"{count} events, each following from the one before{told}")


def waiting(connection: Connection) -> Check:
    """Whether the index has yet to follow something."""
    depth = outbox.depth(connection)
    if depth:
        return Check("outbox", Level.WARNING, f"{depth} items wait for the index", "run `concord sync`")
    return fine("outbox", "nothing waits for the index")


def readings(connection: Connection, reader: str) -> Check:
    """Whether what is read in passages is kept by the reader in force, given by its fingerprint."""
    if count := read_otherwise(connection, reader):
        found = f"{count} passages were read by another version or vocabulary: each question reads them anew"
        return Check("readings", Level.WARNING, found, "run `concord sync`")
    return fine("readings", "every passage was read by the version and vocabulary in force")


def conflicts(connection: Connection) -> Check:
    """Whether the conflict register holds together, and has followed every item."""
    if loose := register.loose(connection):
        remedy = "run `concord doctor --repair`, which mines it anew"
        return Check("conflict register", Level.PROBLEM, f"{loose} rows belong to nothing", remedy, mine=True)
    if depth := register.depth(connection):
        return Check("conflict register", Level.WARNING, f"{depth} items wait to be compared", "run `concord sync`")
    overflow = register.crowded(connection)
    some = f"; {overflow} claims share their words with more than they are compared with" if overflow else ""
    return fine("conflict register", f"every item was compared with the others{some}")


def derived(connection: Connection, model: str) -> Check:
    """Whether passages belong to a revision and links to a live item, and passages have their vectors."""
    live = select(items.c.identifier).where(items.c.live)
    of_revision = exists().where(
        revisions.c.identifier == chunks.c.identifier, revisions.c.revision == chunks.c.revision
    )
    loose = connection.scalar(select(func.count()).select_from(chunks).where(~of_revision)) or 0
    stated = replacements.c.stated_by.not_in(live)
    loose += connection.scalar(select(func.count()).select_from(replacements).where(stated)) or 0
    known = select(items.c.identifier)
    loose += connection.scalar(select(func.count()).select_from(tags).where(tags.c.identifier.not_in(known))) or 0
    if loose:
        remedy = "this is a defect of Concord: please report it; answers are checked against the items and not affected"
        return Check("derived rows", Level.PROBLEM, f"{loose} rows belong to no item", remedy)
    held = select(embeddings.c.content_hash).where(embeddings.c.model == model)
    idle = chunks.c.identifier.not_in(outbox.waiting())
    bare = connection.scalar(select(func.count()).select_from(chunks).where(chunks.c.content_hash.not_in(held), idle))
    if bare:
        found = f"{bare} passages have no vectors of {model}"
        return Check(
            "derived rows", Level.WARNING, found, "run `concord doctor --repair`, which embeds them", rebuild=True
        )
    count = connection.scalar(select(func.count()).select_from(items).where(items.c.live))
    return fine("derived rows", f"{count} items, all of their passages with vectors")
