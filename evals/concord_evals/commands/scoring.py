"""`concord eval scorecard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from concord.cli.context import AsJson, opened
from concord.cli.output import console, print_json, row, say, table
from concord_evals.commands.options import RunId, UseCaseOnly

if TYPE_CHECKING:
    from concord_evals.figures import Figure
    from concord_evals.scorecards import Scorecard


def scorecard(ctx: typer.Context, run: RunId = "last", use_case: UseCaseOnly = None, as_json: AsJson = False) -> None:
    """Show what each group of stakeholders makes of a use case, side by side, and on what they disagree.

    Groups, metrics and thresholds are those of `usecases/*.yaml` when the run began.
    """
    with opened(ctx) as concord:
        from concord.catalog import evaluations
        from concord.catalog.engine import reading
        from concord_evals import runs
        from concord_evals.scorecards import scorecards

        found = runs.find(concord, run, whole=True)
        with reading(concord.engine) as connection:
            judgements = evaluations.judgements(connection, found.id)
        cards = scorecards(found, runs.scores(concord, found), judgements)
    chosen = [each for each in cards if use_case in (None, each.use_case)]
    if use_case is not None and not chosen:
        raise typer.BadParameter(f"run {found.id[:8]} has no scorecard of {use_case!r}: name stakeholders in its file")
    if as_json:
        print_json({"run": found.id, "scorecards": [each.to_json() for each in chosen]})
        return
    if not chosen:
        say("no use case of the run names stakeholders: docs/gates.md says how")
    for each in chosen:
        _print(each, found.currency)


def _print(card: Scorecard, currency: str) -> None:
    say("", f"{card.use_case}:")
    rows = table("metric", *(f"{each.title} ({each.questions} questions)" for each in card.cards))
    for metric in card.metrics:
        cells = []
        for each in card.cards:
            mine = each.row(metric)
            if mine is None:
                cells.append(f"({shown(metric, each.others[metric], currency)})")
            else:
                asked = f"{'at most' if mine.at_most else 'at least'} {mine.threshold:g}"
                cells.append(f"{mine.mark.value}: {shown(metric, mine.figure, currency)}, {asked}")
        row(rows, metric, *cells)
    row(rows, "in all", *(each.mark.value for each in card.cards))
    console().print(rows)
    for apart in card.disagreements:
        sides = "; ".join(f"{group} {mark.value} at {threshold:g}" for group, _, threshold, mark in apart.sides)
        what = "do not agree" if apart.why == "outcome" else "would not accept each other's"
        say(f"they {what}: {apart.metric} ({sides})")
    if card.divided:
        say("some groups accept it as it is, and others do not")


def shown(metric: str, figure: Figure, currency: str = "") -> str:
    """A figure for a person."""
    if figure.value is None:
        return f"undetermined, {figure.missing} not measured" if figure.missing else "no question has it"
    if metric.startswith("ms_"):
        return f"{figure.value:.0f} ms"
    if metric.startswith("cost_"):
        return f"{figure.value:.6f} {currency}"
    if metric == "access_violations":
        return f"{figure.value:.0f}"
    interval = f" ({figure.interval[0]:.2f}-{figure.interval[1]:.2f})" if figure.interval else ""
    return f"{figure.value:.3f}{interval}"
