"""One case: what was reported, why it is wrong in plain words, what can be done next, whom it reached, its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from concord.bootstrap import Concord
from concord.catalog import items
from concord.catalog.engine import reading
from concord.service.feedback import CaseNumber
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ
from concord.service.web.desk.reached import reached
from concord.service.web.desk.suggested import ChangeForm, offered, waiting
from concord.service.web.pages import item_path
from concord.service.web.viewer import Looking, Viewer
from concord_feedback.cases import TRANSITIONS, Act, Case, Resolution, State
from concord_feedback.causes import RootCause
from concord_feedback.diagnosis import PROBES
from concord_taxonomy.standard import ContentItem, ItemRef, Principal

BY_HAND = frozenset({Act.ACKNOWLEDGE, Act.ASSIGN, Act.SUBMIT_FIX, Act.RESOLVE, Act.REOPEN, Act.ARCHIVE})
"""What people do with a case."""
_BUTTONS = frozenset({Resolution.INVALID_FEEDBACK, Resolution.FIXED})
"""Reasons to close a case that have a button of their own."""
_ASKS = {each.name: each.asks for each in PROBES}

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}")
async def one(case_id: CaseNumber, request: Request, asker: Looking) -> Response:
    """A case that one may deal with; any other is like one that is not there."""
    made = await asker.read(READ, lambda concord, who: case_context(concord, who, case_id))
    return await show(request, "case.html", made)


def case_context(
    concord: Concord,
    who: Principal,
    case_id: int,
    problem: str = "",
    given: ChangeForm | None = None,
    seen: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The context of a case's page; `problem` says what kept an act from being done. Raises `NoSuchCase`.

    The form of a change holds what was `given`, and `seen` is what it would do.
    """
    shown = concord.boards.case(who, case_id)
    context = frame(concord, who)
    viewer: Viewer = context["viewer"]
    data = shown.to_json()
    data["history"] = [{"owner": None, "comment": "", "proposal": None, **each} for each in data["history"]]
    with reading(concord.engine) as connection:
        named = items.readable(connection, who, sorted(_named(data)))
    concept = concord.foundation.vocabulary.concepts.get(data["concept"] or "")
    return {
        **context,
        "case": data,
        "item": _link(named.get(data["item"] or "")),
        "linked": {key: _link(each) for key, each in named.items()},
        "concept": concept.label() if concept else None,
        "owner": viewer.name_of(data["owner"]),
        "next_in_line": [(each, viewer.name_of(each)) for each in data["next_in_line"]],
        "conflicts": shown.conflicts,
        "probes": _probes(data),
        "broken": next((each for each in data["diagnosis"] if each["outcome"] == "failed"), None),
        "unseen": next((each for each in data["diagnosis"] if each["outcome"] == "could_not_run"), None),
        "may": possible(shown.case),
        "open": shown.case.open,
        "similar": concord.boards.similar(who, case_id),
        "reached": reached(concord, viewer, who, case_id),
        "waits": waiting(concord, who, shown.case),
        "suggestions": offered(concord, who, case_id, given) if shown.case.open else [],
        "given": given.kind if given else None,
        "seen": seen,
        "resolutions": [each.value for each in Resolution if each not in _BUTTONS],
        "names": {each["by"]: viewer.name_of(each["by"]) for each in data["history"]}
        | {by: viewer.name_of(by) for each in data["reports"] for by in (each["by"], each["imported_by"]) if by},
        "owners": {each["owner"]: viewer.name_of(each["owner"]) for each in data["history"] if each.get("owner")},
        "confidential": shown.case.about.cause is RootCause.ACCESS_FILTERED,
        "problem": problem,
    }


def possible(case: Case) -> set[str]:
    """What can be done with a case by hand, as the table of its life cycle has it."""
    found = {act.value for state, act in TRANSITIONS if state is case.state and act in BY_HAND}
    # A new case is acknowledged with the very act that closes it.
    return found | ({Act.RESOLVE.value} if case.state is State.NEW else set())


def _named(data: Mapping[str, Any]) -> set[str]:
    found = {ItemRef.parse(each).identifier for report in data["reports"] for each in report["expected"]}
    found |= {each for probe in data["diagnosis"] for each in probe["items"]}
    return found | ({data["item"]} if data["item"] else set())


def _link(item: ContentItem | None) -> tuple[str, str, str | None] | None:
    """Title, path here, and address at its source."""
    if item is None:
        return None
    outside = item.landing_page if (item.landing_page or "").startswith(("http://", "https://")) else None
    return item.title, item_path(item.identifier), outside


def _probes(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**each, "asks": _ASKS.get(each["probe"], each["probe"])} for each in data["diagnosis"]]
