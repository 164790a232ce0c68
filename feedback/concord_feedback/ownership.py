"""Who owns what: rules as in a CODEOWNERS file, of which the last that matches wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from concord_feedback.errors import OwnershipError
from concord_feedback.validation import file_problems
from concord_taxonomy.standard.globs import check_globs, matches
from concord_taxonomy.standard.tokens import EVERYONE, check_token


def _somebody(token: str) -> str:
    if token == EVERYONE:
        raise ValueError("everyone is nobody in particular: write user:<id> or group:<id>")
    return check_token(token)


Holder = Annotated[str, AfterValidator(_somebody)]
"""Who can be held to something: `user:<id>` or `group:<id>`."""


class OwnershipMatch(BaseModel):
    """What a rule is about: all conditions that are given hold; none at all is everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str | None = Field(default=None, min_length=1)
    path: tuple[str, ...] | None = None
    concept: str | None = Field(default=None, min_length=1)

    @field_validator("path", mode="before")
    @classmethod
    def _globs(cls, value: Any) -> Any:
        globs = (value,) if isinstance(value, str) else value
        if isinstance(globs, list | tuple) and all(isinstance(glob, str) for glob in globs):
            check_globs(globs)
        return globs

    def applies(self, source: str, path: str, concepts: Collection[str]) -> bool:
        """Whether all conditions hold."""
        return (
            (self.source is None or self.source == source)
            and (self.concept is None or self.concept in concepts)
            and (self.path is None or (bool(path) and matches(self.path, path)))
        )


class OwnershipRule(BaseModel):
    """Who owns what matches; a steward decides where owners differ, a backup stands in for the owner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: OwnershipMatch
    owner: Holder
    steward: Holder | None = None
    backup: Holder | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for something, and the rule (counted from 1) that says so."""

    owner: str
    steward: str | None
    backup: str | None
    rule_number: int


class Ownership(BaseModel):
    """The rules of `ownership.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[OwnershipRule, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None, name: str = "ownership.yaml") -> Ownership:
        """Read the plain dict of the file; raises `OwnershipError` naming every mistake."""
        try:
            return cls.model_validate({} if data is None else data)
        except ValidationError as error:
            raise OwnershipError(name, file_problems(error, cls)) from None

    def resolve(self, source: str, path: str, concepts: Collection[str] = ()) -> Owner | None:
        """Return who owns the item with native id `path`, None where no rule says so.

        `concepts` are the item's own and their broader ones: a rule on a concept covers its narrower concepts.
        """
        for number in range(len(self.rules), 0, -1):
            rule = self.rules[number - 1]
            if rule.match.applies(source, path, concepts):
                return Owner(rule.owner, rule.steward, rule.backup, number)
        return None
