"""Errors of ingestion.

IngestionError
└── SourceBusy    another command is syncing the source
"""

from __future__ import annotations


class IngestionError(Exception):
    """A source cannot be brought up to date."""


class SourceBusy(IngestionError):
    """Another command holds the lock of `source`."""

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__(f"source {source!r} is being synced by another command: wait for it to end, then sync again")
