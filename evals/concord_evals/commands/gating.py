"""`concord eval gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from concord.cli.context import AsJson, hint_behind, opened
from concord.cli.output import print_json, say
from concord.cli.progress import counted
from concord_evals.commands.options import TOLERANCE, Ragas, Suites, Tolerance, UseCaseOnly

FAILED, INCONCLUSIVE = 1, 3
"""Exit codes; 2 is bad input, as everywhere."""


def gate(
    ctx: typer.Context,
    baseline: Annotated[str, typer.Option("--baseline", metavar="RUN", help="The run to hold the change against.")],
    candidate: Annotated[
        str | None,
        typer.Option("--candidate", metavar="RUN", help="The run to judge. Default: a new one."),
    ] = None,
    ragas: Ragas = None,
    suite: Suites = None,
    use_case: UseCaseOnly = None,
    tolerance: Tolerance = TOLERANCE,
    allow_inconclusive: Annotated[
        bool, typer.Option("--allow-inconclusive", help="Exit with 0 where too few questions tell.")
    ] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")] = None,
    summary: Annotated[
        Path | None,
        typer.Option("--summary", metavar="FILE", help="Write it as Markdown, for a pull request."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge a change: exit with 0 for a pass, 1 for a failure, 3 where the questions cannot tell.

    Without --candidate or --suite the golden sets of the baseline are asked again. What reached who may not read it
    fails, and so does a verified question that is right no more, however good the rest. What could not be measured
    never passes. Questions that a failure lost become cases. Gates of other packages are asked too. --ragas needs both
    runs judged by `concord eval ragas`.
    """
    if ragas and candidate is None:
        raise typer.BadParameter("--ragas judges runs that were judged: name one with --candidate")
    with opened(ctx) as concord:
        from concord_evals import runs, summaries
        from concord_evals.commands.comparing import changed, shown
        from concord_evals.commands.running import ask
        from concord_evals.diagnosing import diagnosed
        from concord_evals.evidence import fallen
        from concord_evals.gate import decide
        from concord_evals.governing import refusals
        from concord_evals.regressing import file_regressions
        from concord_evals.statistics import Verdict

        before = runs.find(concord, baseline, whole=True)
        if candidate is not None:
            after = runs.find(concord, candidate, whole=True)
            scores = runs.scores(concord, after)
        else:
            # The baseline's person asks again: another one's answers would differ without any change.
            after, scores = ask(concord, suite or list(before.suites), use_case or before.use_case, before.as_)
            hint_behind(concord)
        notes = [str(each) for each in fallen(concord, after.questions)]
        held = runs.scores(concord, before)
        if ragas:
            from concord_evals.judging.runs import in_common

            held, scores = in_common(concord, before, held, after, scores, ragas)
        scores = diagnosed(concord, held, after, scores, counted)
        found = decide((before, held), (after, scores), required=ragas or (), tolerance=tolerance)
        found = found.refused(refusals(concord, before, after))
        if filed := file_regressions(concord, found, after, scores):
            notes.append(f"{len(filed)} cases were opened or joined: `concord cases list`")
    if junit is not None:
        junit.write_bytes(summaries.junit(found, after))
    if summary is not None:
        summary.write_text(summaries.markdown(found, before, after, notes), "utf-8")
    if as_json:
        print_json({"baseline": before.to_json(), "candidate": after.to_json(), **found.to_json(), "notes": notes})
    else:
        say(f"{found.verdict.value}: {before.id[:8]} -> {after.id[:8]}", *found.reasons, *changed(before, after))
        say("", *shown(found.comparison), *notes)
    doubtful = allow_inconclusive and not found.missing
    code = {Verdict.PASS: 0, Verdict.FAIL: FAILED, Verdict.INCONCLUSIVE: 0 if doubtful else INCONCLUSIVE}
    if code[found.verdict]:
        raise typer.Exit(code[found.verdict])
