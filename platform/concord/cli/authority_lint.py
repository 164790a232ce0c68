"""`concord authority lint`: what a policy says that cannot be meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AS_VARIABLE, AsJson, opened, principal
from concord.cli.errors import NobodyAsked
from concord.cli.output import note, print_json, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from concord.authority.lint import Declared, Finding
    from concord.authority.policy import Policy
    from concord.bootstrap import Concord, Foundation
    from concord_taxonomy.standard import Principal

_FOUND_ERRORS = 1


def lint(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="An authority.yaml. Default: the workspace's as its file says now.")
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="USER", help=f"Whose view of the content concepts are checked by. Default: ${AS_VARIABLE}."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a policy: names that nothing declares, clauses that never count, rankings that contradict each other.

    With somebody named, also concepts that several sources write about without a system of record, and pages that
    replace each other in a circle, among what that person may read. Exits with 1 when there are errors.
    """
    from concord.authority.lint import lint as check

    with opened(ctx) as concord:
        desired = concord.desired()
        policy = _policy(file) if file else desired.policy
        declared = _declared(concord, desired)
        try:
            who = principal(concord, as_)
        except NobodyAsked:
            who = None
        found = [*check(policy, declared), *(_of_content(concord, who, policy, declared) if who else ())]
    if as_json:
        counts = {each: sum(one.severity == each for one in found) for each in ("error", "warning")}
        print_json({"findings": [each.to_json() for each in found], "counts": counts, "content_checked": bool(who)})
    else:
        _show(found)
        if who is None:
            note("concord: the content was not looked at: name who looks with --as")
    raise typer.Exit(_FOUND_ERRORS if any(each.severity == "error" for each in found) else 0)


def _policy(file: Path) -> Policy:
    from concord.authority.policy import Policy
    from concord.workspace.files import read_text
    from concord.workspace.yaml import read_yaml

    whole = file.resolve()
    return Policy.read(read_yaml(file.name, read_text(whole.parent, whole)))


def _declared(concord: Concord, desired: Foundation) -> Declared:
    from concord.authority.lint import Declared

    concepts = desired.vocabulary.concepts
    people = desired.directory.users if concord.settings.auth == "development" else None
    return Declared(
        sources=desired.sources,
        concepts=concepts,
        departments=None if people is None else {each.department for each in people if each.department},
        use_cases=desired.use_cases,
        narrower=desired.vocabulary.narrower_closure,
        label=lambda iri: concepts[iri].label() if iri in concepts else iri,
    )


def _of_content(concord: Concord, who: Principal, policy: Policy, declared: Declared) -> list[Finding]:
    """What only the content shows, of what `who` may read."""
    from concord.authority.facts import Facts
    from concord.authority.links import cycles, replaces_links
    from concord.authority.lint import circles, without_record
    from concord.catalog.engine import reading
    from concord.catalog.items import all_readable

    contents: dict[str, set[str]] = {}
    linked: list[Facts] = []
    with reading(concord.engine) as connection:
        for item in all_readable(connection, who):
            for concept in item.subject[:1]:  # the first says best what an item is about
                contents.setdefault(concept, set()).add(item.source)
            linked.append(Facts.of(item))
    named: Mapping[str, set[str]] = contents
    return [*circles(cycles(replaces_links(linked, policy))), *without_record(policy, named, declared)]


def _show(found: list[Finding]) -> None:
    if not found:
        say("nothing found")
    for each in found:
        place = f"{each.place}: " if each.place else ""
        say(f"{each.severity}: {place}{each.detail} ({each.check}): {each.repair}")
