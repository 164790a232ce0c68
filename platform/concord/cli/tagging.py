"""`concord taxonomy evaluate`: how well items are tagged, on items that people have tagged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.errors import CommandError
from concord.cli.output import console, note, print_json, row, say, table

if TYPE_CHECKING:
    from concord_taxonomy.evaluation import Evaluation
    from concord_taxonomy.skos import Vocabulary


def register(taxonomy: typer.Typer) -> None:
    """Add the command."""
    taxonomy.command("evaluate")(evaluate)


def evaluate(
    ctx: typer.Context,
    gold: Annotated[Path, typer.Argument(help='JSON lines: {"identifier": "source/native-id", "subject": ["IRI"]}.')],
    as_: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Compare the tags that the words of items lead to with tags given by hand; metrics are named as in Annif.

    The vocabulary is the one in force. Items that are not there, or that USER may not read, are left out and counted.
    """
    from concord.catalog import items
    from concord.catalog.engine import reading
    from concord_taxonomy.evaluation import evaluate as evaluated

    wanted = _read(gold)
    with opened(ctx) as concord:
        who = principal(concord, as_)
        vocabulary = concord.foundation.vocabulary
        unknown = sorted({iri for iris in wanted.values() for iri in iris} - vocabulary.concepts.keys())
        if unknown:
            raise CommandError(f"{gold}: {unknown[0]} is no concept of the vocabulary in force: correct it, or apply")
        with reading(concord.engine) as connection:
            readable = items.readable(connection, who, wanted)
            bodies = {identifier: items.item_body(connection, identifier) for identifier in readable}
        suggested = {identifier: concord.suggested(item, bodies[identifier]) for identifier, item in readable.items()}
    current = {
        identifier: {iri for each in wanted[identifier] for iri in vocabulary.current(each)} for identifier in suggested
    }
    found = evaluated(current, suggested)
    left_out = len(wanted) - len(suggested)
    if as_json:
        print_json(_as_json(found, left_out))
    else:
        _show(found, vocabulary, left_out)


def _read(path: Path) -> dict[str, list[str]]:
    """Gold tags by item; raises `CommandError` with the line that cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from error
    found: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            identifier, subject = data["identifier"], data["subject"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise CommandError(f'{path}:{number}: not {{"identifier": "…", "subject": ["…"]}}') from error
        if not isinstance(identifier, str) or not isinstance(subject, list) or not subject:
            raise CommandError(f"{path}:{number}: identifier is a text, and subject a list of one IRI or more")
        if not all(isinstance(each, str) for each in subject):
            raise CommandError(f"{path}:{number}: subject holds IRIs of concepts")
        if identifier in found:
            raise CommandError(f"{path}:{number}: {identifier} is tagged on a line before")
        found[identifier] = subject
    return found


def _as_json(found: Evaluation, left_out: int) -> dict[str, Any]:
    return {
        "metrics": dict(found.metrics),
        "left_out": left_out,
        "concepts": {
            iri: {
                "precision": round(each.precision, 4),
                "recall": round(each.recall, 4),
                "f1": round(each.f1, 4),
                "f1@5": round(each.first.f1, 4),
                "ndcg": None if each.ndcg is None else round(each.ndcg, 4),
                "true_positives": each.true_positives,
                "false_positives": each.false_positives,
                "false_negatives": each.false_negatives,
            }
            for iri, each in found.concepts.items()
        },
    }


def _show(found: Evaluation, vocabulary: Vocabulary, left_out: int) -> None:
    if not found.metrics["Documents_evaluated"]:
        say("No item of the gold tags is there for you: nothing is measured.")
        return
    concepts = table("concept", "precision", "recall", "F1", "F1@5", "NDCG", "right", "wrong", "missed")
    for iri, each in found.concepts.items():
        label = vocabulary.concepts[iri].label() if iri in vocabulary.concepts else iri
        shares = (f"{value:.2f}" for value in (each.precision, each.recall, each.f1, each.first.f1))
        ndcg = "–" if each.ndcg is None else f"{each.ndcg:.2f}"
        row(concepts, label, *shares, ndcg, each.true_positives, each.false_positives, each.false_negatives)
    console().print(concepts)
    say(*(f"{name:32}{value:g}" for name, value in found.metrics.items()))
    if left_out:
        note(f"concord: {left_out} items are left out: not there, or not for you")
