"""Changes of terms, proposed and told of: what every command that changes the vocabulary ends with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_taxonomy.changes import TermChange
    from concord_taxonomy.standard import Principal


def submit(
    concord: Concord, made: Callable[[], TermChange], who: Principal, why: str, draft: bool, as_json: bool
) -> None:
    """Propose a change of a term and print what became of it; a development workspace puts it in force at once."""
    from pydantic import ValidationError

    from concord.cli.errors import CommandError
    from concord.cli.proposals import finish
    from concord.governance.terms import KIND, TermOperation
    from concord.workspace.yaml import plain_message

    try:
        operation = TermOperation(made())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise CommandError(f"{first['loc'][0]}: {plain_message(first)}") from error
    held = concord.foundation.declarations
    values, by = operation.to_json(), f"user:{who.id}"
    outcome = concord.proposals.propose(
        KIND, operation.files(held), by, why, values, submit=not draft, made_from=held.digest
    )
    finish(concord, outcome, as_json)
