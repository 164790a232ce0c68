"""`concord apply`: put the workspace's files in force, or say everything that keeps them from it."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AS_VARIABLE, AsJson, opened, principal
from concord.cli.errors import BAD_INPUT
from concord.cli.output import note, print_json, say

if TYPE_CHECKING:
    from concord.bootstrap import Concord, Foundation


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("apply")(apply)


def apply(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong and what would change.")] = False,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="USER", help=f"Whom the audit log names. Default: ${AS_VARIABLE}, or the account."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the workspace's files and put them in force.

    Every problem is listed as file, place and what to do; with any, nothing changes and the exit code is 2.
    """
    from concord.governance import activation

    with opened(ctx) as concord:
        desired = concord.desired()
        problems = concord.review(desired)
        if problems:
            _refuse([str(problem) for problem in problems], as_json)
        if check:
            done = activation.compare(concord.engine, desired.declarations)
        else:
            done = activation.apply(concord.engine, desired.declarations, _actor(concord, desired, as_))
            _embed_labels(concord, desired)
    if as_json:
        changes = [{"change": kind, "path": path} for kind, path in done.changes]
        applied = done.new and not check
        print_json({"policy_version": done.digest, "applied": applied, "problems": [], "changes": changes})
        return
    say(*(f"{kind:<8} {path}" for kind, path in done.changes))
    if not done.new:
        say(f"policy {done.digest} is in force already; nothing to do")
    elif check:
        say(f"the files are right; `concord apply` puts policy {done.digest} in force")
    else:
        say(f"policy {done.digest} is in force")
        note("now run `concord sync`, so that items follow what has changed")


def _embed_labels(concord: Concord, desired: Foundation) -> None:
    """Make ready what questions are compared with. Where the model is not to be had, the next sync does it."""
    from concord.cli.progress import counted_in_steps
    from concord.embedding.errors import EmbeddingError

    try:
        with counted_in_steps("labels") as advance:
            concord.embed_labels(desired.vocabulary, advance)
    except EmbeddingError as error:
        note(f"concord: the labels are not embedded yet: {error}")


def _refuse(problems: list[str], as_json: bool) -> None:
    if as_json:
        print_json({"policy_version": None, "applied": False, "problems": problems, "changes": []})
    for problem in problems:
        note(" ".join(problem.splitlines()))
    note(f"concord: nothing was applied: {len(problems)} problem{'s' if len(problems) > 1 else ''}, listed above")
    raise typer.Exit(BAD_INPUT)


def _actor(concord: Concord, desired: Foundation, as_: str | None) -> str:
    """Who the audit log names: a person of the directory, or else the account that runs the command."""
    if as_ or os.environ.get(AS_VARIABLE):
        return f"user:{principal(concord, as_, desired.directory).id}"
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):
        return "local:unknown"
