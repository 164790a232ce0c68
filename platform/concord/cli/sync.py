"""`concord sync`: bring sources, and the index after them, up to date."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, opened
from concord.cli.errors import BAD_INPUT, NoSuchSource
from concord.cli.index import RECIPE_WAITS
from concord.cli.output import console, note, print_json, row, say, table
from concord.cli.progress import sync_progress

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord.ingestion.run import SyncOutcome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync")(sync)


def sync(
    ctx: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Default: all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read what changed in the sources, describe it in the standard's terms, and let the index follow.

    A source that cannot be read leaves the others alone: the exit code is 1 then, and 2 where another command is
    syncing a source. With nothing changed, nothing is written.
    """
    with opened(ctx) as concord:
        declared = concord.foundation.sources
        for name in sources or ():
            if name not in declared:
                raise NoSuchSource(name, declared)
        with sync_progress() as watch:
            outcome = concord.sync_sources([declared[name] for name in dict.fromkeys(sources or declared)], watch)
        waiting = _in_quarantine(concord)
        differs, waits = concord.files_differ(), concord.recipe_waits()
    if as_json:
        print_json(_as_json(outcome, waiting))
    else:
        _show(outcome, waiting)
    for each in outcome.sources:
        if each.error:
            note(f"concord: {each.error}")
    if differs:
        note("the workspace's files differ from what is in force: `concord apply` puts them in force, or proposes them")
    if waits:
        note(RECIPE_WAITS)
    if outcome.busy or outcome.failed:
        raise typer.Exit(BAD_INPUT if outcome.busy else 1)


def _in_quarantine(concord: Concord) -> dict[str, Counter[str]]:
    """Reasons by source; numbers alone, for whoever runs a sync need not be who may read the source."""
    from concord.catalog import quarantine
    from concord.catalog.engine import reading

    found: dict[str, Counter[str]] = {}
    with reading(concord.engine) as connection:
        for entry in quarantine.entries(connection):
            found.setdefault(entry.source, Counter())[entry.reason] += 1
    return found


def _show(outcome: SyncOutcome, waiting: dict[str, Counter[str]]) -> None:
    shown = table("source", "read", "changed", "removed", "in quarantine")
    for each in outcome.sources:
        reasons = waiting.get(each.source, Counter())
        held = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items())) or "0"
        if each.report is not None:
            row(shown, each.source, each.report.read, each.report.changed, each.report.removed, held)
        else:
            row(shown, each.source, "busy" if each.busy else "failed", None, None, held)
    console().print(shown)
    say(*(f"dropped {source}, which is no longer declared: {count} items" for source, count in outcome.dropped.items()))
    for each in outcome.sources:
        if each.report is not None and each.report.past:
            say(f"{each.source}: {each.report.past} past versions taken in or described anew")
    if outcome.expired:
        say(f"{outcome.expired} past revisions are no longer kept")
    say(f"{outcome.drained.items} items indexed, {outcome.drained.embedded} texts embedded")
    if mined := outcome.mined.items:
        overflow = outcome.mined.overflow
        some = f"; {overflow} claims share their words with more than they are compared with" if overflow else ""
        say(f"{mined} items compared for contradictions{some}")


def _as_json(outcome: SyncOutcome, waiting: dict[str, Counter[str]]) -> dict[str, Any]:
    return {
        "sources": [
            {
                "source": each.source,
                "state": "busy" if each.busy else "failed" if each.error else "synced",
                "error": each.error,
                "read": each.report.read if each.report else 0,
                "changed": each.report.changed if each.report else 0,
                "removed": each.report.removed if each.report else 0,
                "past": each.report.past if each.report else 0,
                "quarantined": dict(each.report.quarantined) if each.report else {},
                "in_quarantine": dict(waiting.get(each.source, {})),
            }
            for each in outcome.sources
        ],
        "dropped": outcome.dropped,
        "expired": outcome.expired,
        "indexed": outcome.drained.items,
        "embedded": outcome.drained.embedded,
        "compared": {
            "items": outcome.mined.items,
            "claims": outcome.mined.claims,
            "overflow": outcome.mined.overflow,
        },
    }
