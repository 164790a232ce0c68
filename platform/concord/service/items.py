"""`/v1/items` and `/v1/revisions`: one item that the asker may read, as it is, as it was, and when it was what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.items import load
from concord.catalog.engine import reading
from concord.catalog.history import history_of
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord.service.schemas import PeriodBody
from concord_taxonomy.standard import ContentItem, Principal

router = APIRouter(prefix="/v1", tags=["items"], responses=DOCUMENTED)


class TagBody(BaseModel):
    """A concept of an item, who gave it, how strongly (0 to 1), and the words that led to it."""

    concept: str
    label: str | None
    origin: str
    score: float
    matched: list[str]


class QualityBody(BaseModel):
    """How well the document could be parsed."""

    level: str
    reasons: list[str]


class OwnershipBody(BaseModel):
    """Who answers for an item, by which rule of `ownership.yaml` (counted from 1)."""

    owner: str
    steward: str | None
    backup: str | None
    rule: int


class ItemBody(BaseModel):
    """An item: its metadata by the standard, and its text as Markdown."""

    held: PeriodBody | None = Field(description="Of a past revision: when it held.")
    item: ContentItem
    tags: list[TagBody]
    parse_quality: QualityBody | None
    ownership: OwnershipBody | None
    text: str


class RevisionBody(BaseModel):
    """A revision: when it held, and whether it is kept."""

    revision: int
    held: PeriodBody
    state: Literal["current", "kept", "reread", "not_kept"]
    recorded_at: datetime
    title: str | None
    status: str | None
    landing_page: str | None


class RevisionsBody(BaseModel):
    """The revisions of an item, newest first."""

    identifier: str
    revisions: list[RevisionBody]


@router.get("/items/{identifier:path}")
async def item(identifier: str, asker: Asking) -> ItemBody:
    """Give an item by its identifier, or a revision of it by `identifier@revision`.

    Who may read it is decided by the item as it is now. One that the asker may not read is like one that is not there.
    """

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        with reading(concord.engine) as connection:
            shown = load(concord, connection, who, identifier)
        return {**shown.to_json(), "item": shown.item, "text": shown.body}

    return ItemBody.model_validate(await asker.read(Action.READ_ITEMS, found))


@router.get("/revisions/{identifier:path}")
async def revisions(identifier: str, asker: Asking) -> RevisionsBody:
    """List the revisions of an item that the asker may read; `/v1/items/{identifier}@{revision}` gives one."""

    def found(concord: Concord, who: Principal) -> list[dict[str, Any]]:
        with reading(concord.engine) as connection:
            return [each.to_json() for each in reversed(history_of(connection, who, identifier))]

    return RevisionsBody.model_validate(
        {"identifier": identifier, "revisions": await asker.read(Action.READ_ITEMS, found)}
    )
