"""`concord taxonomy`: work on vocabularies, as files."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli import propose, tagging
from concord.cli.context import AsJson
from concord.cli.errors import CommandError
from concord.cli.output import note, print_json, say
from concord.cli.taxonomy_align import align

if TYPE_CHECKING:
    from concord_taxonomy.quality import Report

_SHOWN = 5
_FOUND_ERRORS = 1

Files = Annotated[
    list[Path],
    typer.Argument(help="Files, or folders of them: Turtle, RDF/XML, N-Triples, JSON-LD, CSV.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    taxonomy = typer.Typer(no_args_is_help=True, help="Work on vocabularies.")
    taxonomy.command("check")(check)
    taxonomy.command("convert")(convert)
    tagging.register(taxonomy)
    taxonomy.command("align")(align)
    propose.register(taxonomy)
    app.add_typer(taxonomy, name="taxonomy")


def check(
    files: Files,
    as_json: AsJson = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Rewrite RDF files with every repair that loses nothing (their comments are lost)."),
    ] = False,
    all_: Annotated[bool, typer.Option("--all", help="Show every finding, not the first few of each check.")] = False,
) -> None:
    """Check vocabularies, all files as one: SKOS integrity (errors) and qSKOS quality issues (warnings).

    Exits with 1 when there are errors.
    """
    from concord_taxonomy.quality import check as checked
    from concord_taxonomy.quality import repair
    from concord_taxonomy.skos.files import is_columns, is_list

    held = _read(files)
    lists = [file for file in held if is_list(file)]
    offered = " (--fix does it, but not in CSV lists)" if lists else " (--fix does it)"
    if fix or all(is_list(file) or is_columns(file, held) for file in held):
        offered = ""
    if fix:
        changed = repair(held)
        for file, data in changed.items():
            _replace(Path(file), data)
            note(f"concord: {file} is rewritten")
        if lists:
            note(f"concord: CSV lists are not fixed: edit {', '.join(lists)}, or `concord taxonomy convert` to Turtle")
        held |= changed
    report = checked(held)
    if as_json:
        print_json(report.to_json())
    else:
        _show(report, sys.maxsize if all_ else _SHOWN, offered)
    raise typer.Exit(_FOUND_ERRORS if report.errors else 0)


def convert(
    files: Files,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="File to write; its ending tells the format.", show_default=False),
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file where there is one.")] = False,
) -> None:
    """Write vocabularies as one file in another format, or in the same one in its fixed order.

    Into RDF everything goes but comments. A CSV list holds what its columns name, in a YAML file of its name beside it.
    """
    from concord_taxonomy.skos import VocabularyFileError, convert, parse_vocabularies, write_terms
    from concord_taxonomy.skos.columns import read_columns
    from concord_taxonomy.skos.files import COLUMNS, is_list, read_file

    held = _read(files)
    if out.exists() and not replace:
        raise CommandError(f"{out} is there already: name another file, or pass --replace")
    try:
        if is_list(str(out)):
            beside = out.with_suffix(COLUMNS)
            columns = read_columns(read_file(beside), str(beside))
            data = write_terms(parse_vocabularies(held, shared_scheme=""), columns)
        else:
            data = convert(held, str(out))
        _replace(out, data)
    except OSError as error:
        raise VocabularyFileError(str(out), None, f"cannot be written: {error.strerror}") from error
    note(f"concord: {out} is written")


def _read(paths: list[Path]) -> dict[str, bytes]:
    """The files by name, those of folders included; raises `VocabularyFileError` and `CommandError`."""
    from concord_taxonomy.skos.files import ENDINGS, files_in, read_file, with_columns

    found: list[Path] = []
    for path in paths:
        inside = files_in(path) if path.is_dir() else with_columns([path])
        if not inside:
            raise CommandError(f"{path} holds no vocabulary: files end in {', '.join(ENDINGS)}")
        found += inside
    return {str(path): read_file(path) for path in found}


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)


def _show(report: Report, shown: int, offered: str) -> None:
    from concord_taxonomy.quality import REPAIRED

    for _, group in groupby(report.findings, key=lambda finding: finding.check):
        found = list(group)
        first = found[0]
        mended = offered if first.check in REPAIRED else ""
        say(f"{first.severity.value} {first.check}: {len(found):,}", f"  repair: {first.repair}{mended}")
        say(*(f"  {each.concept} {each.detail}" for each in found[:shown]))
        if len(found) > shown:
            say(f"  … and {len(found) - shown:,} more (--all)")
    warnings = len(report.findings) - report.errors
    say(f"{report.concepts:,} concepts, {report.triples:,} triples: {report.errors:,} errors, {warnings:,} warnings")
