"""JSON Lines files of things with ids: every wrong line is named at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from concord_feedback.errors import FileProblem
from concord_feedback.validation import file_problems

Line = TypeVar("Line", bound=BaseModel)
FileError = Callable[[str, Sequence[FileProblem]], Exception]


def parse_lines(text: str, name: str, model: type[Line], error: FileError) -> list[Line]:
    """Read one `model` a line; blank lines do not count. Raises `error` with the file's name and every problem."""
    found: list[Line] = []
    problems: list[FileProblem] = []
    first: dict[str, int] = {}
    # Not str.splitlines: JSON text may hold U+2028 as it is.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            made = model.model_validate(json.loads(line))
        except ValidationError as wrong:
            problems.extend(file_problems(wrong, model, f"line {number}"))
            continue
        except (ValueError, RecursionError) as wrong:
            problems.append(FileProblem(f"line {number}", f"this is no JSON object on one line ({wrong})"))
            continue
        key = str(getattr(made, "id", number))
        if key in first:
            message = f"{key!r} stands on line {first[key]} already: ids are unique"
            problems.append(FileProblem(f"line {number}, id", message))
        first.setdefault(key, number)
        found.append(made)
    if problems:
        raise error(name, problems)
    return found
