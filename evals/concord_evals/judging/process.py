"""Starting the worker, and reading its results as they come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from tempfile import TemporaryFile

from concord_evals.errors import JudgingStopped, MissingExtra
from concord_evals.judging.model import METRICS, Judged, Row, Work

ENVIRONMENT = {
    "RAGAS_DO_NOT_TRACK": "true",  # the very word: 1 leaves it on
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Set before anything is imported: ragas and langchain report what they do unless told not to."""


def judged(work: Work, rows: Sequence[Row]) -> Iterator[Judged]:
    """Measure rows in a process of its own, each result as soon as it is there.

    Raises `MissingExtra` without ragas, and `JudgingStopped` where the worker ends before its last result; what it has
    given by then counts, and `Work.done` goes on behind it.
    """
    if find_spec("ragas") is None:
        raise MissingExtra("metrics of ragas", "ragas", "ragas")
    asked = {(row.id, metric) for row in rows for metric in work.metrics} - set(work.done)
    if not asked:
        return
    text = "\n".join([work.model_dump_json(), *(row.model_dump_json() for row in rows)])
    with TemporaryFile() as rows_file, TemporaryFile() as errors:
        rows_file.write(text.encode())
        rows_file.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "concord_evals.judging.worker"],
            stdin=rows_file,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **ENVIRONMENT},
        )
        assert process.stdout  # noqa: S101 - a pipe was asked for
        try:
            for line in process.stdout:
                data = json.loads(line)
                result = Judged(**{**data, "replies": tuple(data["replies"])})
                asked.discard((result.id, result.metric))
                yield result
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        if asked:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip().splitlines()
            raise JudgingStopped(len(asked), code, said[-1] if said else "")


def needing(metrics: Sequence[str], what: str) -> bool:
    """Whether any of the metrics needs embeddings or a judge."""
    needed = {METRICS[name][0] for name in metrics}
    return what in needed or (what == "embeddings" and "answer_relevancy" in metrics)
