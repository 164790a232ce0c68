"""What a worker does, and when.

Each duty can be broken off and done again to the same effect: what was done is in the catalog, and looked up first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from concord.bootstrap import Concord
from concord.catalog.jobs import DIGESTS, SYNC
from concord.worker.digests import send_digests, servers
from concord.workspace.schedule import Every, Schedule
from concord.workspace.sources import SourceDeclaration

LAST_RETRY = timedelta(hours=6)


class DutyFailed(Exception):
    """A duty could not be done; it is tried again, later each time."""


class DutyUnfinished(Exception):
    """A part of a duty was done; the rest is due at once, after what is due by now."""


class DutyBusy(Exception):
    """Another command does the same right now."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do by a schedule; `run` returns what came of it, and raises the errors above.

    What has failed is tried again later each time, and within `last_retry`.
    """

    name: str
    schedule: Schedule
    run: Callable[[Concord], str]
    last_retry: timedelta = LAST_RETRY

    def first(self, now: datetime) -> datetime:
        """When it is due where it was never done: what has no time of day, at once."""
        return now if isinstance(self.schedule, Every) else self.schedule.after(now)


def duties(concord: Concord) -> dict[str, Duty]:
    """Everything to do in a workspace, by name."""
    return {each.name: each for each in (*_cases(), *_syncs(concord), *_digests(concord))}


def _digests(concord: Concord) -> Iterator[Duty]:
    # Each server by itself, and never later than by the schedule: one that is away keeps nobody waiting at the others,
    # nor does one person who cannot be written to.
    term = timedelta(minutes=concord.settings.notifications.digest_minutes)
    for server in servers(concord):
        yield Duty(f"{DIGESTS}{server}", Every(term), _digests_through(server), last_retry=term)


def _digests_through(server: str) -> Callable[[Concord], str]:
    def run(concord: Concord) -> str:
        sent = send_digests(concord, server=server)
        if sent.problems:
            raise DutyFailed("; ".join(sent.problems))
        told = f"{sent.notifications} notices in {sent.digests} digests"
        if sent.more:
            raise DutyUnfinished(told)
        return told

    return run


def _cases() -> Iterator[Duty]:
    yield Duty("cases/deadlines", Every(timedelta(minutes=1)), _deadlines)
    yield Duty("cases/proofs", Every(timedelta(minutes=10)), lambda concord: f"{len(concord.prove())} cases moved")
    yield Duty("cases/detection", Every(timedelta(hours=1)), _detection)


def _detection(concord: Concord) -> str:
    opened, weighed = concord.detect(), concord.desk.weigh()
    return f"{len(opened)} cases opened, {len(weighed)} weighed anew"


def _deadlines(concord: Concord) -> str:
    moved = concord.desk.follow()
    concord.boards.holders.catch_up()
    return f"{moved} cases moved"


def _syncs(concord: Concord) -> Iterator[Duty]:
    for source in concord.foundation.sources.values():
        if source.schedule is not None:
            yield Duty(f"{SYNC}{source.id}", source.schedule, _sync_of(source))


def _sync_of(source: SourceDeclaration) -> Callable[[Concord], str]:
    def run(concord: Concord) -> str:
        outcome = concord.sync_sources([source])
        concord.boards.holders.catch_up()  # or whoever looks at the cases first would wait for it
        mine = next(each for each in outcome.sources if each.source == source.id)
        if mine.busy:
            raise DutyBusy(mine.error or "")
        if mine.report is None:
            raise DutyFailed(mine.error or "it could not be read")
        return f"{mine.report.read} read, {mine.report.changed} changed, {mine.report.removed} removed"

    return run
