"""What a worker does: `concord.bootstrap.running` says when.

Each duty can be broken off and done again to the same effect: what was done is in the catalog, and looked up first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from concord.bootstrap import Concord
from concord.catalog.runs import DIGESTS, SYNC
from concord.worker.digests import send_digests


class DutyFailed(Exception):
    """A duty could not be done; it is tried again, later each time."""


class DutyUnfinished(Exception):
    """A part of a duty was done; the rest is due at once, after what is due by now."""


class DutyBusy(Exception):
    """Another command does the same right now."""


def do(concord: Concord, job: str) -> str:
    """Do the duty of a job's name; returns what came of it, and raises the errors above."""
    if job.startswith(SYNC):
        return _sync(concord, job.removeprefix(SYNC))
    if job.startswith(DIGESTS):
        return _digests(concord, job.removeprefix(DIGESTS))
    return _CASES[job](concord)


def _digests(concord: Concord, server: str) -> str:
    sent = send_digests(concord, server=server)
    if sent.problems:
        raise DutyFailed("; ".join(sent.problems))
    told = f"{sent.notifications} notices in {sent.digests} digests"
    if sent.more:
        raise DutyUnfinished(told)
    return told


def _detection(concord: Concord) -> str:
    opened, weighed = concord.detect(), concord.desk.weigh()
    return f"{len(opened)} cases opened, {len(weighed)} weighed anew"


def _deadlines(concord: Concord) -> str:
    moved = concord.desk.follow()
    concord.boards.holders.catch_up()
    return f"{moved} cases moved"


def _proofs(concord: Concord) -> str:
    return f"{len(concord.prove())} cases moved"


_CASES: Mapping[str, Callable[[Concord], str]] = {
    "cases/deadlines": _deadlines,
    "cases/proofs": _proofs,
    "cases/detection": _detection,
}


def _sync(concord: Concord, source: str) -> str:
    outcome = concord.sync_sources([concord.foundation.sources[source]])
    concord.boards.holders.catch_up()  # or whoever looks at the cases first would wait for it
    mine = next(each for each in outcome.sources if each.source == source)
    if mine.busy:
        raise DutyBusy(mine.error or "")
    if mine.report is None:
        raise DutyFailed(mine.error or "it could not be read")
    return f"{mine.report.read} read, {mine.report.changed} changed, {mine.report.removed} removed"
