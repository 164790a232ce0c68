from __future__ import annotations

import shutil
from typing import Any

import pytest

from concord_connectors.conformance import ConnectorContract, ConnectorWorld
from concord_connectors.git import GitConnector


class World:
    def __init__(self, repository: Any, history: bool = False) -> None:
        self.repository = repository
        self.history = history
        for name in ("a.md", "b/c.md", "b/d.txt", "e.html", "z.md"):
            repository.write(name, f"# {name}\n\nText of {name}.\n")
        repository.write("b/f.md", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n")
        repository.commit()

    def connector(self) -> GitConnector:
        path = self.repository.path
        return GitConnector(base=path.parent, repository=path.name, batch_size=2, history=self.history)

    def change(self) -> str:
        self.repository.write("b/c.md", "# Changed\n")
        self.repository.commit()
        return "b/c.md"

    def remove(self) -> str:
        (self.repository.path / "e.html").unlink()
        self.repository.commit()
        return "e.html"

    def lose(self) -> None:
        shutil.rmtree(self.repository.path)


class TestGitContract(ConnectorContract):
    @pytest.fixture
    def world(self, repository: Any) -> ConnectorWorld:
        return World(repository)


class TestGitContractWithHistory(ConnectorContract):
    @pytest.fixture
    def world(self, repository: Any) -> ConnectorWorld:
        made = World(repository, history=True)
        for name in ("a.md", "b/d.txt"):
            repository.write(name, f"# {name}\n\nOther text of {name}.\n")
        repository.commit()
        return made
