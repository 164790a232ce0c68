"""What comes from other packages: from a source's declaration to its connector, and the gates of changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from inspect import signature
from pathlib import Path

from concord.governance.gates import BrokenGate, Gate
from concord.workspace import FileProblem
from concord.workspace.options import check_options
from concord.workspace.sources import SourceDeclaration
from concord_connectors.containment import ContainedParser
from concord_connectors.contract import Connector
from concord_connectors.errors import OptionError


@cache
def connectors() -> Mapping[str, EntryPoint]:
    """The installed connectors by name, as they were when first asked for."""
    return {entry.name: entry for entry in entry_points(group="concord.connectors")}


def gates(workspace: object) -> list[Gate]:
    """The installed gates, by name: each entry point of `concord.gates` is called with the workspace (`Concord`).

    One that gives None has nothing to say here. One that cannot be loaded refuses every change: leaving it out would
    let through what it is there to stop.
    """
    found = sorted(entry_points(group="concord.gates"), key=lambda entry: entry.name)
    made: list[Gate] = []
    for entry in found:
        try:
            gate = entry.load()(workspace)
        except Exception as error:
            gate = BrokenGate(entry.name, f"{type(error).__name__}: {error}")
        if gate is not None:
            made.append(gate)
    return made


def connect(source: SourceDeclaration, folder: Path, state: Path, parser: ContainedParser) -> Connector:
    """The connector of a source; raises `FileProblem` for an unknown one or a bad option. Paths begin at `folder`."""
    path = f"sources/{source.id}.yaml"
    found = connectors()
    if source.connector not in found:
        known = ", ".join(sorted(found))
        raise FileProblem(path, f"no connector {source.connector!r}: one of {known}", "connector")
    options: Mapping[str, object] = source.options
    build = found[source.connector].load()
    given: dict[str, object] = {"base": folder}
    if source.connector == "git":
        given["cache"] = state / "repositories"
    if "opener" in signature(build).parameters:
        given["opener"] = parser.open
    check_options(source, build, given)
    try:
        connector: Connector = build(**given, **options)
    except OptionError as error:
        raise FileProblem(path, error.problem, f"options.{error.option}") from error
    except TypeError as error:
        raise FileProblem(path, str(error).split("() ")[-1], "options") from error
    return connector
