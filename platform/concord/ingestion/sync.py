"""Syncing one source: pull what changed, derive it, quarantine what fails, and derive again what was declared anew.

Each batch and the checkpoint behind it are written in one short transaction, after parsing; so a sync that was
interrupted at any point goes on from its last batch, and one with nothing to do writes nothing. A change of what is
known is in force with its batch. What is new is described once, after its passages were embedded, for their vectors are
evidence for its tags.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from concord.catalog import items, outbox, quarantine, records, revisions
from concord.catalog.audit import AuditEvent
from concord.catalog.chunks import Chunk
from concord.catalog.engine import reading, writing
from concord.catalog.items import DerivedItem
from concord.catalog.quarantine import Quarantined
from concord.catalog.records import StoredRecord
from concord.embedding import CachedEncoder
from concord.ingestion.derive import UNSETTLED, Deriver, Embed
from concord.ingestion.indexing import keep
from concord.ingestion.read import read_record
from concord_connectors.containers import holders
from concord_connectors.containment import BEYOND_LIMITS, ContainedParser
from concord_connectors.contract import Batch, Connector, Entry, Failure, PastVersion, SourceRecord, Tombstone
from concord_connectors.parsers import PARSERS_VERSION, ParsedDocument

RECORDS_AT_ONCE = 16
"""Records that are described in one transaction, while the passages of as many more are being embedded."""
ACTOR = "system:sync"

_T = TypeVar("_T")


@dataclass(slots=True)
class SyncReport:
    """What a sync of one source did; `past` counts earlier versions that were taken in or described anew.

    `embedded` counts texts, `expired` past revisions whose time was over.
    """

    source: str
    read: int = 0
    embedded: int = 0
    expired: int = 0
    derived: int = 0
    changed: int = 0
    removed: int = 0
    past: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)

    @property
    def touched(self) -> bool:
        """Whether anything was written."""
        return bool(self.read or self.derived or self.removed or self.past or self.quarantined)


Progress = Callable[[int, int | None], None]
"""Gets records done in a step, and in all where that is known."""


@dataclass(frozen=True, slots=True)
class SourceSync:
    """A source, the connector that reads it, what parses its records, derives its items and embeds their passages."""

    engine: Engine
    connector: Connector
    parser: ContainedParser
    deriver: Deriver
    encoder: CachedEncoder

    def run(self, progress: Progress | None = None) -> SyncReport:
        """Take in what changed in the source, and put what was declared anew in force for what it shows already.

        Raises `SourceError` when it cannot be reached, and `NoContainment` when nothing can be parsed at all.
        """
        report, progress = SyncReport(self.deriver.source.id), progress or _silent
        self._pull(report, progress)
        # Who may read what is shown already must not wait for a model.
        contexts = [self.deriver.context, self.deriver.context + UNSETTLED]
        self._derive_again(report, progress, contexts, shown=True)
        self._describe_past_again(report, progress, contexts)
        self._own_again()
        return report

    def settle(
        self, report: SyncReport, progress: Progress | None = None, embedding: Callable[[int], None] | None = None
    ) -> None:
        """Embed what is new and describe it then, tags and what is read in passages included.

        What was described before its passages were embedded follows. `embedding` gets texts embedded in a step.
        """
        contexts, counted = [self.deriver.context], SyncReport(report.source)
        with self.encoder.ahead() as ahead:

            def embed(chunks: Iterable[Chunk]) -> Callable[[], None]:
                held = {chunk.content_hash: chunk for chunk in chunks}
                missing = self.encoder.missing(held)
                begun = ahead.begin([chunk.passage for key, chunk in held.items() if key in missing])

                def kept() -> None:
                    report.embedded += keep(self.engine, self.encoder, begun.made(embedding))

                return kept

            self._derive_again(report, progress or _silent, contexts, embed, shown=False)
            self._derive_again(counted, _silent, contexts, embed, shown=True)
            self._describe_past_again(counted, _silent, contexts, embed)

    @property
    def _crawled_by(self) -> str:
        """Changes when the source has to be read anew."""
        return f"{self.deriver.source.crawl_fingerprint}-{PARSERS_VERSION}"

    def _pull(self, report: SyncReport, progress: Callable[[int, int | None], None]) -> None:
        source = self.deriver.source
        with reading(self.engine) as connection:
            checkpoint = records.load_crawl(connection, source.id, self._crawled_by)
            known = records.known_versions(connection, source.id)
            beyond = [each.native_id for each in quarantine.unread(connection, source.id) if self._is_due(each)]
        if beyond:  # what other limits may read is asked for again, from a crawl over everything
            asked = {each for native_id in beyond for each in (native_id, *holders(native_id))}
            checkpoint, known = None, {**known, **dict.fromkeys(asked & known.keys(), "")}
        elif checkpoint is None:
            # Read by other options or parsers, or never: what is known has to be read anew, and may have gone.
            known = dict.fromkeys(known, "")
        resumed = checkpoint is not None and not checkpoint.complete
        for batch in self.connector.pull(checkpoint, known):
            outcomes = self._outcomes(batch, known.keys())
            if batch.entries or batch.checkpoint != checkpoint:
                self._store(batch, outcomes, report)
            checkpoint = batch.checkpoint
            progress(len(batch.entries), batch.total)
        if resumed and checkpoint is not None and checkpoint.complete:
            # What was read before the interruption may have changed since, its readers among it: go on from the end.
            self._pull(report, progress)

    def _outcomes(self, batch: Batch, known: Collection[str]) -> list[_Outcome]:
        """What the entries of a batch come to, worked out before the transaction; nothing where it is held already."""
        entries = list(self._not_held(batch))
        given = (entry.content if isinstance(entry, PastVersion) else entry for entry in entries)
        parsed = self.parser.map(each for each in given if isinstance(each, SourceRecord))
        return [self._outcome(entry, parsed, known) for entry in entries]

    def _not_held(self, batch: Batch) -> Iterator[Entry]:
        """The entries of a batch, without past versions that are kept already."""
        past = {self._identifier(entry.native_id) for entry in batch.entries if isinstance(entry, PastVersion)}
        held: dict[str, set[str]] = {}
        if past:
            with reading(self.engine) as connection:
                held = revisions.versions_held(connection, sorted(past))
        for entry in batch.entries:
            if isinstance(entry, PastVersion):
                versions = held.setdefault(self._identifier(entry.native_id), set())
                if entry.version in versions:
                    continue
                if entry.first:
                    versions.clear()  # it is read from its beginning, under new numbers
            yield entry

    def _outcome(self, entry: Entry, parsed: Iterator[ParsedDocument | Failure], known: Collection[str]) -> _Outcome:
        if isinstance(entry, Tombstone):
            return _Outcome(entry.native_id, gone=True, renamed=entry.moved_to is not None)
        past = entry if isinstance(entry, PastVersion) else None
        content = entry.content if isinstance(entry, PastVersion) else entry
        source = self.deriver.source.id
        read = read_record(source, content, next(parsed)) if isinstance(content, SourceRecord) else content
        if isinstance(read, Failure):
            result = self._unread(read)
            return _Outcome(entry.native_id, result=result, past=past, anew=past is not None and past.first)
        if past is not None:
            return _Outcome(entry.native_id, result=self.deriver.derive(read), past=past, anew=past.first)
        # Who may read what is shown already must not wait for a model.
        derived = self.deriver.derive(read) if entry.native_id in known else None
        return _Outcome(entry.native_id, record=read, result=derived)

    def _is_due(self, entry: Quarantined) -> bool:
        """Whether other limits held when a record went beyond them."""
        return entry.reason in BEYOND_LIMITS and entry.context != self.parser.containment.fingerprint

    def _identifier(self, native_id: str) -> str:
        return f"{self.deriver.source.id}/{native_id}"

    def _own_again(self) -> None:
        """Let what could not be read follow a change of ownership; everything else is derived again for it."""
        with reading(self.engine) as connection:
            unread = quarantine.unread(connection, self.deriver.source.id)
        moved = [replace(each, owner=owner) for each in unread if (owner := self._owner(each.native_id)) != each.owner]
        if moved:
            with writing(self.engine) as connection:
                for entry in moved:
                    quarantine.put(connection, entry)

    def _owner(self, native_id: str) -> str | None:
        owner = self.deriver.ownership.resolve(self.deriver.source.id, native_id, ())
        return owner.owner if owner else None

    def _unread(self, failure: Failure) -> Quarantined:
        return Quarantined(
            source=self.deriver.source.id,
            native_id=failure.native_id,
            version=failure.version,
            stage="read",
            reason=failure.reason,
            detail=failure.detail,
            owner=self._owner(failure.native_id),
            context=self.parser.containment.fingerprint if failure.reason in BEYOND_LIMITS else "",
            since=datetime.now(UTC),
        )

    def _store(self, batch: Batch, outcomes: list[_Outcome], report: SyncReport) -> None:
        source, before = self.deriver.source, report.changed + report.removed
        with writing(self.engine) as connection:
            for outcome in outcomes:
                self._write(connection, outcome, report)
            records.store_crawl(connection, source.id, self._crawled_by, batch.checkpoint)
            if report.changed + report.removed > before or any(each.is_new for each in outcomes):
                data = {"entries": len(outcomes), "complete": batch.checkpoint.complete}
                AuditEvent("source.synced", ACTOR, source.id, data).append(connection)

    def _write(self, connection: Connection, outcome: _Outcome, report: SyncReport) -> None:
        if outcome.past is not None:
            self._write_past(connection, outcome, outcome.past, datetime.now(UTC))
            report.past += 1
            return
        if outcome.record is not None:
            records.store(connection, outcome.record)
            report.read += 1
        else:
            records.drop(connection, self.deriver.source.id, outcome.native_id)
        if not outcome.is_new:
            self._write_item(connection, outcome, report)

    def _write_item(self, connection: Connection, outcome: _Outcome, report: SyncReport) -> None:
        source, now = self.deriver.source.id, datetime.now(UTC)
        identifier = self._identifier(outcome.native_id)
        if isinstance(outcome.result, DerivedItem):
            quarantine.release(connection, source, outcome.native_id)
            report.changed += items.store_derived(connection, outcome.result, now)
            report.derived += 1
            return
        if outcome.gone:
            items.remove(connection, identifier, now, renamed=outcome.renamed)
            quarantine.release(connection, source, outcome.native_id)
            report.removed += 1
            return
        # Failing closed: what can no longer be described is no longer answered from.
        items.retract(connection, identifier, now, self.deriver.context)
        if outcome.result is not None:
            quarantine.put(connection, outcome.result)
            report.quarantined[outcome.result.reason] += 1

    def _write_past(self, connection: Connection, outcome: _Outcome, past: PastVersion, now: datetime) -> None:
        if isinstance(outcome.result, DerivedItem):
            revisions.write_past(connection, outcome.result.wording, now, anew=outcome.anew)
        else:
            identifier = self._identifier(outcome.native_id)
            revisions.write_unreadable(connection, identifier, past.version, past.since, now, anew=outcome.anew)

    def _derive_again(
        self,
        report: SyncReport,
        progress: Progress,
        contexts: Sequence[str],
        embed: Embed | None = None,
        *,
        shown: bool,
    ) -> None:
        """Derive what is new; or, of what is `shown`, what was derived in another context.

        That is so where mapping, ownership, vocabulary or chunking changed.
        """
        begun = ((batch, self.deriver.begin(batch, embed)) for batch in self._stale(contexts, shown))
        for batch, derive in _one_ahead(begun):
            derived = derive()
            with writing(self.engine) as connection:
                for record, result in zip(batch, derived, strict=True):
                    self._write_item(connection, _Outcome(record.native_id, record, result), report)
            progress(len(batch), None)

    def _describe_past_again(
        self, report: SyncReport, progress: Progress, contexts: Sequence[str], embed: Embed | None = None
    ) -> None:
        """The same for retained revisions; they keep their numbers and their texts."""
        stale = self._stale_past(contexts)
        begun = ((batch, self.deriver.begin([held.record for held in batch], embed)) for batch in stale)
        for batch, derive in _one_ahead(begun):
            made = derive()
            with writing(self.engine) as connection:
                for held, derived in zip(batch, made, strict=True):
                    wording = derived.wording if isinstance(derived, DerivedItem) else None
                    context = wording.context if wording else self.deriver.context
                    revisions.write_again(connection, held, wording, context)
                outbox.enqueue(connection, dict.fromkeys(held.identifier for held in batch))
            report.past += len(batch)
            progress(len(batch), None)

    def _stale(self, contexts: Sequence[str], shown: bool) -> Iterator[list[StoredRecord]]:
        after = ""
        while True:
            with reading(self.engine) as connection:
                batch = records.stale(connection, self.deriver.source.id, contexts, RECORDS_AT_ONCE, after, shown=shown)
            if not batch:
                return
            after = batch[-1].native_id
            yield batch

    def _stale_past(self, contexts: Sequence[str]) -> Iterator[list[revisions.Stale]]:
        source, after = self.deriver.source.id, ("", 0)
        while True:
            with reading(self.engine) as connection:
                batch = revisions.stale(connection, source, contexts, RECORDS_AT_ONCE, after)
            if not batch:
                return
            after = (batch[-1].identifier, batch[-1].revision)
            yield batch


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an entry comes to: a record with its item or its quarantine, a quarantine alone, or nothing any more.

    A new record comes alone. For a `past` version, its item where it has one; `anew` begins the record's past again.
    """

    native_id: str
    record: StoredRecord | None = None
    result: DerivedItem | Quarantined | None = None
    gone: bool = False
    renamed: bool = False
    past: PastVersion | None = None
    anew: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the item of the record is still to be derived."""
        return self.record is not None and self.result is None


def _one_ahead(made: Iterable[_T]) -> Iterator[_T]:
    """Each of what is made, once the next one is made too: what that began goes on beside the work on this one."""
    waiting: deque[_T] = deque()
    for each in made:
        waiting.append(each)
        if len(waiting) > 1:
            yield waiting.popleft()
    yield from waiting


def _silent(_done: int, _total: int | None) -> None:
    """Show no progress."""


def drop_source(engine: Engine, source: str) -> int:
    """Take a source that is no longer declared out of every answer; returns the items removed."""
    with writing(engine) as connection:
        known = records.known_versions(connection, source)
        for native_id in known:
            records.drop(connection, source, native_id)
            quarantine.release(connection, source, native_id)
            revisions.end(connection, f"{source}/{native_id}", datetime.now(UTC))
            items.retract(connection, f"{source}/{native_id}", datetime.now(UTC))
        records.forget_crawl(connection, source)
        if known:
            AuditEvent("source.dropped", ACTOR, source, {"items": len(known)}).append(connection)
    return len(known)
