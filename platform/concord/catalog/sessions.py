"""Sessions in a browser: kept as hashes of their secrets, for a time, until their person signs out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from concord.catalog.schema import web_sessions


def begin_session(connection: Connection, claims: Mapping[str, Any], at: datetime, until: datetime) -> str:
    """Keep who signed in; returns the secret, which is kept nowhere. Sessions that are over are forgotten."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(web_sessions).where(web_sessions.c.expires_at <= at))
    row = {"hash": _hash(secret), "claims": dict(claims), "begun_at": at, "expires_at": until}
    connection.execute(insert(web_sessions), [row])
    return secret


def session_claims(connection: Connection, secret: str, at: datetime) -> dict[str, Any] | None:
    """The claims of the session with this secret, None where there is none at a moment."""
    found = select(web_sessions.c.claims).where(web_sessions.c.hash == _hash(secret), web_sessions.c.expires_at > at)
    claims: dict[str, Any] | None = connection.execute(found).scalar_one_or_none()
    return claims


def end_session(connection: Connection, secret: str) -> None:
    """Sign out: the secret is worth nothing from the next request on."""
    connection.execute(delete(web_sessions).where(web_sessions.c.hash == _hash(secret)))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
