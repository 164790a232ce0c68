"""From what a connector gives to what the catalog keeps: parsed to Markdown, with the nested record a mapping reads."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from concord.catalog.records import StoredRecord
from concord.catalog.storable import storable, storable_value
from concord_connectors.contract import Container, Failure, SourceRecord
from concord_connectors.parsers import ParsedDocument


def read_record(source: str, record: SourceRecord, parsed: ParsedDocument | Failure) -> StoredRecord | Failure:
    """A record with what became of it in its parser; what cannot be parsed is the parser's failure.

    What comes of it is storable before anything is derived from it: offsets and hashes are of what is kept.
    """
    if isinstance(parsed, Failure):
        return parsed
    return StoredRecord(
        source=source,
        native_id=record.native_id,
        version=record.version,
        media_type=record.media_type,
        url=record.url,
        fields=storable_value(json_safe(nested_record(record, parsed))),
        readers=record.readers,
        body=storable(parsed.markdown),
        first_line=parsed.first_line,
        page_starts=parsed.page_starts,
        line_dates=record.history.line_dates,
        warnings=parsed.warnings,
    )


def nested_record(record: SourceRecord, parsed: ParsedDocument) -> dict[str, Any]:
    """The record that a mapping's paths read (docs/workspace.md), its text apart."""
    path = PurePosixPath(record.native_id)
    history = record.history
    return {
        "native_id": record.native_id,
        "name": path.name,
        "folder": "" if str(path.parent) == "." else str(path.parent),
        "url": record.url,
        "media_type": record.media_type,
        "metadata": {**parsed.metadata, **record.metadata},
        "front_matter": parsed.metadata,
        "sidecar": record.metadata,
        "document": {"title": parsed.title, "properties": parsed.properties},
        "container": _container(record.container),
        "history": {
            "created": history.created,
            "modified": history.modified,
            "author": history.author,
            "revision": history.revision,
            "since": history.since,
        },
    }


def _container(container: Container | None) -> dict[str, Any] | None:
    """What holds a record, outwards; a message's headers are its metadata."""
    if container is None:
        return None
    return {
        "native_id": container.native_id,
        "name": PurePosixPath(container.native_id).name,
        "media_type": container.media_type,
        "metadata": container.metadata,
        "container": _container(container.container),
    }


def json_safe(value: Any) -> Any:
    """`value` as JSON can hold it: dates in ISO form, keys as text, anything unknown as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): json_safe(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_safe(part) for part in value]
    return str(value)
