"""`concord eval ragas`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from concord.cli.context import AsJson, opened
from concord.cli.output import print_json, say
from concord.cli.progress import counted
from concord_evals.commands.options import RunId
from concord_evals.commands.running import asks_as_anybody


def ragas(
    ctx: typer.Context,
    run: RunId = "last",
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="A metric of ragas; repeatable. Default: all that can be had."),
    ] = None,
    judge: Annotated[
        str | None, typer.Option("--judge", metavar="URL", help="An OpenAI-compatible endpoint, up to /v1.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="The model that judges.")] = None,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Requests at once.")] = 4,
    budget: Annotated[int, typer.Option("--budget", min=1, max=1_000_000, help="Requests in all.")] = 2_000,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, max=600.0, help="Seconds for a reply.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Judge a run by the metrics of ragas: its questions are asked again, of the same state of the workspace.

    Without --judge nothing leaves this machine. With it, questions, answers and passages go to the endpoint. The key is
    that of CONCORD_JUDGE_API_KEY. What was interrupted goes on, and what could not be measured is tried again.
    """
    if (judge is None) != (model is None):
        raise typer.BadParameter("--judge and --model go together")
    with opened(ctx) as concord:
        from concord_evals import runs
        from concord_evals.judging.model import JudgeSettings
        from concord_evals.judging.runs import chosen_metrics, judge_run

        settings = (
            JudgeSettings(url=judge, model=model, concurrency=concurrency, budget=budget, timeout_seconds=timeout)
            if judge and model
            else None
        )
        asks_as_anybody(concord)
        found = runs.find(concord, run, whole=True)
        names = chosen_metrics(metric or [], settings)
        asked = sum(each.expect == "answer" and bool(each.reference) for each in found.questions)
        with counted("judgements", asked * len(names)) as step:
            figures = judge_run(concord, found, names, settings, step)
    if as_json:
        print_json({"run": found.id, "metrics": [asdict(each) for each in figures]})
        return
    for each in figures:
        mean = "undetermined" if each.mean is None else f"{each.mean:.3f}"
        gone = f", {each.missing} not measured" if each.missing else ""
        say(f"{each.metric:28} {mean} over {each.of}{gone}{f' ({each.judge})' if each.judge else ''}")
        say(*(f"  {count} x {reason}" for reason, count in each.reasons.items()))
    if not figures:
        say("nothing to judge: no question has a reference to hold an answer against")
