"""Ways out of Concord: mail, webhooks signed as Standard Webhooks 1.0 says, and Slack's incoming webhooks."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Protocol

import httpx

from concord.worker.beside import beside
from concord.workspace.notifying import EmailSettings, WebhookSettings

TIMEOUT = 30.0
"""Seconds for all of an exchange, however little at a time the other side says."""
_LATER = frozenset({408, 425, 429})
_REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


class NotTaken(Exception):
    """The other side has not taken it, and may later."""


class Unreached(NotTaken):
    """Nothing was said to the other side; nor could it be now for anybody else."""


class Refused(Exception):
    """The other side does not want it, now or later."""


class Unsure(Exception):
    """It may have been taken or not; it is not sent again."""


class Unanswered(Unsure):
    """The other side did not answer in time, and does so now to nobody else."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a digest tells."""

    at: datetime
    text: str
    kind: str
    case: int | None = None
    link: str | None = None
    question: str = ""
    """Only where the receiver may see it."""
    id: str = ""
    """The same whenever it is told, and nothing of what it tells."""
    to: str = ""
    """The token of the person or group that it is for."""


class Channel(Protocol):
    """Sends a digest; raises `NotTaken`, `Refused` and `Unsure`."""

    def send(self, id_: str, title: str, lines: Sequence[Line]) -> None:
        """Send a digest; `id_` is the same where the same is sent again."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """Mails to one person."""

    settings: EmailSettings
    address: str

    def send(self, id_: str, title: str, lines: Sequence[Line]) -> None:
        """Send a digest as plain text."""
        message, name = self._message(id_, title, lines), self.settings.host
        server = smtplib.SMTP_SSL(timeout=TIMEOUT, context=_tls()) if self._tls else smtplib.SMTP(timeout=TIMEOUT)
        with _cut_off(server):
            try:
                self._connect(server)
            except (OSError, smtplib.SMTPException) as error:
                raise Unreached(f"the mail server {name} cannot be used: {error}") from error
            try:
                server.send_message(message)
            except _REFUSALS as error:
                raise self._refused(error) from error
            except (OSError, smtplib.SMTPException) as error:
                raise Unanswered(f"the mail server {name} did not answer: {error}") from error
            # What became of the mail was said before; what is said to the goodbye changes nothing of it.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _refused(self, error: smtplib.SMTPException) -> NotTaken | Refused | Unsure:
        """What a reply of the mail server means: 4yz is for now, 5yz for good (RFC 5321, 4.2.1)."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, _ = next(iter(error.recipients.values()))
        else:
            code = getattr(error, "smtp_code", 500)  # without one, nothing was asked: it cannot take such an address
        kind = NotTaken if 400 <= code < 500 else Refused if 500 <= code < 600 else Unsure
        return kind(f"the mail server {self.settings.host} refused: {type(error).__name__} ({code})")

    def _message(self, id_: str, title: str, lines: Sequence[Line]) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = self.settings.sender, self.address, title
        except ValueError as error:
            raise Refused("the address cannot be written to") from error
        message["Message-ID"] = f"<{id_}@{self.settings.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join(map(_told, lines)) + "\n")
        return message

    @property
    def _tls(self) -> bool:
        return self.settings.security == "tls"

    def _connect(self, server: smtplib.SMTP) -> None:
        settings = self.settings
        host = settings.host or ""
        server._host = host  # type: ignore[attr-defined]  # which `connect` leaves out: whom the certificate has to name
        server.connect(host, settings.port)
        if settings.security == "starttls":
            server.starttls(context=_tls())
        if settings.user:
            server.login(settings.user, _secret(settings.password_env))
        server.ehlo_or_helo_if_needed()


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def _cut_off(server: smtplib.SMTP) -> Iterator[None]:
    """Close a connection at the end, and cut it off at its deadline: a read that gets a little each time has none."""

    def cut(over: threading.Event) -> None:
        over.wait(TIMEOUT)
        while not over.wait(0.1):
            if server.sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(server.sock, socket.SHUT_RDWR)

    try:
        with beside("deadline", cut):
            yield
    finally:
        server.close()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts to one address; the questions that people asked stay here."""

    settings: WebhookSettings

    def send(self, id_: str, title: str, lines: Sequence[Line]) -> None:
        """Post a digest."""
        body = json.dumps(self._payload(title, lines), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **self._signature(id_, body)}
        name = self.settings.name
        try:
            status = asyncio.run(self._posted(body, headers))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreached(f"the webhook {name} cannot be reached: {type(error).__name__}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unanswered(f"the webhook {name} did not answer: {type(error).__name__}") from error
        if status in _LATER or status >= 500:
            raise NotTaken(f"the webhook {name} answered {status}")
        if not 200 <= status < 300:
            raise Refused(f"the webhook {name} answered {status}")

    async def _posted(self, body: bytes, headers: dict[str, str]) -> int:
        """The status; what else is answered is not read."""
        # No proxy of the environment's, and no redirect: it goes to the declared host, or nowhere.
        client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)
        post = client.stream("POST", self.settings.url, content=body, headers=headers)
        async with asyncio.timeout(TIMEOUT), client, post as response:
            return response.status_code

    def _payload(self, title: str, lines: Sequence[Line]) -> dict[str, Any]:
        if self.settings.kind == "slack":
            several = len(self.settings.recipients) > 1
            whom = (f"{each.to}: " if several else "" for each in lines)
            cases = (f" (case {each.case})" if each.case else "" for each in lines)
            told = (
                _slack(f"{to}{each.text}{case}", each.link) for to, each, case in zip(whom, lines, cases, strict=True)
            )
            return {"text": "\n".join([f"*{_slack(title)}*", *(f"• {each}" for each in told)])}
        rows = [
            {
                "id": each.id,
                "to": each.to,
                "at": each.at.isoformat(),
                "kind": each.kind,
                "text": each.text,
                "case": each.case,
                "link": each.link,
            }
            for each in lines
        ]
        return {"type": "concord.digest", "timestamp": datetime.now(UTC).isoformat(), "data": {"notices": rows}}

    def _signature(self, id_: str, body: bytes) -> dict[str, str]:
        if self.settings.secret_env is None:
            return {}
        stamp = str(int(datetime.now(UTC).timestamp()))
        made = sign(_secret(self.settings.secret_env), id_, stamp, body)
        return {"webhook-id": id_, "webhook-timestamp": stamp, "webhook-signature": made}


def sign(secret: str, id_: str, stamp: str, body: bytes) -> str:
    """The signature of Standard Webhooks 1.0 (HMAC-SHA256 of id, time and body); raises `NotTaken` for a bad secret."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise NotTaken("the secret of a webhook is not as it has to be: whsec_ and 24 to 64 bytes in base64") from None
    if not 24 <= len(key) <= 64:
        raise NotTaken("the secret of a webhook is not as it has to be: whsec_ and 24 to 64 bytes in base64")
    made = hmac.new(key, f"{id_}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def _secret(variable: str | None) -> str:
    value = os.environ.get(variable or "", "")
    if not value:
        raise NotTaken(f"the environment variable {variable} is not set")
    return value


def _told(line: Line) -> str:
    head = f"{line.text}{f' (case {line.case})' if line.case else ''}"
    return "\n".join(
        each for each in (head, f"  {line.question}" if line.question else "", f"  {line.link or ''}") if each.strip()
    )


def _slack(text: str, link: str | None = None) -> str:
    """Text in which Slack finds no mention and no link of anybody's."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{plain} <{link}|open>" if link else plain
