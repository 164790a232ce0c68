from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from concord_connectors.conformance import ConnectorContract, ConnectorWorld
from concord_connectors.files import FilesConnector


class Folder:
    def __init__(self, base: Path) -> None:
        self.base = base
        for name in ("a.md", "b/c.md", "b/d.txt", "e.html", "z.md"):
            path = base / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {name}\n\nText of {name}.\n")
        (base / "content" / "b" / "f.md").symlink_to("/nowhere/at/all.md")

    def connector(self) -> FilesConnector:
        return FilesConnector(base=self.base, path="content", batch_size=2)

    def change(self) -> str:
        (self.base / "content" / "b" / "c.md").write_text("# Changed\n")
        return "b/c.md"

    def remove(self) -> str:
        (self.base / "content" / "e.html").unlink()
        return "e.html"

    def lose(self) -> None:
        shutil.rmtree(self.base / "content")


class TestFilesContract(ConnectorContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> ConnectorWorld:
        return Folder(tmp_path)
