"""`concord cases`: errors with their root causes, owners, deadlines and proofs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli import cases_act, cases_suggest
from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.governance.cases import ShownCase

CaseId = Annotated[int, typer.Argument(metavar="ID", help="As the list shows it.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    cases = typer.Typer(no_args_is_help=True, help="Errors: their root causes, owners, deadlines and proofs of fix.")
    cases.command("list")(listed)
    cases.command("show")(show)
    cases.command("news")(news)
    cases_suggest.register(cases)
    cases_act.register(cases)
    app.add_typer(cases, name="cases")


def listed(
    ctx: typer.Context,
    as_: AsUser = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="Cases in this state; may be given more than once. Default: open."),
    ] = None,
    cause: Annotated[str | None, typer.Option("--cause", help="Of this root cause.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the cases that USER deals with, and those that they reported, most severe first.

    Who reported a case sees where it stands, not what caused it: that may tell of what they may not read.
    """
    from concord_feedback.cases import OPEN, State
    from concord_feedback.causes import RootCause

    states = [cases_act.one_of(State, each, "--state") for each in state or ()] or list(State if everything else OPEN)
    wanted = cases_act.one_of(RootCause, cause, "--cause").value if cause else None
    with opened(ctx) as concord:
        who = principal(concord, as_)
        found = concord.desk.cases(who, states, wanted)
    if as_json:
        print_json({"principal": f"user:{who.id}", "cases": [each.to_json() for each in found]})
    elif found:
        for each in found:
            _line(each)
        say("", "`concord cases show ID` tells more of one")
    else:
        say("no cases of yours" + ("" if everything or state else " are open; --all shows closed ones too"))


def show(ctx: typer.Context, case_id: CaseId, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show one case: what was reported, its root cause with the probes, who has it until when, and its history."""
    with opened(ctx) as concord:
        who = principal(concord, as_)
        found = concord.desk.case(who, case_id)
        similar = concord.boards.similar(who, case_id) if found.handles else []
    if as_json:
        more = {"similar": [{"id": each.case.id, "question": each.question} for each in similar]}
        print_json(found.to_json() | (more if found.handles else {}))
        return
    told(found)
    for each in similar:
        say(f"  perhaps the same as case {each.case.id}: {each.question}")
        say(f"    if so: concord cases merge {case_id} {each.case.id}")


def news(ctx: typer.Context, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show what USER was told of: cases that became theirs, what became of those they reported, what they decide on."""
    from concord.bootstrap.accepting import to_decide
    from concord_feedback.news import TO_DECIDE

    with opened(ctx) as concord:
        who = principal(concord, as_)
        found = concord.desk.news(who)
        deciding = to_decide(concord, who, [each for each in found if each.kind in TO_DECIDE])
    rows = [
        {"at": each.at.isoformat(), "case": each.case, "to": each.recipient, "what": each.kind}
        if each.kind not in TO_DECIDE  # nothing of its case is theirs to see
        else {
            "at": each.at.isoformat(),
            "proposal": deciding[each].id if each in deciding else None,
            "to": each.recipient,
            "what": each.kind,
        }
        for each in found
    ]
    if as_json:
        print_json({"principal": f"user:{who.id}", "news": rows})
    elif found:
        for each, row in zip(found, rows, strict=True):
            about = f"case {row['case']}" if "case" in row else f"proposal {row['proposal'] or '(decided)'}"
            say(f"{each.at:%Y-%m-%d %H:%M}  {about}  {each.kind}")
    else:
        say("nothing is new")


def told(shown: ShownCase) -> None:
    """Print one case."""
    data = shown.to_json()
    mark = f" ({data['sub_state']})" if data["sub_state"] else ""
    say(f"case {data['id']}: {data['state']}{mark}", f"  {data['question']}")
    if shown.handles:
        say(f"  {data['cause']}, {data['severity']}: {data['item'] or 'about no item that you may read'}")
        reach = data["reach"]
        say(f"  reported by {reach['people']} people about {reach['asked']} answers")
        line = f", then {', '.join(data['next_in_line'])}" if data["next_in_line"] else ""
        say(f"  with {data['owner'] or 'nobody'} as {data['role'] or '-'}{line}")
        say(f"  to be acknowledged by {data['acknowledge_by']}, and fixed by {data['fix_by']}")
    for each in data["reports"]:
        brought = f" (imported by {each['imported_by']})" if each["imported_by"] else ""
        say("", f"  {each['at']} {each['kind']} by {each['by'] or 'nobody'}{brought}: {each['reason'] or '-'}")
        if each["right_answer"]:
            say(f"    should say: {each['right_answer']}")
        if each["comment"]:
            say(f"    in their words: {each['comment']}")
        for reference in each["expected"]:
            say(f"    because of {reference}")
        for words in each["quoted"]:
            say(f"    because of: {words}")
    if data.get("diagnosis"):
        from concord.cli.cases_diagnosis import print_diagnosis

        say("")
        print_diagnosis(data["diagnosis"])
    for entry in data.get("conflicts", ()):
        _conflict(entry)
    if data.get("fix"):
        named = f" (proposal {data['fix']['proposal']})" if data["fix"]["proposal"] else ""
        say(f"  fix by {data['fix']['by']}: {data['fix']['what']}{named}")
    if data.get("decision"):
        say(f"  {_awaits(data['decision'])}")
    if data.get("proof") and data["proof"]["detail"] != data.get("unproven"):
        say(f"  replay {'passed' if data['proof']['passed'] else 'failed'}: {data['proof']['detail']}")
    for question in data.get("still_wrong", ()):
        say(f"  still answered wrongly: {question}")
    if data.get("unproven"):
        say(f"  whether the fix helped is undetermined: {data['unproven']}")
        say("  close it by hand: concord cases resolve")
    for event in data.get("history", ()):
        say(
            f"  {event['at']}  {event['what']} by {event['by']}"
            + (f": {event['comment']}" if "comment" in event else "")
        )


def _conflict(entry: Mapping[str, Any]) -> None:
    say("", f"  contradiction {entry['id']}: {entry['about']}", f"    {entry['explanation']}")
    for side in entry["sides"]:
        say(f"    {'*' if side['wins'] else ' '} {side['value']}")
        for page in side["pages"]:
            say(f"        \u201c{page['quote']}\u201d", f"        {page['title']}: {page['identifier']}")


def _awaits(decision: Mapping[str, Any]) -> str:
    who = f"asked were {', '.join(decision['asked'])}" if decision["asked"] else "nobody else may decide on it"
    return f"waits for a decision on proposal {decision['proposal']} by {decision['by']}: {who}"


def _line(shown: ShownCase) -> None:
    data = shown.to_json()
    mark = f"/{data['sub_state']}" if data["sub_state"] else ""
    if not shown.handles:
        how = "reported" if any(each["kind"] == "correction" for each in data["reports"]) else "asked"
        say(f"{data['id']:>5}  {data['state']}{mark}  {how} by you  {data['question']}")
        return
    say(f"{data['id']:>5}  {data['state']}{mark}  {data['severity']:<8}  {data['cause']}  {data['question']}")
    alone = "; overdue, and nobody is next in line" if shown.stuck(datetime.now(UTC)) else ""
    say(f"       {data['item'] or '-'}; {data['owner'] or 'nobody'}, by {(data['fix_by'] or '-')[:10]}{alone}")
    if data["decision"]:
        say(f"       {_awaits(data['decision'])}")
