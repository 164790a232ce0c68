"""Syncing several sources: each under its lock with the index behind it, then what nobody needs any more.

A source that cannot be reached, or that another command is syncing, leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from concord.authority.reading import Reader
from concord.catalog import conversations, embeddings, outbox, records, retention, texts, traces
from concord.catalog.engine import reading, writing
from concord.catalog.retention import Retention
from concord.embedding import CachedEncoder, Passage, content_hash
from concord.index import Index, VectorIndexError
from concord.ingestion.errors import SourceBusy
from concord.ingestion.followers import Followers, catch_up
from concord.ingestion.indexing import Drained, IndexProgress, drain, embed, rebuild_if_lost
from concord.ingestion.locks import SourceLocks
from concord.ingestion.mining import Mined, mine
from concord.ingestion.sync import SourceSync, SyncReport, drop_source
from concord.workspace import FileProblem
from concord_connectors.errors import NoContainment, SourceError


@dataclass(frozen=True, slots=True)
class SyncWatch:
    """Called as a run goes on. `records` gets source, records done in this step and in all (None: unknown)."""

    records: Callable[[str, int, int | None], None] = field(default=lambda source, done, total: None)
    indexing: Callable[[int], None] = field(default=lambda waiting: None)
    index: IndexProgress = field(default_factory=IndexProgress)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What became of a source: its report, or why there is none.

    `failure` names the kind of error, the same where it fails for the same reason again, whatever moment or commit the
    message names.
    """

    source: str
    report: SyncReport | None = None
    error: str | None = None
    busy: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What a run did: per source, the items of sources that were dropped, and what the index took in.

    `expired` counts past revisions whose time was over; `mined` is what was compared for the conflict register.
    """

    sources: tuple[SourceOutcome, ...]
    dropped: dict[str, int]
    drained: Drained
    expired: int = 0
    mined: Mined = field(default_factory=Mined)

    @property
    def busy(self) -> bool:
        """Whether another command held a source."""
        return any(each.busy for each in self.sources)

    @property
    def failed(self) -> bool:
        """Whether a source could not be read."""
        return any(each.error and not each.busy for each in self.sources)

    @property
    def touched(self) -> bool:
        """Whether anything was written."""
        reports = [each.report for each in self.sources if each.report]
        return any(report.touched for report in reports) or bool(
            self.dropped or self.expired or self.drained.items or self.mined.items
        )


@dataclass(frozen=True, slots=True)
class SyncRun:
    """Brings sources, and then the index, up to date.

    `labels` are the words of the vocabulary: questions are compared with them, so their vectors are kept too.
    """

    engine: Engine
    index: Index
    encoder: CachedEncoder
    locks: SourceLocks
    traces_for: timedelta
    conversations_for: timedelta
    revisions: Retention
    followers: Followers
    reader: Reader
    place: str
    """Where the index is: the name under which `followers` notes it."""
    labels: Collection[str] = ()

    def run(
        self, syncs: Sequence[tuple[str, Callable[[], SourceSync]]], declared: Iterable[str], watch: SyncWatch
    ) -> SyncOutcome:
        """Sync these sources, and drop those that are not `declared` any more."""
        outcomes, drained, expired = list[SourceOutcome](), Drained(), 0
        embed(self.engine, self.encoder, map(Passage, self.labels), watch.index.embedding)
        for source, make in syncs:
            outcome = self._source(source, make, watch)
            outcomes.append(outcome)
            if outcome.report:
                expired += outcome.report.expired
                drained += Drained(embedded=outcome.report.embedded)
            if outcome.report and (outcome.report.touched or outcome.report.embedded):
                # Found by questions now, not after the last source; an index that fails fails again at the end.
                with suppress(VectorIndexError):
                    drained += self._follow(watch)
        dropped, busy = self._drop(set(declared))
        expired += self._expire()
        mined = mine(self.engine, self.reader)  # owners see a contradiction before anybody who asks does
        drained += self._follow(watch)
        self._tidy()
        return SyncOutcome((*outcomes, *busy), dropped, drained, expired, mined)

    def _follow(self, watch: SyncWatch) -> Drained:
        """Let the index follow the catalog."""
        with self.locks.index():
            catch_up(self.engine, self.index, self.followers, self.place)
            rebuild_if_lost(self.engine, self.index)
            with reading(self.engine) as connection:
                waiting = outbox.depth(connection)
            if waiting:
                self.followers.only(self.place)
            watch.indexing(waiting)
            return drain(self.engine, self.index, self.encoder, watch.index)

    def _source(self, source: str, make: Callable[[], SourceSync], watch: SyncWatch) -> SourceOutcome:
        try:
            with self.locks.held(source):
                began = datetime.now(UTC)
                report = self._synced(make(), watch)
                self.locks.checked(source, began)
        except SourceBusy as error:
            return SourceOutcome(source, error=str(error), busy=True)
        except (SourceError, FileProblem, NoContainment) as error:
            return SourceOutcome(source, error=str(error), failure=_kind(error))
        return SourceOutcome(source, report)

    def _synced(self, sync: SourceSync, watch: SyncWatch) -> SyncReport:
        """Sync a source; where it broke off, what it gave until then is described all the same."""
        progress = partial(watch.records, sync.deriver.source.id)
        try:
            report = sync.run(progress)
        except (SourceError, NoContainment):
            sync.settle(SyncReport(sync.deriver.source.id), progress, watch.index.embedding)
            raise
        report.expired = self._expire()  # before anything of it is embedded
        sync.settle(report, progress, watch.index.embedding)
        return report

    def _drop(self, declared: set[str]) -> tuple[dict[str, int], list[SourceOutcome]]:
        dropped, busy = {}, []
        with reading(self.engine) as connection:
            gone = records.crawled_sources(connection) - declared
        for source in sorted(gone):
            try:
                with self.locks.held(source):
                    dropped[source] = drop_source(self.engine, source)
                    self.locks.forget(source)
            except SourceBusy as error:
                busy.append(SourceOutcome(source, error=str(error), busy=True))
        return dropped, busy

    def _expire(self) -> int:
        """Forget past revisions whose time is over; returns how many."""
        today = datetime.now(UTC).date()
        with reading(self.engine) as connection:
            expired = self.revisions.expired(connection, today)
        if expired:
            with writing(self.engine) as connection:
                retention.drop(connection, expired)
        return len(expired)

    def _tidy(self) -> None:
        """Delete what nothing refers to any more, and traces and conversations past their time.

        Looked for at every sync, for one that was killed before its end left it to the next.
        """
        now, model = datetime.now(UTC), self.encoder.encoder.model
        moment, asked = now - self.traces_for, now - self.conversations_for
        labels = set(map(content_hash, self.labels))
        with reading(self.engine) as connection:
            idle = not (
                traces.any_before(connection, moment)
                or conversations.any_before(connection, asked)
                or texts.unused(connection)
                or embeddings.any_unused(connection, model, labels)
            )
        if idle:
            return
        with writing(self.engine) as connection:
            traces.forget_before(connection, moment)
            conversations.forget_before(connection, asked)
            texts.forget_unused(connection)
            embeddings.forget_unused(connection, model, labels)


def _kind(error: Exception) -> str:
    """The classes of an error and of what it comes from, and what is advised against it."""
    named = [type(each).__name__ for each in (error, error.__cause__) if each is not None]
    return " ".join([*named, *([error.advice] if isinstance(error, SourceError) else [])])
