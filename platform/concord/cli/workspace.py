"""`concord workspace`: what was in force when, and why; decisions of people as files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, print_json, row, say, table


def register(app: typer.Typer) -> None:
    """Add the commands."""
    workspace = typer.Typer(no_args_is_help=True, help="The workspace's files through time.")
    workspace.command("history")(history)
    workspace.command("export")(export)
    app.add_typer(workspace, name="workspace")


def history(
    ctx: typer.Context,
    as_: AsUser = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Versions at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List what was put in force, newest first: when, by whom, and from which proposals, with their reasons.

    Of proposals that you may not read there is no word.
    """
    from concord.catalog.activations import versions
    from concord.catalog.engine import reading
    from concord.cli.proposals import as_values
    from concord.governance import State

    with opened(ctx) as concord:
        who = principal(concord, as_, concord.known.directory)
        with reading(concord.engine) as connection:
            found = versions(connection)[::-1]
        approved = concord.proposals.listed(who, [State.APPROVED])
        readable = {each.id: (each, as_values(each, concord, {})) for each in approved}
    rows: list[dict[str, Any]] = []
    shown = table("policy", "in force since", "put in force by", "proposal", "what", "why")
    for version in found[:limit]:
        made = [readable[number] for number in version.proposals if number in readable]
        facts = {"policy_version": version.digest, "at": version.at.isoformat(), "by": version.by}
        rows.append({**facts, "proposals": [values for _, values in made]})
        row(
            shown,
            version.digest,
            f"{version.at:%Y-%m-%d %H:%M}",
            version.by,
            "\n".join(each.ref for each, _ in made),
            "\n".join(values["summary"] for _, values in made),
            "\n".join(each.why for each, _ in made),
        )
    if as_json:
        print_json({"versions": rows, "more": len(found) > limit})
        return
    if not found:
        say("nothing was put in force yet: run `concord apply`")
        return
    console().print(shown)
    if len(found) > limit:
        say(f"{limit} of {len(found)} versions; --limit shows more")


def export(ctx: typer.Context, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Write the differences that people accepted into differences.yaml, as far as USER may read the pages.

    The same decisions give the same file. Curated tags, alignments and terms stand in files of their own already.
    """
    from concord.catalog.engine import reading
    from concord.governance.register import DIFFERENCES_FILE, exported, write

    with opened(ctx) as concord:
        who = principal(concord, as_)
        with reading(concord.engine) as connection:
            count, text = exported(connection, who)
        changed = write(concord.folder, text)
    if as_json:
        print_json({"file": DIFFERENCES_FILE, "differences": count, "changed": changed})
    else:
        say(f"{DIFFERENCES_FILE}: {count} accepted differences{'' if changed else ', as before'}")
