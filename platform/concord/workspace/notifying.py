"""Settings of notifications: who is told of cases outside of Concord, how, and to which hosts anything may go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from concord.workspace.section import Section
from concord_feedback.ownership import Holder

EMAIL = "email"
WEBHOOK = "webhook/"
"""What the name of a server begins with to which digests are posted; the webhook's follows."""

_VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class EmailSettings(Section):
    """The mail server; people are written to at the `email` of principals.yaml."""

    host: str | None = Field(default=None, description="Host of a mail server (SMTP); without it, nothing is mailed.")
    port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`none` is for a mail server on this machine alone."
    )
    sender: str = Field(default="", max_length=320, description="Address that mails come from.")
    user: str | None = Field(default=None, description="User at the server, if it asks for one.")
    password_env: str | None = Field(
        default=None, pattern=_VARIABLE, description="Environment variable that holds the password."
    )

    @model_validator(mode="after")
    def _complete(self) -> EmailSettings:
        if self.host and ("@" not in self.sender or any(each.isspace() for each in self.sender)):
            raise ValueError("a host needs a sender, as in concord@example.com")
        if self.host and self.security == "none" and self.host not in _LOCAL:
            raise ValueError("security none is for a mail server on this machine: anybody on the way could read mails")
        if self.user and not self.password_env:
            raise ValueError("a user needs a password_env")
        return self


class WebhookSettings(Section):
    """An address that digests are posted to: numbers of cases and what became of them, never what people wrote."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    url: str
    kind: Literal["standard", "slack"] = "standard"
    recipients: tuple[Holder, ...] = Field(min_length=1)
    secret_env: str | None = Field(default=None, pattern=_VARIABLE)

    @field_validator("url")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in _LOCAL
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
            raise ValueError("must be an https URL")
        if parts.username or parts.password:
            raise ValueError("must hold no user and no password")
        return value

    @model_validator(mode="after")
    def _signed(self) -> WebhookSettings:
        if self.kind == "standard" and not self.secret_env:
            raise ValueError("a standard webhook is signed: name the variable that holds its secret as secret_env")
        return self


class NotificationSettings(Section):
    """Digests of what people are told of cases, by mail and webhook; `concord worker` sends them."""

    hosts: tuple[str, ...] = Field(default=(), description="Hosts to which digests may be sent; to no others.")
    digest_minutes: int = Field(default=15, ge=1, le=1440, description="Minutes of which a digest tells.")
    link: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description="Address of the web pages, for links to cases."
    )
    email: EmailSettings = EmailSettings()
    webhooks: tuple[WebhookSettings, ...] = Field(
        default=(), description="Each with `name`, `url`, `kind` (standard, slack), `recipients`, `secret_env`."
    )

    @model_validator(mode="after")
    def _declared(self) -> NotificationSettings:
        named = [each.name for each in self.webhooks]
        if len(set(named)) < len(named):
            raise ValueError("two webhooks have the same name")
        hosts = [urlsplit(each.url).hostname for each in self.webhooks]
        for host in (*hosts, *([self.email.host] if self.email.host else [])):
            if host not in self.hosts:
                raise ValueError(f"{host} is not among hosts, to which alone anything is sent")
        return self

    @property
    def servers(self) -> Iterator[str]:
        """What digests go through."""
        if self.email.host is not None:
            yield EMAIL
        for each in self.webhooks:
            yield f"{WEBHOOK}{each.name}"
