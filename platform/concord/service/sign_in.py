"""Signing in with an identity provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636, RFC 9700)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlencode

import httpx

from concord.access import MAX_TOKENS
from concord.service.errors import NotReady, SignInFailed, Unauthenticated
from concord.service.oidc import Tokens, configuration, endpoint, fetched
from concord.workspace.serving import OidcSettings

_KNOWN = ("access_denied", "login_required", "consent_required", "interaction_required", "temporarily_unavailable")


@dataclass(frozen=True, slots=True)
class Pending:
    """What one browser holds between leaving for the provider and coming back; `back` is the page that it wants."""

    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def begin(cls, back: str) -> Pending:
        """A new one, which nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), back)

    @classmethod
    def read(cls, text: str) -> Pending | None:
        """What `str` wrote, None for anything else."""
        try:
            found = json.loads(base64.urlsafe_b64decode(text.encode()))
            held = [found[each.name] for each in fields(cls)]
        except (ValueError, TypeError, KeyError):
            return None
        return cls(*held) if all(isinstance(each, str) and each for each in held) else None

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()


@dataclass(frozen=True)
class SignIn:
    """The provider's part, by the settings `oidc`; each call may wait for it, off the event loop."""

    tokens: Tokens

    @property
    def settings(self) -> OidcSettings:
        """The settings."""
        return self.tokens.settings

    def address(self, pending: Pending) -> str:
        """Where a browser signs in; raises `NotReady`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(pending.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": str(self.settings.client_id),
            "redirect_uri": str(self.settings.redirect_url),
            "scope": " ".join(self.settings.scopes),
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        where = self._page("authorization_endpoint")
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    def farewell(self) -> str | None:
        """Where one signs out of the provider too, if it has such a page."""
        try:
            where = self._page("end_session_endpoint")
        except NotReady:
            return None
        return f"{where}?{urlencode({'client_id': str(self.settings.client_id)})}"

    def claims(self, pending: Pending | None, given: Mapping[str, str]) -> dict[str, Any]:
        """Who came back, by what the provider sent along; raises `SignInFailed` and `NotReady`."""
        if pending is None or not secrets.compare_digest(pending.state.encode(), given.get("state", "").encode()):
            raise SignInFailed("it was not begun in this browser, or too long ago")
        if given.get("iss", self.settings.issuer) != self.settings.issuer:  # RFC 9207
            raise SignInFailed("another provider answered")
        if "code" not in given:
            error = given.get("error", "")
            raise SignInFailed(error.replace("_", " ") if error in _KNOWN else "the provider refused it")
        about = self._configuration()
        try:
            told = self._exchanged(about, given["code"], pending.verifier)
            claims = self._checked(str(told.get("id_token", "")), pending.nonce)
            missing = {self.settings.user_claim, self.settings.groups_claim, "name"} - claims.keys()
            if missing and about.get("userinfo_endpoint") and told.get("access_token"):
                bearer = {"Authorization": f"Bearer {told['access_token']}"}
                more = fetched(endpoint(self.settings, about, "userinfo_endpoint"), headers=bearer)
                claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        except httpx.HTTPStatusError as error:
            raise SignInFailed("the provider did not confirm it") from error
        except (httpx.HTTPError, ValueError) as error:
            raise NotReady(f"the identity provider cannot be reached: {error}") from error
        return self._used(claims)

    def _exchanged(self, about: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code; the client proves itself by its secret, if it has one, in the way that is offered."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": str(self.settings.redirect_url),
            "client_id": str(self.settings.client_id),
            "code_verifier": verifier,
        }
        secret = self.settings.client_secret.get_secret_value() if self.settings.client_secret else None
        offered = about.get("token_endpoint_auth_methods_supported")
        ways = offered if offered and isinstance(offered, list) else ["client_secret_basic"]
        where = endpoint(self.settings, about, "token_endpoint")
        if secret and "client_secret_basic" in ways:
            return fetched(where, form, auth=(form["client_id"], secret))
        return fetched(where, {**form, **({"client_secret": secret} if secret else {})})

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token for this client and this attempt."""
        mine = self.settings.model_copy(update={"audience": self.settings.client_id})
        try:
            claims = Tokens(mine, self.tokens.keys).claims(token)
        except Unauthenticated as error:
            raise SignInFailed("the provider's answer is not accepted") from error
        meant = claims.get("azp", self.settings.client_id) == self.settings.client_id
        if claims.get("nonce") != nonce or not meant:
            raise SignInFailed("the provider's answer is not accepted")
        return claims

    def _used(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims that say who somebody is, and no others: these are kept."""
        settings = self.settings
        used = {settings.user_claim, settings.groups_claim, settings.department_claim, "name"}
        kept = {name: claims[name] for name in used & claims.keys()}
        groups = kept.get(settings.groups_claim)
        if isinstance(groups, list):
            kept[settings.groups_claim] = groups[: MAX_TOKENS + 1]
        return kept

    def _page(self, name: str) -> str:
        """One of the provider's pages, for a browser; raises `NotReady`."""
        try:
            return endpoint(self.settings, self._configuration(), name)
        except ValueError as error:
            raise NotReady(f"the identity provider cannot be used: {error}") from error

    def _configuration(self) -> dict[str, Any]:
        try:
            return configuration(self.settings)
        except (httpx.HTTPError, ValueError) as error:
            raise NotReady(f"the identity provider cannot be reached: {error}") from error
