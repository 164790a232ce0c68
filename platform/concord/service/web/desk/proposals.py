"""Proposals in the browser: those that wait, one with what it would do, and deciding on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.accepting import look
from concord.bootstrap.written import follow
from concord.governance import GovernanceError, NotAllowed, OutOfDate, Proposal, State
from concord.governance.operations import read_operation, summary_of
from concord.service.proposals import ProposalNumber
from concord.service.web.desk.export import EXPORTED, as_csv
from concord.service.web.desk.frame import frame, show
from concord.service.web.desk.params import READ
from concord.service.web.desk.suggested import previewed
from concord.service.web.forms import form
from concord.service.web.guard import HEADERS
from concord.service.web.viewer import Looking, Viewer
from concord.workspace import FileProblem
from concord_taxonomy.errors import ConcordTaxonomyError
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)

LISTED = 50
_REFUSED = (GovernanceError, ConcordTaxonomyError, FileProblem)


class DecisionForm(BaseModel):
    """A decision: on the revision that was read, and why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    revision: int = Field(ge=1, le=2**31 - 1)
    why: str = Field(default="", max_length=4_000)


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in review: what it does in a line, the names of who may decide on it, and until when they are to."""

    proposal: Proposal
    summary: str
    deciders: tuple[str, ...]
    until: datetime | None


def undecided(concord: Concord, who: Principal, limit: int) -> list[Row]:
    """Proposals that wait for a decision of `who`, the newest first."""
    return _rows(concord, who, concord.proposals.waiting_for(who, LISTED)[:limit])


def overdue(concord: Concord, who: Principal) -> int:
    """How many proposals that `who` may read were not decided on in time."""
    until = concord.desk.decisions_by(concord.proposals.listed(who, [State.IN_REVIEW]))
    return sum(1 for each in until.values() if each <= datetime.now(UTC))


def _rows(concord: Concord, who: Principal, found: Sequence[Proposal]) -> list[Row]:
    if not found:
        return []
    viewer, until = Viewer(concord, who), concord.desk.decisions_by(found)
    return [
        Row(each, summary_of(each, concord.foundation.vocabulary), _deciders(concord, viewer, each), until.get(each.id))
        for each in found
    ]


def _deciders(concord: Concord, viewer: Viewer, proposal: Proposal) -> tuple[str, ...]:
    return tuple(viewer.name_of(each) or each for each in concord.who_decides(proposal))


@router.get("/proposals")
async def listed(request: Request, asker: Looking) -> Response:
    """Proposals that wait for a decision and that one may read, the newest first."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        found = concord.proposals.listed(who, [State.IN_REVIEW])
        rows = _rows(concord, who, found[:LISTED])
        return {**frame(concord, who), "rows": rows, "more": len(found) - len(rows)}

    return await show(request, "proposals.html", await asker.read(READ, made))


@router.get("/proposals.csv")
async def file(asker: Looking) -> Response:
    """The same as a file."""

    def made(concord: Concord, who: Principal) -> list[Sequence[object]]:
        found = concord.proposals.listed(who, [State.IN_REVIEW])[:EXPORTED]
        return [_line(each) for each in _rows(concord, who, found)]

    head = ("proposal", "why", "what", "proposed_by", "proposed_at", "decided_by", "due")
    return await as_csv("proposals", head, await asker.read(READ, made))


def _line(row: Row) -> Sequence[object]:
    held = row.proposal
    return (held.id, held.why, row.summary, held.proposer, held.created_at, ", ".join(row.deciders), row.until)


@router.get("/proposals/{number}")
async def one(number: ProposalNumber, request: Request, asker: Looking) -> Response:
    """A proposal that one may read; any other is like one that is not there."""
    made = await asker.read(READ, lambda concord, who: _context(concord, who, concord.proposals.find(number, who)))
    return await show(request, "proposal.html", made)


@router.post("/proposals/{number}/preview")
async def preview(number: ProposalNumber, request: Request, asker: Looking) -> Response:
    """What approving a proposal would do, as far as one may see it; nothing is written."""

    def done(concord: Concord, who: Principal) -> tuple[int, dict[str, Any]]:
        held = concord.proposals.find(number, who)
        try:
            change = concord.proposals.change(held)
            operation = read_operation(held.operation) if held.operation else None
            seen = previewed(concord, who, look(concord, who, change, operation))
        except _REFUSED as refused:
            return 409, _context(concord, who, held, str(refused))
        return 200, _context(concord, who, held, seen={**seen, "summary": ""})

    status, made = await asker.read(READ, done)
    return await show(request, "proposal.html", made, status)


@router.post("/proposals/{number}/{act}")
async def decide(number: ProposalNumber, act: str, request: Request, asker: Looking) -> Response:
    """Approve, reject or withdraw a proposal; what keeps it from being done is told on its page."""
    given = await form(request, DecisionForm)

    def done(concord: Concord, who: Principal) -> dict[str, Any] | None:
        held = concord.proposals.find(number, who)
        try:
            match act:
                case "approve":
                    follow(concord, concord.proposals.approve([(number, given.revision)], who, given.why))
                case "reject":
                    concord.proposals.reject((number, given.revision), who, given.why)
                case "withdraw":
                    concord.proposals.withdraw(number, f"user:{who.id}", given.why)
                case _:
                    return _context(concord, who, held, "there is no such act")
        except NotAllowed:
            raise
        except _REFUSED as refused:
            return _context(concord, who, held, "; ".join(str(refused).splitlines()))
        return None

    made = await asker.read(Action.DECIDE_PROPOSALS, done)
    if made is None:
        return RedirectResponse(f"/proposals/{number}", 303, HEADERS)
    return await show(request, "proposal.html", made, 409)


def _context(
    concord: Concord, who: Principal, held: Proposal, problem: str = "", seen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    context = frame(concord, who)
    viewer: Viewer = context["viewer"]
    waits, mine = held.state is State.IN_REVIEW, held.proposer == f"user:{who.id}"
    try:
        decides = waits and concord.proposals.decides(who, concord.proposals.change(held))
        current = True
    except OutOfDate:
        decides = current = False
    may = viewer.may(Action.DECIDE_PROPOSALS)
    return {
        **context,
        "proposal": held,
        "summary": summary_of(held, concord.foundation.vocabulary),
        "by": viewer.name_of(held.proposer),
        "deciders": _deciders(concord, viewer, held),
        "decided_by": viewer.name_of(held.reviewer),
        "decides": decides and may,
        "withdraws": mine and may and held.state in (State.DRAFT, State.IN_REVIEW),
        "current": current,
        "problem": problem,
        "seen": seen,
    }
