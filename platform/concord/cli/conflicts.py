"""`concord conflicts`: where documents contradict each other, found without any question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.governance.register import Entry

_Id = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    conflicts = typer.Typer(
        invoke_without_command=True, help="Where documents contradict each other, found without any question."
    )
    conflicts.callback()(listed)
    conflicts.command("show")(show)
    conflicts.command("accept")(accept)
    conflicts.command("revoke")(revoke)
    app.add_typer(conflicts, name="conflicts")


def listed(
    ctx: typer.Context,
    as_: AsUser = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner", help="Of pages that this user or group owns, stewards or backs up: user:ID or group:ID."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Found on this day or later.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are less certain, and accepted differences.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List contradictions between documents, or within one, most severe first.

    USER sees those of which they may read both sides. What decides each is the policy in force; severity follows how
    often a side was told in an answer, and how many use cases draw on it.
    """
    if ctx.invoked_subcommand is not None:
        return
    day = _day(since)
    token = owner if owner is None or ":" in owner else f"user:{owner}"
    with opened(ctx) as concord:
        who = principal(concord, as_)
        entries = concord.register.entries(who, everything=everything, owner=token, since=day)
    if as_json:
        print_json({"principal": f"user:{who.id}", "conflicts": [each.to_json() for each in entries]})
    elif entries:
        _list(entries)
    else:
        say("no contradictions that you may read" + ("" if everything else "; --all shows less certain ones too"))


def show(ctx: typer.Context, identity: _Id, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show one contradiction: both quotes, what decides it, who owns the pages, and whom it reaches."""
    with opened(ctx) as concord:
        entry = _entry(concord.register.entry(principal(concord, as_), identity), identity)
        case = concord.desk.of_conflict(entry.id)
    if as_json:
        print_json({**entry.to_json(), "case": {"id": case.id, "state": case.state.value} if case else None})
    else:
        _show(entry)
        say(f"  case {case.id} is {case.state.value}" if case else "  no case is open on it")


def accept(
    ctx: typer.Context,
    identity: _Id,
    why: Annotated[str, typer.Option("--why", help="Why both may stand; kept, and told with answers.")],
    scope: Annotated[
        str | None, typer.Option("--scope", help='Where each side holds, such as "12 months for systems of record".')
    ] = None,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Accept a difference: both sides stand, and answers say so instead of choosing one.

    It takes who answers for both sides, or the steward of one. It holds between these pages and for these values.
    """
    from concord.governance.register import accept as decide

    with opened(ctx) as concord:
        who = principal(concord, as_)
        entry = _entry(concord.register.entry(who, identity), identity)
        decide(concord.engine, who, entry, why, scope)
        entry = _entry(concord.register.entry(who, identity), identity)
    if as_json:
        print_json(entry.to_json())
    else:
        say(f"{entry.id} is accepted: {entry.decision.explanation}")


def revoke(ctx: typer.Context, identity: _Id, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Take back that a difference was accepted: the policy decides again."""
    from concord.governance.register import revoke as take_back

    with opened(ctx) as concord:
        who = principal(concord, as_)
        take_back(concord.engine, who, _entry(concord.register.entry(who, identity), identity))
        entry = _entry(concord.register.entry(who, identity), identity)
    if as_json:
        print_json(entry.to_json())
    else:
        say(f"{entry.id} is a contradiction again: {entry.decision.explanation}")


def _entry(found: Entry | None, identity: str) -> Entry:
    from concord.governance.errors import NoSuchEntry

    if found is None:
        raise NoSuchEntry(identity)
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        raise typer.BadParameter(f"--since takes a date such as 2026-06-01, not {text!r}") from None


def _list(entries: list[Entry]) -> None:
    for each in entries:
        decided = "accepted" if each.accepted else each.decision.rule or each.decision.verdict.value
        contested = ", contested" if each.decision.verdict.value == "contested" else ""
        reach = f"{each.asked} answers, {len(each.use_cases)} use cases"
        say(f"{each.id}  {each.severity.value:<6}  {each.about}  ({decided}{contested}; {reach})")
        for side in each.sides():
            pages = ", ".join(page.item.identifier for page in side)
            mark = "*" if each.decision.winner in [page.claim for page in side] else " "
            say(f"  {mark} {side[0].claim.value.text}: {pages}")
    say("", "* what the policy in force takes; `concord conflicts show ID` tells more of one")


def _show(entry: Entry) -> None:
    within = " (within one document)" if entry.within else ""
    say(f"{entry.id}  {entry.about}{within}", f"  {entry.decision.explanation}")
    say(f"  severity {entry.severity.value}, certainty {entry.certainty:.2f}, since {entry.since:%Y-%m-%d}")
    say(f"  told in {entry.asked} answers; use cases that draw on it: {', '.join(entry.use_cases) or 'none'}")
    for side in entry.sides():
        say("", f"  {side[0].claim.value.text}")
        for page in side:
            dated = f", {page.claim.claim_date}" if page.claim.claim_date else ""
            say(f"    \u201c{page.claim.quote}\u201d", f"    {page.item.title}: {page.item.identifier}")
            say(f"    {page.claim.facts.tier or 'no tier'}, {page.claim.facts.status}{dated}; owner {page.told or '-'}")
    say("", f"  sent to {', '.join(entry.sent_to) or 'nobody: no owner and no steward may read both sides'}")
