"""What every command shares: which workspace, opened for as long as the command runs, and who asks."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.errors import NobodyAsked, PersonasClosed
from concord.cli.output import note

if TYPE_CHECKING:
    from concord.access import Directory
    from concord.bootstrap import Concord
    from concord_taxonomy.standard import Principal

AS_VARIABLE = "CONCORD_AS"
WORKSPACE_VARIABLE = "CONCORD_WORKSPACE"

AsUser = Annotated[
    str | None,
    typer.Option("--as", metavar="USER", help=f"Who asks: a user of principals.yaml. Default: ${AS_VARIABLE}."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Ask about a past day, such as 2023-06-01. Who may read what is as today."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@dataclass(frozen=True, slots=True)
class State:
    """What the global options say."""

    workspace: Path | None = None


def workspace_folder(ctx: typer.Context) -> Path:
    """The workspace that the command is about: the option's, or the nearest folder upward that holds one."""
    from concord.workspace.files import SETTINGS_FILE

    chosen = ctx.obj.workspace if isinstance(ctx.obj, State) else None
    if chosen is not None:
        return chosen
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / SETTINGS_FILE).is_file()), here)


@contextmanager
def opened(ctx: typer.Context) -> Iterator[Concord]:
    """The workspace at work, closed at the end; raises `WorkspaceNotFound` and `FileProblem`."""
    from concord.bootstrap import Concord, garbage

    concord = Concord.open(workspace_folder(ctx))
    garbage.look_seldom()
    try:
        yield concord
    finally:
        concord.close()


def principal(concord: Concord, as_: str | None, directory: Directory | None = None) -> Principal:
    """Who asks, with the tokens held now; `directory` is the applied one unless given.

    Raises `NobodyAsked`, `PersonasClosed` outside of a development workspace, and `UnknownPrincipal`.
    """
    if concord.settings.auth != "development":
        raise PersonasClosed(concord.settings.auth)
    name = as_ or os.environ.get(AS_VARIABLE)
    if not name:
        raise NobodyAsked
    return (directory or concord.foundation.directory).principal(name)


def account() -> str:
    """Whom the audit log names where nobody is: the account that runs the command."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):
        return "local:unknown"


def day(text: str | None) -> date | None:
    """The day of `--as-of`; raises `typer.BadParameter` for what is no date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"--as-of takes a date such as 2023-06-01, not {text!r}") from None


def hint_behind(concord: Concord) -> None:
    """Say so where the index has yet to follow the catalog, so that a poor answer is not taken for the content's."""
    if concord.index_behind():
        note("concord: the index is behind the catalog: run `concord sync`")
