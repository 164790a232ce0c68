"""`concord proposals`: what waits for a decision, and deciding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, note, print_json, row, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from concord.bootstrap import Concord
    from concord.catalog.audit import AuditEvent
    from concord.governance import Change, Outcome, Proposal
    from concord_taxonomy.standard import Principal

_REF = re.compile(r"(\d{1,15})(?:@(\d{1,9}))?")

Number = Annotated[
    str, typer.Argument(metavar="ID", help="Its number, as `concord proposals list` shows it: 3, or 3@2.")
]
Numbers = Annotated[list[str], typer.Argument(metavar="ID...", help="Numbers of proposals, decided on together.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    proposals = typer.Typer(no_args_is_help=True, help="Decide on proposed changes of the workspace's files.")
    for command in (list_, show, preview, submit, approve, reject, withdraw):
        proposals.command(command.__name__.rstrip("_"))(command)
    app.add_typer(proposals, name="proposals")


def list_(
    ctx: typer.Context,
    as_: AsUser = None,
    approved: Annotated[bool, typer.Option("--approved", help="Those that were put in force.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Those that were decided on or taken back, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List proposals that wait for a decision, newest first.

    Proposals on words are shown to everybody, others to who made them and to who may decide on them.
    """
    from concord.governance import OPEN, State

    states = list(State) if all_ else [State.APPROVED] if approved else OPEN
    with opened(ctx) as concord:
        found = concord.proposals.listed(_who(concord, as_), states)
        until = _decisions_by(concord, found)
        values = [as_values(each, concord, until) for each in found]
    if as_json:
        print_json({"proposals": values})
        return
    if not found:
        say("no proposals" if all_ or approved else "no proposal waits for a decision that you may read")
        return
    shown = table("id", "state", "kind", "what", "proposed by", "decided by", "why")
    for each, value in zip(found, values, strict=True):
        due = f" until {until[each.id]:%Y-%m-%d %H:%M}" if each.id in until else ""
        waits = f"waits for {', '.join(value['to_decide']) or 'nobody'}{due}" if each.state is State.IN_REVIEW else ""
        row(shown, each.ref, each.state, each.kind, value["summary"], each.proposer, each.reviewer or waits, each.why)
    console().print(shown)


