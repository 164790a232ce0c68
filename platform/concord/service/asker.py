"""One person's way into the workspace: every endpoint reads through it, off the event loop and with rights of now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from concord.access.actions import RESOURCE, Action, Ruling
from concord.bootstrap import Concord
from concord.service.errors import Forbidden
from concord.service.identity import Caller, Identity, caller
from concord.service.live import Live
from concord.service.rates import Rates
from concord.service.work import Work
from concord_taxonomy.standard import Principal

Result = TypeVar("Result")

_log = logging.getLogger("concord.service.access")
WORDS = {
    Action.ASK: "ask questions",
    Action.SEARCH: "search",
    Action.READ_ITEMS: "open pages",
    Action.READ_CONFLICTS: "see where sources disagree",
    Action.READ_SOURCES: "see the sources",
    Action.READ_TAXONOMY: "see the vocabulary",
    Action.READ_TRACES: "see how an answer was found",
    Action.READ_OTHERS_TRACES: "see how others' answers were found",
    Action.CORRECT: "correct answers",
    Action.READ_CASES: "see cases",
    Action.HANDLE_CASES: "work on cases",
    Action.DECIDE_PROPOSALS: "decide on proposals",
    Action.READ_METRICS: "read metrics",
    Action.READ_EVALUATIONS: "see evaluations",
}
"""What somebody may not do, in words."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the workspace at work; `request` is the id of what they sent, None where it has none."""

    live: Live
    work: Work
    caller: Caller
    rates: Rates
    request: str | None = None

    async def read(
        self,
        action: Action | None,
        call: Callable[[Concord, Principal], Result],
        *,
        answers: bool = False,
        finishes: bool = False,
    ) -> Result:
        """Run `call` in a thread, with the workspace as it is in force and the tokens held in it at this moment.

        No `action` is for what is one's own, such as one's history: it needs no permission.

        What `answers` a question may wait for a model, and has threads of its own; what `finishes` is made to its end
        even when it is out of time or cancelled.

        Raises what `call` raises; `Unauthenticated`, `Forbidden` where no policy permits `action`, `TooManyRequests`,
        `Busy` and `TimedOut`.
        """

        def answered() -> Result:
            concord, who = self._admitted(action)
            return call(concord, who)

        return await self.work.run(answered, answers=answers, finishes=finishes)

    def stream(
        self,
        action: Action,
        call: Callable[[Concord, Principal], Generator[Result, None, None]],
        *,
        finishes: bool = False,
    ) -> AsyncGenerator[Result, None]:
        """Read the answer that `call` yields as it is made, as with `read`; one that `finishes` is made to its end."""

        def answered() -> Generator[Result, None, None]:
            concord, who = self._admitted(action)
            yield from call(concord, who)

        return self.work.stream(answered, finishes=finishes)

    def now(self) -> tuple[Concord, Principal]:
        """The workspace in force and whom it knows the asker as, at this moment: for what is shown after a long wait.

        Raises `Unauthenticated` and `AccessError` where they are known no more.
        """
        concord = self.live.current()
        return concord, self.caller.identify(concord).principal

    def may(self, concord: Concord, action: Action) -> bool:
        """Whether a policy permits a further action, of which the answer depends."""
        return permitted(concord, self.caller.identify(concord), action, self.request)

    def _admitted(self, action: Action | None) -> tuple[Concord, Principal]:
        concord = self.live.current()
        identity = self.caller.identify(concord)
        self.rates.take(identity.counted)
        if action is not None and not permitted(concord, identity, action, self.request):
            outside = identity.scopes is not None and action not in identity.scopes
            why = f"this key has no scope {action.value!r}" if outside else "no policy permits it"
            raise Forbidden(f"you may not {WORDS[action]} here: {why}")
        return concord, identity.principal


async def while_heard(request: Request, answer: Coroutine[Any, Any, Result]) -> Result:
    """What is made for a request; given up, with `ClientDisconnect`, as soon as whoever sent it hangs up."""

    async def hung_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    making, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(hung_up())
    try:
        await asyncio.wait({making, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not making.done():
            raise ClientDisconnect
        return await making
    finally:
        making.cancel()
        leaving.cancel()


def permitted(concord: Concord, identity: Identity, action: Action, request: str | None = None) -> bool:
    """Whether somebody may do something, by their key and by the policies in force; logged with what decided it."""
    if identity.scopes is not None and action not in identity.scopes:
        ruling, reason = Ruling(False, ()), "key_scopes"
    else:
        by_key, name = identity.scopes is not None, concord.settings.name
        ruling = concord.foundation.actions.decide(identity.principal, action, name, by_key=by_key)
        reason = "policy_error" if ruling.failed else "policy" if ruling.policies else "no_policy"
    fields = {
        "principal": f"user:{identity.principal.id}",
        "key": identity.key,
        "action": action.value,
        "resource_type": RESOURCE,
        "decision": "allow" if ruling.allowed else "deny",
        "reason": reason,
        "policies": ruling.policies,
        "request_id": request,
    }
    _log.info("decision", extra={"fields": fields})
    return ruling.allowed


def asker_of(request: Request, who: Caller) -> Asker:
    """Whoever sent a request, in the application that it was sent to."""
    state = request.app.state
    return Asker(state.live, state.work, who, state.rates, request.state.request_id)


async def _asker(request: Request) -> Asker:  # one that is not async would be sent to a thread and waited for
    return asker_of(request, caller(request))


Asking = Annotated[Asker, Depends(_asker)]
