"""`concord mapping`: try a source's mapping before it is applied, and print the standard that it maps to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.errors import NoSuchSource
from concord.cli.output import console, note, print_json, row, say, table
from concord.cli.progress import counted

if TYPE_CHECKING:
    from concord_taxonomy.standard import MappingReport


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="mapping", help="Try mappings to the metadata standard.", no_args_is_help=True)
    group.command("test")(test)
    group.command("schema")(schema)
    app.add_typer(group)


def test(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The stem of a file of sources/.")],
    sample: Annotated[int, typer.Option("--sample", min=1, max=100_000, help="Records to try.")] = 100,
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Map some records of a source as its file says now, and show every field: coverage, origin, examples, failures.

    Nothing is stored. Those who answer for the source see everything; others the records that they may read.
    """
    with opened(ctx) as concord:
        desired = concord.desired()
        held = concord.known
        if source not in desired.sources:
            raise NoSuchSource(source, desired.sources)
        who = principal(concord, as_, held.directory)
        # A source that is not applied yet has its owner in the files alone.
        answers = (held if source in held.sources else desired).answers_for(who, source)
        with counted("records", sample) as progress:
            report = concord.trial(desired, held, source).report(sample, None if answers else who, progress)
    if as_json:
        print_json(report.as_dict())
    else:
        _show(report)
        if not answers:
            note("these are the records that you may read; those who answer for the source see all of them")


def schema() -> None:
    """Print the JSON Schema of the metadata standard."""
    from concord_taxonomy.standard import content_item_schema

    print_json(content_item_schema())


def _show(report: MappingReport) -> None:
    say(f"{report.mapped} of {report.total} records mapped, {report.quarantined} would be quarantined")
    shown = table("field", "coverage", "given by", "examples")
    for field in report.fields:
        if field.given:
            origins = ", ".join(f"{name} {count}" for name, count in field.origins.items())
            row(shown, field.field, f"{field.given} ({field.share:.0%})", origins, " | ".join(field.examples))
    if shown.row_count:
        console().print(shown)
    if report.mapped and (empty := [field.field for field in report.fields if not field.given]):
        say(f"no value: {', '.join(empty)}")
    for word, groups in (("failed", report.failures), ("warning", report.warnings)):
        for group in groups:
            say(f"{word}: {group.field} in {group.count} record{'s' if group.count > 1 else ''}")
            say(*(f"  {each.identifier}: {each.message}" for each in group.samples))
