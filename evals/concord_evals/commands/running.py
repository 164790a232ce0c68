"""`concord eval run`."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AS_VARIABLE, AsJson, hint_behind, opened
from concord.cli.errors import PersonasClosed
from concord.cli.output import note, print_json, say
from concord.cli.progress import counted
from concord_evals.commands.options import Suites, UseCaseOnly

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_evals.runs import Run
    from concord_evals.scoring import Score


def run(
    ctx: typer.Context,
    suite: Suites = None,
    use_case: UseCaseOnly = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Ask every question as this user, not as its own.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="RUN", help="Then compare with this run; `last` is the last one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask golden questions, each as its principal, and keep the scores.

    What was interrupted goes on where it was when the same is asked of the same state. A question that fails is no
    failure of the command: `concord eval gate` has exit codes.
    """
    with opened(ctx) as concord:
        from concord_evals.evidence import fallen
        from concord_evals.runs import find

        earlier = find(concord, baseline, whole=True) if baseline else None
        made, scores = ask(concord, suite or [], use_case, as_)
        hint_behind(concord)
        for each in fallen(concord, made.questions):
            note(f"concord: {each}")
        told(concord, made, scores, earlier, as_json)


def asks_as_anybody(concord: Concord) -> None:
    """Raise `PersonasClosed` outside of a development workspace: golden questions are asked as their principals."""
    if concord.settings.auth != "development":
        raise PersonasClosed(concord.settings.auth)


def ask(concord: Concord, suite: list[str], use_case: str | None, as_: str | None) -> tuple[Run, list[Score]]:
    """Ask the questions that are chosen, with a bar on a terminal; raises `PersonasClosed`."""
    asks_as_anybody(concord)
    from concord_evals import runs
    from concord_evals.suites import read_suites

    if as_ is not None:
        concord.foundation.directory.principal(as_)
    suites, questions = read_suites(concord.folder, suite, use_case)
    began = runs.begin(concord, suites, questions, os.environ.get(AS_VARIABLE) or getpass.getuser(), as_, use_case)
    done = len(runs.scores(concord, began))
    if done:
        note(f"concord: run {began.id[:8]} goes on behind {done} of {len(questions)} questions")
    with counted("questions", len(questions)) as step:
        scores = runs.ask(concord, began, step)
    return runs.find(concord, began.id), scores


def told(concord: Concord, made: Run, scores: list[Score], earlier: Run | None, as_json: bool) -> None:
    """Print a run's figures, and how they compare with those of an earlier one."""
    from concord_evals import runs
    from concord_evals.commands.comparing import shown
    from concord_evals.comparing import compare_runs
    from concord_evals.diagnosing import diagnosed
    from concord_evals.golden import lines, report

    figures, compared = report(scores), None
    if earlier:
        held = runs.scores(concord, earlier)
        scores = diagnosed(concord, held, made, scores, counted)
        compared = compare_runs(held, scores, verified=made.verified | earlier.verified)
    if as_json:
        more = {"baseline": earlier.id, "comparison": compared.to_json()} if earlier and compared else {}
        print_json({**made.to_json(), **figures, **more})
        return
    right = sum(each.right is True for each in scores)
    say(f"run {made.id[:8]}: {right} of {len(scores)} questions right", *lines(figures, made.currency))
    if earlier and compared:
        say("", f"compared with {earlier.id[:8]}:", *shown(compared))
