"""The worker: rows from standard input, results to standard output, one JSON value a line.

Started by `concord_evals.judging.process`, which sets the environment before anything is imported.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict

from concord_evals.judging.model import Judged, Row, Work

TRACKING = "RAGAS_DO_NOT_TRACK"


def main() -> None:
    """Read the work and its rows to the end, then measure."""
    # ragas takes nothing but this word, and posts from within its event loop otherwise.
    if os.environ.get(TRACKING, "").lower() != "true":
        sys.exit(f"ragas would report what it does: {TRACKING} has to be true")
    from concord_evals.judging.adapter import work

    # What libraries print must not stand among the results.
    results, sys.stdout = sys.stdout, sys.stderr

    def say(judged: Judged) -> None:
        results.write(json.dumps(asdict(judged), ensure_ascii=False) + "\n")
        results.flush()

    lines = sys.stdin.read().split("\n")
    asyncio.run(work(Work.model_validate_json(lines[0]), map(Row.model_validate_json, lines[1:]), say))


if __name__ == "__main__":
    main()
