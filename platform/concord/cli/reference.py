"""The command reference: `python -m concord.cli.reference > docs/cli.md`. A test fails when the two differ."""

from __future__ import annotations

import re
import sys
from typing import Any

from concord.cli.main import build_app

_HEAD = """\
# Commands

Written by `python -m concord.cli.reference > docs/cli.md`; a test fails when it is out of date.

Every command exits with 0 when it did its work, with 2 when a person has to mend something (told on one line of
standard error), and with 130 when it was interrupted; `sync` exits with 1 when a source could not be read. Reading
commands take `--as USER`, or the user in `CONCORD_AS`, and show what that person may read.
"""


def reference() -> str:
    """The reference of every built-in command, as Markdown."""
    from typer.main import get_command

    command: Any = get_command(build_app(plugins=False))
    return "\n".join([_HEAD, *_described(command, "concord", None)]).rstrip("\n") + "\n"


def _described(command: Any, path: str, parent: Any) -> list[str]:
    context = command.make_context(path, [], parent=parent, resilient_parsing=True)
    usage = re.sub(r"\s+", " ", " ".join([path, *command.collect_usage_pieces(context)]))
    lines = [f"## `{path}`", "", *_paragraphs(command.help), "```", usage, "```", ""]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and parameter.name != "help":
            lines.append(f"- `{record[0]}`: {' '.join(record[1].split())}".rstrip(": "))
    if lines[-1]:
        lines.append("")
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        lines += _described(command.get_command(context, name), f"{path} {name}", context)
    return lines


def _paragraphs(text: str | None) -> list[str]:
    return [line for part in re.split(r"\n\s*\n", (text or "").strip()) for line in (" ".join(part.split()), "")]


if __name__ == "__main__":
    sys.stdout.write(reference())
