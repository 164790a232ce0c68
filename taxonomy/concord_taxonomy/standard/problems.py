"""What is wrong with a record: one plain sentence per field, for the person who can change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from concord_taxonomy.standard.text import shown


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a record's field; `fatal` keeps the record out (quarantine)."""

    field: str
    value: str
    message: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def validation_problems(error: ValidationError) -> list[Problem]:
    """Return what a failed validation of a `ContentItem` means, one problem per field, in the order of its fields."""
    problems: dict[str, Problem] = {}
    for entry in error.errors(include_url=False):
        context = entry.get("ctx", {})
        location = [str(part) for part in entry["loc"]]
        field = str(context["field"]) if not location and "field" in context else (location[0] if location else "item")
        whole = entry["type"] == "missing" or not location
        value = "" if whole else shown(entry["input"])
        if field not in problems:
            problems[field] = Problem(field, value, _sentence(entry["type"], value, context, entry["msg"]))
    return list(problems.values())


_Say = Callable[[str, Mapping[str, Any]], str]

# pydantic's error types, in words for people who have never heard of pydantic.
_SENTENCES: dict[str, _Say] = {
    "missing": lambda value, ctx: "a value is needed and there is none",
    "enum": lambda value, ctx: f"{value!r} is not one of the standard's values: write {ctx.get('expected')}",
    "extra_forbidden": lambda value, ctx: "the standard has no field of this name",
    "string_type": lambda value, ctx: f"{value!r} is no text",
    "string_unicode": lambda value, ctx: "this is no valid Unicode text",
    "string_too_short": lambda value, ctx: "a value is needed and this one is empty",
    "string_too_long": lambda value, ctx: f"this has more than {ctx.get('max_length'):,} characters: shorten it",
    "tuple_type": lambda value, ctx: f"{value!r} is no list",
    "int_type": lambda value, ctx: f"{value!r} is no whole number",
    "int_parsing": lambda value, ctx: f"{value!r} is no whole number",
    "int_from_float": lambda value, ctx: f"{value!r} is no whole number",
    "greater_than_equal": lambda value, ctx: f"{value} is less than {ctx.get('ge')}",
    "timezone_aware": lambda value, ctx: f"{value!r} names no time zone: write one, as in 2026-03-12T10:00:00Z",
    "datetime_type": lambda value, ctx: f"{value!r} is no date and time: write one as in 2026-03-12T10:00:00Z",
    "datetime_parsing": lambda value, ctx: f"{value!r} is no date and time: write one as in 2026-03-12T10:00:00Z",
    "datetime_from_date_parsing": lambda value, ctx: f"{value!r} is no date: write one as in 2026-03-12",
    "date_type": lambda value, ctx: f"{value!r} is no date: write one as in 2026-03-12",
    "date_parsing": lambda value, ctx: f"{value!r} is no date: write one as in 2026-03-12",
    "date_from_datetime_parsing": lambda value, ctx: f"{value!r} is no date: write one as in 2026-03-12",
    "date_from_datetime_inexact": lambda value, ctx: f"{value!r} is a date with a time: write the date alone",
    "string_pattern_mismatch": lambda value, ctx: f"{value!r} is no language tag: write one as in en or en-GB",
    "value_error": lambda value, ctx: str(ctx.get("error", f"{value!r} cannot be used")),
}


def _sentence(kind: str, value: str, context: Mapping[str, Any], fallback: str) -> str:
    say = _SENTENCES.get(kind)
    # A check of ours words its own sentence; anything pydantic may add later keeps pydantic's.
    return say(value, context) if say else fallback
