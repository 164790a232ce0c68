"""OpenID Connect: bearer tokens of an identity provider, checked against its published keys (RFC 7519, RFC 8725)."""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from concord.service.errors import NoKeys, NotReady, Unauthenticated
from concord.workspace.serving import OidcSettings, is_safe

MAX_ANSWER = 1024 * 1024
MAX_TOKEN = 16 * 1024
_FRESH_SECONDS = 3_600
_FETCH_SECONDS = 8
_AGAIN_SECONDS = 10
"""Keys are asked for no more often, in vain or not: made-up tokens must not become requests to the provider."""
_CHALLENGE = "sign in again: the token is not accepted"

_FITTING = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC P-256": frozenset({"ES256"}),
    "EC P-384": frozenset({"ES384"}),
    "OKP Ed25519": frozenset({"EdDSA"}),
}
"""Signatures that fit a key, by its `kty` and curve (RFC 7518, 3.1; RFC 8037, 3.1): none is by a shared secret."""

_log = logging.getLogger("concord.service")


@dataclass(frozen=True)
class Key:
    """A public key, by its id, and the signatures that are checked by it: the one that it names, else all that fit."""

    identity: str | None
    public: Any
    algorithms: frozenset[str]


@dataclass
class Keys:
    """The provider's keys by id, fetched when one is needed that is not known, and once an hour.

    While they cannot be fetched again, those that are known go on for `oidc.keys_minutes`, and no longer.
    """

    settings: OidcSettings
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    _fetched: float = float("-inf")
    _tried: float = float("-inf")
    _failed: Exception | None = None
    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def get(self, identity: str, algorithm: str | None = None) -> Key | None:
        """The key of an id that such a signature fits, None where there is none; raises `NotReady`, `NoKeys`.

        Keys of different kinds may share an id (RFC 7517, 4.5). Once there are keys, nobody waits for what another
        fetches: neither whose key is known, nor who makes one up.
        """
        key = self._of(identity, algorithm)
        if key is not None and self._age <= self._fresh:
            return key
        if not self._refreshed() and key is None:
            raise NotReady("the identity provider's keys are being fetched: try again in a moment")
        key = self._of(identity, algorithm)
        if self._expired if key is not None else self._failed is not None:
            raise self._none()
        return key

    def _of(self, identity: str, algorithm: str | None) -> Key | None:
        keys = self._known.get(identity, ())
        return next((key for key in keys if algorithm is None or algorithm in key.algorithms), None)

    def check(self) -> None:
        """Fetch them where that is due; raises `NoKeys` where no token can be checked."""
        if self._age > self._fresh:
            self._refreshed()
        if not self._known or self._expired:
            raise self._none()

    def _refreshed(self) -> bool:
        """Fetch them where that may be tried; False where another does so, for whom only those wait who have none."""
        if not self._may_try():
            return True
        if not self._fetching.acquire(blocking=not self._known):
            return False
        try:
            if self._may_try():
                self._try()
        finally:
            self._fetching.release()
        return True

    @property
    def _age(self) -> float:
        return self.clock() - self._fetched

    @property
    def _fresh(self) -> float:
        return min(_FRESH_SECONDS, self.settings.keys_minutes * 60 / 2)

    @property
    def _expired(self) -> bool:
        return self._age > self.settings.keys_minutes * 60

    def _none(self) -> NoKeys:
        since = f" for {self.settings.keys_minutes:,} minutes" if self._known and self._expired else ""
        return NoKeys(f"the identity provider's keys cannot be had{since}: {self._failed or 'they are being fetched'}")

    def _may_try(self) -> bool:
        return self.clock() - self._tried > _AGAIN_SECONDS

    def _try(self) -> None:
        """Fetch them; those that are known go on where that fails, and are out where others are published."""
        try:
            self._known = self._fetch()
            self._fetched = self.clock()
            self._failed = None if self._known else ValueError("none of those that it publishes can be used")
        except (httpx.HTTPError, ValueError) as error:
            self._failed = error
        finally:
            self._tried = self.clock()

    def _fetch(self) -> dict[str, tuple[Key, ...]]:
        url = self.settings.jwks_url or endpoint(self.settings, configuration(self.settings), "jwks_uri")
        listed = fetched(url).get("keys")
        if not isinstance(listed, list):
            raise ValueError(f"{url} is no set of keys")
        signing = [key for each in listed if (key := _read(each)) is not None]
        found = {"": tuple(signing)} if len(signing) == 1 else {}  # tokens need not name it (OpenID Connect Core 10.1)
        for key in signing:
            if key.identity:
                found[key.identity] = (*found.get(key.identity, ()), key)
        return found


def _read(listed: object) -> Key | None:
    """A key for checking signatures; None for any other, which the rest of a set is not to suffer from (RFC 7517, 5).

    Nobody is let in by one of which the private part is published: whoever reads it could sign.
    """
    from jwt import PyJWK
    from jwt.exceptions import PyJWTError

    named = isinstance(listed, dict) and all(isinstance(listed.get(name), str | None) for name in ("kid", "alg", "use"))
    if not isinstance(listed, dict) or not named or "d" in listed:
        _log.warning("a key of the identity provider is left out: it is none, or has a private part")
        return None
    if listed.get("use") not in (None, "sig"):
        return None
    kind = listed.get("kty")
    fitting = _FITTING.get("RSA" if kind == "RSA" else f"{kind} {listed.get('crv')}", frozenset())
    algorithms = fitting & {listed["alg"]} if listed.get("alg") else fitting
    if not algorithms:
        _log.warning("a key of the identity provider is left out: no signature that could be accepted fits it")
        return None
    try:
        return Key(listed.get("kid"), PyJWK(listed).key, algorithms)
    except (PyJWTError, ValueError, TypeError) as error:
        _log.warning("a key of the identity provider is left out: %s", type(error).__name__)
        return None


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


@cache
def _authorities() -> ssl.SSLContext:
    """The certificate authorities that are trusted, read once: it takes longer than to ask."""
    return httpx.create_ssl_context()


def fetched(url: str, data: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """A JSON object of the provider, by a form where there is `data`; no redirect is followed, little is read.

    It is waited for as long as people wait. `options` are httpx's. Raises `httpx.HTTPError` and `ValueError`.
    """
    method, until = "GET" if data is None else "POST", time.monotonic() + _FETCH_SECONDS
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{url[:200]} is no URL") from error
    options |= {"timeout": 5, "follow_redirects": False, "verify": _authorities()}
    with httpx.stream(method, asked, data=data, **options) as answer:
        answer.raise_for_status()
        if answer.is_redirect:
            raise ValueError(f"{url} leads elsewhere")
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > MAX_ANSWER:
                raise ValueError(f"{url} is larger than {MAX_ANSWER:,} bytes")
            if time.monotonic() > until:
                raise ValueError(f"{url} took more than {_FETCH_SECONDS} seconds")
    try:
        found = json.loads(body)
    except RecursionError as error:
        raise ValueError(f"{url} is nested too deeply") from error
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
            allowed = algorithm in self.settings.algorithms
            key = self.keys.get(str(header.get("kid", "")), algorithm) if allowed else None
            if key is None:
                raise Unauthenticated(_CHALLENGE)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=[algorithm],
                audience=self.settings.audience,
                issuer=self.settings.issuer,
                leeway=self.settings.leeway_seconds,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(_CHALLENGE) from error
        return claims
