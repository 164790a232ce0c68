"""`concord demo`: the main job on the sample workspace, from its files to governed answers."""

from __future__ import annotations

import time
from pathlib import Path

import typer

from concord.cli import ask as ask_command
from concord.cli.context import State, opened, principal
from concord.cli.errors import SampleMissing
from concord.cli.output import say
from concord.cli.progress import sync_progress

QUESTIONS = (
    ("daniel.costa", "How much PTO do I get a year?", "Engineering asks in its own word for annual leave."),
    ("nadia.rahman", "How soon do I have to send in a reimbursement request?", "Operations asks about expenses."),
    ("amina.diallo", "Where does the pay band of grade 7 end?", "Reward may read the pay bands."),
    (
        "jonas.weber",
        "Where does the pay band of grade 7 end?",
        "Accounts payable may not: for them there is no such page.",
    ),
)
"""Who asks what in the demo, and what it shows."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(ctx: typer.Context) -> None:
    """Read the sample company's sources and answer four questions over them; the second run takes seconds."""
    began = time.perf_counter()
    folder = sample_workspace()
    ctx.obj = State(folder)
    with opened(ctx) as concord:
        concord.proposals.apply(concord.desired().declarations, "local:demo", "the sample company")
        sources = concord.foundation.sources
        with sync_progress() as watch:
            outcome = concord.sync_sources(sources.values(), watch)
        read = sum(each.report.read for each in outcome.sources if each.report)
        say(f"{len(sources)} sources of Meridian: {read} documents read, {outcome.drained.embedded} texts embedded")
        for user, question, why in QUESTIONS:
            say("", f"── {why}", f'$ concord ask "{question}" --as {user}', "")
            ask_command.show(concord.ask(question, principal(concord, user)))
    say("", f"Done in {time.perf_counter() - began:.1f} s. The workspace: {_shown(folder)}")


def sample_workspace() -> Path:
    """The sample workspace of a source checkout; raises `SampleMissing` elsewhere."""
    for above in Path(__file__).resolve().parents:
        folder = above / "examples" / "meridian"
        if (folder / "concord.yaml").is_file():
            return folder
    raise SampleMissing


def _shown(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)
