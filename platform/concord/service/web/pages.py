"""Rendering: templates with what every page has, the headers that guard it, and files that never change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from concord.access.actions import Action
from concord.answering.neutral import visible
from concord.catalog.conversations import Conversation
from concord.service.web import words
from concord.service.web.guard import HEADERS
from concord.service.web.sections import Section
from concord.workspace import Settings

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
THEME_COOKIE = "concord_theme"
THEMES = ("light", "dark")
DUTIES = (
    ("/work", "My work", Action.READ_CASES),
    ("/cases?state=open", "Cases", Action.READ_CASES),
    ("/insights?days=90", "How it goes", Action.READ_CASES),
    ("/notices", "News", Action.CORRECT),
)
"""Pages in the menu, beside those that packages add: where, name, and the action that opens them."""


@dataclass(frozen=True)
class Pages:
    """The pages of one workspace's service, those that packages add included."""

    settings: Settings
    sections: Sequence[Section] = ()

    @cached_property
    def environment(self) -> Environment:
        """The templates: everything is escaped, and a name that is not there is an error.

        No text has characters that nobody sees, by which one title reads as another; what a form sends back, and has to
        stay as it is, says so by `|e`.
        """
        added = PrefixLoader({each.name: FileSystemLoader(each.templates) for each in self.sections})
        made = Environment(
            loader=ChoiceLoader([FileSystemLoader(_HERE / "templates"), added]),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_seen,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters["day"] = words.day
        made.filters["groupby_day"] = _by_day
        made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
        made.globals.update(
            asset=self.asset,
            item_path=item_path,
            sections=self.sections,
            duties=DUTIES,
            words=words,
            workspace=self.settings.name,
            development=self.settings.auth == "development",
            signs_in=self.settings.auth == "oidc" and self.settings.oidc.client_id is not None,
        )
        return made

    def asset(self, path: str) -> str:
        """Where a file of `static` is, with the fingerprint of what it holds, so that it may be kept for good."""
        name, _, rest = path.partition("/")
        folder = next((each.static for each in self.sections if each.name == name and each.static), None)
        return f"/static/{path}?v={_fingerprint(folder / rest if folder else STATIC / path)}"

    def fragment(self, template: str, **context: Any) -> str:
        """A part of a page as HTML."""
        return self.environment.get_template(template).render(**context)

    async def show(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """A page, or the part of one that a script asked for; it is written off the event loop."""
        theme = request.cookies.get(THEME_COOKIE)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        around = {"here": here, "theme": theme if theme in THEMES else None, **context}
        html = await run_in_threadpool(self.fragment, template, **around)
        return HTMLResponse(html, status, HEADERS)


def _seen(value: Any) -> Any:
    """A text as it is read; what is HTML already stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def pages(request: Request) -> Pages:
    """The pages of the service that got the request."""
    found: Pages = request.app.state.pages
    return found


def development(request: Request) -> bool:
    """Whether everybody may be anybody here."""
    return pages(request).settings.auth == "development"


def _by_day(found: Sequence[Conversation]) -> list[tuple[str, list[Conversation]]]:
    """Conversations under the day on which they were last asked in, in words."""
    today = datetime.now(UTC).date()
    named = {today: "Today", today - timedelta(days=1): "Yesterday"}
    days: dict[str, list[Conversation]] = {}
    for each in found:
        asked = each.changed_at.date()
        days.setdefault(named.get(asked) or words.day(asked), []).append(each)
    return list(days.items())


def item_path(identifier: str, revision: int | None = None, passage: str = "") -> str:
    """Where an item is shown, with a passage marked in it."""
    asked = {name: value for name, value in (("revision", revision), ("passage", passage)) if value}
    query = f"?{urlencode(asked)}#passage" if asked else ""
    return f"/items/{quote(identifier)}{query}"


@cache
def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


class Assets(StaticFiles):
    """Files that a browser may keep: the address changes with what they hold."""

    def __init__(self, at: str, folder: Path = STATIC) -> None:
        super().__init__(directory=folder)
        self.route = Mount(at, self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a file, under a route that metrics, log and spans name without the file."""
        scope["route"] = self.route
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for a year where it was asked for by its fingerprint."""
        response = await super().get_response(path, scope)
        kept = b"v=" in scope.get("query_string", b"") and response.status_code == 200
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
