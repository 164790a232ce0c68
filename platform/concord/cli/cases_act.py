"""What can be done with a case: `concord cases acknowledge`, `assign`, `submit-fix`, `resolve`, `merge`, ..."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord_feedback.cases import Case

_CaseId = Annotated[int, typer.Argument(metavar="ID", help="As the list shows it.", show_default=False)]
_Comment = Annotated[str, typer.Option("--comment", help="Why; kept in the case's history.")]
_STANDS = {True: "", False: ", which it does not say any more", None: ", and it is not known whether it still says so"}
_Member = TypeVar("_Member", bound=Enum)


def register(cases: typer.Typer) -> None:
    """Add the commands."""
    for name, command in _COMMANDS.items():
        cases.command(name)(command)


def one_of(kind: type[_Member], text: str, option: str) -> _Member:
    """The member of an enumeration; raises `typer.BadParameter` naming those that there are."""
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        raise typer.BadParameter(f"{option} is one of {known}, not {text!r}") from None


def acknowledge(ctx: typer.Context, case_id: _CaseId, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Say that a case is seen to."""
    _act(ctx, case_id, as_, as_json, "acknowledge")


def assign(
    ctx: typer.Context,
    case_id: _CaseId,
    to: Annotated[str, typer.Option("--to", help="user:ID or group:ID.")],
    comment: _Comment = "",
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Give a case to somebody; a change of ownership then moves it no more."""
    _act(ctx, case_id, as_, as_json, "assign", owner=to if ":" in to else f"user:{to}", comment=comment)


def submit_fix(
    ctx: typer.Context,
    case_id: _CaseId,
    what: Annotated[str, typer.Option("--what", help="What was done.")],
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Say that a case is mended; the next sync asks its questions again, and confirms or rejects that."""
    _act(ctx, case_id, as_, as_json, "submit_fix", what=what)


def resolve(
    ctx: typer.Context,
    case_id: _CaseId,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="accepted_difference, invalid_feedback, not_reproduced, fixed_elsewhere, will_not_fix or fixed.",
        ),
    ],
    comment: _Comment,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Close a case by hand, without the proof of a replay."""
    from concord_feedback.cases import Resolution

    chosen = one_of(Resolution, reason, "--reason")
    _act(ctx, case_id, as_, as_json, "resolve", resolution=chosen, comment=comment)


def reopen(
    ctx: typer.Context, case_id: _CaseId, comment: _Comment, as_: AsUser = None, as_json: AsJson = False
) -> None:
    """Open a resolved case again."""
    _act(ctx, case_id, as_, as_json, "reopen", comment=comment)


def archive(
    ctx: typer.Context, case_id: _CaseId, comment: _Comment, as_: AsUser = None, as_json: AsJson = False
) -> None:
    """Put a case away: nothing is done about it."""
    _act(ctx, case_id, as_, as_json, "archive", comment=comment)


def dispute(
    ctx: typer.Context, case_id: _CaseId, comment: _Comment, as_: AsUser = None, as_json: AsJson = False
) -> None:
    """Say that what was reported is not so; who has the case and who reported it are told, each once.

    Whoever sees the case may do so. It stays open: closing it is for whoever deals with it. Of a closed case it is the
    outcome that is not right: who has it is told.
    """
    with opened(ctx) as concord:
        told = concord.desk.dispute(principal(concord, as_), case_id, comment)
    if as_json:
        print_json({"case": case_id, "told": told})
    else:
        say(f"case {case_id} is disputed; {told} were told")


def merge(
    ctx: typer.Context,
    case_id: _CaseId,
    other: Annotated[int, typer.Argument(metavar="OTHER", help="The case that is the same.", show_default=False)],
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Let two open cases be one, such as those that `concord cases show` names as perhaps the same.

    The reports move to the one on which more was done, else to the older; who had or reported the other is told.
    """
    with opened(ctx) as concord:
        made = concord.desk.merge(principal(concord, as_), case_id, other)
    gone = other if made.id == case_id else case_id
    if as_json:
        print_json({"case": made.id, "merged": gone, "state": made.state.value, "owner": made.owner})
    else:
        say(f"case {gone} is one with case {made.id} now, which has the reports of both")


