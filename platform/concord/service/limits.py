"""Around every request: an id of its own, a local host name, and a body of bounded size."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from concord.service.errors import TooLarge, TooSlow
from concord.service.identity import check_host
from concord.service.problems import answer

MAX_BODY = 64 * 1024
READ_SECONDS = 10.0
REQUEST_ID = "X-Request-ID"
_PLAIN_ID = re.compile(r"[\w.-]{1,64}")


class Limits:
    """ASGI middleware; errors that are raised here leave as problem details too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get(REQUEST_ID, "")
        request.state.request_id = given if _PLAIN_ID.fullmatch(given) else str(uuid.uuid4())
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request.state.request_id
                headers.setdefault("Cache-Control", "no-store")  # who may read it changes from moment to moment
            await send(message)

        try:
            check_host(request)
            body = await _in_time(_read(request, receive))
            await self._app(scope, _replay(body, receive), sending)
        except Exception as error:
            if begun:
                raise
            await (await answer(request, error))(scope, receive, sending)


async def _in_time(reading: Awaitable[bytes]) -> bytes:
    """What is read; raises `TooSlow` for a body that takes its time, of which somebody could hold many open."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await reading
    except TimeoutError:
        raise TooSlow(READ_SECONDS) from None


async def _read(request: Request, receive: Receive) -> bytes:
    """The body; raises `TooLarge` before more of it is read than may be."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise TooLarge(MAX_BODY)
        more = message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then what comes after it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
