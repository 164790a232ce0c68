"""Trying a mapping on a sample of a source, without storing anything; people see of it what they may read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Engine

from concord.catalog.engine import reading
from concord.catalog.items import with_readable_links
from concord.catalog.records import StoredRecord
from concord.ingestion.derive import map_record
from concord.ingestion.read import read_record
from concord.workspace.sources import SourceDeclaration
from concord_connectors.containment import ContainedParser
from concord_connectors.contract import Connector, Failure, SourceRecord
from concord_taxonomy.standard import MappingReport, MappingResult, Principal, Problem


@dataclass(frozen=True, slots=True)
class MappingTrial:
    """A source with the mapping to try, and the mapping that is in force where there is one."""

    engine: Engine
    connector: Connector
    source: SourceDeclaration
    parser: ContainedParser
    in_force: SourceDeclaration | None = None
    sources: Collection[str] = ()

    def report(self, limit: int, reader: Principal | None, progress: Callable[[], None] | None = None) -> MappingReport:
        """What the mapping makes of up to `limit` records; raises `SourceError`.

        `reader` limits the report to records that they may read, by the mapping in force as well as by the new one, so
        that a changed file shows nobody more than before; None, for those who answer for the source, shows everything.
        """
        results = self._everything(limit) if reader is None else islice(self._readable_to(reader), limit)
        return MappingReport.of(_counted(results, progress or (lambda: None)))

    def _everything(self, limit: int) -> Iterator[MappingResult]:
        for entry in self.connector.sample(limit):
            record = self._read(entry)
            if isinstance(record, Failure):
                identifier = f"{self.source.id}/{record.native_id}"
                problem = Problem("record", record.reason, f"cannot be read: {record.detail}")
                yield MappingResult(identifier, None, (problem,))
            else:
                yield map_record(self.source, record, self.sources)

    def _readable_to(self, reader: Principal) -> Iterator[MappingResult]:
        # The whole source, in its order: a sample taken before the filter would tell by its size, and by which records
        # are in it, how many there are that the reader may not read.
        for entry in self.connector.sample(sys.maxsize):
            record = self._read(entry)
            if isinstance(record, Failure):
                continue
            result = map_record(self.source, record, self.sources)
            held = map_record(self.in_force, record, self.sources) if self.in_force else result
            if _may_read(reader, result) and _may_read(reader, held):
                yield self._for(reader, result)

    def _read(self, entry: SourceRecord | Failure) -> StoredRecord | Failure:
        return entry if isinstance(entry, Failure) else read_record(self.source.id, entry, self.parser(entry))

    def _for(self, reader: Principal, result: MappingResult) -> MappingResult:
        """The result without links to what the reader may not read."""
        if result.item is None:
            return result
        with reading(self.engine) as connection:
            item = with_readable_links(connection, reader, result.item)
        return replace(result, item=item, origins=item.field_origin)


def _counted(results: Iterable[MappingResult], progress: Callable[[], None]) -> Iterator[MappingResult]:
    """The results, each told to `progress`: what is left out of a report must not move its bar either."""
    for result in results:
        progress()
        yield result


def _may_read(reader: Principal, result: MappingResult) -> bool:
    return result.item is not None and reader.may_read(result.item.readers)
