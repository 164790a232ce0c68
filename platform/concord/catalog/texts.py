"""Texts kept once, under their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, delete, except_, select

from concord.catalog.schema import activations, items, proposals, records, revisions, texts
from concord.catalog.sql import insert_missing, parts
from concord.catalog.storable import storable


def text_hash(text: str) -> str:
    """The key of a text, as it is kept."""
    return hashlib.sha256(storable(text).encode()).hexdigest()


def keep(connection: Connection, values: Iterable[str]) -> None:
    """Store the texts that are not stored yet."""
    rows = {text_hash(value): value for value in values}
    if rows:
        insert_missing(connection, texts, [{"hash": key, "text": value} for key, value in rows.items()])


def load(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """The texts of these hashes."""
    found: dict[str, str] = {}
    for part in parts(hashes):
        for row in connection.execute(select(texts).where(texts.c.hash.in_(part))):
            found[row.hash] = row.text
    return found


def unused(connection: Connection) -> set[str]:
    """The keys of texts that nothing refers to any more."""
    columns = (activations.c.files, proposals.c.files)
    declared = {key for column in columns for files in connection.scalars(select(column)) for key in files.values()}
    used = (select(table.c.body) for table in (records, items, revisions))
    return set(connection.scalars(except_(select(texts.c.hash), *used))) - declared


def forget_unused(connection: Connection) -> int:
    """Delete texts that nothing refers to any more; returns how many."""
    keys = unused(connection)
    for part in parts(keys):
        connection.execute(delete(texts).where(texts.c.hash.in_(part)))
    return len(keys)
