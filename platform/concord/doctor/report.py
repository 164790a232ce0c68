"""Every check in its order. One that cannot be made says why and keeps no other from being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from concord.catalog.engine import reading
from concord.catalog.errors import CatalogError
from concord.doctor import catalog, machine
from concord.doctor.index import index, unreachable
from concord.doctor.model import Check, Level
from concord.embedding import EmbeddingError, Encoder
from concord.index import Index, VectorIndexError
from concord.ingestion.locks import SourceLocks

_CATALOG = ("catalog", "audit log", "outbox", "readings", "conflict register", "derived rows")


def examine(
    state: Path,
    locks: SourceLocks,
    sources: Sequence[str],
    engine: Callable[[], Engine],
    encoder: Callable[[], Encoder],
    held: Callable[[], Index],
    reader: Callable[[], str],
    audit_head: str | None = None,
) -> Iterator[Check]:
    """Check the state of a workspace. What is given as a function is opened here, and may fail.

    `reader` gives the fingerprint of what reads passages; `audit_head` is a hash that an earlier check named, which the
    audit log has to hold.
    """
    yield machine.disk(state)
    yield machine.leftovers(locks, list(sources))
    model = _model(encoder)
    if isinstance(model, Check):
        yield model
    else:
        yield Check("model", Level.OK, f"{model} is there")
    try:
        opened = engine()
    except (CatalogError, SQLAlchemyError) as error:
        yield _broken("catalog", error)
        yield from (_skipped(name, "the catalog cannot be read") for name in (*_CATALOG[1:], "index"))
        return
    yield from _catalog(opened, model, reader, audit_head)
    if isinstance(model, Check):
        yield _skipped("index", "its model is not available")
        return
    yield _index(opened, held, model)


def _model(encoder: Callable[[], Encoder]) -> str | Check:
    try:
        return encoder().model
    except EmbeddingError as error:
        return Check("model", Level.PROBLEM, str(error), "give `embedding.model` in concord.yaml a model that is here")
    except (CatalogError, SQLAlchemyError):
        return _skipped("model", "the catalog cannot be read, which says what model is in use")


def _catalog(engine: Engine, model: str | Check, reader: Callable[[], str], audit_head: str | None) -> Iterator[Check]:
    checks: dict[str, Callable[[Connection], Check]] = {
        "catalog": catalog.integrity,
        "audit log": lambda connection: catalog.audit_log(connection, audit_head),
        "outbox": catalog.waiting,
        "readings": lambda connection: catalog.readings(connection, reader()),
        "conflict register": catalog.conflicts,
    }
    if not isinstance(model, Check):
        checks["derived rows"] = lambda connection: catalog.derived(connection, model)
    for name, check in checks.items():
        try:
            with reading(engine) as connection:
                found = check(connection)
        except (CatalogError, SQLAlchemyError) as error:
            found = _broken(name, error)
        yield found


def _index(engine: Engine, held: Callable[[], Index], model: str) -> Check:
    try:
        return index(engine, held(), model)
    except VectorIndexError as error:
        return unreachable(error)
    except (CatalogError, SQLAlchemyError) as error:
        return _skipped("index", f"the catalog cannot be read: {error}")


def _broken(name: str, error: Exception) -> Check:
    return Check(name, Level.PROBLEM, str(error), "see above")


def _skipped(name: str, why: str) -> Check:
    return Check(name, Level.SKIPPED, f"not checked: {why}")
