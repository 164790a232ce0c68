"""Liveness and readiness, for whoever runs the service: neither tells anything of the content."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter

from concord.service.errors import NotReady
from concord.service.identity import Workspace
from concord.service.problems import DOCUMENTED
from concord.service.schemas import HealthBody

_log = logging.getLogger("concord.service")

router = APIRouter(tags=["health"])


@router.get("/livez")
async def live() -> HealthBody:
    """The process answers."""
    return HealthBody(status="alive")


@router.get("/readyz", responses={503: DOCUMENTED[503]})
async def ready(workspace: Workspace) -> HealthBody:
    """Catalog, index and model are there: questions can be answered."""
    try:
        await asyncio.to_thread(workspace.warm)
    except Exception as error:
        _log.error("not ready: %s", error)
        raise NotReady("a part that questions need cannot be reached; the log says which") from error
    return HealthBody(status="ready")
