"""Real repositories for the connectors' tests, and the handbooks where they are at hand."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_DATE = 1_700_000_000
_DAY = 86_400


@dataclass
class Repository:
    """A git repository whose commits are a day apart, so that dates can be told."""

    path: Path
    commits: int = 0

    def git(self, *arguments: str) -> str:
        moment = f"{_DATE + self.commits * _DAY} +0000"
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
        }
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, content: str | bytes) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, author: str = "Ann Author") -> str:
        self.commits += 1
        self.git("add", "--all")
        name, mail = f"user.name={author}", "user.email=ann@example.org"
        self.git("-c", name, "-c", mail, "commit", "--quiet", "--message", f"commit {self.commits}")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    path = tmp_path / "repository"
    path.mkdir()
    made = Repository(path)
    made.git("init", "--quiet", "--initial-branch=main")
    return made


@pytest.fixture(scope="session")
def handbooks() -> Path:
    """The folder with the handbooks' bundles; skips where they are absent."""
    root = Path(__file__).resolve().parents[2]
    data = Path(os.environ.get("CONCORD_TEST_DATA", root.parent / "shared" / "data"))
    if not (data / "handbooks").is_dir():
        pytest.skip(f"no handbooks in {data}: set CONCORD_TEST_DATA to a folder that has them")
    return data / "handbooks"
