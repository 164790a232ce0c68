"""OpenID Connect: bearer tokens of an identity provider, checked against its published keys (RFC 7519, RFC 8725)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from concord.service.errors import NotReady, Unauthenticated
from concord.workspace.serving import OidcSettings, is_safe

if TYPE_CHECKING:
    from jwt import PyJWK

MAX_ANSWER = 1024 * 1024
MAX_TOKEN = 16 * 1024
_FRESH_SECONDS = 3_600
_AGAIN_SECONDS = 10
"""Keys are asked for no more often, in vain or not: made-up tokens must not become requests to the provider."""
_CHALLENGE = "sign in again: the token is not accepted"


@dataclass
class Keys:
    """The provider's keys by id, fetched when one is needed that is not known, and once an hour."""

    settings: OidcSettings
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, PyJWK] = field(default_factory=dict)
    _fetched: float = float("-inf")
    _tried: float = float("-inf")
    _failed: Exception | None = None
    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def get(self, identity: str) -> PyJWK | None:
        """The key of an id, None for one that the provider does not publish; raises `NotReady`.

        Once there are keys, nobody waits for what another fetches: neither whose key is known, nor who makes one up.
        """
        key = self._known.get(identity)
        if key is not None and self.clock() - self._fetched <= _FRESH_SECONDS:
            return key
        if self._may_try():
            if self._fetching.acquire(blocking=not self._known):
                try:
                    if self._may_try():
                        self._try()
                finally:
                    self._fetching.release()
                key = self._known.get(identity)
            elif key is None:
                raise NotReady("the identity provider's keys are being fetched: try again in a moment")
        if key is None and self._failed is not None:
            raise NotReady(f"the identity provider's keys cannot be had: {self._failed}") from self._failed
        return key

    def _may_try(self) -> bool:
        return self.clock() - self._tried > _AGAIN_SECONDS

    def _try(self) -> None:
        """Fetch them; those that are known go on where that fails."""
        try:
            self._known, self._failed = self._fetch(), None
            self._fetched = self.clock()
        except (httpx.HTTPError, ValueError) as error:
            self._failed = error
        finally:
            self._tried = self.clock()

    def _fetch(self) -> dict[str, PyJWK]:
        from jwt import PyJWKSet
        from jwt.exceptions import PyJWTError

        url = self.settings.jwks_url or endpoint(self.settings, configuration(self.settings), "jwks_uri")
        try:
            found = PyJWKSet.from_dict(fetched(url)).keys
        except PyJWTError as error:
            raise ValueError(str(error)) from error
        signing = [key for key in found if key.public_key_use in {None, "sig"}]
        sole = {"": signing[0]} if len(signing) == 1 else {}  # then tokens need not name it (OpenID Connect Core 10.1)
        return {key.key_id: key for key in signing if key.key_id} | sole


def configuration(settings: OidcSettings) -> dict[str, Any]:
    """What the provider publishes of itself (OpenID Connect Discovery 1.0); raises `httpx.HTTPError`, `ValueError`."""
    about = fetched(f"{str(settings.issuer).rstrip('/')}/.well-known/openid-configuration")
    if about.get("issuer") != settings.issuer:
        raise ValueError("its configuration names another issuer")
    return about


def endpoint(settings: OidcSettings, about: Mapping[str, Any], name: str) -> str:
    """A URL that the provider's configuration names, by the rule of the settings; raises `ValueError`.

    Only a provider on this machine may name one on this machine by http.
    """
    url = str(about.get(name) or "")
    if not is_safe(url, local=urlsplit(settings.issuer or "").scheme == "http"):
        raise ValueError(f"its configuration names as `{name}` what is no https URL: {url[:200] or 'nothing'}")
    return url


def fetched(url: str, data: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """A JSON object of the provider, by a form where there is `data`; no redirect is followed, little is read.

    `options` are httpx's. Raises `httpx.HTTPError` and `ValueError`.
    """
    method = "GET" if data is None else "POST"
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{url[:200]} is no URL") from error
    with httpx.stream(method, asked, data=data, timeout=5, follow_redirects=False, **options) as answer:
        answer.raise_for_status()
        if answer.is_redirect:
            raise ValueError(f"{url} leads elsewhere")
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > MAX_ANSWER:
                raise ValueError(f"{url} is larger than {MAX_ANSWER:,} bytes")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(f"{url} is no JSON object")
    return found


@dataclass(frozen=True)
class Tokens:
    """Checks bearer tokens by the settings `oidc`."""

    settings: OidcSettings
    keys: Keys

    def claims(self, token: str) -> dict[str, Any]:
        """The claims of a token; raises `Unauthenticated`, the same whatever is wrong with it, and `NotReady`."""
        import jwt

        if len(token) > MAX_TOKEN:
            raise Unauthenticated(_CHALLENGE)
        try:
            header = jwt.get_unverified_header(token)
            algorithm = str(header.get("alg"))
            key = self.keys.get(str(header.get("kid", ""))) if algorithm in self.settings.algorithms else None
            if key is None or (key.algorithm_name and key.algorithm_name != algorithm):
                raise Unauthenticated(_CHALLENGE)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                audience=self.settings.audience,
                issuer=self.settings.issuer,
                leeway=self.settings.leeway_seconds,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(_CHALLENGE) from error
        return claims
