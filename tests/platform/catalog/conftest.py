"""A catalog of its own for each test, in memory where there is such a place: SQLite syncs every transaction."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from concord.catalog.engine import create_catalog_engine, sqlite_url
from concord.catalog.migrate import migrate


@pytest.fixture
def empty_engine() -> Iterator[Engine]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="concord-", dir=memory if memory.is_dir() else None) as folder:
        engine = create_catalog_engine(sqlite_url(Path(folder) / "catalog.db"))
        yield engine
        engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    migrate(empty_engine)
    return empty_engine
