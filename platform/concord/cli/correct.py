"""`concord correct`: say what is wrong with an answer, or that it helps, or import what others said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.cases_act import one_of
from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_feedback import Correction, Rating
    from concord_taxonomy.standard import Principal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("correct")(correct)


def correct(
    ctx: typer.Context,
    trace: Annotated[
        str | None, typer.Argument(metavar="TRACE", help="The trace_id of the answer.", show_default=False)
    ] = None,
    helpful: Annotated[bool, typer.Option("--helpful", help="A thumb up: nothing is wrong with it.")] = False,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            help="wrong, outdated, missing, contradicts, not_for_me or should_not_be_visible. Default: wrong.",
            show_default=False,
        ),
    ] = None,
    comment: Annotated[str, typer.Option("--comment", help="What is wrong, in your own words.")] = "",
    right_answer: Annotated[str, typer.Option("--right-answer", help="What the answer should have said.")] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            "--evidence", help="What says so: IDENTIFIER[@REVISION], a URL or a quote; may be given more than once."
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Import corrections from a file instead.")
    ] = None,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with an answer that USER got; it opens a case, or joins the one about the same.

    With --helpful it is a thumb up, which opens no case.

    A CSV file has the columns trace, principal, question, use_case, reason, comment, right_answer, evidence. A line
    without a trace has its question asked first. All lines are checked before the first is taken. USER answers for the
    file: whomever its lines name, it weighs as one person, and a line is taken once.
    """
    if (trace is None) == (csv is None):
        raise typer.BadParameter("give the trace of an answer, or a file with --csv")
    if helpful and (reason or csv):
        raise typer.BadParameter("a thumb up is of one answer, and has no reason: leave out --reason and --csv")
    with opened(ctx) as concord:
        who = principal(concord, as_)
        if csv is not None:
            from concord.bootstrap.importing import import_corrections

            kept = import_corrections(concord, who, csv.read_bytes(), csv.name)
        else:
            said = _rating(helpful, reason, comment, right_answer, evidence or ())
            kept = [_corrected(concord, who, trace or "", said)]
        made = [_filed(concord, each) for each in kept]
    if as_json:
        print_json({"corrections": made})
        return
    for each in made:
        case = f"case {each['case']}" if each["case"] else "no case"
        say(f"{'thumb up' if helpful else 'correction'} {each['id']} of answer {each['trace']}: {case}")


def _rating(helpful: bool, reason: str | None, comment: str, right_answer: str, evidence: Any) -> Rating:
    from pydantic import ValidationError

    from concord_feedback import Rating
    from concord_feedback.corrections import Reason

    chosen = None if helpful else one_of(Reason, reason or Reason.WRONG, "--reason")
    try:
        return Rating(
            helpful=helpful, reason=chosen, comment=comment, right_answer=right_answer, evidence=tuple(evidence)
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise typer.BadParameter(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _corrected(concord: Concord, who: Principal, trace: str, rating: Rating) -> Correction:
    from concord.bootstrap.traced import correct as keep

    return keep(concord.engine, who, trace, rating, concord.settings.service.corrections_per_hour, concord.desk)


def _filed(concord: Concord, made: Correction) -> dict[str, Any]:
    from concord.catalog.cases import CatalogCases
    from concord.catalog.engine import reading

    with reading(concord.engine) as connection:
        case = CatalogCases(connection).filed(f"correction/{made.id}")
    return {
        "id": made.id,
        "trace": made.trace,
        "case": case,
        "helpful": made.rating.helpful,
        "reason": made.rating.reason,
    }
