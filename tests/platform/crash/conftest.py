"""The undisturbed run, once per session, that every killed one is compared with."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest) -> Iterator[object]:
    """Every step run once, undisturbed."""
    from harness import House, start_launcher
    from scenario import MORE

    platform = request.config.pluginmanager.getplugin(str(Path(__file__).parents[1] / "conftest.py"))
    with (
        TemporaryDirectory(prefix="concord-crash-", dir=platform.memory_folder()) as folder,
        start_launcher() as launcher,
    ):
        workspace = Path(folder) / "workspace"
        platform.build(workspace, dict(MORE))
        made = House(Path(folder), workspace, launcher)
        try:
            made.record()
            yield made
        finally:
            made.stop()
            launcher.stdin.close()
            launcher.wait()
