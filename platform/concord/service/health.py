"""Liveness and readiness, for whoever runs the service: neither tells anything of the content."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from concord.service.errors import IndexLost, NoKeys, NotReady
from concord.service.live import Live
from concord.service.oidc import Keys
from concord.service.problems import DOCUMENTED
from concord.service.schemas import HealthBody

READY_SECONDS = 10.0

_log = logging.getLogger("concord.service")

router = APIRouter(tags=["health"])


class Readiness:
    """Whether questions can be answered; whoever asks while it is being found out waits for the same answer."""

    def __init__(self, live: Live, keys: Keys | None = None) -> None:
        self._live, self._keys = live, keys
        self._checking: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Raise `NotReady` where a part is missing, or does not answer within `READY_SECONDS`."""
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(asyncio.to_thread(self._warm))
        try:
            async with asyncio.timeout(READY_SECONDS):
                await asyncio.shield(self._checking)
        except Exception as error:
            waited = f"no answer within {READY_SECONDS:g} seconds from {self._live.waits_for}"
            _log.error("not ready: %s", waited if isinstance(error, TimeoutError) else error)
            told = "a part that questions need cannot be reached; the log says which"
            raise NotReady(str(error) if isinstance(error, IndexLost | NoKeys) else told) from error

    def _warm(self) -> None:
        self._live.warm()
        if self._keys is not None:
            self._keys.check()


async def _readiness(request: Request) -> Readiness:
    if request.app.state.draining:
        raise NotReady("the service is ending")
    found: Readiness = request.app.state.readiness
    return found


@router.get("/livez")
async def live() -> HealthBody:
    """The process answers."""
    return HealthBody(status="alive")


@router.get("/readyz", responses={503: DOCUMENTED[503]})
async def ready(readiness: Annotated[Readiness, Depends(_readiness)]) -> HealthBody:
    """Catalog, index, model and the keys of people's tokens are there: questions can be answered, and kept."""
    await readiness.check()
    return HealthBody(status="ready")
