"""Errors of ingestion.

IngestionError
├── SourceBusy      another command is syncing the source
├── AlreadyInUse    an index is to be moved to where it is
├── MoveFailed      another index was filled and does not hold what it should
├── RecipeInUse     what the settings say of model and cut is in use already
└── Untriable       another model or cut cannot be tried beside what is in use
"""

from __future__ import annotations


class IngestionError(Exception):
    """A source cannot be brought up to date."""


class SourceBusy(IngestionError):
    """Another command holds the lock of `source`; `process` is its id, and `host` another machine, where known."""

    def __init__(self, source: str, process: int | None = None, host: str | None = None) -> None:
        self.source = source
        self.process = process
        self.host = host
        where = f" on {host}" if host else ""
        other = f"another command (process {process}{where})" if process else "another command"
        super().__init__(f"source {source!r} is being synced by {other}: wait for it to end, then sync again")


class AlreadyInUse(IngestionError):
    """`place` is the index in use."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"the index in use is {place}: name another place to move it to")


class MoveFailed(IngestionError):
    """The index in `place` was filled and is not what it should be; the one in use is as it was."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"the copy in {place} is not used: {reason}; is something else writing there? run it again")


class RecipeInUse(IngestionError):
    """Nothing has to be embedded by another `recipe`."""

    def __init__(self, recipe: str) -> None:
        self.recipe = recipe
        super().__init__(f"the index is by what the settings say already: {recipe}")


class Untriable(IngestionError):
    """A recipe cannot be tried beside the one in use, for the reason `why`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            f"{why}, which no gate can try beside what is in use: try it in a copy of the workspace with "
            "`concord eval gate`, then put it to use by `concord index reembed --anyway WHY`"
        )
