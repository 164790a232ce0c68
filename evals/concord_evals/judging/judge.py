"""Asking a judge: one request at a time of a bounded number, each reply checked before it counts.

Nothing here knows ragas: a prompt and the model of its reply come in, a checked reply or `JudgeError` comes out.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from concord_evals.judging.model import JudgeSettings
from concord_taxonomy.markdown import sentences

Reply = TypeVar("Reply", bound=BaseModel)

_REASONED = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_REASONING = re.compile(r"<(?:think|thinking|reasoning)>", re.IGNORECASE)
_INPUT = "Now perform the same with the following input\ninput: "
_FLAGS = ("verdict", "attributed", "noncommittal")
MAX_REPLY = 1_000_000
"""Characters of a reply that are read."""


class JudgeError(Exception):
    """A judge gave nothing that counts; the text holds nothing that it said."""


class BudgetSpent(JudgeError):
    """No more requests may be made."""

    def __init__(self, budget: int) -> None:
        super().__init__(f"the budget of {budget} requests is spent")


@dataclass
class Endpoint:
    """The judge's endpoint, shared by everything that asks: at most so many requests at once, and in all."""

    settings: JudgeSettings
    client: httpx.AsyncClient
    asked: int = 0
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.settings.concurrency)

    async def complete(self, prompt: str) -> str:
        """The text of one reply; raises `JudgeError`."""
        async with self._slots:
            if self.asked >= self.settings.budget:
                raise BudgetSpent(self.settings.budget)
            self.asked += 1
            try:
                # httpx bounds each read alone: a reply that drips would never end.
                async with asyncio.timeout(self.settings.timeout_seconds):
                    answer = await self.client.post(
                        f"{self.settings.url.rstrip('/')}/chat/completions",
                        json={
                            "model": self.settings.model,
                            "messages": [{"role": "user", "content": prompt}],
                            "temperature": self.settings.temperature,
                            "max_tokens": self.settings.max_tokens,
                            "response_format": {"type": "json_object"},
                        },
                        timeout=None,
                    )
                answer.raise_for_status()
                text = answer.json()["choices"][0]["message"]["content"]
            except TimeoutError:
                raise JudgeError(f"no reply within {self.settings.timeout_seconds:g} s") from None
            except httpx.HTTPStatusError as error:
                raise JudgeError(f"replied with status {error.response.status_code}") from None
            except httpx.HTTPError as error:
                raise JudgeError(f"cannot be reached ({type(error).__name__})") from None
            except (ValueError, LookupError, TypeError):
                raise JudgeError("replied with no chat completion") from None
        if not isinstance(text, str) or not text.strip():
            raise JudgeError("replied with nothing")
        return text[:MAX_REPLY]


@dataclass
class Judge:
    """Asks about one metric of one row, and keeps every reply as it came."""

    endpoint: Endpoint
    replies: list[dict[str, Any]] = field(default_factory=list)

    async def ask(self, prompt: str, model: type[Reply]) -> Reply:
        """A checked reply; a bad one is asked for again as often as the settings say. Raises `JudgeError`."""
        for attempt in range(self.endpoint.settings.retries + 1):
            began, kept = time.perf_counter(), {"prompt": prompt_version(prompt), "expects": model.__name__}
            try:
                kept["reply"] = text = await self.endpoint.complete(prompt)
                return checked(text, model, given(prompt))
            except JudgeError as error:
                kept["problem"] = str(error)
                if isinstance(error, BudgetSpent) or attempt == self.endpoint.settings.retries:
                    raise
            finally:
                self.replies.append({**kept, "ms": round((time.perf_counter() - began) * 1000)})
        raise AssertionError("the last attempt returns or raises")


def prompt_version(prompt: str) -> str:
    """A hash of a prompt's instructions and examples, without what it is about."""
    return hashlib.sha256(prompt.partition(_INPUT)[0].encode()).hexdigest()[:12]


def given(prompt: str) -> dict[str, Any]:
    """What a prompt of ragas is about: the JSON at its end, empty where it holds none."""
    try:
        found, _ = json.JSONDecoder().raw_decode(prompt.rpartition(_INPUT)[2])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def checked(text: str, model: type[Reply], about: dict[str, Any]) -> Reply:
    """The reply as its model, with a verdict on everything that was asked about; raises `JudgeError`.

    Reasoning in tags and fences around the JSON are taken off.
    """
    try:
        found = model.model_validate(_json(text))
    except ValidationError as error:
        first = ".".join(map(str, error.errors()[0]["loc"])) or "the whole"
        raise JudgeError(f"replied with JSON of another shape ({first})") from None
    data = found.model_dump()
    _check_flags(data)
    for name in ("statements", "claims", "classifications"):
        if name in data and not data[name]:
            raise JudgeError(f"replied with no {name}")
    statements = data.get("statements")
    if statements and isinstance(statements[0], dict):
        asked = about.get("statements", statements)
        if len(statements) != len(asked):
            raise JudgeError(f"gave {len(statements)} verdicts on {len(asked)} statements")
        judged = [each.get("statement") for each in statements]
        if len(set(map(_words, judged))) < len(set(map(_words, asked))):
            raise JudgeError("gave several verdicts on one statement and none on another")
    if "classifications" in data and isinstance(about.get("answer"), str):
        wanted = max(1, len(sentences(about["answer"])))
        if len(data["classifications"]) < wanted:
            raise JudgeError(f"classified {len(data['classifications'])} of {wanted} sentences")
    return found


def _words(statement: object) -> str:
    """A statement without its capitals, punctuation and spaces, which judges change as they repeat it."""
    return re.sub(r"\W+", "", str(statement)).casefold()


def _check_flags(data: Any) -> None:
    """Every verdict is 0 or 1: ragas counts a 5 as five."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in _FLAGS and value not in (0, 1):
                raise JudgeError(f"gave a {name} other than 0 and 1")
            _check_flags(value)
    elif isinstance(data, list):
        for each in data:
            _check_flags(each)


def _json(text: str) -> Any:
    # The reply stands behind the last thought; what a thought holds that was never closed is none.
    text = _REASONING.split(_REASONED.split(text)[-1])[0]
    start = text.find("{")
    if start < 0:
        raise JudgeError("replied with no JSON")
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        raise JudgeError("replied with broken JSON") from None
    return found
