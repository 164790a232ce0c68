"""Who owns what: rules as in a CODEOWNERS file, of which the last that matches wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

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


class Roles(BaseModel):
    """Who answers for what no owner of an item can mend; what is not given falls to whoever owns everything else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    access: Holder | None = None
    authority: Holder | None = None
    taxonomy: Holder | None = None
    engineering: Holder | None = None
    triage: Holder | None = None


class Term(BaseModel):
    """How long a case of one severity may wait, in hours: for somebody to acknowledge it, and for a fix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acknowledge_hours: float = Field(gt=0, le=10_000)
    fix_hours: float = Field(gt=0, le=10_000)


class Terms(BaseModel):
    """The terms of each severity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    critical: Term = Term(acknowledge_hours=2, fix_hours=24)
    high: Term = Term(acknowledge_hours=8, fix_hours=72)
    medium: Term = Term(acknowledge_hours=24, fix_hours=168)
    low: Term = Term(acknowledge_hours=72, fix_hours=720)


class Absence(BaseModel):
    """Somebody is away from the day `since` up to and without the day `until`, and `delegate` stands in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: Holder
    delegate: Holder
    since: date
    until: date

    @model_validator(mode="after")
    def _sensible(self) -> Absence:
        if self.until <= self.since:
            raise ValueError("until is not after since")
        if self.who == self.delegate:
            raise ValueError("nobody stands in for themselves")
        return self


class Ownership(BaseModel):
    """The rules of `ownership.yaml`, with roles, terms and absences, of which cases are routed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[OwnershipRule, ...] = ()
    roles: Roles = Roles()
    sla: Terms = Terms()
    away: tuple[Absence, ...] = ()

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

    def present(self, holder: str, on: date) -> str:
        """Who stands in for somebody on a day: themselves, or a delegate, or theirs; where all are away, themselves."""
        here, met = holder, {holder}
        while away := next((each for each in self.away if each.who == here and each.since <= on < each.until), None):
            here = away.delegate
            if here in met:
                return holder
            met.add(here)
        return here

    def absent(self, holder: str, on: date) -> bool:
        """Whether somebody is away on a day, and whoever stands in for them is too."""
        here = self.present(holder, on)
        return any(each.who == here and each.since <= on < each.until for each in self.away)
