"""`/v1/proposals`: changes of the workspace's files that wait for a decision, and deciding on them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.accepting import look
from concord.bootstrap.written import follow
from concord.governance import OPEN, Change, OutOfDate, Proposal, State
from concord.governance.operations import read_operation, summary_of, values_of
from concord.service.asker import Asking
from concord.service.bodies import JsonRoute
from concord.service.cases import ImpactBody
from concord.service.problems import DOCUMENTED
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["proposals"], responses=DOCUMENTED, route_class=JsonRoute)

_NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {
        **DOCUMENTED[422],
        "description": "It was decided on, revised or overtaken, or a gate is against it",
    }
}
ProposalNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the proposal.")]
_PROPOSAL: dict[str, Any] = {
    "id": 12,
    "revision": 1,
    "state": "in_review",
    "kind": "source",
    "summary": "people-handbook/leave.md: review_due 2027-05-01",
    "files": ["sources/people-handbook.yaml"],
    "proposer": "user:helena.varga",
    "why": "case 7: Read on Monday: it holds.",
    "created_at": "2026-10-12T09:30:00+00:00",
    "changed_at": "2026-10-12T09:30:00+00:00",
    "reviewer": None,
    "decided_at": None,
    "comment": None,
    "to_decide": ["user:tom.okafor"],
    "decide_by": "2026-10-15T09:30:00+00:00",
}
_APPROVED = _PROPOSAL | {
    "state": "approved",
    "reviewer": "user:tom.okafor",
    "decided_at": "2026-10-13T08:00:00+00:00",
    "to_decide": [],
    "decide_by": None,
}


class ProposalBody(BaseModel):
    """A proposed change, and what was decided on it; `comment` is the reviewer's.

    `to_decide` are the tokens of those who may decide on it while it is in review, in the order in which they are
    asked.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_PROPOSAL]})

    id: int
    revision: int
    state: State
    kind: str
    summary: str
    files: list[str]
    proposer: str
    why: str
    created_at: datetime
    changed_at: datetime
    reviewer: str | None
    decided_at: datetime | None
    comment: str | None
    to_decide: list[str]
    decide_by: datetime | None = Field(description="Until when it is to be decided on, while it is in review.")


class ProposalsBody(BaseModel):
    """Proposals, newest first; `limited` says that there are more."""

    proposals: list[ProposalBody]
    limited: bool


class FileBody(BaseModel):
    """A file that would change: its text in force, and the one that is proposed; null where there is none."""

    change: str
    path: str
    before: str | None
    after: str | None


class WholeProposalBody(ProposalBody):
    """A proposal with the texts that it changes.

    `current` is false where another one has changed the same meanwhile; `you_may_decide` by what ownership says.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_PROPOSAL,
                    "current": True,
                    "you_may_decide": True,
                    "changes": [
                        {
                            "change": "changed",
                            "path": "sources/people-handbook.yaml",
                            "before": "title: People\n",
                            "after": "title: People handbook\n",
                        }
                    ],
                }
            ]
        }
    )

    current: bool
    you_may_decide: bool
    changes: list[FileBody]


class DecisionRequest(BaseModel):
    """A decision on the `revision` that was read, and what led to it; declining needs a reason."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"revision": 1, "why": "As agreed on Monday."}]},
    )

    revision: int = Field(strict=True, ge=1, le=2**31 - 1)
    why: str = Field(default="", max_length=4_000)


class ReasonedRequest(DecisionRequest):
    """A decision on the `revision` that was read, and why."""

    why: str = Field(min_length=1, max_length=4_000)


class WithdrawalRequest(BaseModel):
    """Why one takes one's proposal back."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"examples": [{"why": "It is done otherwise."}]}
    )

    why: str = Field(default="", max_length=4_000)


class ProposalImpactBody(ImpactBody):
    """What approving a proposal would do, as far as the asker may see it; nothing was written."""

    proposal: int


class ApprovedBody(ProposalBody):
    """The proposal, what is in force by it, and the gates that it passed.

    `written` are the files of the workspace that followed; those `left` had other changes, or could not be read.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_APPROVED,
                    "policy_version": "9f2c5a1e77b0",
                    "gates": ["questions"],
                    "written": ["sources/people-handbook.yaml"],
                    "left": [],
                }
            ]
        }
    )

    policy_version: str | None
    gates: list[str]
    written: list[str]
    left: list[str]


