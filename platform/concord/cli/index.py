"""`concord index`: the vector index, moving it to the other engine, and filling it by another model.

For operators: it shows no titles.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, account, opened
from concord.cli.output import print_json, say
from concord.cli.progress import counted_in_steps, sync_progress

if TYPE_CHECKING:
    from concord.ingestion.moving import Moved

EDGE = "edge"
RECIPE_WAITS = (
    "the settings name another embedding model, or other sizes of passages, than are in use: `concord index reembed` "
    "tries them, and puts them to use if the golden sets let it"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="index", help="See to the vector index.", no_args_is_help=True)
    group.command("status")(status)
    group.command("move")(move)
    group.command("reembed")(reembed)
    app.add_typer(group)


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show which engine holds the index, how many points it has, and whether it follows the catalog."""
    with opened(ctx) as concord:
        facts, waits = concord.index_facts(), concord.recipe_waits()
    if as_json:
        print_json({**asdict(facts), "behind": facts.behind, "recipe_waits": waits})
        return
    waiting = "1 item waits" if facts.waiting == 1 else f"{facts.waiting} items wait"
    say(
        f"index of {facts.model} on {'a Qdrant server' if facts.engine == 'server' else 'Qdrant Edge'}: {facts.place}",
        f"{facts.points} points of {facts.wanted}; {waiting}",
    )
    if facts.missed:
        say("another index was used since it was filled: `concord sync` fills it again")
    elif facts.behind:
        say("it is behind: `concord sync` brings it up to date")
    if waits:
        say(RECIPE_WAITS)


def move(
    ctx: typer.Context,
    to: Annotated[
        str, typer.Option("--to", metavar="edge|URL", help="Qdrant Edge in the workspace, or a Qdrant server.")
    ],
    as_json: AsJson = False,
) -> None:
    """Fill the index on the other engine, check it, and say which setting puts it to use.

    Points and vectors come from the catalog: nothing is embedded, the index in use is left as it is and need not even
    run. A sync that begins meanwhile waits. What was interrupted goes on where it was. The key of a server is that of
    `index.api_key`.
    """
    from concord.workspace.settings import server_url

    try:
        url = None if to == EDGE else server_url(to)
    except ValueError as error:
        raise typer.BadParameter(f"`edge`, or it {error}", param_hint="--to") from None
    with opened(ctx) as concord, counted_in_steps("items copied") as progress:
        moved = concord.move_index(url, progress)
    if as_json:
        print_json({**asdict(moved), "setting": {"index.url": url}})
    else:
        _show(moved, url)


def _show(moved: Moved, url: str | None) -> None:
    resumed = f" ({moved.resumed} of the items were there from an earlier try)" if moved.resumed else ""
    say(
        f"{moved.place} holds {moved.points} points of {moved.items} items{resumed}",
        f"checked: ids and payloads are the catalog's, and {moved.sampled} points are found by vector and words",
    )
    if moved.waiting:
        say(f"items that still wait for the index: {moved.waiting}; the next `concord sync` brings them")
    if url is None:
        say("to use it: take index.url out of concord.yaml (and CONCORD_INDEX__URL out of the environment)")
    else:
        say(f"to use it: set `index: {{url: {url}}}` in concord.yaml, or CONCORD_INDEX__URL={url}")
    say("until then the index in use stays as it is; restart `concord serve` after the change")


def reembed(
    ctx: typer.Context,
    anyway: Annotated[
        str | None,
        typer.Option("--anyway", metavar="WHY", help="Ask no gate, for this reason, which the audit log keeps."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Embed everything by the model of the settings, and put it to use if the gates let it.

    The new index is filled beside the one in use, which goes on answering; golden questions are asked of both. What is
    refused is not used. Where no gate looks at models, `concord sync` puts them to use by itself.
    """
    from concord.bootstrap import reembedding

    with opened(ctx) as concord, sync_progress() as watch:
        done = reembedding.reembed(concord, account(), anyway, watch.index)
    if as_json:
        print_json({**asdict(done), "anyway": anyway})
        return
    passed = f"passed: {', '.join(done.gates)}" if done.gates else "no gate was asked"
    say(f"in use: {done.after}", f"{done.filled.items} items, {done.filled.embedded} texts embedded; {passed}")
    say("now run `concord sync`, so that items follow it, and restart `concord serve`")
