"""The declarative mapping from a source's records to the standard: `mapping:` in `sources/*.yaml`."""

from __future__ import annotations

import hashlib
import json
from collections import abc
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from concord_taxonomy.standard.expression import Expression
from concord_taxonomy.standard.globs import check_globs, matches
from concord_taxonomy.standard.paths import look_up, split_path
from concord_taxonomy.standard.patterns import check_pattern, search
from concord_taxonomy.standard.text import as_text
from concord_taxonomy.standard.version import STANDARD_VERSION

Alternatives = tuple[Expression, ...]
"""Expressions of which the first that yields a value wins; none at all clears the field (in a rule)."""


class Match(BaseModel):
    """When a rule applies: all conditions that are given hold.

    `path` is a glob (or several) on the record's native id, `native_id` that id itself, `field` a path into the record
    that must hold a value, which `pattern`, where given, must be found in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: tuple[str, ...] | None = None
    native_id: str | None = Field(default=None, min_length=1)
    field: str | None = None
    pattern: str | None = None

    @field_validator("path", mode="before")
    @classmethod
    def _globs(cls, value: Any) -> Any:
        globs = (value,) if isinstance(value, str) else value
        if isinstance(globs, list | tuple) and all(isinstance(glob, str) for glob in globs):
            check_globs(globs)
        return globs

    @field_validator("field")
    @classmethod
    def _field(cls, field: str | None) -> str | None:
        if field is not None:
            split_path(field)
        return field

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, pattern: str | None) -> str | None:
        return check_pattern(pattern) if pattern is not None else None

    @model_validator(mode="after")
    def _whole(self) -> Match:
        if self.path is None and self.native_id is None and self.field is None:
            raise PydanticCustomError(
                "match", "write a `path`, a `native_id` or a `field`; what holds for every record goes to `fields`"
            )
        if self.pattern is not None and self.field is None:
            raise PydanticCustomError("match", "`pattern` needs the `field` that it is looked for in")
        return self

    def applies(self, record: abc.Mapping[str, Any]) -> bool:
        """Whether all conditions hold for a record; raises `SlowPattern` where that cannot be told in time."""
        native_id = record.get("native_id")
        if self.native_id is not None and native_id != self.native_id:
            return False
        if self.path is not None and not (isinstance(native_id, str) and matches(self.path, native_id)):
            return False
        return self.field is None or self._found(look_up(record, self.field))

    def _found(self, value: Any) -> bool:
        values = value if isinstance(value, list | tuple) else [value]
        texts = [text for text in map(as_text, values) if text and text.strip()]
        pattern = self.pattern
        return bool(texts) if pattern is None else any(search(pattern, text) is not None for text in texts)


class Rule(BaseModel):
    """What holds for some records: `set` overrides what stood before, `add` appends to a list field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Match
    set: dict[str, Alternatives] = Field(default_factory=dict)
    add: dict[str, Alternatives] = Field(default_factory=dict)


class Mapping(BaseModel):
    """A source's mapping to the standard. Read one with `parse_mapping`, which names the place of every mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: str = STANDARD_VERSION
    fields: dict[str, Alternatives] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


def mapping_fingerprint(mapping: Mapping) -> str:
    """Return a SHA-256 (hexadecimal) of what a mapping means: the order of fields and of map entries does not count."""
    data = mapping.model_dump(mode="json", exclude_defaults=True) | {"standard": STANDARD_VERSION}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