def diagnose(ctx: typer.Context, case_id: _CaseId, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Find the root cause: its questions are asked again as who asked them, stage by stage, and the case is routed.

    Each probe is shown with what it saw. What could not be looked at makes the cause undetermined, and never none.
    """
    from concord.bootstrap.diagnosing import Asking, diagnose_as

    with opened(ctx) as concord:
        shown = diagnose_as(cast("Asking", concord), principal(concord, as_), case_id)
    if as_json:
        print_json(shown.to_json() if shown else {"id": case_id, "routed": True})
    elif shown is None or not shown.handles:
        say(f"case {case_id} was diagnosed, and is with whoever can mend it")
    else:
        from concord.cli.cases_diagnosis import print_cause, print_diagnosis

        case = shown.case
        print_diagnosis(shown.to_json()["diagnosis"])
        print_cause(case.about.cause)
        say("", f"case {case.id}: {case.about.cause.value}, with {case.owner or 'nobody'} as {case.role or '-'}")


def blast(
    ctx: typer.Context,
    case_id: _CaseId,
    tell: Annotated[bool, typer.Option("--notify", help="Tell who got one whose quote is gone, each once.")] = False,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """List past answers that cited what a case is about, and who got them.

    Once a fix is proven, only those whose quote does not stand there any more, or is not known to. Their questions, and
    what you may not read, are not shown. Told are those whose quote is gone, where they may read the page.
    """
    with opened(ctx) as concord:
        who = principal(concord, as_)
        radius = concord.desk.blast_radius(who, case_id)
        told = concord.desk.tell_answered(who, case_id) if tell else 0
    if as_json:
        print_json({"case": case_id, **radius.to_json(), "notified": told})
        return
    for each in radius.answers:
        quote = each.quote or "its words are not kept"
        say(f"{each.at:%Y-%m-%d %H:%M}  user:{each.principal}  (revision {each.revision}{_STANDS[each.stands]})")
        say(f"    {quote}")
    if not radius.answers:
        say("no past answer cited it")
        return
    given = len({each.trace for each in radius.answers})
    then = f"{told} were told" if tell else f"--notify would tell {len(radius.to_tell)}"
    say(f"answers: {given}; people who got one: {radius.people}; {then}")


def detect(
    ctx: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Days of questions that are looked at.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Open cases on what nobody has reported: gaps, open conflicts that were asked about, old pages, quarantine.

    What was found before is left alone. Whoever runs it learns how many cases there are, and nothing of them.
    """
    with opened(ctx) as concord:
        found = concord.detect(days)
    if as_json:
        print_json({"cases": [{"id": each.id, "owner": each.owner} for each in found]})
    else:
        say(f"{len(found)} cases were opened or joined" if found else "nothing new was found")


def escalate(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Let every case that was not dealt with in time go to the next in line; may be run at any time, by a timer.

    Whoever is next to decide on a proposal that a case waits for is asked to.
    """
    with opened(ctx) as concord:
        _moved(concord.desk.escalate() + concord.desk.ask_to_decide(), as_json, "no case is overdue")


def reroute(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Let open cases follow ownership.yaml as it is now, except those that a person assigned; `sync` does it too."""
    with opened(ctx) as concord:
        _moved(concord.desk.reroute(), as_json, "every case is with who is to have it")


_COMMANDS: dict[str, Any] = {
    "dispute": dispute,
    "merge": merge,
    "diagnose": diagnose,
    "blast": blast,
    "detect": detect,
    "acknowledge": acknowledge,
    "assign": assign,
    "submit-fix": submit_fix,
    "resolve": resolve,
    "reopen": reopen,
    "archive": archive,
    "escalate": escalate,
    "reroute": reroute,
}


def _act(
    ctx: typer.Context, case_id: int, as_: str | None, as_json: bool, act: str, what: str | None = None, **given: Any
) -> None:
    from concord_feedback.cases import Act, Fix, Move
    from concord_feedback.errors import NoSuchCase

    now = datetime.now(UTC)
    with opened(ctx) as concord:
        who = principal(concord, as_)
        by = f"user:{who.id}"
        fix = Fix(now, by, what) if what is not None else None
        moved = concord.act(who, case_id, Move(Act(act), by, now, fix=fix, **given))
        try:
            told = concord.desk.case(who, case_id).to_json()
        except NoSuchCase:  # it is others' now
            told = {"id": moved.id, "state": moved.state.value, "owner": moved.owner}
    if as_json:
        print_json(told)
    else:
        say(f"case {case_id} is {moved.state.value}, with {moved.owner or 'nobody'}")


def _moved(found: list[Case], as_json: bool, none: str) -> None:
    if as_json:
        print_json({"cases": [{"id": each.id, "owner": each.owner, "state": each.state.value} for each in found]})
    elif found:
        for each in found:
            say(f"case {each.id} goes to {each.owner or 'nobody'}")
    else:
        say(none)
