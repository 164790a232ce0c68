"""The workspace's files: read, validated and fingerprinted."""

from __future__ import annotations

from concord.workspace.errors import FileProblem, WorkspaceError, WorkspaceNotFound
from concord.workspace.files import Declarations, find_workspace, read_declarations
from concord.workspace.settings import Settings, read_settings, state_folder

__all__ = [
    "Declarations",
    "FileProblem",
    "Settings",
    "WorkspaceError",
    "WorkspaceNotFound",
    "find_workspace",
    "read_declarations",
    "read_settings",
    "state_folder",
]
