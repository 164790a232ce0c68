"""Errors that nobody has reported, found in what was asked, in what waits, and in how the workspace is kept up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Protocol

from concord.bootstrap.diagnosing import Asking
from concord.catalog.activations import versions
from concord.catalog.engine import reading
from concord.catalog.recipe import Recipe
from concord.catalog.traces import asked_since
from concord.governance.cases.detecting import Unread
from concord.governance.cases.drifting import Drift
from concord.ingestion.run import SyncOutcome
from concord_feedback.cases import Case
from concord_feedback.traces import Trace

DETECT_DAYS = 30
DETECT_QUESTIONS = 10_000
DRIFT_QUESTIONS = 200
"""Questions, the newest, that are asked again after a change of what finds passages."""
MISSED = 3
"""Times that a source was due by its schedule without having been looked at, from which it lags."""


class Watched(Asking, Protocol):
    """What detection needs of a workspace at work (`concord.bootstrap.Concord`) beside all that answers."""

    @property
    def recipe(self) -> Recipe:
        """By what the index is filled."""
        ...


@dataclass(frozen=True)
class Detector:
    """Opens cases on signs of errors."""

    concord: Watched

    def detect(self, days: int) -> list[Case]:
        """Look at the questions of the last days, at what waits, at what lags, and at drift; the cases opened."""
        now, desk = datetime.now(UTC), self.concord.desk
        with reading(self.concord.engine) as connection:
            asked, _ = asked_since(connection, now - timedelta(days=days), DETECT_QUESTIONS)
        found = desk.detect(asked, now.date()) + desk.sync_failed(self._lagging(now), now)
        return found + self._drifted(asked[:DRIFT_QUESTIONS])

    def failures(self, outcome: SyncOutcome) -> dict[str, Unread]:
        """The sources that a run could not sync."""
        failed = [each for each in outcome.sources if each.error and not each.busy]
        return {each.source: self._unread(each.source, each.failure) for each in failed}

    def _unread(self, source: str, why: str) -> Unread:
        return Unread(self.concord.locks.last_read(source), why)

    def _drifted(self, asked: Sequence[Trace]) -> list[Case]:
        """Cases of questions that lost their page to a change of what finds passages; each change is looked at once."""
        settings = self.concord.settings
        facts = {
            **asdict(self.concord.recipe),
            "runtime": settings.embedding.runtime,
            "index": settings.index.url or "edge",
            "candidates": settings.retrieval.candidates,
            "passages": settings.retrieval.passages,
            "version": version("concord-rag"),
        }
        drift = Drift(self.concord.engine, facts, self.concord.foundation.declarations.digest)
        if not drift.due() or self.concord.index_behind():
            return []
        found = self.concord.desk.found(drift.signals(asked, lambda: self.concord.asking))
        drift.note({"asked": len(asked), "cases": len(found)})
        return found

    def _lagging(self, now: datetime) -> dict[str, Unread]:
        """Sources that were due several times by their schedules since they were looked at from end to end."""
        found = {}
        for source in self.concord.foundation.sources.values():
            if source.schedule is None:
                continue
            due = self.concord.locks.last_read(source.id) or self._declared(source.id)
            for _ in range(MISSED):
                due = source.schedule.after(due)
            if due < now:
                found[source.id] = self._unread(source.id, "it was not synced when it was due")
        return found

    def _declared(self, source: str) -> datetime:
        """When a source was first in force."""
        with reading(self.concord.engine) as connection:
            return next(each.at for each in versions(connection) if f"sources/{source}.yaml" in each.files)
