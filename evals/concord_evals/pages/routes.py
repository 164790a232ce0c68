"""Runs, a run, a question of it, its scorecards, and two runs side by side: each as far as who looks may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.traces import load_trace
from concord.service.web.pages import pages
from concord.service.web.viewer import Looking, Viewer
from concord_evals import runs
from concord_evals.comparing import compare_runs
from concord_evals.errors import NoSuchRun
from concord_evals.pages import words
from concord_evals.pages.seen import Seen, comparable
from concord_evals.runs import Run
from concord_taxonomy.standard import Principal

LISTED = 30
RunName = Annotated[str, Query(max_length=40)]

router = APIRouter(include_in_schema=False)

Made = Callable[[Concord, Principal, bool], dict[str, Any]]


@router.get("")
async def listed(request: Request, asker: Looking) -> Response:
    """The last runs."""

    def made(concord: Concord, who: Principal, others: bool) -> dict[str, Any]:
        with reading(concord.engine) as connection:
            found = [Seen.of(connection, each, who, others=others) for each in runs.listed(concord, LISTED)]
        whole = [each.run for each in found if each.run.finished_at and each.scores]
        return {"found": [each for each in found if each.scores], "whole": whole}

    return await _page(request, asker, "list.html", made)


@router.get("/compare")
async def compared(request: Request, asker: Looking, baseline: RunName, candidate: RunName) -> Response:
    """Two runs side by side, without the questions that either of them keeps from the asker."""

    def made(concord: Concord, who: Principal, others: bool) -> dict[str, Any]:
        before, after = _seen(concord, baseline, who, others), _seen(concord, candidate, who, others)
        if not before.run.finished_at or not after.run.finished_at:
            raise HTTPException(404)
        verified = (before.run.verified | after.run.verified) & before.questions.keys()
        found = compare_runs(*comparable(before, after), verified=verified)
        prints = [(words.FINGERPRINTS.get(name, name), *pair) for name, *pair in _differing(before.run, after.run)]
        return {"before": before, "after": after, "found": found, "prints": prints}

    return await _page(request, asker, "compare.html", made)


@router.get("/{run}")
async def shown(run: str, request: Request, asker: Looking) -> Response:
    """A run: its figures, and what went wrong."""
    return await _page(request, asker, "run.html", lambda *given: {"seen": _seen(given[0], run, *given[1:])})


@router.get("/{run}/scorecards")
async def cards(run: str, request: Request, asker: Looking) -> Response:
    """What each group makes of a use case, side by side."""
    return await _page(request, asker, "scorecards.html", lambda *given: {"seen": _seen(given[0], run, *given[1:])})


@router.get("/{run}/questions/{question:path}")
async def asked(run: str, question: str, request: Request, asker: Looking) -> Response:
    """A question of a run: what was expected, what came, and the way to its trace."""

    def made(concord: Concord, who: Principal, others: bool) -> dict[str, Any]:
        seen = _seen(concord, run, who, others)
        score = seen.score(question)
        if score is None:
            raise HTTPException(404)
        with reading(concord.engine) as connection:
            traced = score.trace and load_trace(connection, score.trace, None if others else who.id)
        judged = [each for each in seen.judgements if each.question == question]
        golden = seen.questions[question]
        return {"seen": seen, "score": score, "golden": golden, "traced": bool(traced), "judged": judged}

    return await _page(request, asker, "question.html", made)


async def _page(request: Request, asker: Looking, template: str, made: Made) -> Response:
    """A page of what `made` gives for who looks, and whether they may look into other people's traces."""

    def whole(concord: Concord, who: Principal) -> dict[str, Any]:
        viewer = Viewer(concord, who)
        frame = {"viewer": viewer, "history": viewer.conversations, "use_case": None, "told": words}
        return frame | made(concord, who, asker.may(concord, Action.READ_OTHERS_TRACES))

    found = await asker.read(Action.READ_EVALUATIONS, whole)
    return await pages(request).show(request, f"evaluations/{template}", **found)


def _seen(concord: Concord, name: str, who: Principal, others: bool) -> Seen:
    """A run of which something is seen; any other is like one that is not there."""
    try:
        run = runs.find(concord, name)
    except NoSuchRun:
        raise HTTPException(404) from None
    with reading(concord.engine) as connection:
        seen = Seen.of(connection, run, who, others=others)
    if not seen.scores:
        raise HTTPException(404)
    return seen


def _differing(before: Run, after: Run) -> list[tuple[str, str | None, str | None]]:
    names = {**before.fingerprints, **after.fingerprints}
    pairs = [(name, before.fingerprints.get(name), after.fingerprints.get(name)) for name in names]
    return [each for each in pairs if each[1] != each[2]]
