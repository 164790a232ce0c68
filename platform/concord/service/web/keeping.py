"""One's own conversations: all of them in a list, as a file, and deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from concord.bootstrap import Concord
from concord.catalog import conversations
from concord.catalog.conversations import Conversation, Turn
from concord.catalog.engine import reading, writing
from concord.service.errors import NoSuchConversation
from concord.service.web.answers import may_be_shown
from concord.service.web.guard import HEADERS
from concord.service.web.pages import pages
from concord.service.web.viewer import Looking, Viewer
from concord_taxonomy.standard import Principal

_ALL = 1_000
"""Conversations in the list and in a file, the newest ones."""

router = APIRouter(include_in_schema=False)


@router.get("/conversations")
async def every(request: Request, asker: Looking) -> Response:
    """All conversations of one's own."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        viewer = Viewer(concord, who)
        with reading(concord.engine) as connection:
            found = conversations.of(connection, who.id, _ALL)
        titles = {each.id: each.title for each in viewer.use_cases}
        days = concord.settings.conversations.retention_days
        return {"viewer": viewer, "history": found[:30], "all": found, "titles": titles, "days": days, "use_case": None}

    return await pages(request).show(request, "conversations.html", **await asker.read(None, made))


@router.get("/conversations.json")
async def export(asker: Looking) -> Response:
    """All conversations of one's own as a file."""

    def made(concord: Concord, who: Principal) -> str:
        viewer = Viewer(concord, who)
        with reading(concord.engine) as connection:
            listed = conversations.of(connection, who.id, _ALL)
            loaded = (conversations.load(connection, who.id, each.id) for each in listed)
            # One by one: the whole of it in one call would let no other thread run meanwhile.
            told = [json.dumps(_exported(connection, viewer, *each), ensure_ascii=False) for each in loaded if each]
        return f'{{"conversations": [{", ".join(told)}]}}'

    name = f"concord-conversations-{datetime.now(UTC):%Y-%m-%d}.json"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await asker.read(None, made), headers=headers, media_type="application/json")


@router.post("/conversations/delete")
async def delete_all(asker: Looking) -> Response:
    """Delete all conversations of one's own."""
    await asker.read(None, lambda concord, who: _delete(concord, who, None))
    return RedirectResponse("/conversations", 303, HEADERS)


@router.post("/conversations/{conversation}/delete")
async def delete(conversation: str, request: Request, asker: Looking) -> Response:
    """Delete a conversation of one's own; another's is like one that is not there."""
    if not await asker.read(None, lambda concord, who: _delete(concord, who, conversation)):
        raise NoSuchConversation(conversation)
    if "hx-request" in request.headers:
        return Response("", headers=HEADERS, media_type="text/html")
    return RedirectResponse("/conversations", 303, HEADERS)


def _delete(concord: Concord, who: Principal, conversation: str | None) -> int:
    with writing(concord.engine, renews=False) as connection:
        return conversations.forget(connection, who.id, conversation)


def _exported(connection: Connection, viewer: Viewer, about: Conversation, turns: list[Turn]) -> dict[str, Any]:
    """A conversation as JSON values, answers that may not be shown any more left out."""
    return {
        "id": about.id,
        "title": about.title,
        "use_case": about.use_case,
        "begun_at": about.begun_at.isoformat(),
        "turns": [
            {
                "question": turn.question,
                "as_of": turn.as_of.isoformat() if turn.as_of else None,
                "at": turn.at.isoformat(),
                "answer": turn.answer if may_be_shown(connection, viewer, turn) else None,
            }
            for turn in turns
        ],
    }
