"""`concord mcp`: the tools of the Model Context Protocol over stdin and stdout, for one person or machine."""

from __future__ import annotations

import os
from typing import Any

import typer

from concord.cli.context import AsUser, opened, principal

KEY_VARIABLE = "CONCORD_API_KEY"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(ctx: typer.Context, as_: AsUser = None) -> None:
    """Serve `ask`, `search`, `get_item`, `report_correction` and `dispute_case` to one client over stdio.

    They run as the bearer of the API key in $CONCORD_API_KEY, else as USER. `concord serve` has them at /mcp.
    """
    from concord.service.asker import Asker
    from concord.service.identity import Caller, Machine, Persona
    from concord.service.live import Live
    from concord.service.rates import Rates
    from concord.service.tools import build
    from concord.service.work import Work

    with opened(ctx) as concord:
        key, settings = os.environ.get(KEY_VARIABLE), concord.settings.service
        who: Caller = Machine(key) if key else Persona(principal(concord, as_).id)
        who.identify(concord)  # whom nobody knows is told now, on one line
        work = Work(settings.at_once, settings.queued, settings.timeout_seconds)
        asker = Asker(Live(concord), work, who, Rates(settings.requests_per_minute))

        def calling(_context: Any) -> Asker:
            return asker

        try:
            build(calling, concord.tracer).run("stdio")
        finally:
            work.close()
