"""`concord doctor`: check the workspace's state, and build the index anew where it is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, opened
from concord.cli.errors import BAD_INPUT
from concord.cli.output import note, print_json, say

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord.doctor import Check


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Build the index or the conflict register anew where a check asks for it.")
    ] = False,
    audit_head: Annotated[
        str | None,
        typer.Option(
            "--audit-head", metavar="HASH", help="A hash of the audit log's last event that was kept elsewhere."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the workspace's files, catalog, index, locks, disk and model, and say what to do about each problem.

    Numbers and paths are shown, never content. `--repair` touches nothing but the index and the conflict register,
    which hold nothing that is not in the catalog; the old index answers until the new one is complete. With
    `--audit-head`, an audit log that was cut off since is a problem. The exit code is 2 while a problem is left.
    """
    from concord.doctor import Level

    with opened(ctx) as concord:
        checks = _checked(concord, as_json, audit_head)
        rebuilt = mined = 0
        if repair and any(each.mine for each in checks):
            mined = concord.mine_again().items
            if not as_json:
                say(f"conflict register mined anew: {mined} items", "")
        if repair and any(each.rebuild for each in checks):
            rebuilt = _rebuild(concord)
            if not as_json:
                say(f"index built anew: {rebuilt} items", "")
        if rebuilt or mined:
            checks = _checked(concord, as_json, audit_head)
    if as_json:
        print_json({"checks": [_as_json(each) for each in checks], "rebuilt": rebuilt, "mined": mined})
    left = sum(each.level is Level.PROBLEM for each in checks)
    if left:
        note(f"concord: {left} problem{'s' if left > 1 else ''} left")
        raise typer.Exit(BAD_INPUT)


def _checked(concord: Concord, silent: bool, audit_head: str | None) -> list[Check]:
    """Make the checks, each told of as soon as it is made: some take a while."""
    checks = []
    for check in concord.examine(audit_head):
        checks.append(check)
        if not silent:
            say(f"{check.level.value:<8} {check.name}: {check.found}")
            if check.remedy:
                say(f"         {check.remedy}")
    return checks


def _rebuild(concord: Concord) -> int:
    from concord.cli.progress import sync_progress

    with sync_progress() as watch:
        return concord.rebuild_index(watch.index).items


def _as_json(check: Check) -> dict[str, Any]:
    return {"check": check.name, "level": check.level.value, "found": check.found, "remedy": check.remedy or None}
