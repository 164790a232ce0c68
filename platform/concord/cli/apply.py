"""`concord apply`: put the workspace's files in force, or say everything that keeps them from it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AS_VARIABLE, AsJson, account, opened, principal
from concord.cli.errors import BAD_INPUT
from concord.cli.output import note, print_json, say

if TYPE_CHECKING:
    from concord.bootstrap import Concord, Foundation

SHOWN = 10
"""Warnings about a vocabulary that are printed."""


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
    why: Annotated[
        str, typer.Option("--why", help="Why; kept with the change. A governed workspace asks for it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check the workspace's files and put them in force, or propose them where the workspace is governed.

    Every problem is listed as file, place and what to do; with any, nothing changes and the exit code is 2. What is
    proposed is decided by kind of file (`concord proposals`); until then what was in force stays in force.
    """
    from concord.governance import Outcome, compare
    from concord.governance.comparing import breaks_vocabulary

    with opened(ctx) as concord:
        desired = concord.desired()
        problems = concord.review(desired)
        if problems:
            _refuse([str(problem) for problem in problems], as_json)
        done = compare(concord.engine, desired.declarations)
        warnings = breaks_vocabulary(concord.engine, desired.declarations)
        made = Outcome(())
        if not check:
            made = concord.proposals.apply(desired.declarations, _actor(concord, desired, as_), why)
        if made.activation or (not check and not done.new):
            embed_labels(concord, desired)
        governed = not concord.proposals.automatic
    if as_json:
        changes = [{"change": kind, "path": path} for kind, path in done.changes]
        applied = made.activation is not None
        told = {"policy_version": done.digest, "applied": applied, "problems": [], "changes": changes}
        print_json({**told, "proposals": [each.ref for each in made.proposals], "warnings": warnings})
        return
    say(*(f"{kind:<8} {path}" for kind, path in done.changes))
    warn(warnings)
    if not done.new:
        say(f"policy {done.digest} is in force already; nothing to do")
    elif check:
        verb = "proposes" if governed else "puts"
        say(f"the files are right; `concord apply` {verb} policy {done.digest}{'' if governed else ' in force'}")
    elif made.activation:
        say(f"policy {done.digest} is in force")
        note("now run `concord sync`, so that items follow what has changed")
    else:
        say(*(f"proposal {each.ref} ({each.kind}) awaits a decision" for each in made.proposals))
        note("until then what was in force stays in force: `concord proposals show ID`, `concord proposals approve ID`")


def warn(broken: list[str]) -> None:
    """Tell what a change breaks in the vocabulary, which it may."""
    for each in broken[:SHOWN]:
        note(f"warning: {each}")
    if broken:
        count = f"{len(broken):,} error" + ("s" if len(broken) > 1 else "")
        note(f"the vocabulary gets {count} that it does not have now: `concord taxonomy check taxonomy` lists them all")


def embed_labels(concord: Concord, desired: Foundation) -> None:
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
    return account()
