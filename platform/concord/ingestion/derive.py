"""From a stored record to an item with its tags and passages: mapped, owned, tagged, cut. Pure given its parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from concord.catalog.chunks import Chunk
from concord.catalog.items import DerivedItem, TagRow
from concord.catalog.quarantine import Quarantined
from concord.catalog.records import StoredRecord
from concord.catalog.revisions import Wording
from concord.ingestion.chunking import Chunker
from concord.ingestion.messages import message_of, within_message
from concord.ingestion.notices import with_notice
from concord.ingestion.subjects import Subjects
from concord.workspace.sources import SourceDeclaration
from concord_feedback import Ownership
from concord_taxonomy.standard import (
    STANDARD_VERSION,
    Activity,
    ContentItem,
    Derivation,
    MappingResult,
    Origin,
    apply_mapping,
)

DERIVATION_VERSION = 5
"""Raised when the code below derives something else from the same inputs."""
UNSETTLED = "~"
"""Ends the context of what was described before its passages were embedded: it is tagged and read once they are."""

Embed = Callable[[Iterable[Chunk]], Callable[[], None]]
"""Begins to embed passages; what comes of it waits for their vectors and has them kept."""


@dataclass(frozen=True, slots=True)
class Deriver:
    """Derives the items of one source. Its `context` names everything that decides the result, the record apart."""

    source: SourceDeclaration
    ownership: Ownership
    subjects: Subjects
    chunker: Chunker
    sources: frozenset[str] = frozenset()

    @property
    def context(self) -> str:
        """Fingerprint of mapping, ownership, vocabulary, chunking and this code."""
        parts = [
            DERIVATION_VERSION,
            STANDARD_VERSION,
            self.source.connector,
            self.source.mapping_fingerprint,
            self.ownership.model_dump_json(include={"rules"}),
            self.subjects.fingerprint,
            sorted(self.sources),
            self.chunker.fingerprint,
            self.subjects.reader.fingerprint,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def map(self, record: StoredRecord) -> MappingResult:
        """Describe a record in the standard's terms, before tagging and ownership."""
        return map_record(self.source, record, self.sources)

    def derive(self, record: StoredRecord) -> DerivedItem | Quarantined:
        """Derive an item, or say why the record has to be quarantined."""
        [derived] = self.derive_all([record])
        return derived

    def derive_all(self, records: Sequence[StoredRecord]) -> list[DerivedItem | Quarantined]:
        """The same for several."""
        return self.begin(records)()

    def begin(
        self, records: Sequence[StoredRecord], embed: Embed | None = None
    ) -> Callable[[], list[DerivedItem | Quarantined]]:
        """Map and cut several, and give what derives the rest; `embed` gets their passages meanwhile."""
        mapped = [self.map(record) for record in records]
        cuts = [self._cut(record) if made.item else [] for record, made in zip(records, mapped, strict=True)]
        keep = embed(chain(*cuts)) if embed is not None else None

        def derived() -> list[DerivedItem | Quarantined]:
            if keep is not None:
                keep()
            return [self._derived(*given) for given in zip(records, mapped, cuts, strict=True)]

        return derived

    def describe(self, record: StoredRecord) -> tuple[ContentItem, tuple[TagRow, ...]] | Quarantined:
        """The item of a record and its tags, without what is read in its passages."""
        return self._described(record, self.map(record), self._likeness(self._cut(record)))

    def _derived(self, record: StoredRecord, mapped: MappingResult, cut: Sequence[Chunk]) -> DerivedItem | Quarantined:
        likeness = self._likeness(cut)
        described = self._described(record, mapped, likeness)
        if isinstance(described, Quarantined):
            return described
        item, tags = described
        placed = (_placed(chunk, record) for chunk in cut)
        if likeness is None:  # what is read in passages rests on the tags, which are not settled
            chunks, context = tuple(placed), self.context + UNSETTLED
        else:
            chunks, context = tuple(self.subjects.reader.read(item, chunk) for chunk in placed), self.context
        labels = self.subjects.label_text(item)
        return DerivedItem(Wording(item, record.body, labels, chunks, record, context), tags)

    def _cut(self, record: StoredRecord) -> list[Chunk]:
        return self.chunker.chunk(record.body)

    def _likeness(self, cut: Iterable[Chunk]) -> Mapping[str, float] | None:
        return self.subjects.likeness([chunk.content_hash for chunk in cut])

    def _described(
        self, record: StoredRecord, mapped: MappingResult, likeness: Mapping[str, float] | None
    ) -> tuple[ContentItem, tuple[TagRow, ...]] | Quarantined:
        if mapped.item is None:
            return self._quarantined(record, mapped)
        tags = self.subjects.tags(mapped.item, record.body, likeness)
        return self._completed(mapped.item, tags, record), tags

    def _quarantined(self, record: StoredRecord, result: MappingResult) -> Quarantined:
        owner = self.ownership.resolve(record.source, record.native_id, ())
        return Quarantined(
            source=record.source,
            native_id=record.native_id,
            version=record.version,
            stage="map",
            reason="mapping",
            detail="; ".join(str(problem) for problem in result.problems if problem.fatal),
            owner=owner.owner if owner else None,
            context=self.context,
            since=datetime.now(UTC),
        )

    def _completed(self, item: ContentItem, tags: tuple[TagRow, ...], record: StoredRecord) -> ContentItem:
        """Add subjects, owner and checksum."""
        update: dict[str, object] = {
            "subject": tuple(tag.concept for tag in tags),
            "checksum": hashlib.sha256(record.body.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        origin = dict(item.field_origin)
        given = {tag.origin for tag in tags}
        for by in (Origin.TAGGER, Origin.CURATOR):
            if by in given:
                origin["subject"] = by
        owner = self.ownership.resolve(item.source, record.native_id, self.subjects.with_broader(update["subject"]))  # type: ignore[arg-type]
        if owner and item.contact_point is None:
            update["contact_point"] = owner.owner
            origin["contact_point"] = Origin.RULE
        if owner and item.steward is None and owner.steward:
            update["steward"] = owner.steward
            origin["steward"] = Origin.RULE
        return item.model_copy(update={**update, "field_origin": origin})


def map_record(source: SourceDeclaration, record: StoredRecord, sources: Collection[str] = ()) -> MappingResult:
    """Describe a record of a source in the standard's terms; `sources` are the ids of all sources."""
    mapped = _mapped(source, record, {**record.fields, "text": record.body}, sources)
    result = with_notice(mapped, record.body, record.fields.get("metadata"))
    message = message_of(record.fields)
    return result if message is None else within_message(result, _mapped(source, record, message, sources))


def _mapped(
    source: SourceDeclaration, record: StoredRecord, fields: dict[str, Any], sources: Collection[str]
) -> MappingResult:
    return apply_mapping(
        source.mapping,
        fields,
        identifier=f"{record.source}/{fields['native_id']}",
        source=record.source,
        derivation=Derivation(native_id=fields["native_id"], version=record.version),
        activity=Activity(connector=source.connector, mapping=source.mapping_fingerprint),
        readers=record.readers,
        sources=sources,
    )


def _placed(chunk: Chunk, record: StoredRecord) -> Chunk:
    """Add the page that a passage begins on and the newest date of its lines, where the source tells."""
    page = sum(start <= chunk.start for start in record.page_starts) or None
    changed: date | None = None
    if record.first_line is not None and record.line_dates:
        first = record.first_line + record.body.count("\n", 0, chunk.start)
        lines = record.line_dates[first : first + chunk.text.count("\n") + 1]
        changed = max(lines, default=None)
    return replace(chunk, page=page, changed=changed)
