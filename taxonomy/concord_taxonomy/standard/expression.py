"""Expressions of a mapping: where a field's value comes from, and what is done to it on the way.

A value passes through the steps that are given, in this order: `pattern`, `split`, `strip`, `lower`, `map`, `date`,
`plus`. White space around a value never counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from concord_taxonomy.standard.durations import parse_duration
from concord_taxonomy.standard.paths import split_path
from concord_taxonomy.standard.patterns import check_pattern
from concord_taxonomy.standard.text import as_text, shown

PLUS_TAGS = ("a duration", "an expression")
"""How pydantic tells the two forms of `plus` apart in the places of its errors."""


def _plus_tag(value: Any) -> str:
    return PLUS_TAGS[isinstance(value, Mapping | BaseModel)]


class Expression(BaseModel):
    """One way to a value: `path` into the record or `const`, then the steps.

    `default` stands in for a value that is missing or not in `map`; `map_default: keep` lets values pass that `map`
    does not hold. `day_first` says how to read "03/12/2024". `plus` adds a duration ("6 months", or an expression
    that yields one); where that yields nothing, the whole expression yields nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=10_000)

    path: str | None = None
    const: Any = None
    default: Any = None
    pattern: str | None = None
    split: str | None = Field(default=None, min_length=1, max_length=20)
    strip: str | None = Field(default=None, min_length=1, max_length=100)
    lower: bool = False
    map: dict[str, Any] | None = None
    map_default: Literal["keep"] | None = None
    date: bool = False
    day_first: bool | None = None
    plus: (
        Annotated[
            Annotated[str, Tag(PLUS_TAGS[0])] | Annotated[Expression, Tag(PLUS_TAGS[1])], Discriminator(_plus_tag)
        ]
        | None
    ) = None

    @property
    def reads_date(self) -> bool:
        """Whether the value is read as a date."""
        return self.date or self.day_first is not None or self.plus is not None

    @field_validator("path")
    @classmethod
    def _path(cls, path: str | None) -> str | None:
        if path is not None:
            split_path(path)
        return path

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, pattern: str | None) -> str | None:
        return check_pattern(pattern) if pattern is not None else None

    @field_validator("plus")
    @classmethod
    def _duration(cls, plus: str | Expression | None) -> str | Expression | None:
        if isinstance(plus, str) and parse_duration(plus) is None:
            raise ValueError(f"{shown(plus)!r} is no duration: write one as in 6 months, 1 year or P6M")
        return plus

    @field_validator("const", "default")
    @classmethod
    def _constant(cls, value: Any) -> Any:
        return constant(value)

    @field_validator("strip", mode="before")
    @classmethod
    def _strip(cls, value: Any) -> Any:
        # `strip: true` reads well and says nothing more than what happens anyway.
        return None if value is True else value

    @field_validator("map", mode="before")
    @classmethod
    def _map(cls, table: Any) -> Any:
        if table is None:
            return None
        if not isinstance(table, Mapping) or not table:
            raise ValueError("write the source's values and the standard's, as in {Final: approved}")
        # YAML reads `yes:` and `1:` as no text; they are compared as text.
        return {(as_text(key) or "").strip(): constant(value) for key, value in table.items()}

    @model_validator(mode="after")
    def _whole(self) -> Expression:
        if (self.path is None) == (self.const is None):
            raise PydanticCustomError("expression", "write either `path` or `const`")
        steps = sorted(self.model_fields_set - {"const"})
        if self.const is not None and steps:
            raise PydanticCustomError("expression", "`const` stands alone: drop {steps}", {"steps": ", ".join(steps)})
        if self.map_default and self.map is None:
            raise PydanticCustomError("expression", "`map_default` needs a `map`")
        return self


def constant(value: Any) -> Any:
    """Return a constant of a mapping: a single value, a list of them as a tuple, or null."""
    if isinstance(value, list | tuple):
        if any(isinstance(element, list | tuple) for element in value):
            raise ValueError("a list inside a list is no value")
        return tuple(constant(element) for element in value)
    if value is not None and not isinstance(value, str | int | float | date):
        raise ValueError(f"a {type(value).__name__} is no value: write a single one, or a list of them")
    return value
