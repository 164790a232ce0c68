"""`concord eval compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from concord.cli.context import AsJson, opened
from concord.cli.output import print_json, say
from concord.cli.progress import counted
from concord_evals.commands.options import TOLERANCE, Ragas, RunId, Tolerance

if TYPE_CHECKING:
    from concord_evals.comparing import RunComparison
    from concord_evals.runs import Run


def compare(
    ctx: typer.Context,
    baseline: RunId,
    candidate: RunId = "last",
    tolerance: Tolerance = TOLERANCE,
    ragas: Ragas = None,
    as_json: AsJson = False,
) -> None:
    """Compare two runs: each metric with its verdict, and the questions that flipped with the stage at fault.

    The stage is that of the diagnosis, by the trace of the answer. Where the workspace has changed since the second
    run, what was not diagnosed before is undetermined. --ragas needs both runs judged by `concord eval ragas`.
    """
    with opened(ctx) as concord:
        from concord_evals import runs
        from concord_evals.comparing import compare_runs
        from concord_evals.diagnosing import diagnosed

        before, after = (runs.find(concord, each, whole=True) for each in (baseline, candidate))
        held = runs.scores(concord, before)
        scores = runs.scores(concord, after)
        if ragas:
            from concord_evals.judging.runs import in_common

            held, scores = in_common(concord, before, held, after, scores, ragas)
        scores = diagnosed(concord, held, after, scores, counted)
    verified = before.verified | after.verified
    found = compare_runs(held, scores, verified=verified, tolerance=tolerance)
    if as_json:
        print_json({"baseline": before.to_json(), "candidate": after.to_json(), **found.to_json()})
        return
    say(f"{before.id[:8]} -> {after.id[:8]}", *changed(before, after), *shown(found))


def changed(before: Run, after: Run) -> list[str]:
    """What the two runs do not have in common, as lines."""
    one, other = ({**each.fingerprints, "asked as": each.as_, "use case": each.use_case} for each in (before, after))
    pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    return [f"{name}: {one} -> {other}" for name, one, other in pairs if one != other]


def shown(found: RunComparison) -> list[str]:
    """A comparison as lines for a person."""
    lines = []
    for name, each in found.metrics.items():
        low, high = each.interval
        figures = f"{each.baseline:.3f} -> {each.candidate:.3f} ({low:+.3f} to {high:+.3f}), p {each.p:.3f}"
        figures += "" if each.effect is None else f", effect {each.effect:+.2f}"
        lines.append(f"{name:20} {each.verdict.value:12} {figures}: {each.reason}")
    for name, part in found.resources.items():
        if part.baseline is None or part.candidate is None or part.interval is None:
            lines.append(f"{name:20} undetermined: not known of every question")
        else:
            low, high = part.interval
            figures = f"{part.baseline:.4g} -> {part.candidate:.4g} a question ({low:+.3g} to {high:+.3g})"
            lines.append(f"{name:20} {figures}")
    for flip in found.flips:
        moved = [*(f"-{name}" for name in flip.lost), *(f"+{name}" for name in flip.gained)]
        stage = f" [{', '.join(filter(None, [flip.stage, flip.cause]))}]" if flip.stage else ""
        lines.append(f"{flip.id}: {' '.join(moved)}{stage} | {flip.question}")
    return lines if found.flips else [*lines, "no question flipped"]
