"""Who asks: by a token of an identity provider, by an API key, or, on this machine alone, as a persona."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol, TypeGuard

from fastapi import Depends, Request

from concord.access import MAX_TOKENS
from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.keys import PREFIX, key_of
from concord.catalog.sessions import session_claims
from concord.service.errors import CannotServe, Forbidden, Unauthenticated
from concord.service.live import Live
from concord.service.oidc import Tokens
from concord.workspace import Settings
from concord.workspace.serving import OidcSettings
from concord_taxonomy.standard import Principal

PERSONA_HEADER = "X-Concord-User"
_LOCAL_NAMES = frozenset({"localhost"})
_HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::\d*)?")


def check_binding(settings: Settings, host: str) -> None:
    """Raise `CannotServe` where personas would be open to other machines, or where nobody could sign in."""
    if settings.auth == "oidc":
        if not settings.oidc.issuer or not settings.oidc.audience:
            raise CannotServe("`auth: oidc` needs `oidc.issuer` and `oidc.audience` in concord.yaml")
        if settings.oidc.client_id and not settings.oidc.redirect_url:
            raise CannotServe("`oidc.client_id` needs `oidc.redirect_url`: where the provider sends people back")
    elif not is_local(host):
        raise CannotServe(
            f"`auth: development` lets everybody be anybody, so it is not served on {host}: bind to 127.0.0.1"
        )


def is_local(host: str) -> bool:
    """Whether an address or name is this machine's loopback."""
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_host(request: Request) -> None:
    """Refuse a host name that is not this machine's: a page elsewhere may have pointed its own name here.

    Where people sign in, no page can do so in their place.
    """
    if request.scope["app"].state.tokens is not None:
        return
    named = _HOST.fullmatch(request.headers.get("host", ""))
    if named is None or not is_local(named[1]):
        raise Forbidden("the service answers under localhost and 127.0.0.1 only")


async def live(request: Request) -> Live:
    """The workspace at work."""
    found: Live = request.app.state.live
    return found


@dataclass(frozen=True, slots=True)
class Identity:
    """A principal with the tokens held now; `scopes` are the actions of the key that was used, None without one."""

    principal: Principal
    scopes: frozenset[Action] | None = None
    key: str | None = None

    @property
    def counted(self) -> str:
        """What requests are counted by: each key apart from its person."""
        return f"key:{self.key}" if self.key else f"user:{self.principal.id}"


class Caller(Protocol):
    """Who sent a request, by what the request holds."""

    def identify(self, concord: Concord) -> Identity:
        """Prove it and look up the tokens held now; raises `Unauthenticated` and `AccessError`."""
        ...


@dataclass(frozen=True, slots=True)
class Persona:
    """A user of `principals.yaml`, named and not proved."""

    name: str

    def identify(self, concord: Concord) -> Identity:
        """The user with their groups of now; raises `UnknownPrincipal`, `TooManyTokens`."""
        return Identity(concord.foundation.directory.principal(self.name))


@dataclass(frozen=True, slots=True)
class Machine:
    """The bearer of an API key, not yet looked up."""

    key: str

    def identify(self, concord: Concord) -> Identity:
        """The user that the key acts as, for its scopes; raises `Unauthenticated`, the same for any wrong key."""
        with reading(concord.engine) as connection:
            key = key_of(connection, self.key, datetime.now(UTC))
        if key is None:
            raise Unauthenticated("this key is not accepted")
        principal = concord.foundation.directory.principal(key.principal)
        return Identity(principal, frozenset(Action(each) for each in key.scopes if each in set(Action)), key.id)


@dataclass(frozen=True, slots=True)
class Person:
    """The bearer of a token of the identity provider, not yet checked."""

    token: str
    tokens: Tokens

    def identify(self, concord: Concord) -> Identity:
        """Whom the token names, with its groups; raises `Unauthenticated`, `NotReady` and `TooManyTokens`."""
        return _proved(concord, self.tokens.settings, self.tokens.claims(self.token))


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody signed in, not yet looked up."""

    secret: str
    settings: OidcSettings

    def identify(self, concord: Concord) -> Identity:
        """Who signed in, with the groups that the provider named then; raises `Unauthenticated`, `TooManyTokens`."""
        with reading(concord.engine) as connection:
            claims = session_claims(connection, self.secret, datetime.now(UTC))
        if claims is None:
            raise Unauthenticated("sign in again: your session is over")
        return _proved(concord, self.settings, claims)


def _proved(concord: Concord, settings: OidcSettings, claims: Mapping[str, Any]) -> Identity:
    """Whom the claims of the provider name."""
    named, department = claims.get(settings.user_claim), claims.get(settings.department_claim)
    groups = claims.get(settings.groups_claim)
    given = [group for group in groups if _is_name(group)] if isinstance(groups, list) else []
    if not _is_name(named):
        raise Unauthenticated("sign in again: the token is not accepted")
    known, name = concord.foundation.directory, claims.get("name")
    principal = known.proved(
        named,
        given[: MAX_TOKENS + 1],
        name if _is_name(name) else "",
        department if _is_name(department) else None,
    )
    return Identity(principal)


def _is_name(claim: object) -> TypeGuard[str]:
    """Whether a claim is a text that can be kept and shown: without control characters or halves of surrogate pairs."""
    return isinstance(claim, str) and claim.isprintable()


def caller(request: Request) -> Caller:
    """Who the request says that it comes from: an API key or a token as bearer, a persona in a development workspace.

    Raises `Unauthenticated` where it says nothing.
    """
    tokens: Tokens | None = request.app.state.tokens
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and credentials.strip():
        text = credentials.strip()
        if text.startswith(PREFIX):
            return Machine(text)
        if tokens is not None:
            return Person(text, tokens)
    if tokens is not None:
        raise Unauthenticated("send a token of the identity provider, or an API key, as `Authorization: Bearer …`")
    name = request.headers.get(PERSONA_HEADER, "").strip()
    if not name:
        raise Unauthenticated(f"name a user of principals.yaml in the header {PERSONA_HEADER}")
    return Persona(name)


Workspace = Annotated[Live, Depends(live)]
