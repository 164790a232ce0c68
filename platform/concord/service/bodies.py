"""Bodies of `/v1`: JSON in UTF-8 that says one thing (RFC 8259, RFC 7493), or what is wrong and where."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from concord.service.errors import NotSentAsJson, Unreadable

MAX_DEPTH = 100
MAX_DIGITS = 4_300
_LARGE = 4_096
_TOKEN = re.compile(
    rf'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{{\]}}]|-?Infinity|NaN|(?<![0-9])[0-9]{{{MAX_DIGITS + 1},}}', re.DOTALL
)
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"{_HIGH}{_LOW}|(?P<half>{_HIGH}|{_LOW})|\\.", re.DOTALL)


class JsonRoute(APIRoute):
    """A route whose body, where it takes one, is checked before anything reads it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request; raises `NotSentAsJson` and `Unreadable`."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field and (body := await request.body()):
                sent = request.headers.get("content-type", "")
                if len(body) > _LARGE:  # it would hold up everybody else, before it is known who sent it
                    await run_in_threadpool(check, sent, body)
                else:
                    check(sent, body)
            return await handler(request)

        return checked


def check(content_type: str, body: bytes) -> None:
    """Raises `NotSentAsJson`, and `Unreadable` for what programs read differently, or not at all."""
    sent = Message()
    sent["content-type"] = content_type
    if not re.fullmatch(r"application/(.+\+)?json", sent.get_content_type() if content_type else ""):
        raise NotSentAsJson(content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is no UTF-8: byte {error.start + 1:,} ({body[error.start]:#04x})") from None
    _look(text)
    try:
        json.loads(text, object_pairs_hook=_named_once)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{error.msg}: {_place(text, error.pos)}") from None


def _look(text: str) -> None:
    """Find what Python's parser takes, or falls over, though JSON knows no such thing or nobody means it."""
    depth = 0
    for token in _TOKEN.finditer(text):
        found, at = token[0], token.start()
        if found[0] == '"':
            half = next((each for each in _ESCAPE.finditer(found) if each["half"]), None) if "\\u" in found else None
            if half:
                raise Unreadable(f"{half[0]} is half of a character: {_place(text, at + half.start())}")
        elif found in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Unreadable(f"it is nested more than {MAX_DEPTH} deep: {_place(text, at)}")
        elif found in "]}":
            depth -= 1
        elif found[0].isdigit():
            raise Unreadable(f"a number has more than {MAX_DIGITS:,} digits: {_place(text, at)}")
        else:
            raise Unreadable(f"{found} is no JSON: {_place(text, at)}")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Unreadable(f"an object has {json.dumps(twice[:100])} more than once")
    return made


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line:,}, column {position - text.rfind(chr(10), 0, position):,}"
