"""Who asks: a persona named in a header, in development workspaces and on this machine alone."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.service.errors import CannotServe, Forbidden, Unauthenticated
from concord.service.live import Live
from concord.workspace import Settings
from concord_taxonomy.standard import Principal

PERSONA_HEADER = "X-Concord-User"
_LOCAL_NAMES = frozenset({"localhost"})
_HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::\d*)?")


def check_binding(settings: Settings, host: str) -> None:
    """Raise `CannotServe` where personas would be open to other machines, or where nobody could sign in."""
    if settings.auth != "development":
        raise CannotServe(
            f"sign-in by `auth: {settings.auth}` is not there yet: the service runs with `auth: development` only"
        )
    if not is_local(host):
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
    """Refuse a host name that is not this machine's: a page elsewhere may have pointed its own name here."""
    named = _HOST.fullmatch(request.headers.get("host", ""))
    if named is None or not is_local(named[1]):
        raise Forbidden("the service answers under localhost and 127.0.0.1 only")


def live(request: Request) -> Live:
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


def caller(request: Request) -> Caller:
    """The persona in the header; raises `Unauthenticated` without one."""
    name = request.headers.get(PERSONA_HEADER, "").strip()
    if not name:
        raise Unauthenticated(PERSONA_HEADER)
    return Persona(name)


Workspace = Annotated[Live, Depends(live)]
