"""The application: global options, the commands of this package and of plug-ins, and errors on one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from concord.cli.context import WORKSPACE_VARIABLE, State
from concord.cli.errors import BAD_INPUT, INTERRUPTED, is_expected, one_line
from concord.cli.output import note

COMMANDS: tuple[str, ...] = (
    "init",
    "apply",
    "sync",
    "ask",
    "search",
    "status",
    "item",
    "mapping",
    "taxonomy",
    "authority",
    "conflicts",
    "correct",
    "cases",
    "ledger",
    "proposals",
    "workspace",
    "index",
    "doctor",
    "keys",
    "serve",
    "worker",
    "mcp",
    "demo",
)
"""Modules of this package whose `register` adds a command, in the order of the help."""

PLUGINS = "concord.commands"
"""Entry points of this group are called with the application, like `register` (docs/extending.md)."""


def build_app(*, plugins: bool = True) -> typer.Typer:
    """The application with every command."""
    app = typer.Typer(
        name="concord",
        help="Many sources, one vocabulary; the authoritative source wins and says why.",
        no_args_is_help=True,
        add_completion=False,
        # A traceback that Rich prints shows local variables, and with them what documents say.
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    for name in COMMANDS:
        import_module(f"concord.cli.{name}").register(app)
    for entry in entry_points(group=PLUGINS) if plugins else ():
        try:
            entry.load()(app)
        except Exception as error:
            # A broken plug-in must not take the other commands with it.
            note(f"concord: plug-in {entry.name} ({entry.value}) is left out: {one_line(error)}")
    return app


@cache
def command() -> Any:
    """The click command of the application with every plug-in: as long to build as a short command takes to run."""
    return get_command(build_app())


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("concord-rag"))
        raise typer.Exit


def _options(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="FOLDER",
            envvar=WORKSPACE_VARIABLE,
            help="The workspace. Default: the nearest folder upward that holds a concord.yaml.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    ctx.obj = State(workspace)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 for what a person has to mend, told on one line."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            # A file name may hold what the terminal cannot show; it is no reason to fail.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = command()(args=arguments, prog_name="concord", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough; closing now keeps the interpreter from complaining at its end.
        sys.stdout = None
        return 1
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else 0


def _failed(error: Exception) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        return BAD_INPUT  # the help is printed already
    told = getattr(error, "format_message", None)
    if told is not None:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "concord"
        note(f"concord: {told()} (see `{path} --help`)".replace("\n", " "))
        return BAD_INPUT
    if is_expected(error) or isinstance(error, OSError):
        note(f"concord: {one_line(error)}")
        return BAD_INPUT
    raise error


if __name__ == "__main__":
    sys.exit(run())
