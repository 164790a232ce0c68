"""`concord init`: a small workspace to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.errors import FolderTaken
from concord.cli.output import say

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_RENAMED = {"gitignore": ".gitignore"}
"""Kept under another name in the package, so that tools which pack and commit it do not heed it."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made where it is missing.")] = Path(),
) -> None:
    """Write a small workspace to start from: a source, a vocabulary, who owns what, who wins, and some pages.

    Two of its pages disagree, so that there is something to decide. Nothing that exists is overwritten.
    """
    from importlib.resources import files

    starter = list(_files(files("concord.cli") / "starter", Path()))
    for path, _ in starter:
        if (folder / path).exists():
            raise FolderTaken(folder / path)
    for path, content in starter:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    say(f"{len(starter)} files written to {folder.resolve()}. Next:")
    if folder.resolve() != Path.cwd():
        say(f"  cd {shlex.quote(str(folder))}")
    say(
        "  concord apply    # check the files and put them in force",
        "  concord sync     # read the sources",
        '  concord ask "How many days of annual leave do I get?" --as sam',
    )


def _files(folder: Traversable, path: Path) -> list[tuple[Path, bytes]]:
    """Every file below a folder of the package, by its path in the new workspace."""
    found: list[tuple[Path, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        here = path / _RENAMED.get(entry.name, entry.name)
        found += _files(entry, here) if entry.is_dir() else [(here, entry.read_bytes())]
    return found
