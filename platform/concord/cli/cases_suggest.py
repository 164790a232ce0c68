"""`concord cases suggest` and `propose`: changes of the workspace that may mend a case, and accepting one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, note, print_json, row, say, table

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord.bootstrap.suggesting import Suggestion
    from concord_taxonomy.standard import Principal

_CaseId = Annotated[int, typer.Argument(metavar="ID", help="As the list shows it.", show_default=False)]
_GIVEN = "FIELD=VALUE"


def register(cases: typer.Typer) -> None:
    """Add the commands."""
    cases.command("suggest")(suggest)
    cases.command("propose")(propose)


def suggest(ctx: typer.Context, case_id: _CaseId, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show the changes that may mend a case, with what the case tells filled in, and what you have to give."""
    from concord.bootstrap.suggesting import suggestions
    from concord_feedback.meaning import CAUSES

    with opened(ctx) as concord:
        who = principal(concord, as_)
        found = suggestions(concord, who, case_id)
        case = concord.desk.dealt_with(who, case_id)
    if as_json:
        print_json({"case": case_id, "suggestions": [each.to_json() for each in found]})
    elif found:
        for each in found:
            _show(each)
        say("", f"`concord cases propose {case_id} KIND --set {_GIVEN} --preview` shows what one would do")
    elif not case.open:
        say(f"case {case_id} is {case.state.value}: there is nothing to mend")
    else:
        say("no change of the workspace's files mends this", f"What to do: {CAUSES[case.about.cause.value].mends}")


def propose(
    ctx: typer.Context,
    case_id: _CaseId,
    kind: Annotated[str, typer.Argument(help="As `concord cases suggest ID` shows it.", show_default=False)],
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar=_GIVEN, help="In place of what the case tells; may be given more than once."),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would do, and propose nothing.")] = False,
    why: Annotated[str, typer.Option("--why", help="Why; kept with the change.")] = "",
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Propose a change that a case suggests; the case then waits for its approval, and for the sync that follows.

    A development workspace puts it in force at once.
    """
    from concord.bootstrap import accepting
    from concord.cli.proposals import as_values

    values = dict(_pair(each) for each in given or ())
    with opened(ctx) as concord:
        who = principal(concord, as_)
        if preview:
            _preview(concord, who, case_id, kind, values, as_json)
            return
        done = accepting.propose(concord, who, case_id, kind, values, why)
        told = as_values(done.proposal, concord)
    if as_json:
        state = {"case": case_id, "state": done.case.state.value, "proposal": told}
        print_json({**state, "written": list(done.written.paths), "left": list(done.written.left)})
        return
    say(f"proposal {done.proposal.ref}: {done.proposal.state.replace('_', ' ')}: {told['summary']}")
    say(*(f"written  {path}" for path in done.written.paths))
    for path in done.written.left:
        note(f"{path} has other changes and was left as it is: bring in what is in force before you apply it")
    if done.outcome.activation is None:
        say(f"case {case_id} waits for it: `concord proposals approve {done.proposal.ref}`, by somebody else")
    else:
        say(f"case {case_id} waits for the next sync, which asks its questions again: `concord sync`")


def _preview(concord: Concord, who: Principal, case_id: int, kind: str, values: dict[str, str], as_json: bool) -> None:
    from concord.bootstrap import accepting
    from concord.cli.impact import show_preview
    from concord.cli.progress import counted_in_steps

    drafted = accepting.draft(concord, who, case_id, kind, values)
    with counted_in_steps("questions") as advance:
        done = concord.preview(drafted.change, who, advance)
    if as_json:
        files = sorted(drafted.files)
        told = {"summary": drafted.summary, "files": files, "warnings": list(drafted.warnings)}
        print_json({"case": case_id, "kind": kind, **told, **done.to_json()})
    else:
        say(f"{', '.join(sorted(drafted.files))}: {drafted.summary}")
        for each in drafted.warnings:
            note(f"warning: {each}")
        show_preview(done, concord.foundation.vocabulary)


def _show(suggestion: Suggestion) -> None:
    shown = table("field", "what", "value")
    for each in suggestion.fields:
        choices = f" ({', '.join(each.choices)})" if each.choices else ""
        row(shown, each.name, f"{each.asks}{choices}", each.value or ("to be given" if each.needed else ""))
    say(f"{suggestion.kind}: {suggestion.title} ({suggestion.file})", f"  {suggestion.why}")
    console().print(shown)


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise typer.BadParameter(f"--set takes {_GIVEN}, such as review_due=2027-05-01, not {text!r}")
    return name.strip(), value
