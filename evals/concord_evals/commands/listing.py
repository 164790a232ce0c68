"""`concord eval list` and `concord eval show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, print_json, row, say, table
from concord_evals.commands.options import RunId

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_evals.scoring import Score
    from concord_taxonomy.standard import Principal

MAX_RUNS = 1000


def list_(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=MAX_RUNS, help="Runs at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the last runs, newest first."""
    with opened(ctx) as concord:
        from concord_evals import runs

        found = [(each, runs.scores(concord, each)) for each in runs.listed(concord, limit)]
    if as_json:
        print_json([{**run.to_json(), "right": _right(scores), "scores": len(scores)} for run, scores in found])
        return
    if not found:
        say("no runs yet: `concord eval run` makes one")
        return
    rows = table("run", "at", "golden sets", "right", "policy", "models")
    for run, scores in found:
        state = f"{_right(scores)} of {len(run.questions)}" + ("" if run.finished_at else f", {len(scores)} asked")
        prints = run.fingerprints
        row(
            rows,
            run.id[:8],
            f"{run.at:%Y-%m-%d %H:%M}",
            " ".join(run.suites),
            state,
            prints["policy"],
            prints["models"],
        )
    console().print(rows)


def show(
    ctx: typer.Context,
    run: RunId = "last",
    question: Annotated[
        str | None, typer.Option("--question", metavar="ID", help="Every metric of one question.")
    ] = None,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Show a run's figures and the questions that failed, or one question.

    What was cited is shown to USER as far as they may read it, and to nobody without --as.
    """
    with opened(ctx) as concord:
        from concord_evals import runs
        from concord_evals.golden import lines, report
        from concord_evals.judging.runs import with_judged

        found = runs.find(concord, run)
        scores = with_judged(concord, found, runs.scores(concord, found))
        who = principal(concord, as_) if as_ else None
        chosen = [each for each in scores if question in (None, each.id)]
        cited = {each.id: _readable(concord, who, each) for each in chosen}
    if question is not None and not chosen:
        raise typer.BadParameter(f"run {found.id[:8]} has no score of {question!r}")
    if as_json:
        told = [{**_plain(each), "cited": cited[each.id]} for each in chosen]
        print_json({**found.to_json(), **report(scores), "questions_asked": told})
        return
    if question is not None:
        [one] = chosen
        say(f"{one.id}: {one.question}", f"right: {_word(one.right)}")
        say(*(f"{name:20} {_word(value)}" for name, value in one.metrics.items()), *cited[one.id])
        return
    say(f"run {found.id[:8]} of {found.at:%Y-%m-%d %H:%M}: {_right(scores)} of {len(found.questions)} questions right")
    say(*(f"{name}: {value}" for name, value in found.fingerprints.items()), "", *lines(report(scores), found.currency))
    for each in scores:
        if each.right is not True:
            say(f"{each.id}: {each.error or ', '.join(each.failed)} | {each.question}")


def _readable(concord: Concord, who: Principal | None, score: Score) -> list[str]:
    """What a question's answer cited, as far as somebody may read it."""
    if who is None or not score.cited:
        return []
    from concord.catalog import items
    from concord.catalog.engine import reading

    names = {each.rpartition("@")[0]: each for each in score.cited}
    with reading(concord.engine) as connection:
        allowed = items.readable(connection, who, list(names))
    return [each for name, each in names.items() if name in allowed]


def _plain(score: Score) -> dict[str, object]:
    return {
        "id": score.id,
        "question": score.question,
        "right": score.right,
        "metrics": dict(score.metrics),
        "ms": score.ms,
        "error": score.error,
    }


def _right(scores: list[Score]) -> int:
    return sum(each.right is True for each in scores)


def _word(value: object) -> str:
    if value is None:
        return "not measured"
    return f"{value:.3f}" if isinstance(value, float) else {True: "yes", False: "no"}[bool(value)]
