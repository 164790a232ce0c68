"""The application: routes, limits and errors around one workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from concord.bootstrap import Concord
from concord.service import (
    acts,
    board,
    cases,
    completions,
    conflicts,
    diagnoses,
    feedback,
    health,
    items,
    metrics,
    problems,
    proposals,
    questions,
    sources,
    taxonomy,
    use_cases,
    web,
)
from concord.service.limits import Limits
from concord.service.live import Live
from concord.service.metrics import Measured, Metrics
from concord.service.oidc import Keys, Tokens
from concord.service.openapi import describe
from concord.service.rates import Rates
from concord.service.sign_in import SignIn
from concord.service.telemetry import Traced
from concord.service.tools import install as install_tools
from concord.service.work import Work


def create_app(concord: Concord) -> FastAPI:
    """The service of a workspace, which it closes when it ends. Whoever binds it checks the address first.

    `uvicorn.run(create_app(Concord.open(Path("my-workspace"))), host="127.0.0.1", port=8700)`
    """
    settings = concord.settings.service

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with tools():
            yield
        app.state.work.close()
        app.state.live.close()

    app = FastAPI(
        title="Concord",
        summary="Cited answers over many sources, in which the authoritative source wins and says why.",
        version=version("concord-rag"),
        lifespan=lifespan,
        openapi_url=None,  # `describe` adds it
        docs_url=None,  # they would load scripts from another host
        redoc_url=None,
    )
    app.state.live = Live(concord)
    app.state.draining = False
    oidc = concord.settings.oidc
    app.state.tokens = Tokens(oidc, Keys(oidc)) if concord.settings.auth == "oidc" else None
    app.state.readiness = health.Readiness(app.state.live, app.state.tokens.keys if app.state.tokens else None)
    app.state.sign_in = SignIn(app.state.tokens) if app.state.tokens and oidc.client_id else None
    app.state.rates = Rates(settings.requests_per_minute)
    app.state.work = Work(settings.at_once, settings.queued, settings.timeout_seconds)
    app.state.metrics = Metrics(app.state.work)
    app.include_router(metrics.router)
    answering = (questions, completions, use_cases, items, conflicts, sources, taxonomy)
    for slice_ in (*answering, feedback, board, cases, acts, diagnoses, proposals, health):
        app.include_router(slice_.router)
    tools = install_tools(app, concord.tracer)
    web.install(app, concord)
    problems.install(app)
    describe(app)
    app.add_middleware(Limits)
    app.add_middleware(Measured)
    if concord.tracer is not None:
        app.add_middleware(Traced, tracer=concord.tracer)
    return app
