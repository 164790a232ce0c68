"""`concord worker`: syncs by schedule, deadlines of cases, proofs and detection, without anybody's asking."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Annotated

import typer

from concord.cli.context import AsJson, opened
from concord.cli.output import note, print_json, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    poll: Annotated[
        float, typer.Option("--poll", min=0.1, max=3600, help="Seconds between looking for what is due.")
    ] = 5.0,
    as_json: AsJson = False,
) -> None:
    """Sync sources by their `schedule`, keep the deadlines of cases, prove fixes and look for errors, until stopped.

    Any number may run on one workspace: nothing is done twice. SIGTERM or Ctrl-C lets what is being done end; what a
    killed worker had taken is done by the next. `concord status` shows what was done.
    """
    from concord.service.logs import configure
    from concord.worker import Worker

    with opened(ctx) as concord:
        made = Worker(concord)
        if once:
            done = made.drain()
            rows = [{"job": each.job, "state": each.state, "detail": each.detail} for each in done]
            if as_json:
                print_json({"runs": rows})
            else:
                say(*(f"{each['job']}: {each['state']}: {each['detail']}" for each in rows))
            if any(each.state == "failed" for each in done):
                raise typer.Exit(1)
            return

        def stop(number: int, frame: FrameType | None) -> None:
            made.stop()

        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        configure(concord.settings.service.log)
        note(f"concord: {concord.settings.name} is worked on by {made.name}")
        made.work(poll)
