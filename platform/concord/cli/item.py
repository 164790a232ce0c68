"""`concord item`: everything that is known of one item, for a person who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.errors import CommandError, NoSuchItem
from concord.cli.item_history import as_json as history_json
from concord.cli.item_history import chosen
from concord.cli.item_history import show as print_history
from concord.cli.output import console, print_json, row, say, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from concord.bootstrap import Concord
    from concord.catalog.history import Period, Recorded
    from concord.catalog.items import TagRow
    from concord_connectors.parsers.quality import Quality
    from concord_feedback import Owner
    from concord_taxonomy.standard import ContentItem, Principal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("item")(item)


@dataclass(frozen=True, slots=True)
class _Shown:
    """An item with what stands around it, links to what the person may not read left out.

    `period` is when a past revision held: of the past, no tags and no owner are known.
    """

    item: ContentItem
    body: str
    tags: list[TagRow]
    labels: dict[str, str]
    owner: Owner | None
    quality: Quality | None = None
    period: Period | None = None


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
    from concord.catalog.engine import reading
    from concord_taxonomy.standard import to_turtle

    with opened(ctx) as concord:
        who = principal(concord, as_)
        with reading(concord.engine) as connection:
            if history:
                past = _history(connection, who, identifier)
                print_json(history_json(identifier, past)) if as_json else print_history(identifier, past)
                return
            shown = _load(concord, connection, who, identifier)
    if turtle:
        say(to_turtle([shown.item]).rstrip("\n"))
    elif text:
        say(shown.body)
    elif as_json:
        print_json(_as_json(shown))
    else:
        _show(shown)


def _load(concord: Concord, connection: Connection, who: Principal, identifier: str) -> _Shown:
    """Raises `NoSuchItem`, the same for an item that is not there and for one that `who` may not read."""
    from concord.catalog import items, records
    from concord_connectors.parsers.quality import quality
    from concord_taxonomy.standard import ItemRef

    try:
        identifier.encode()  # a command line may hold bytes that are no text, and no identifier has them
        named = ItemRef.parse(identifier)
    except ValueError:
        raise NoSuchItem(identifier) from None
    readable = items.readable(connection, who, [identifier, named.identifier])
    found = readable.get(identifier) or readable.get(named.identifier)
    if named.revision is not None and (
        found is None or (found.identifier != identifier and not named.covers(found.identifier, found.revision))
    ):
        recorded, was = chosen(_history(connection, who, named.identifier, identifier), named)
        links = items.with_readable_links(connection, who, was)
        return _Shown(links, recorded.body or "", tags=[], labels={}, owner=None, period=recorded.period)
    if found is None:
        raise NoSuchItem(identifier)
    tags = items.item_tags(connection, found.identifier)
    concepts = concord.foundation.vocabulary.concepts
    record = records.load(connection, found.source, found.was_derived_from.native_id)
    return _Shown(
        item=items.with_readable_links(connection, who, found),
        body=items.item_body(connection, found.identifier),
        tags=tags,
        labels={tag.concept: concepts[tag.concept].label() for tag in tags if tag.concept in concepts},
        owner=concord.foundation.ownership.resolve(
            found.source, found.was_derived_from.native_id, concord.subjects.with_broader(found.subject)
        ),
        quality=quality(record.warnings if record else ()),
    )


def _history(connection: Connection, who: Principal, identifier: str, asked: str | None = None) -> list[Recorded]:
    """The revisions of an item; raises `NoSuchItem`."""
    from concord.catalog.history import readable_history

    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise NoSuchItem(identifier) from None
    found = readable_history(connection, who, identifier)
    if found is None:
        raise NoSuchItem(asked or identifier)
    return found


def _as_json(shown: _Shown) -> dict[str, Any]:
    owner = shown.owner
    return {
        "held": shown.period.to_json() if shown.period else None,
        "item": shown.item.model_dump(mode="json"),
        "tags": [
            {
                "concept": tag.concept,
                "label": shown.labels.get(tag.concept),
                "origin": tag.origin,
                "score": tag.score,
                "matched": list(tag.matched),
            }
            for tag in shown.tags
        ],
        "parse_quality": shown.quality and {"level": shown.quality.level.value, "reasons": list(shown.quality.reasons)},
        "ownership": owner
        and {"owner": owner.owner, "steward": owner.steward, "backup": owner.backup, "rule": owner.rule_number},
    }


def _show(shown: _Shown) -> None:
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