def show(ctx: typer.Context, number: Number, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show a proposal: what it changes and breaks, whether it can be approved as it is, and what was done with it."""
    from concord.cli.apply import warn
    from concord.governance import OutOfDate
    from concord.workspace.vocabulary import vocabulary_broken_by

    with opened(ctx) as concord:
        who = _who(concord, as_)
        proposal = concord.proposals.find(_ref(number)[0], who)
        change, problem = None, None
        try:
            change = concord.proposals.change(proposal)
        except OutOfDate as error:
            problem = str(error)
        history = concord.proposals.history(proposal)
        values = as_values(proposal, concord)
        warnings = vocabulary_broken_by(change.before, change.after) if change else []
        decides = bool(change and change.before.files and concord.proposals.decides(who, change))
    if as_json:
        print_json(
            {
                **values,
                "operation": proposal.operation,
                "current": problem is None,
                "problem": problem,
                "you_may_decide": decides,
                "changes": change.to_json() if change else [],
                "warnings": warnings,
                "history": [_event(each) for each in history],
            }
        )
        return
    _show(proposal, values["summary"], change, history)
    warn(warnings)
    if problem:
        note(f"concord: {problem}")
    elif proposal.state == "in_review" and decides:
        note(f"you may decide: `concord proposals preview {proposal.id}`, `concord proposals approve {proposal.ref}`")


def preview(
    ctx: typer.Context,
    numbers: Numbers,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Work out what approving proposals would do: items described anew, answers that change, use cases affected.

    Logged questions are asked again, as those who asked them, of what is in force and of what would be. Nothing is
    written, and no passage is embedded. You see of it what rests on documents that you may read; the words of questions
    are shown to who asked them, and to who answers for what changes.
    """
    from concord.cli.impact import show_preview
    from concord.cli.progress import counted_in_steps
    from concord.workspace.vocabulary import load_vocabulary

    with opened(ctx) as concord:
        who = _who(concord, as_)
        found = [concord.proposals.find(_ref(each)[0], who) for each in numbers]
        change = concord.proposals.change(*found)
        with counted_in_steps("questions") as advance:
            done = concord.preview(change, who, advance)
        vocabularies = [load_vocabulary(each) for each in (change.after, change.before)]
    if as_json:
        print_json(done.to_json())
    else:
        show_preview(done, *vocabularies)


def submit(ctx: typer.Context, number: Number, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Ask for a decision on a draft of yours."""
    with opened(ctx) as concord:
        who = _who(concord, as_)
        concord.proposals.find(_ref(number)[0], who)
        finish(concord, concord.proposals.submit(_ref(number)[0], _token(who)), as_json)


def approve(
    ctx: typer.Context,
    numbers: Numbers,
    as_: AsUser = None,
    why: Annotated[str, typer.Option("--why", help="What led to it; kept with the decision.")] = "",
    commit: Annotated[
        str | None, typer.Option("--commit", metavar="SHA", help="The git commit in which it was reviewed and merged.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Approve proposals, together, and put them in force; the workspace's files follow where they can.

    Nobody approves what they proposed. One that was revised has to be named with the revision that you read (3@2).
    With --commit, the files of that commit have to say what is approved.
    """
    with opened(ctx) as concord:
        who = _who(concord, as_)
        refs = [_ref(each) for each in numbers]
        found = [concord.proposals.find(number, who) for number, _ in refs]
        if commit is not None:
            commit = concord.committed(commit, found)
        finish(concord, concord.proposals.approve(refs, who, why, commit), as_json)


def reject(
    ctx: typer.Context,
    number: Number,
    as_: AsUser = None,
    why: Annotated[str, typer.Option("--why", help="Why; told to who proposed it. Needed.")] = "",
    as_json: AsJson = False,
) -> None:
    """Decline a proposal."""
    with opened(ctx) as concord:
        who = _who(concord, as_)
        concord.proposals.find(_ref(number)[0], who)
        _told(concord, concord.proposals.reject(_ref(number), who, why), as_json)


def withdraw(
    ctx: typer.Context,
    number: Number,
    as_: AsUser = None,
    why: Annotated[str, typer.Option("--why", help="Why; kept with the proposal.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a proposal of yours back."""
    with opened(ctx) as concord:
        who = _who(concord, as_)
        concord.proposals.find(_ref(number)[0], who)
        _told(concord, concord.proposals.withdraw(_ref(number)[0], _token(who), why), as_json)


def finish(concord: Concord, outcome: Outcome, as_json: bool) -> None:
    """Tell what became of proposals; what was put in force is written into the workspace's files first."""
    from concord.bootstrap.written import follow
    from concord.cli.apply import embed_labels

    activation, done = outcome.activation, follow(concord, outcome, lambda fresh: embed_labels(fresh, fresh.foundation))
    if as_json:
        told = {"proposals": [as_values(each, concord) for each in outcome.proposals], "gates": list(outcome.gates)}
        version = activation.digest if activation else None
        print_json({**told, "policy_version": version, "written": list(done.paths), "left": list(done.left)})
        return
    for each in outcome.proposals:
        say(f"proposal {each.ref}: {each.state.replace('_', ' ')}: {summary(each, concord)}")
    if activation is None:
        return
    say(f"policy {activation.digest} is in force", *(f"written  {path}" for path in done.paths))
    if not outcome.gates and not concord.proposals.automatic:
        note("no gate is installed: nothing but the reviewer looked at this change")
    for path in done.left:
        note(f"{path} has other changes and was left as it is: bring in what is in force before you apply it")
    note("now run `concord sync`, so that items follow what has changed")


def summary(proposal: Proposal, concord: Concord) -> str:
    """What a proposal does, in a line; concepts by their labels in force."""
    from concord.governance.operations import summary_of

    return summary_of(proposal, concord.known.vocabulary)


def as_values(proposal: Proposal, concord: Concord, until: Mapping[int, datetime] | None = None) -> dict[str, Any]:
    """A proposal as JSON values; `until` says by when proposals in review are to be decided on, where that is known."""
    from concord.governance.operations import values_of

    values = values_of(proposal, concord.known.vocabulary)
    by = (_decisions_by(concord, [proposal]) if until is None else until).get(proposal.id)
    decide_by = by.isoformat(timespec="seconds") if by else None
    return {**values, "to_decide": list(concord.who_decides(proposal)), "decide_by": decide_by}


def _decisions_by(concord: Concord, proposals: Sequence[Proposal]) -> dict[int, datetime]:
    """Until when proposals are to be decided on; before anything is in force, nothing says so."""
    from concord.catalog.errors import NothingApplied

    try:
        return concord.desk.decisions_by(proposals)
    except NothingApplied:
        return {}


def _show(proposal: Proposal, what: str, change: Change | None, history: list[AuditEvent]) -> None:
    from concord.cli.differences import differences

    say(
        f"Proposal {proposal.ref}, {proposal.state.replace('_', ' ')}: {what}",
        f"Why: {proposal.why or '—'}",
    )
    for _, path in change.before.changes(change.after) if change else ():
        before, after = (each.files.get(path) for each in (change.before, change.after))  # type: ignore[union-attr]
        say("", path if before is not None and after is not None else f"{path} ({'new' if before is None else 'gone'})")
        say(*differences(before or "", after or ""))
    say("")
    for each in history:
        told = each.data.get("why") or each.data.get("comment")
        commit = f" (commit {each.data['commit']})" if each.data.get("commit") else ""
        say(
            f"{each.at:%Y-%m-%d %H:%M} {each.type.removeprefix('proposal.')} by {each.actor}{commit}"
            + (f": {told}" if told else "")
        )


def _event(event: AuditEvent) -> dict[str, Any]:
    return {"at": event.at.isoformat(), "type": event.type, "actor": event.actor, **event.data}


def _told(concord: Concord, proposal: Proposal, as_json: bool) -> None:
    if as_json:
        print_json(as_values(proposal, concord))
    else:
        say(f"proposal {proposal.ref}: {proposal.state.replace('_', ' ')}: {summary(proposal, concord)}")


def _ref(text: str) -> tuple[int, int | None]:
    found = _REF.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"a proposal is named by its number, such as 3 or 3@2, not {text!r}")
    return int(found[1]), int(found[2]) if found[2] else None


def _who(concord: Concord, as_: str | None) -> Principal:
    """Somebody of the directory in force; where it knows nobody yet, of the one that the files declare."""
    directory = concord.known.directory
    return principal(concord, as_, directory if directory.users else concord.desired().directory)


def _token(who: Principal) -> str:
    return f"user:{who.id}"
