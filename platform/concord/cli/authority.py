"""`concord authority`: what `authority.yaml` decides, why, and what another one would, before it is in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.authority_diff import diff
from concord.cli.authority_explain import explain
from concord.cli.authority_lint import lint
from concord.cli.context import AsJson, opened, workspace_folder
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.authority.trial import Outcome, Trial

_FAILED = 1
MAX_FILE = 64 * 2**20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    authority = typer.Typer(no_args_is_help=True, help="Which source wins, why, and what another policy would change.")
    authority.command("test")(test)
    authority.command("explain")(explain)
    authority.command("lint")(lint)
    authority.command("diff")(diff)
    authority.command("schema")(schema)
    app.add_typer(authority, name="authority")


def schema() -> None:
    """Print the JSON Schema of `authority.yaml`."""
    from concord.authority.policy import Policy

    print_json(Policy.model_json_schema())


def test(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Examples, one JSON object a line.", show_default=False)],
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="An authority.yaml. Default: the workspace's as its file says now."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide the conflicts of examples, and compare with what their authors expect (docs/authority.md).

    The workspace's vocabulary is used where there is one. Exits with 1 when an expectation fails.
    """
    from datetime import UTC, datetime

    from concord.authority.examples import parse_examples
    from concord.authority.trial import totals
    from concord.cli.errors import CommandError

    examples = parse_examples(_read(file), file.name)
    if not examples:
        raise CommandError(f"{file} holds no example: write one JSON object a line (docs/authority.md)")
    trial, today = _trial(ctx, policy), datetime.now(UTC).date()
    outcomes = [trial.run(example, today) for example in examples]
    summary = totals(outcomes)
    if as_json:
        print_json({"cases": [each.to_json() for each in outcomes], "totals": summary})
    else:
        _show(outcomes, summary)
    raise typer.Exit(0 if all(each.passed for each in outcomes) else _FAILED)


def _read(file: Path) -> str:
    from concord.cli.errors import CommandError

    with file.open("rb") as opened_file:
        held = opened_file.read(MAX_FILE + 1)  # a pipe or a device has no size to ask for
    if len(held) > MAX_FILE:
        raise CommandError(f"{file} is larger than {MAX_FILE:,} bytes: split it")
    try:
        return held.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8 text (byte {error.start})") from None


def _trial(ctx: typer.Context, policy: Path | None) -> Trial:
    """The policy and the vocabulary: the workspace's where there is one, else the defaults and no vocabulary."""
    from concord.authority.concepts import VocabularyMatcher
    from concord.authority.policy import Policy
    from concord.authority.trial import Trial
    from concord.workspace.files import SETTINGS_FILE
    from concord.workspace.yaml import read_yaml
    from concord_taxonomy.labels import LabelIndex

    chosen = Policy.read(read_yaml(policy.name, _read(policy))) if policy else None
    if not (workspace_folder(ctx) / SETTINGS_FILE).is_file():
        return Trial(chosen or Policy())
    with opened(ctx) as concord:
        desired = concord.desired()
        vocabulary = desired.vocabulary
        matcher = VocabularyMatcher(LabelIndex(vocabulary), vocabulary)
        return Trial(chosen or desired.policy, matcher, vocabulary.narrower_closure)


def _show(outcomes: list[Outcome], summary: dict[str, Any]) -> None:
    for each in outcomes:
        if not each.passed:
            expected = each.example.expect
            wanted = f"conflict won by {expected.winner}" if expected.winner else "conflict that nobody wins"
            say(f"{each.example.id}: expected {wanted if expected.conflict else 'no conflict'}, got {each.verdict}")
            say(f"  {each.explanation}" + (f" (winner {each.winner})" if each.winner else ""))
    for name, part in {"all": summary, **summary["by_kind"]}.items():
        say(f"{name}: {_line(part)}")


def _line(part: dict[str, Any]) -> str:
    rates = ("precision", "recall", "f1", "winner_accuracy")
    told = [f"{name.replace('_', ' ')} {'undetermined' if part[name] is None else part[name]}" for name in rates]
    return ", ".join([f"{part['passed']} of {part['cases']} as expected", *told, f"abstentions {part['abstentions']}"])
