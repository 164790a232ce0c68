"""Putting the pages into the service, those of other packages too: routes, files, and errors as pages for browsers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from concord.bootstrap import Concord
from concord.service.live import Live
from concord.service.web import asking, choosing, keeping, rating, reading_items, signing_in, tracing
from concord.service.web.desk import (
    acting,
    case,
    changing,
    insights,
    ledger,
    listing,
    notices,
    proposals,
    reported,
    runs,
    work,
)
from concord.service.web.guard import from_our_pages
from concord.service.web.pages import Assets, Pages
from concord.service.web.sections import sections
from concord.service.web.viewer import personas

CHAT = (keeping, asking, rating, reading_items, tracing, choosing, signing_in)
DESK = (work, runs, listing, case, changing, proposals, acting, ledger, insights, notices, reported)


def install(app: FastAPI, concord: Concord) -> None:
    """Add the pages of a workspace to its service."""
    added = sections()
    app.state.pages = Pages(concord.settings, added)
    app.state.problem_page = _problem_page
    site = APIRouter(dependencies=[Depends(from_our_pages)], include_in_schema=False)
    for part in (*CHAT, *DESK):
        site.include_router(part.router)
    for each in added:
        site.include_router(each.router, prefix=each.path)
        if each.static:
            app.router.routes.append(Assets(f"/static/{each.name}", each.static).route)
    app.include_router(site)
    app.router.routes.append(Assets("/static").route)


async def _problem_page(request: Request, problem: dict[str, Any]) -> Response:
    """An error as a page; where nobody is signed in yet, the page on which a persona is chosen."""
    site: Pages = request.app.state.pages
    if "hx-request" in request.headers:
        note = await site.show(request, "_failed.html", problem["status"], problem=problem)
        note.headers["HX-Reswap"] = "beforeend"
        return note
    live: Live = request.app.state.live
    people = await run_in_threadpool(lambda: personas(live.current())) if problem["status"] in (401, 403) else ()
    back = quote(request.url.path) if request.method == "GET" and request.url.path != "/signed-in" else "/"
    shown = {"problem": problem, "people": people, "back": back, **({"here": "/"} if back == "/" else {})}
    return await site.show(request, "problem.html", problem["status"], **shown)
