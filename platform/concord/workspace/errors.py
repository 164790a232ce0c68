"""Errors of the workspace's files.

WorkspaceError
├── WorkspaceNotFound    no `concord.yaml` in the folder
└── FileProblem          a file that cannot be read as what it should be; names the file and the place
"""

from __future__ import annotations

from pathlib import Path


class WorkspaceError(Exception):
    """The workspace's files cannot be used as they are."""


class WorkspaceNotFound(WorkspaceError):
    """`folder` holds no workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"no concord.yaml in {folder}: run `concord init {folder}`, or name a workspace with --workspace"
        )


class FileProblem(WorkspaceError):
    """`path` (relative to the workspace) is wrong at `place`."""

    def __init__(self, path: str, message: str, place: str = "") -> None:
        self.path = path
        self.message = message
        self.place = place
        super().__init__(f"{path}: {place + ': ' if place else ''}{message}")
