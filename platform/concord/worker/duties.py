"""What a worker does, and when.

Each duty can be broken off and done again to the same effect: what was done is in the catalog, and looked up first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from concord.bootstrap import Concord
from concord.bootstrap.running import SYNC
from concord.worker.digests import send_digests
from concord.workspace.schedule import Every, Schedule
from concord.workspace.sources import SourceDeclaration

LAST_RETRY = timedelta(hours=6)


class DutyFailed(Exception):
    """A duty could not be done; it is tried again, later each time."""


class DutyBusy(Exception):
    """Another command does the same right now."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do by a schedule; `run` returns what came of it, and raises `DutyFailed` and `DutyBusy`.

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
    settings = concord.settings.notifications
    if settings.email.host or settings.webhooks:
        # Where one of many cannot be written to, the others wait no longer for that.
        term = timedelta(minutes=settings.digest_minutes)
        yield Duty("digests", Every(term), _digest, last_retry=term)


def _digest(concord: Concord) -> str:
    sent = send_digests(concord)
    if sent.problems:
        raise DutyFailed("; ".join(sent.problems))
    return f"{sent.notifications} notices in {sent.digests} digests"


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
