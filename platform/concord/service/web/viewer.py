"""Who looks at a page, and what they may choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from concord.access import User
from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.catalog import conversations
from concord.catalog.conversations import Conversation
from concord.catalog.engine import reading
from concord.service.asker import Asker, asker_of
from concord.service.errors import Forbidden
from concord.service.identity import PERSONA_HEADER, Caller, Machine, Persona, Session, caller
from concord.service.sign_in import SignIn
from concord.service.web.pages import development
from concord.usecases import UseCase
from concord_taxonomy.standard import Principal

PERSONA_COOKIE = "concord_persona"
SESSION_COOKIE = "concord_session"
LISTED = 30
"""Conversations in the side bar."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with the tokens held at this moment, in the workspace as it is in force: what every page shows."""

    concord: Concord
    principal: Principal

    @property
    def use_cases(self) -> list[UseCase]:
        """Those that the person may use, by title."""
        found = [each for each in self.concord.foundation.use_cases.values() if each.admits(self.principal)]
        return sorted(found, key=lambda each: each.title)

    @property
    def personas(self) -> Sequence[User]:
        """Whom one may be instead, in a development workspace."""
        return personas(self.concord)

    @property
    def conversations(self) -> list[Conversation]:
        """The person's own, the one last asked in first."""
        with reading(self.concord.engine) as connection:
            return conversations.of(connection, self.principal.id, LISTED)

    def may(self, action: Action) -> bool:
        """Whether a policy permits it to the person, for the menu: what is done is checked where it is done."""
        name = self.concord.settings.name
        return self.concord.foundation.actions.decide(self.principal, action, name, by_key=False).allowed

    @property
    def may_ask(self) -> bool:
        """Whether the person may ask questions at all."""
        return self.may(Action.ASK)

    @property
    def may_correct(self) -> bool:
        """Whether the person may say what is wrong with an answer."""
        return self.may(Action.CORRECT)

    @property
    def may_trace(self) -> bool:
        """Whether the person may see how an answer was found."""
        return self.may(Action.READ_TRACES)

    def name_of(self, token: str | None) -> str | None:
        """The name of a person or group; None for nobody."""
        if not token:
            return None
        kind, _, name = token.partition(":")
        directory = self.concord.foundation.directory
        known = directory.users if kind == "user" else directory.groups
        return next((each.name or each.id for each in known if each.id == name), name or token)

    def address_of(self, token: str | None) -> str | None:
        """The e-mail address of a person, where it is known."""
        kind, _, name = (token or "").partition(":")
        users = self.concord.foundation.directory.users if kind == "user" else ()
        return next((each.email for each in users if each.id == name), None)

    def source_title(self, source: str) -> str:
        """A source as people call it."""
        declared = self.concord.foundation.sources.get(source)
        return declared.title if declared else source


def personas(concord: Concord) -> Sequence[User]:
    """Whom one may be, by department and name; nobody where people sign in."""
    if concord.settings.auth != "development":
        return ()
    users = [
        each.model_copy(update={"department": each.department or ""}) for each in concord.foundation.directory.users
    ]
    return sorted(users, key=lambda each: (each.department or "", each.name or each.id))


async def looking(request: Request) -> Asker:
    """Who looks at the page: the persona or the session of the cookie, else whom a request to the API would come from.

    A machine's key opens no page: what it is for has a scope. Raises `Unauthenticated` and `Forbidden`.
    """
    who = _who(request)
    if isinstance(who, Machine):
        raise Forbidden("pages are for people: use an API key with /v1 and /mcp")
    return asker_of(request, who)


def _who(request: Request) -> Caller:
    chosen = request.cookies.get(PERSONA_COOKIE, "").strip()
    if chosen and development(request) and PERSONA_HEADER not in request.headers:
        return Persona(chosen)
    signed_in: SignIn | None = request.app.state.sign_in
    secret = request.cookies.get(cookie_name(request, SESSION_COOKIE))
    if signed_in and secret and "authorization" not in request.headers:
        return Session(secret, signed_in.settings)
    return caller(request)


def cookie_name(request: Request, name: str) -> str:
    """A cookie's name; over https, one that only this very host can set, and that no plain connection carries."""
    signed_in: SignIn | None = request.app.state.sign_in
    secure = signed_in and str(signed_in.settings.redirect_url).startswith("https:")
    return f"__Host-{name}" if secure else name


Looking = Annotated[Asker, Depends(looking)]
