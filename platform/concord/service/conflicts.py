"""`/v1/conflicts`: where documents that the asker may read contradict each other, found without any question."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from concord.access.actions import Action
from concord.answering.neutral import harmless
from concord.bootstrap import Concord
from concord.governance.errors import NoSuchEntry
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord.service.schemas import Day
from concord_taxonomy.standard import Principal, ReaderToken

router = APIRouter(prefix="/v1", tags=["conflicts"], responses=DOCUMENTED)

MAX_ENTRIES = 200


class PageBody(BaseModel):
    """A page that states a side."""

    identifier: str
    revision: int
    title: str
    landing_page: str | None
    source: str
    quote: str
    claim_date: date | None
    authority_tier: str | None
    status: str
    owner: str | None
    steward: str | None


class EntrySideBody(BaseModel):
    """A value and the pages that state it; `wins` says that the policy in force takes it."""

    value: str
    wins: bool
    pages: list[PageBody]


class ReachBody(BaseModel):
    """Answers that told a side of it, and use cases that draw on it."""

    asked: int
    use_cases: list[str]


class AcceptedBody(BaseModel):
    """A decision that both sides may stand."""

    why: str
    scope: str | None
    by: str
    at: datetime


class EntryBody(BaseModel):
    """A contradiction, as the policy in force decides it."""

    id: str
    about: str
    concept: str | None
    value_type: str
    severity: str
    certainty: float
    verdict: str
    rule: str | None
    winner: str | None
    explanation: str
    settled: bool
    within_one_item: bool
    since: datetime
    sides: list[EntrySideBody]
    owners: list[str]
    sent_to: list[str]
    reach: ReachBody
    accepted: list[AcceptedBody]


class EntriesBody(BaseModel):
    """Contradictions, most severe first; `more` says that some were left out behind the limit."""

    conflicts: list[EntryBody]
    more: bool


@router.get("/conflicts")
async def conflicts(
    asker: Asking,
    everything: Annotated[bool, Query(alias="all", description="Also less certain ones, and accepted ones.")] = False,
    owner: Annotated[ReaderToken | None, Query(description="Of pages that this user or group answers for.")] = None,
    since: Annotated[Day | None, Query(description="Found on this day or later.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_ENTRIES)] = 50,
) -> EntriesBody:
    """List the contradictions of which the asker may read every side."""

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        entries = concord.register.entries(who, everything=everything, owner=owner, since=since)
        told = [harmless(each.to_json(), concord.answerer.hosts) for each in entries[:limit]]
        return {"conflicts": told, "more": len(entries) > limit}

    return EntriesBody.model_validate(await asker.read(Action.READ_CONFLICTS, found))


@router.get("/conflicts/{identity}")
async def conflict(identity: str, asker: Asking) -> EntryBody:
    """Give one contradiction; one that the asker may not read is like one that is not there."""

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        entry = concord.register.entry(who, identity)
        if entry is None:
            raise NoSuchEntry(identity)
        return harmless(entry.to_json(), concord.answerer.hosts)

    return EntryBody.model_validate(await asker.read(Action.READ_CONFLICTS, found))
