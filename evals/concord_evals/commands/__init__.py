"""`concord eval`: golden sets asked, kept, compared. Plugged in by the entry point `concord.commands`."""

from __future__ import annotations

from importlib import import_module

import typer

COMMANDS = {
    "run": "running",
    "list": "listing",
    "show": "listing",
    "compare": "comparing",
    "gate": "gating",
    "scorecard": "scoring",
    "ragas": "judging",
    "export": "exporting",
    "new": "drafting",
    "coverage": "drafting",
}
"""Commands in the order of the help, with the module that has each."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="eval", help="Ask golden sets, and tell whether a change made answers worse.", no_args_is_help=True
    )
    for name, module in COMMANDS.items():
        found = import_module(f"concord_evals.commands.{module}")
        group.command(name)(getattr(found, "list_" if name == "list" else name))
    app.add_typer(group)
