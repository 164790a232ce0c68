"""`concord serve`: the HTTP service on this machine."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer

from concord.cli.context import opened
from concord.cli.output import note


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8700,
) -> None:
    """Answer questions over HTTP until interrupted (POST /v1/ask and /v1/search; the schema is at /openapi.json)."""
    from concord.service import create_app
    from concord.service.identity import PERSONA_HEADER, check_binding
    from concord.service.logs import configure
    from concord.service.server import Server, settle

    with opened(ctx) as concord:
        check_binding(concord.settings, host)
        _ = concord.engine  # a catalog that cannot be opened is told now, on one line
        settings = concord.settings.service
        configure(settings.log)
        app = create_app(concord)
        server = Server(app, settings.drain_seconds, settings.timeout_seconds + 1, host=host, port=port)
        note(f"concord: {concord.settings.name} on http://{host}:{port} (chat in a browser; API: {PERSONA_HEADER})")
        if count := concord.read_otherwise():
            note(f"concord: {count:,} passages were read by another version or vocabulary: run `concord sync`,")
            note("concord: or each question reads what it finds anew, and takes many times as long")
        settle()
        server.run()
        if app.state.work.held:  # out of time: the interpreter would wait for these threads
            logging.shutdown()
            os._exit(0)
