"""An OpenAI-compatible endpoint that words answers, through llama-index: streamed, within a time, with few retries."""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from concord.answering.reader import look
from concord.workspace.settings import LlmSettings

_WAIT = 0.2
"""Seconds before a retry."""
_LOOK = 0.1
"""Seconds until it is seen that nobody reads the answer any more."""
_MAX_CHARACTERS = 20_000
"""Characters of one answer that are read, whatever the endpoint sends."""


class ModelFailed(Exception):
    """The endpoint gave no answer, or not all of it; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass
class Usage:
    """What an answer took, as far as the endpoint tells; tokens are None where it does not."""

    attempts: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Model(Protocol):
    """What words answers."""

    @property
    def name(self) -> str:
        """The name of the model."""
        ...

    def stream(self, system: str, user: str, usage: Usage) -> Generator[str, None, None]:
        """The words of an answer as they come; raises `ModelFailed`, also after some of them."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """A model behind an endpoint of the settings. One time limit holds for an answer as a whole, retries included."""

    settings: LlmSettings

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.settings.model

    def stream(self, system: str, user: str, usage: Usage) -> Generator[str, None, None]:
        """The words of an answer as they come; raises `ModelFailed`, and `ReaderLeft` soon after they have.

        It is asked again only where nothing has come yet, and the fault may pass: not for a request that is refused.
        """
        _load()
        deadline = time.monotonic() + self.settings.timeout_seconds
        while True:
            usage.attempts += 1
            came = False
            try:
                for words in self._attempt(system, user, usage, deadline):
                    came = True
                    yield words
                return
            except ModelFailed as failed:
                again = usage.attempts <= self.settings.retries and failed.reason in _MAY_PASS
                if came or not again or deadline - time.monotonic() <= _WAIT:
                    raise
                time.sleep(_WAIT)

    def _attempt(self, system: str, user: str, usage: Usage, deadline: float) -> Iterator[str]:
        """One request. A thread reads it, so that a server that sends nothing cannot hold up the answer."""
        reading = _Reading(self.settings, system, user, usage, max(0.1, deadline - time.monotonic()))
        reading.start()
        length = 0
        try:
            while True:
                came = reading.next(deadline)
                if isinstance(came, ModelFailed):
                    raise came
                if came is None:
                    return
                length += len(came)
                if length > _MAX_CHARACTERS:
                    raise ModelFailed("too_long")
                yield came
        finally:
            reading.give_up()


@dataclass
class _Reading:
    settings: LlmSettings
    system: str
    user: str
    usage: Usage
    seconds: float
    words: queue.Queue[str | ModelFailed | None] = field(default_factory=queue.Queue)
    given_up: threading.Event = field(default_factory=threading.Event)
    connection: socket.socket | None = None

    def start(self) -> None:
        threading.Thread(target=self._read, name="model", daemon=True).start()

    def next(self, deadline: float) -> str | ModelFailed | None:
        """What came next; raises `ModelFailed` where nothing does in time, and `ReaderLeft`."""
        while True:
            look()
            seconds = deadline - time.monotonic()
            try:
                return self.words.get(timeout=max(0.0, min(_LOOK, seconds)))
            except queue.Empty:
                if seconds <= _LOOK:
                    raise ModelFailed("too_slow") from None

    def give_up(self) -> None:
        """Close the connection, so that the endpoint need not go on: closing its socket would not wake who reads it."""
        self.given_up.set()
        if self.connection is not None:
            with suppress(OSError):  # it is closed already
                socket.socket.shutdown(self.connection, socket.SHUT_RDWR)

    def _connected(self, event: str, info: dict[str, Any]) -> None:
        """Note a connection when it is made, with TLS or without."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.connection = info["return_value"].get_extra_info("socket")
            if self.given_up.is_set():
                self.give_up()

    def _read(self) -> None:
        try:
            ended = False
            for words, last in self._chunks():
                if self.given_up.is_set():
                    return
                ended = ended or last
                if words:
                    self.words.put(words)
            self.words.put(None if ended else ModelFailed("cut_off"))
        except Exception as error:  # whatever an endpoint or its client does, the answer goes on
            self.words.put(ModelFailed(_reason(error)))

    def _chunks(self) -> Iterator[tuple[str, bool]]:
        """The words of each chunk, and whether it says that the answer ends."""
        import httpx
        from llama_index.core.base.llms.types import ChatMessage, MessageRole
        from llama_index.llms.openai_like import OpenAILike

        settings = self.settings

        def traced(request: httpx.Request) -> None:
            request.extensions["trace"] = self._connected

        # A redirect would take the evidence elsewhere than the settings say.
        with httpx.Client(
            timeout=httpx.Timeout(self.seconds, connect=min(5.0, self.seconds)),
            follow_redirects=False,
            event_hooks={"request": [traced]},
        ) as client:
            options: dict[str, Any] = {
                "model": settings.model,
                "api_base": settings.base_url,
                "api_key": (os.environ.get(settings.api_key_env) if settings.api_key_env else None) or "none",
                "is_chat_model": True,
                "temperature": settings.temperature,
                "max_tokens": settings.max_tokens,
                "max_retries": 0,
                "timeout": self.seconds,
                "http_client": client,
            }
            llm = OpenAILike(**options)
            messages = [
                ChatMessage(role=MessageRole.SYSTEM, content=self.system),
                ChatMessage(role=MessageRole.USER, content=self.user),
            ]
            for response in llm.stream_chat(messages):
                raw = response.raw
                self._count(getattr(raw, "usage", None))
                choices = getattr(raw, "choices", None) or ()
                reason = choices[0].finish_reason if choices else None
                if reason not in (None, "stop", "length"):
                    raise ModelFailed("refused")
                if reason == "length":
                    raise ModelFailed("cut_off")
                yield response.delta or "", reason is not None

    def _count(self, usage: object) -> None:
        for name in ("prompt_tokens", "completion_tokens"):
            tokens = getattr(usage, name, None)
            if isinstance(tokens, int) and tokens >= 0:
                setattr(self.usage, name, tokens)


def _load() -> None:
    """Import the client, which takes seconds the first time, before an answer's time begins."""
    import llama_index.llms.openai_like  # noqa: F401
    import openai  # noqa: F401


_MAY_PASS = frozenset({"unreachable", "server_error", "busy", "malformed"})


def _reason(error: Exception) -> str:
    """A stable word for what went wrong; never the text of an error, which may repeat what was sent."""
    import httpx
    import openai

    match error:
        case ModelFailed():
            return error.reason
        case openai.APITimeoutError() | httpx.TimeoutException():
            return "too_slow"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return "key_refused"
        case openai.RateLimitError():
            return "busy"
        case openai.APIStatusError():
            return "server_error" if error.status_code >= 500 else "request_refused"
        case openai.APIConnectionError() | httpx.ConnectError():
            return "unreachable"
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return "cut_off"
        case _:
            return "malformed"
