"""`concord keys`: API keys for machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from concord.cli.context import AsJson, AsUser, account, opened
from concord.cli.errors import CommandError
from concord.cli.output import console, note, print_json, row, say, table

MAX_DAYS = 366


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(no_args_is_help=True, help="API keys for machines, kept as hashes.")
    keys.command("create")(create)
    keys.command("list")(listed)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="keys")


def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What the key is for.", show_default=False)],
    user: Annotated[str, typer.Option("--for", metavar="USER", help="The user of principals.yaml that it acts as.")],
    scope: Annotated[list[str], typer.Option("--scope", help="An action that it is for; may be repeated.")],
    days: Annotated[int, typer.Option("--days", min=1, max=MAX_DAYS, help="Days until it expires.")] = 90,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: `Authorization: Bearer ck_…`. Whoever holds it asks as USER, for its scopes."""
    from concord.access.actions import Action
    from concord.catalog.engine import writing
    from concord.catalog.keys import create_key

    wrong = sorted(set(scope) - set(Action))
    if wrong:
        raise CommandError(f"no action {wrong[0]!r}: one of {', '.join(Action)}")
    if not name.strip() or len(name) > 200:
        raise CommandError("name the key in 1 to 200 characters: say what it is for")
    with opened(ctx) as concord:
        principal = concord.foundation.directory.principal(user)
        now = datetime.now(UTC)
        with writing(concord.engine) as connection:
            until = now + timedelta(days=days)
            key, text = create_key(connection, name.strip(), principal.id, sorted(set(scope)), _by(as_), now, until)
    if as_json:
        print_json({**key.to_json(), "key": text})
    else:
        say(text)
        note(f"concord: key {key.id} holds until {key.expires_at:%Y-%m-%d}; it is shown this once")


def listed(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the keys: whom each acts as, what it is for, and until when."""
    from concord.catalog.engine import reading
    from concord.catalog.keys import keys

    with opened(ctx) as concord, reading(concord.engine) as connection:
        found = keys(connection)
    if as_json:
        print_json({"keys": [each.to_json() for each in found]})
        return
    if not found:
        say("no keys: `concord keys create NAME --for USER --scope ask` makes one")
        return
    shown = table("id", "name", "acts as", "scopes", "until")
    for each in found:
        state = f"revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else f"{each.expires_at:%Y-%m-%d}"
        row(shown, each.id, each.name, f"user:{each.principal}", ", ".join(each.scopes), state)
    console().print(shown)


def revoke(
    ctx: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.", show_default=False)],
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Let a key through no more, from the next request on."""
    from concord.catalog.engine import writing
    from concord.catalog.keys import revoke_key

    with opened(ctx) as concord, writing(concord.engine) as connection:
        key = revoke_key(connection, identity, _by(as_), datetime.now(UTC))
    print_json(key.to_json()) if as_json else say(f"key {key.id} ({key.name}) is revoked")


def _by(as_: str | None) -> str:
    """Whom the audit log names."""
    return f"user:{as_.removeprefix('user:')}" if as_ else account()
