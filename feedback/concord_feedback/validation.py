"""Pydantic's errors as problems of a file, in plain words."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from concord_feedback.errors import FileProblem

TAGS = ("a constant", "an object")
"""How pydantic tells two forms of one field apart in the places of its errors; no part of the file's own places."""

_WORDS = {
    "missing": "this is needed",
    "string_too_short": "this is needed and empty",
    "string_type": "write text",
    "model_type": "write an object",
    "model_attributes_type": "write an object",
    "tuple_type": "write a list",
    "too_short": "write at least one entry",
    "dict_type": "write an object",
}


def file_problems(error: ValidationError, model: type[BaseModel], place: str = "") -> list[FileProblem]:
    """Return one problem per mistake; `place` stands before the path of each (`line 12`)."""
    problems: list[FileProblem] = []
    for entry in error.errors(include_url=False):
        path = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in entry["loc"] if step not in TAGS
        ).lstrip(".")
        message = _WORDS.get(entry["type"]) or entry["msg"].removeprefix("Value error, ")
        if entry["type"] == "literal_error":
            message = f"write {entry.get('ctx', {}).get('expected')}"
        if entry["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            message = f"unknown: write one of {known}" if len(entry["loc"]) == 1 else "unknown: correct its spelling"
        problems.append(FileProblem(", ".join(part for part in (place, path) if part) or "file", message))
    return problems
