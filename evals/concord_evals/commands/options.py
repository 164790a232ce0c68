"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

TOLERANCE = 0.05
"""That of `concord_evals.statistics`, which is slow to import; a test compares them."""

Suites = Annotated[
    list[str] | None,
    typer.Option(
        "--suite",
        metavar="FILE|NAME",
        help="A golden set: a file, or NAME of evals/NAME.jsonl; repeatable. Default: all.",
    ),
]
UseCaseOnly = Annotated[
    str | None, typer.Option("--use-case", metavar="ID", help="Only the questions that are asked in this use case.")
]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run, or how its id begins; `last` is the last one.")]
Tolerance = Annotated[
    float,
    typer.Option("--tolerance", min=0.0, max=1.0, help="The loss of a metric's mean that is still tolerated."),
]
Ragas = Annotated[
    list[str] | None,
    typer.Option("--ragas", metavar="METRIC", help="A metric of ragas that has to be there; repeatable."),
]