@router.get("/proposals")
async def listed(
    asker: Asking,
    decided: Annotated[bool, Query(description="Those that were decided on or taken back, too.")] = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ProposalsBody:
    """List the proposals that one may read: on words everybody, others who made them and who may decide on them."""

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        held = concord.proposals.listed(who, list(State) if decided else OPEN)
        until = concord.desk.decisions_by(held[:limit])
        return {"proposals": [_values(each, concord, until) for each in held[:limit]], "limited": len(held) > limit}

    return ProposalsBody.model_validate(await asker.read(Action.READ_CASES, found))


@router.get("/proposals/{proposal_id}")
async def one(proposal_id: ProposalNumber, asker: Asking) -> WholeProposalBody:
    """Give a proposal that one may read, with the texts that it changes; any other is like one that is not there."""

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        held = concord.proposals.find(proposal_id, who)
        change: Change | None = None
        with suppress(OutOfDate):
            change = concord.proposals.change(held)
        decides = change is not None and held.state is State.IN_REVIEW and concord.proposals.decides(who, change)
        told = {"current": change is not None, "you_may_decide": decides}
        return {**_values(held, concord), **told, "changes": change.to_json() if change else []}

    return WholeProposalBody.model_validate(await asker.read(Action.READ_CASES, found))


@router.post("/proposals/{proposal_id}/previews", responses=_NOT_NOW)
async def previewed(proposal_id: ProposalNumber, asker: Asking) -> ProposalImpactBody:
    """Work out what approving a proposal that one may read would do; nothing is written."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        held = concord.proposals.find(proposal_id, who)
        change = concord.proposals.change(held)
        done = look(concord, who, change, read_operation(held.operation) if held.operation else None)
        told = {"summary": summary_of(held, concord.foundation.vocabulary), "files": sorted(held.files)}
        return {"proposal": proposal_id, **told, **done.to_json()}

    return ProposalImpactBody.model_validate(await asker.read(Action.READ_CASES, made))


@router.post("/proposals/{proposal_id}/approvals", status_code=201, responses=_NOT_NOW)
async def approved(proposal_id: ProposalNumber, body: DecisionRequest, asker: Asking) -> ApprovedBody:
    """Approve a proposal and put it in force; the workspace's files follow, and items with the next sync.

    Nobody approves what they proposed, and only what was read is approved.
    """

    def done(concord: Concord, who: Principal) -> dict[str, Any]:
        concord.proposals.find(proposal_id, who)
        outcome = concord.proposals.approve([(proposal_id, body.revision)], who, body.why)
        written = follow(concord, outcome)
        return {
            **_values(outcome.proposals[0], concord),
            "policy_version": outcome.activation.digest if outcome.activation else None,
            "gates": list(outcome.gates),
            "written": list(written.paths),
            "left": list(written.left),
        }

    return ApprovedBody.model_validate(await asker.read(Action.DECIDE_PROPOSALS, done))


@router.post("/proposals/{proposal_id}/rejections", status_code=201, responses=_NOT_NOW)
async def rejected(proposal_id: ProposalNumber, body: ReasonedRequest, asker: Asking) -> ProposalBody:
    """Decline a proposal, saying why; a case that waits for it is its owner's again, with the reason."""

    def done(concord: Concord, who: Principal) -> dict[str, Any]:
        concord.proposals.find(proposal_id, who)
        return _values(concord.proposals.reject((proposal_id, body.revision), who, body.why), concord)

    return ProposalBody.model_validate(await asker.read(Action.DECIDE_PROPOSALS, done))


@router.post("/proposals/{proposal_id}/withdrawals", status_code=201, responses=_NOT_NOW)
async def withdrawn(proposal_id: ProposalNumber, body: WithdrawalRequest, asker: Asking) -> ProposalBody:
    """Take a proposal of one's own back; a case that waits for it is its owner's again."""

    def done(concord: Concord, who: Principal) -> dict[str, Any]:
        concord.proposals.find(proposal_id, who)
        return _values(concord.proposals.withdraw(proposal_id, f"user:{who.id}", body.why), concord)

    return ProposalBody.model_validate(await asker.read(Action.DECIDE_PROPOSALS, done))


def _values(proposal: Proposal, concord: Concord, until: Mapping[int, datetime] | None = None) -> dict[str, Any]:
    values = values_of(proposal, concord.foundation.vocabulary)
    by = (concord.desk.decisions_by([proposal]) if until is None else until).get(proposal.id)
    return {**values, "to_decide": list(concord.who_decides(proposal)), "decide_by": by}
