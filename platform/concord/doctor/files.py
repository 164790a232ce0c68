"""Checks of the files that people write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from concord.catalog.errors import CatalogError, NothingApplied
from concord.doctor.model import Check, Level, fine
from concord_feedback import Ownership


def files(problems: Sequence[object], differ: Callable[[], bool]) -> Iterator[Check]:
    """Whether the files could be put in force, and whether they are."""
    if problems:
        found = f"{len(problems)} problems, the first: {problems[0]}"
        yield Check("files", Level.PROBLEM, found, "run `concord apply --check`, which lists them all, and mend them")
        return
    try:
        differs = differ()
    except NothingApplied as error:
        yield Check("files", Level.WARNING, "right, and nothing is in force yet", str(error).partition(": ")[2])
        return
    except CatalogError:
        yield fine("files", "right; whether they are in force cannot be told without the catalog")
        return
    if differs:
        yield Check("files", Level.WARNING, "right, but other than what is in force", "run `concord apply`")
    else:
        yield fine("files", "right, and in force")


def owners(ownership: Ownership, approvers: Collection[str], there: Callable[[str], bool]) -> Check:
    """Whether somebody is `there` for what no page is about: questions that nothing answers are such cases."""
    rest = ownership.resolve("", "")
    named = [ownership.roles.triage, *((rest.owner, rest.backup, rest.steward) if rest else ()), *approvers]
    if any(each and there(each) for each in named):
        return fine("owners", "every case has somebody whom it goes to")
    found = "cases of what no page is about, as of questions that nothing answers, may go to nobody"
    remedy = (
        "give ownership.yaml a first rule {match: {}, owner: user:…}, or `roles.triage`, with somebody who is there"
    )
    return Check("owners", Level.WARNING, found, remedy)
