"""One person's way into the workspace: every endpoint reads through it, off the event loop and with tokens of now."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from concord.bootstrap import Concord
from concord.service.identity import Caller, caller
from concord.service.live import Live
from concord.service.rates import Rates
from concord.service.work import Work
from concord_taxonomy.standard import Principal

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the workspace at work."""

    live: Live
    work: Work
    caller: Caller
    rates: Rates

    async def read(self, call: Callable[[Concord, Principal], Result]) -> Result:
        """Run `call` in a thread, with the workspace as it is in force and the tokens held in it at this moment.

        Raises what `call` raises, `Busy` and `TimedOut`, and `UnknownPrincipal`.
        """

        def answered() -> Result:
            concord = self.live.current()
            return call(concord, self.caller.principal(concord))

        self.rates.take(self.caller.key)
        return await self.work.run(answered)

    def stream(
        self, call: Callable[[Concord, Principal], Generator[Result, None, None]]
    ) -> AsyncGenerator[Result, None]:
        """Read what `call` yields while it is made, as with `read`."""

        def answered() -> Generator[Result, None, None]:
            concord = self.live.current()
            yield from call(concord, self.caller.principal(concord))

        self.rates.take(self.caller.key)
        return self.work.stream(answered)


def _asker(request: Request, who: Annotated[Caller, Depends(caller)]) -> Asker:
    return Asker(request.app.state.live, request.app.state.work, who, request.app.state.rates)


Asking = Annotated[Asker, Depends(_asker)]
