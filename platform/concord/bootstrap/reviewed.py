"""A review in git: whether a commit says what a proposal proposes."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from concord.governance.errors import GovernanceError

_SECONDS = 30


class NotCommitted(GovernanceError):
    """The commit does not say what is to be approved, or there is no such commit here."""


def committed(folder: Path, commit: str, files: Mapping[str, str | None]) -> str:
    """The whole id of a commit of the repository of `folder` in which these files have these texts.

    Raises `NotCommitted` where it is no commit, or where a file has another text in it.
    """
    if commit.startswith("-"):
        raise NotCommitted(f"{commit!r} names no commit")
    sha = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    if sha is None:
        raise NotCommitted(f"{commit!r} is no commit of the git repository of {folder}")
    name = sha.decode("ascii", "replace").strip()
    for path, text in sorted(files.items()):
        held = _git(folder, "show", f"{name}:./{path}")
        said = held.decode("utf-8", "replace").replace("\r\n", "\n") if held is not None else None
        if said != text:
            raise NotCommitted(f"{path} is something else in commit {name[:12]} than what is proposed")
    return name


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints; None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotCommitted(f"git cannot be run: {error}") from error
    return done.stdout if done.returncode == 0 else None
