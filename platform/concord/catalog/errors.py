"""Errors of the catalog.

CatalogError
├── CatalogSetting         `catalog.url` names no database that can be used from here
├── CatalogUnreachable     no database server answers
├── CatalogBusy            another command has been writing for too long
├── CatalogDamaged         the file is no database, or a broken one
├── CatalogDiskFull        there is no space for a write, which was undone
├── CatalogTooNew          written by a later Concord
├── AuditBroken            the audit log's hash chain does not hold
├── NothingApplied         no activation yet
├── NoSuchItem             no item of that identifier that the person may read
├── NoSuchRevision         a revision of a readable item that is not kept or never was
├── NoSuchTrace            no trace of that id that the person may read
└── NoSuchKey              no API key of that id that holds
"""

from __future__ import annotations


class CatalogError(Exception):
    """The catalog cannot be used."""


class CatalogSetting(CatalogError):
    """The setting `catalog.url` cannot be used; the URL is not repeated, as it may hold a password."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"catalog.url (in concord.yaml, or CONCORD_CATALOG__URL): {problem}")


class CatalogUnreachable(CatalogError):
    """The database server does not answer, or not any more. What was not committed is undone."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"catalog.url (in concord.yaml, or CONCORD_CATALOG__URL): {problem}")


class CatalogBusy(CatalogError):
    """The right to write to the catalog was not to be had within `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"another command has been writing to the catalog for {seconds} seconds: wait for it to end, then try again"
        )


class CatalogDamaged(CatalogError):
    """The SQLite database at `path` cannot be read: `problem` is what SQLite says."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(
            f"the catalog {path} is damaged ({problem}): restore it from a backup, or move it away (with its -wal and "
            "-shm files) and run `concord apply` and `concord sync`, which build a new one"
        )


class CatalogDiskFull(CatalogError):
    """The disk that holds the database at `path` is full; the transaction was undone."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"the disk that holds the catalog {path} is full: free space, then run the command again, which goes on "
            "where it stopped"
        )


class CatalogTooNew(CatalogError):
    """The catalog's schema is `revision`, which this version does not know."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(f"the catalog was written by a newer Concord (schema {revision}): upgrade this installation")


class AuditBroken(CatalogError):
    """The event `seq` does not follow from the one before it."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(
            f"audit event {seq} was altered, or one before it is missing: restore the catalog from a backup"
        )


class NothingApplied(CatalogError):
    """The workspace's files were never applied."""

    def __init__(self) -> None:
        super().__init__("nothing is applied yet: run `concord apply`")


class NoSuchItem(CatalogError):
    """`identifier` is no item that the person may read; whether it exists is not told."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(f"no item {identifier!r} that you may read: `concord search` shows identifiers")


class NoSuchRevision(CatalogError):
    """The item can be read, and its `revision` is not kept or never was."""

    def __init__(self, identifier: str, revision: int | None, problem: str) -> None:
        self.identifier, self.revision = identifier, revision
        super().__init__(problem)


class NoSuchTrace(CatalogError):
    """`trace` is no trace that the person may read; whether it exists is not told."""

    def __init__(self, trace: str) -> None:
        self.trace = trace
        super().__init__(f"no trace {trace!r} that you may read")


class NoSuchKey(CatalogError):
    """`identity` is no API key, or one that was revoked already."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        super().__init__(f"no key {identity!r} that could be revoked: `concord keys list` shows them")
