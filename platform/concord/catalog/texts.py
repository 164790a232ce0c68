"""Texts kept once, under their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, union

from concord.catalog.schema import activations, items, records, revisions, texts
from concord.catalog.sql import insert_missing


def text_hash(text: str) -> str:
    """The key of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keep(connection: Connection, values: Iterable[str]) -> None:
    """Store the texts that are not stored yet."""
    rows = {text_hash(value): value for value in values}
    if rows:
        insert_missing(connection, texts, [{"hash": key, "text": value} for key, value in rows.items()])


def load(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """The texts of these hashes."""
    wanted = list(set(hashes))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in connection.execute(select(texts).where(texts.c.hash.in_(part))):
            found[row.hash] = row.text
    return found


def forget_unused(connection: Connection) -> int:
    """Delete texts that nothing refers to any more; returns how many."""
    declared = {key for files in connection.scalars(select(activations.c.files)) for key in files.values()}
    used = union(select(records.c.body), select(items.c.body), select(revisions.c.body)).subquery()
    unused = set(connection.scalars(select(texts.c.hash).where(texts.c.hash.not_in(select(used.c.body))))) - declared
    for key in unused:
        connection.execute(delete(texts).where(texts.c.hash == key))
    return len(unused)
