"""Signing in and out in the browser, where an identity provider knows people (`auth: oidc`, `oidc.client_id`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from concord.catalog.engine import writing
from concord.catalog.sessions import begin_session, end_session
from concord.service.errors import Forbidden
from concord.service.identity import Workspace
from concord.service.sign_in import Pending, SignIn
from concord.service.web.forms import own_path
from concord.service.web.guard import HEADERS
from concord.service.web.pages import pages
from concord.service.web.viewer import SESSION_COOKIE, cookie_name

SIGNING_IN = "concord_sign_in"
_AWAY_SECONDS = 600

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def begin(request: Request, back: str = "/") -> Response:
    """Send the browser to the provider; it brings back what only this browser knows."""
    at, pending = _provider(request), Pending.begin(own_path(back[:2000]))
    answer = RedirectResponse(await request.app.state.work.run(lambda: at.address(pending)), 303, HEADERS)
    _set(request, answer, SIGNING_IN, str(pending), _AWAY_SECONDS)
    return answer


@router.get("/signed-in")
async def finish(request: Request, live: Workspace) -> Response:
    """Begin a session for whom the provider names, and go on to the page that was wanted."""
    at, pending = _provider(request), Pending.read(request.cookies.get(cookie_name(request, SIGNING_IN), ""))
    minutes = timedelta(minutes=at.settings.session_minutes)
    before = request.cookies.get(cookie_name(request, SESSION_COOKIE))

    def begun() -> str:
        claims, now = at.claims(pending, request.query_params), datetime.now(UTC)
        with writing(live.current().engine, renews=False) as connection:
            if before:
                end_session(connection, before)
            return begin_session(connection, claims, now, now + minutes)

    secret = await request.app.state.work.run(begun)
    answer = RedirectResponse(own_path(pending.back) if pending else "/", 303, HEADERS)
    _set(request, answer, SESSION_COOKIE, secret, int(minutes.total_seconds()))
    _set(request, answer, SIGNING_IN, "", 0)
    return answer


@router.post("/sign-out")
async def end(request: Request, live: Workspace) -> Response:
    """End the session, here and in the catalog."""
    at, secret = _provider(request), request.cookies.get(cookie_name(request, SESSION_COOKIE))

    def ended() -> str | None:
        with writing(live.current().engine, renews=False) as connection:
            end_session(connection, secret or "")
        return at.farewell()

    farewell = await request.app.state.work.run(ended)
    answer = await pages(request).show(request, "signed_out.html", farewell=farewell, here="/")
    _set(request, answer, SESSION_COOKIE, "", 0)
    return answer


def _provider(request: Request) -> SignIn:
    found: SignIn | None = request.app.state.sign_in
    if found is None:
        raise Forbidden("nobody signs in here in the browser")
    return found


def _set(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that no script reads and no other site sends along with more than a link to here."""
    secure = cookie_name(request, name) != name
    answer.set_cookie(
        cookie_name(request, name), value, max_age=seconds, httponly=True, secure=secure, samesite="lax", path="/"
    )
