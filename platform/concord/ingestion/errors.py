"""Errors of ingestion.

IngestionError
└── SourceBusy    another command is syncing the source
"""

from __future__ import annotations


class IngestionError(Exception):
    """A source cannot be brought up to date."""


class SourceBusy(IngestionError):
    """Another command holds the lock of `source`; `process` is its id, where it can be told."""

    def __init__(self, source: str, process: int | None = None) -> None:
        self.source = source
        self.process = process
        other = f"another command (process {process})" if process else "another command"
        super().__init__(f"source {source!r} is being synced by {other}: wait for it to end, then sync again")
