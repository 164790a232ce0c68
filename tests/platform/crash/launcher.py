"""Starts commands as processes of their own, quickly: everything is imported once, and each command is a fork.

Reads one JSON job a line from standard input: `arguments` (of `concord`, or `optimise FOLDER`), `environment` and
`output`. Writes the process's id when it has started and its exit status when it has ended.
"""

import json
import os
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

PRELOADED = (
    "concord.bootstrap",
    "concord.cli.main",
    "concord.doctor",
    "concord.embedding.hashing_encoder",
    "crashpoints",
)
ITEMS_AT_ONCE = 3


def main() -> None:
    """Serve jobs until standard input ends."""
    for name in PRELOADED:
        import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        number = os.fork()
        if not number:
            work(job)
        print(number, flush=True)
        _, status = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def work(job: dict) -> None:
    """Be the command."""
    import crashpoints

    code = 70
    try:
        os.environ.update(job["environment"])
        out = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        # Small rounds, so that a few documents make many of them.
        import_module("concord.ingestion.indexing").ITEMS_AT_ONCE = ITEMS_AT_ONCE
        import_module("concord.ingestion.sync").RECORDS_AT_ONCE = ITEMS_AT_ONCE
        if "CRASH_FOLDER" in os.environ:
            crashpoints.install("sync")
        code = command(job["arguments"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def command(arguments: list[str]) -> int:
    """Run `concord`, or a sync while the index is optimised."""
    from concord.cli.main import run

    if arguments[0] != "optimise":
        return run(arguments)
    from concord.bootstrap import Concord

    concord = Concord.open(Path(arguments[1]))
    before = {path.name for path in concord.index_folder.glob("shard-*")}
    concord.index.optimize()
    code = run(["--workspace", arguments[1], "sync"])
    deadline = time.monotonic() + 30
    while {path.name for path in concord.index_folder.glob("shard-*")} & before and time.monotonic() < deadline:
        concord.index.count()
        time.sleep(0.02)
    concord.close()
    return code


if __name__ == "__main__":
    main()
