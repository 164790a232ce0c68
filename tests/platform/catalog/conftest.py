"""A catalog of its own for each test, on both databases; in memory where that is possible, as they sync to disk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from concord.catalog.engine import create_catalog_engine, sqlite_url
from concord.catalog.migrate import migrate


@pytest.fixture
def open_catalog(database: str, new_catalog: Callable[..., str | None]) -> Iterator[Callable[..., Engine]]:
    """Open a new catalog: `open_catalog()`, or on PostgreSQL a copy of the database named."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="concord-", dir=memory if memory.is_dir() else None) as folder:
        opened: list[Engine] = []

        def open_(template: str | None = None) -> Engine:
            file = Path(folder) / f"catalog-{len(opened)}.db"
            opened.append(create_catalog_engine(new_catalog(template) or sqlite_url(file)))
            return opened[-1]

        yield open_
        for engine in opened:
            engine.dispose()


@pytest.fixture
def empty_engine(open_catalog: Callable[..., Engine]) -> Engine:
    return open_catalog("template0")


@pytest.fixture
def engine(open_catalog: Callable[..., Engine]) -> Engine:
    engine = open_catalog()
    migrate(engine)
    return engine
