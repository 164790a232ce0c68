"""`concord search`: the passages for a question, before anything is answered from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.ask import Question, UseCase, checked
from concord.cli.context import AsJson, AsOf, AsUser, day, hint_behind, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.retrieval.passages import Passage

MAX_LIMIT = 100
_SHOWN_CHARACTERS = 240


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search)


def search(
    ctx: typer.Context,
    question: Question,
    as_: AsUser = None,
    use_case: UseCase = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=MAX_LIMIT, help="Passages at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List the passages that USER may read, best first, with what they rest on."""
    text, at = checked(question), day(as_of)
    with opened(ctx) as concord:
        found = concord.search(text, principal(concord, as_), use_case, at).passages[:limit]
        hint_behind(concord)
        hosts = concord.answerer.hosts
    if as_json:
        from concord.answering.neutral import harmless

        print_json([{"n": number, **harmless(each.to_json(), hosts)} for number, each in enumerate(found, start=1)])
    elif found:
        say(*(line for number, passage in enumerate(found, start=1) for line in _lines(number, passage)))
    else:
        say("Nothing that you may read matches." if at is None else f"Nothing that you may read matches as of {at}.")


def _lines(number: int, passage: Passage) -> list[str]:
    item = passage.item
    text = " ".join(passage.chunk.text.split())
    shown = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"
    place = " > ".join(passage.chunk.heading_path)
    owner = f", owner {item.contact_point}" if item.contact_point else ""
    held = f", held {passage.period}" if passage.period else ""
    return [
        f"{number:2}. {item.title}{f' — {place}' if place else ''}",
        f"    {item.identifier}@{item.revision} ({passage.score:.2f}{owner}{held})",
        f"    {shown}",
    ]
