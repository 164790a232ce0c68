"""Errors of the command line, and the line that a person sees for any error of the platform.

CommandError
├── NobodyAsked       a reading command without --as
├── NoSuchSource      no source of that name
├── NoSuchScheme      no concept scheme of that name
├── NoSuchConcept     no one concept of that name in a scheme
├── PersonasClosed    --as outside of `auth: development`
├── FolderTaken       `concord init` would write over a file
└── SampleMissing     `concord demo` without the sample workspace
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

BAD_INPUT = 2
INTERRUPTED = 130

EXPECTED = frozenset(
    {
        "concord.access.errors.AccessError",
        "concord.authority.errors.AuthorityError",
        "concord.catalog.errors.CatalogError",
        "concord.cli.errors.CommandError",
        "concord.embedding.errors.EmbeddingError",
        "concord.governance.errors.GovernanceError",
        "concord.index.errors.VectorIndexError",
        "concord.ingestion.errors.IngestionError",
        "concord.retrieval.errors.RetrievalError",
        "concord.service.errors.ServiceError",
        "concord.usecases.errors.UseCaseError",
        "concord.workspace.errors.WorkspaceError",
        "concord_connectors.errors.ConnectorError",
        "concord_evals.errors.ConcordEvalsError",
        "concord_feedback.errors.ConcordFeedbackError",
        "concord_taxonomy.errors.ConcordTaxonomyError",
        "sqlalchemy.exc.SQLAlchemyError",
    }
)
"""Roots of the trees whose errors are a person's to mend; by name, so that none of them has to be imported."""


class CommandError(Exception):
    """A command was asked for something that it cannot do."""


class NobodyAsked(CommandError):
    """A command that reads needs to know for whom."""

    def __init__(self) -> None:
        super().__init__("who is asking? name a user of principals.yaml with --as USER, or set CONCORD_AS")


class PersonasClosed(CommandError):
    """`--as` names a persona, which exists in development workspaces only."""

    def __init__(self, auth: str) -> None:
        self.auth = auth
        super().__init__(f"--as needs `auth: development` in concord.yaml; this workspace has `auth: {auth}`")


class NoSuchSource(CommandError):
    """`name` is no declared source."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"no source {name!r}: one of {', '.join(sorted(known)) or '(none is declared)'}")


class NoSuchScheme(CommandError):
    """`name` is no concept scheme that can be compared; `known` are those that there are."""

    def __init__(self, name: str, known: Iterable[str], problem: str = "is neither a file nor a scheme here") -> None:
        self.name = name
        super().__init__(f"{name!r} {problem}: name one of {', '.join(sorted(known)) or '(there is none)'}")


class NoSuchConcept(CommandError):
    """`name` is no concept of the scheme, or several, which `found` lists."""

    def __init__(self, name: str, scheme: str, found: Iterable[str]) -> None:
        self.name = name
        several = ", ".join(found)
        problem = f"several concepts are called {name!r} ({several})" if several else f"no concept {name!r}"
        super().__init__(f"{problem} in {scheme}: give its IRI as `concord taxonomy align` prints it")


class FolderTaken(CommandError):
    """`path` is there already, and is not written over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} exists and is not overwritten: choose another folder")


class SampleMissing(CommandError):
    """The sample workspace is part of the source, not of the installed package."""

    def __init__(self) -> None:
        super().__init__("the sample workspace is not installed: run `make demo` in a clone of the source")


def is_expected(error: BaseException) -> bool:
    """Whether an error is a person's to mend, and its text says how."""
    return any(f"{each.__module__}.{each.__qualname__}" in EXPECTED for each in type(error).__mro__)


def one_line(error: BaseException) -> str:
    """The text of an error on one line; of a database's, what it said first and not the statement or its values."""
    said = getattr(error, "orig", None) or error
    text = getattr(getattr(said, "diag", None), "message_primary", None) or str(said) or type(error).__name__
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        text = f"the disk is full: free space, then run the command again ({text})"
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())
