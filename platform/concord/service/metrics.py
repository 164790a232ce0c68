"""Prometheus metrics of the service, and one structured line of log a request: neither holds anything of the content.

Paths are told as the templates of their routes, so that no identifier becomes a label or a line.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from concord.access.actions import Action
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord.service.work import Work

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_log = logging.getLogger("concord.service.requests")

router = APIRouter(tags=["health"], responses=DOCUMENTED)


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self, work: Work) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "concord_requests", "Requests, by route and status.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "concord_request_seconds",
            "Seconds until the last byte of an answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.open = Gauge("concord_requests_open", "Requests that are being answered.", registry=self.registry)
        held = Gauge("concord_work_held", "Questions that run or wait for a thread.", registry=self.registry)
        held.set_function(lambda: work.held)


class Measured:
    """ASGI middleware around everything: counts and times each request, and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and measure it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics: Metrics = scope["app"].state.metrics
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        metrics.open.inc()
        try:
            await self._app(scope, receive, sending)
        finally:
            metrics.open.dec()
            taken = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            metrics.requests.labels(method, route, str(status)).inc()
            metrics.seconds.labels(route).observe(taken)
            identity = getattr(Request(scope).state, "request_id", None)
            _log.info(
                "request",
                extra={
                    "fields": {
                        "method": method,
                        "route": route,
                        "status": status,
                        "ms": round(taken * 1000, 1),
                        "request_id": identity,
                    }
                },
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EXAMPLE = """\
# HELP concord_requests_total Requests, by route and status.
# TYPE concord_requests_total counter
concord_requests_total{method="POST",route="/v1/ask",status="200"} 1.0
# HELP concord_requests_open Requests that are being answered.
# TYPE concord_requests_open gauge
concord_requests_open 0.0
"""


_TOLD: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": _EXAMPLE}}}
}


@router.get("/metrics", response_class=Response, responses=_TOLD)
async def metrics(request: Request, asker: Asking) -> Response:
    """Give the metrics in Prometheus' text format, to those whom a policy permits `read_metrics`."""
    held: Metrics = request.app.state.metrics

    def made(_concord: Any, _who: Any) -> bytes:
        return generate_latest(held.registry)

    return Response(await asker.read(Action.READ_METRICS, made), media_type=CONTENT_TYPE_LATEST)
