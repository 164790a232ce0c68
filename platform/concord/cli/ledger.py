"""`concord ledger`: what people do by hand, as a cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, print_json, row, say, table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ledger")(ledger)


def ledger(
    ctx: typer.Context,
    as_: AsUser = None,
    days: Annotated[int, typer.Option("--days", min=0, max=36_500, help="Of the last days; 0: ever.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Count what people did by hand, by kind and use case, with minutes and what would automate it.

    For those who answer for the workspace, a role or a use case; counted is what they may read. Minutes are declared
    (`curation.minutes`), or measured between acts of one person on the same thing, which is the least that it took.
    """
    with opened(ctx) as concord:
        who = principal(concord, as_)
        since = datetime.now(UTC) - timedelta(days=days) if days else None
        found = concord.ledger.entries(who, since)
    if as_json:
        print_json({"principal": f"user:{who.id}", "days": days, "entries": [each.to_json() for each in found]})
        return
    if not found:
        say("nobody did anything by hand" + (f" in the last {days} days" if days else ""))
        return
    shown = table("kind", "use case", "done", "people", "minutes", "what would automate it")
    for each in found:
        minutes = f"{each.minutes:g} {each.basis}" if each.minutes is not None else "not known"
        row(shown, each.kind, each.use_case or "shared", each.interventions, each.people, minutes, each.automates)
    console().print(shown)
