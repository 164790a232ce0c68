"""Settings of the service: how people are known to it, what it takes on, and where its spans go."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from concord.workspace.section import Section


def is_safe(url: str, local: bool = True) -> bool:
    """Whether nobody can change what a URL answers: https or, where `local` is fine, http on this machine."""
    parts = urlsplit(url)
    here = local and parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or here)


class OidcSettings(Section):
    """The identity provider, for `auth: oidc`."""

    issuer: str | None = Field(default=None, description="URL of the provider, exactly as its tokens name it (`iss`).")
    audience: str | None = Field(default=None, description="What tokens for this service name as `aud`.")
    jwks_url: str | None = Field(
        default=None, description="URL of the provider's keys; default: as its published configuration says."
    )
    algorithms: tuple[Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"], ...] = (
        Field(default=("RS256", "ES256"), min_length=1, description="Signatures that are accepted.")
    )
    user_claim: str = Field(default="sub", min_length=1, description="Claim that is a person's id in `user:` tokens.")
    groups_claim: str = Field(default="groups", min_length=1, description="Claim that lists a person's groups.")
    department_claim: str = Field(default="department", min_length=1, description="Claim that names the department.")
    leeway_seconds: int = Field(default=30, ge=0, le=300, description="Seconds by which clocks may differ.")
    keys_minutes: int = Field(
        default=1440,
        ge=10,
        le=43_200,
        description="Minutes for which the provider's keys are taken while it does not answer; then no token is.",
    )
    client_id: str | None = Field(
        default=None, description="Id of the web chat at the provider; with it, people sign in there in the browser."
    )
    client_secret: SecretStr | None = Field(
        default=None,
        description="Its secret, if it has one; set it as `CONCORD_OIDC__CLIENT_SECRET`, never in the file.",
    )
    redirect_url: str | None = Field(
        default=None, description="Where the provider sends people back: this service's address, with `/signed-in`."
    )
    scopes: tuple[str, ...] = Field(default=("openid", "profile"), description="Scopes that are asked for.")
    session_minutes: int = Field(
        default=60, ge=1, le=1440, description="Minutes after which the provider is asked again, groups included."
    )

    @field_validator("issuer", "jwks_url", "redirect_url")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value and not is_safe(value):
            raise ValueError("must be an https URL: whoever changes its answer on the way could be anybody")
        return value

    @field_validator("redirect_url")
    @classmethod
    def _is_ours(cls, value: str | None) -> str | None:
        if value and urlsplit(value).path != "/signed-in":
            raise ValueError("must end with /signed-in, as in https://concord.example/signed-in")
        return value

    @field_validator("scopes")
    @classmethod
    def _is_oidc(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise ValueError("must hold `openid`: without it, no provider says who signs in")
        return value


class TelemetrySettings(Section):
    """Where spans of OpenTelemetry are sent."""

    endpoint: str | None = Field(
        default=None, description="URL of a collector that takes OTLP over HTTP, as in `http://localhost:4318`."
    )
    content: bool = Field(default=False, description="Whether questions, pages, prompts and answers are in the spans.")

    @field_validator("endpoint")
    @classmethod
    def _is_a_url(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("must be the URL of a collector, as in http://localhost:4318")
        return value


class ServiceSettings(Section):
    """What the HTTP service takes on."""

    at_once: int = Field(default=4, ge=1, le=256, description="Questions answered at the same time.")
    queued: int = Field(default=64, ge=0, le=10_000, description="Questions that wait; more are refused with 503.")
    timeout_seconds: float = Field(default=30.0, gt=0, le=600, description="Seconds for a question, waiting included.")
    drain_seconds: float = Field(
        default=5.0,
        ge=0,
        le=600,
        description="Seconds between SIGTERM, which `/readyz` tells, and accepting nothing more.",
    )
    log: Literal["json", "text"] = Field(default="json", description="Form of the log's lines.")
    requests_per_minute: int = Field(
        default=300,
        ge=1,
        le=1_000_000,
        description="Requests carried out for one person in a minute; what is invalid is not counted.",
    )
    corrections_per_hour: int = Field(
        default=60, ge=1, le=100_000, description="Corrections that one person may make in an hour."
    )
    disputes_per_hour: int = Field(
        default=20, ge=1, le=100_000, description="Times that one person may dispute cases in an hour."
    )
