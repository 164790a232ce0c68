"""`concord item`: everything that is known of one item, for a person who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.errors import CommandError
from concord.cli.item_history import as_json as history_json
from concord.cli.item_history import show as print_history
from concord.cli.output import console, print_json, row, say, table

if TYPE_CHECKING:
    from concord.bootstrap.items import Shown


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("item")(item)


def item(
    ctx: typer.Context,
    identifier: Annotated[
        str, typer.Argument(help="As `concord search` shows it: source/native-id, or source/native-id@revision.")
    ],
    as_: AsUser = None,
    as_json: AsJson = False,
    turtle: Annotated[bool, typer.Option("--turtle", help="Print DCAT as Turtle.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print the item's text as Markdown.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List its revisions and what each changed.")] = False,
) -> None:
    """Show an item's fields and who gave each, its concepts and the words that led to them, and who owns it.

    With a revision, it is shown as it was then; who may read it is decided by the item as it is now.
    """
    if as_json + turtle + text > 1 or (history and (turtle or text)):
        raise CommandError("--json, --turtle and --text exclude one another; --history takes --json alone: choose one")
    from concord.bootstrap.items import load
    from concord.catalog.engine import reading
    from concord.catalog.history import history_of
    from concord_taxonomy.standard import to_turtle

    with opened(ctx) as concord:
        who = principal(concord, as_)
        with reading(concord.engine) as connection:
            if history:
                past = history_of(connection, who, identifier)
                print_json(history_json(identifier, past)) if as_json else print_history(identifier, past)
                return
            shown = load(concord, connection, who, identifier)
    if turtle:
        say(to_turtle([shown.item]).rstrip("\n"))
    elif text:
        say(shown.body)
    elif as_json:
        print_json(shown.to_json())
    else:
        _show(shown)


def _show(shown: Shown) -> None:
    say(f"{shown.item.title}", f"{shown.item.identifier}@{shown.item.revision}")
    fields = table("field", "value", "given by")
    for name, value in shown.item.model_dump(mode="json", exclude={"field_origin"}).items():
        if value not in (None, [], {}):
            row(fields, name, _text(value), shown.item.field_origin.get(name))
    console().print(fields)
    if shown.tags:
        tags = table("concept", "score", "given by", "words")
        for tag in shown.tags:
            label = shown.labels.get(tag.concept, tag.concept)
            row(tags, label, f"{tag.score:.2f}", tag.origin, ", ".join(tag.matched))
        console().print(tags)
    if shown.quality is not None:
        reasons = f": {'; '.join(shown.quality.reasons)}" if shown.quality.reasons else ""
        say(f"Parse quality {shown.quality.level}{reasons}")
    if shown.period is not None:
        say(f"Held {shown.period}; `concord item {shown.item.identifier}` shows the item as it is now.")
        return
    if shown.owner is None:
        say("Nobody owns it: add a rule to ownership.yaml")
        return
    owner = shown.owner
    others = [f"{word} {who}" for word, who in (("steward", owner.steward), ("backup", owner.backup)) if who]
    say(f"Owned by {', '.join([owner.owner, *others])} (rule {owner.rule_number} of ownership.yaml)")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items() if part)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
