from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from concord.bootstrap import Concord
from concord.governance import activation


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Concord]]:
    """Opens a copy of a workspace, applied and synced; its index process is stopped at the end."""
    made: list[tuple[Concord, Path]] = []

    def open_copy(workspace: Path) -> Concord:
        # Making an engine's folder syncs many small files: memory is kinder to it than a busy disk.
        shared = Path("/dev/shm")
        base = shared if os.access(shared, os.W_OK) else tmp_path_factory.mktemp("workspaces")
        folder = base / f"concord-{workspace.name}-{os.getpid()}"
        shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns(".concord", "authoring"))
        concord = Concord.open(folder)
        made.append((concord, folder))
        activation.apply(concord.engine, concord.desired().declarations, "test")
        outcome = concord.sync_sources(concord.foundation.sources.values())
        assert not outcome.failed
        assert not outcome.busy
        return concord

    yield open_copy
    for concord, folder in made:
        concord.index.stop()  # type: ignore[attr-defined]
        concord.close()
        shutil.rmtree(folder)
