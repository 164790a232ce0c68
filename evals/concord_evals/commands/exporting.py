"""`concord eval export`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from concord.cli.context import opened
from concord.cli.output import note
from concord_evals.commands.options import RunId


class Format(StrEnum):
    """What a run can be written as."""

    CSV = "csv"
    PARQUET = "parquet"
    JUNIT = "junit"


def export(
    ctx: typer.Context,
    run: RunId = "last",
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.CSV,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to. Default: standard output.")
    ] = None,
) -> None:
    """Write the scores of a run, one row or test case a question, and what ragas made of it where it was judged.

    Neither answers nor what was cited are in it.
    """
    with opened(ctx) as concord:
        from concord_evals import exports, runs
        from concord_evals.judging.runs import with_judged

        found = runs.find(concord, run, whole=True)
        data = exports.export(found, with_judged(concord, found, runs.scores(concord, found)), format_.value)
    if out is None:
        sys.stdout.buffer.write(data)
        return
    out.write_bytes(data)
    note(f"concord: {out} holds run {found.id[:8]}")
