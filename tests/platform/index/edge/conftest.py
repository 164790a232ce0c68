"""Index directories whose process is stopped when the test ends, however it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from concord.index.edge.client import stop_process


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "index"
    folder.mkdir()
    yield folder
    stop_process(folder)
