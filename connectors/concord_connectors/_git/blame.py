"""The date on which each line of a file last changed, by `git blame`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from concord_connectors._git.command import Git
from concord_connectors.errors import SourceError

BLAME_TIMEOUT = 60.0
"""Seconds for one file; a file whose history takes longer goes without dates per line."""


def line_dates(git: Git, commit: str, path: bytes) -> tuple[date, ...]:
    """One date (UTC, the commit's) per line of `path`; changes of white space alone do not count.

    Empty when git cannot tell them in time: they refine a record's date and are no reason to lose the record.
    """
    try:
        name = path.decode("utf-8")
        out = git.run("blame", "--porcelain", "-w", commit, "--", name, timeout=BLAME_TIMEOUT)
    except SourceError:
        return ()
    dates: dict[bytes, date] = {}
    lines: list[bytes] = []
    commit_id = b""
    expect_header = True
    for line in out.split(b"\n"):
        if line.startswith(b"\t"):
            lines.append(commit_id)
            expect_header = True
        elif expect_header:
            commit_id = line.partition(b" ")[0]
            expect_header = False
        elif line.startswith(b"committer-time "):
            dates[commit_id] = datetime.fromtimestamp(int(line.split()[1]), UTC).date()
    return tuple(dates[each] for each in lines)
