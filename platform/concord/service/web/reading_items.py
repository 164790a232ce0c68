"""A page as its source has it, with the passage that an answer quotes in its place."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.items import load
from concord.catalog.engine import reading
from concord.catalog.history import Recorded, history_of
from concord.service.web.document import document
from concord.service.web.pages import item_path, pages
from concord.service.web.viewer import Looking, Viewer
from concord_taxonomy.standard import ContentItem, Principal

MAX_PASSAGE = 4_000
Revision = Annotated[int | None, Query(ge=1, le=2**31 - 1)]

router = APIRouter(include_in_schema=False)


@router.get("/items/{identifier:path}")
async def item(
    identifier: str, request: Request, asker: Looking, revision: Revision = None, passage: str = ""
) -> Response:
    """An item that one may read, as it is now or was in a revision; any other is like one that is not there."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        viewer = Viewer(concord, who)
        with reading(concord.engine) as connection:
            held = load(concord, connection, who, f"{identifier}@{revision}" if revision else identifier)
            past = history_of(connection, who, held.item.identifier)
        return {
            "viewer": viewer,
            "history": viewer.conversations,
            "use_case": None,
            "item": held.item,
            "owner": viewer.name_of(held.owner.owner if held.owner else held.item.contact_point),
            "source": viewer.source_title(held.item.source),
            "labels": [held.labels[tag.concept] for tag in held.tags if tag.concept in held.labels][:8],
            "held": held.period,
            "document": document(held.body, held.item.title, passage[:MAX_PASSAGE]),
            "asked_passage": bool(passage.strip()),
            "dates": _dates(held.item),
            "revisions": _revisions(past),
            "linked": _linked(held.item),
        }

    return await pages(request).show(request, "item.html", **await asker.read(Action.READ_ITEMS, made))


def _dates(item: ContentItem) -> list[tuple[str, Any]]:
    """The dates of an item that tell how far to trust it."""
    found = (
        ("In effect from", item.valid_from),
        ("In effect until", item.valid_until),
        ("Last changed", item.modified or item.issued or item.created),
        ("Last reviewed", item.last_reviewed),
        ("Review due", item.review_due),
    )
    return [(name, value) for name, value in found if value]


def _revisions(past: list[Recorded]) -> list[Recorded]:
    return [each for each in reversed(past) if each.item is not None and not each.reread]


def _linked(item: ContentItem) -> list[tuple[str, str, str]]:
    """The items that it replaces or is replaced by, as far as the viewer may read them: relation, name, path."""
    pairs = [("Replaced by", each) for each in item.is_replaced_by] + [("Replaces", each) for each in item.replaces]
    return [(relation, each, item_path(each)) for relation, each in pairs]
