"""What tests of commands share."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.schema import metadata


@pytest.fixture
def dump() -> Callable[..., dict[str, list[tuple[object, ...]]]]:
    """Every row of every table of a workspace's catalog."""

    def dumped(workspace) -> dict[str, list[tuple[object, ...]]]:
        concord = Concord.open(workspace.folder)
        try:
            with reading(concord.engine) as connection:
                return {
                    table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                    for table in metadata.sorted_tables
                }
        finally:
            concord.close()

    return dumped
