"""The options of a source, checked against what the constructor of its connector takes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import Parameter, signature

from concord.workspace.errors import FileProblem
from concord.workspace.sources import SourceDeclaration


def check_options(source: SourceDeclaration, build: Callable[..., object], given: Collection[str]) -> None:
    """Raise `FileProblem` for an option that `build` does not take, and for one that it needs and is not there.

    `given` names what the platform passes itself, which no file may say.
    """
    parameters = signature(build).parameters.values()
    named = [each for each in parameters if each.kind in (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    needed = {each.name: each.default is Parameter.empty for each in named if each.name not in given}
    others = any(each.kind is Parameter.VAR_KEYWORD for each in parameters)
    path = f"sources/{source.id}.yaml"
    for option in source.options:
        if option in given or (option not in needed and not others):
            known = ", ".join(f"{name} (needed)" if must else name for name, must in needed.items()) or "none"
            message = f"there is no such option; those of the connector {source.connector}: {known}"
            raise FileProblem(path, message, f"options.{option}")
    for option, must in needed.items():
        if must and option not in source.options:
            raise FileProblem(path, f"the connector {source.connector} needs this option", f"options.{option}")
