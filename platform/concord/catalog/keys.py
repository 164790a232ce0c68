"""API keys of machines: kept as hashes, for some actions and a time, as a user of the directory."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from concord.catalog.audit import AuditEvent
from concord.catalog.errors import NoSuchKey
from concord.catalog.schema import api_keys

PREFIX = "ck_"
"""What every key begins with, so that one can be told from a token, and found where it leaked."""
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret: who made it, as whom (`principal`, the id of a user) it acts, and what it is for."""

    id: str
    name: str
    principal: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it lets anything through at a moment."""
        return self.revoked_at is None and self.created_at <= at < self.expires_at

    def to_json(self) -> dict[str, Any]:
        """The key as JSON values."""
        return {
            "id": self.id,
            "name": self.name,
            "principal": f"user:{self.principal}",
            "scopes": list(self.scopes),
            "created_by": self.created_by,
            "created_at": self.created_at.isoformat(timespec="seconds"),
            "expires_at": self.expires_at.isoformat(timespec="seconds"),
            "revoked_at": self.revoked_at.isoformat(timespec="seconds") if self.revoked_at else None,
        }


def create_key(
    connection: Connection, name: str, principal: str, scopes: Sequence[str], by: str, at: datetime, until: datetime
) -> tuple[ApiKey, str]:
    """Make a key; the text that is returned with it holds the secret, and is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    made = ApiKey(secrets.token_hex(8), name, principal, tuple(sorted(scopes)), by, at, until)
    row = {
        "id": made.id,
        "hash": _hash(secret),
        "name": name,
        "principal": principal,
        "scopes": list(made.scopes),
        "created_by": by,
        "created_at": at,
        "expires_at": until,
    }
    connection.execute(insert(api_keys), [row])
    data = {"name": name, "principal": principal, "scopes": list(made.scopes), "expires_at": until.isoformat()}
    AuditEvent("key.created", by, made.id, data).append(connection)
    return made, f"{PREFIX}{made.id}_{secret}"


def key_of(connection: Connection, text: str, at: datetime) -> ApiKey | None:
    """The key whose text this is, if it holds at a moment; an unknown one takes the time of a wrong secret."""
    identity, _, secret = text.removeprefix(PREFIX).partition("_")
    row = connection.execute(select(api_keys).where(api_keys.c.id == identity)).one_or_none()
    fits = hmac.compare_digest(row.hash if row else _NOBODY, _hash(secret))
    if row is None or not fits:
        return None
    key = _key(row)
    return key if key.holds(at) else None


def keys(connection: Connection) -> list[ApiKey]:
    """Every key, newest first."""
    return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.created_at.desc()))]


def revoke_key(connection: Connection, identity: str, by: str, at: datetime) -> ApiKey:
    """Let a key through no more, from the next request on; raises `NoSuchKey` for one that there is not, or not now."""
    mine = (api_keys.c.id == identity) & api_keys.c.revoked_at.is_(None)
    if not connection.execute(update(api_keys).where(mine).values(revoked_at=at)).rowcount:
        raise NoSuchKey(identity)
    AuditEvent("key.revoked", by, identity).append(connection)
    return _key(connection.execute(select(api_keys).where(api_keys.c.id == identity)).one())


def _hash(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.principal,
        tuple(row.scopes),
        row.created_by,
        row.created_at,
        row.expires_at,
        row.revoked_at,
    )
