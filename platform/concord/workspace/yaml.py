"""YAML files with errors that name the file and the place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from concord.workspace.errors import FileProblem

T = TypeVar("T")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it: a tenth of the time, the same values."""
_WORDS = {
    "extra_forbidden": "there is no such key: correct its spelling, or delete it",
    "missing": "this is needed",
}
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\}")


def read_yaml(path: str, text: str) -> dict[str, Any]:
    """The mapping that a YAML file holds (an empty file is an empty mapping); raises `FileProblem`."""
    try:
        data = _loaded(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise FileProblem(path, error.problem or "not YAML", f"line {mark.line + 1}" if mark else "") from error
    except yaml.YAMLError as error:
        raise FileProblem(path, f"not YAML: {error}") from error
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise FileProblem(path, "must be a mapping of names to values")
    return data


def _loaded(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        return yaml.safe_load(text)  # which tells a mistake and its place better


def validate(path: str, build: Callable[[], T]) -> T:
    """Run `build`, turning pydantic's errors into one `FileProblem` that names the first place and counts the rest."""
    try:
        return build()
    except ValidationError as error:
        problems = error.errors(include_url=False)
        first = problems[0]
        place = ".".join(str(part) for part in first["loc"])
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise FileProblem(path, plain_message(first) + more, place) from error


def plain_message(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says, for a person who writes YAML."""
    if error["type"] == "string_type" and isinstance(error["input"], int | float | date):
        # Its text is not known any more: 1.10 is read as 1.1, and `no` as false.
        return 'must be a text, and YAML reads this as something else: put it in quotes, as in "1.0"'
    return _WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


def expand_variables(path: str, value: Any) -> Any:
    """Replace `${NAME}` and `${NAME:-default}` in every string of `value`; raises `FileProblem` for an unset one."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _variable(path, match), value)
    if isinstance(value, dict):
        return {key: expand_variables(path, part) for key, part in value.items()}
    if isinstance(value, list):
        return [expand_variables(path, part) for part in value]
    return value


def _variable(path: str, match: re.Match[str]) -> str:
    value = os.environ.get(match["name"]) or match["default"]
    if value is None:
        raise FileProblem(path, f"the environment variable {match['name']} is not set, and has no default here")
    return value
