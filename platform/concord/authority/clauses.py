"""The clauses of a policy: rankings of sources, delegations and freshness windows, and what each is set for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from concord_taxonomy.standard.item import AuthorityTier

Name = Annotated[str, Field(min_length=1)]
Abstention = Literal["unresolved", "contested", "stale", "dates_alone", "no_tier"]
"""Where a policy names no winner: no rule decides; something newer contests the winner; the winner is past its
freshness window; nothing but dates decides; the winner is of no listed tier."""


def no_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values; raises `ValueError` naming one that stands twice."""
    repeated = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if repeated is not None:
        raise ValueError(f"{str(repeated)!r} stands twice: keep one of them")
    return values


class Clause(BaseModel):
    """A part of a policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, and where: what rankings may be set for besides a subject. Nobody asks for the register.

    `regions` are those that the question names, in lower case.
    """

    use_case: str | None = None
    department: str | None = None
    regions: frozenset[str] = frozenset()


NOBODY = Situation()
"""Nobody asks."""


class Ranking(Clause):
    """Sources in order, best first; sources not named come last.

    It holds where all that it is set for holds: a `concept` and its narrower ones, the `department` of who asks, the
    `region` that the question or every claim with a place names, the `use_case` asked in.
    """

    concept: Name | None = None
    department: Name | None = None
    region: Name | None = None
    use_case: Name | None = None
    sources: Annotated[tuple[str, ...], AfterValidator(no_repeats)] = Field(min_length=1)

    @model_validator(mode="after")
    def _set_for_something(self) -> Ranking:
        if not self.conditions and self.concept is None:
            raise ValueError("say what it is set for: concept, department, region or use_case")
        return self

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """What it is set for besides a concept: pairs of `department`, `region` or `use_case` and its value."""
        named = ((name, getattr(self, name)) for name in ("department", "region", "use_case"))
        return tuple((name, value) for name, value in named if value is not None)

    def holds_in(self, situation: Situation, regions: Iterable[str] = ()) -> bool:
        """Whether its conditions hold; `regions` are those that the claims are about."""
        if self.use_case is not None and self.use_case != situation.use_case:
            return False
        if self.department is not None and _folded(self.department) != _folded(situation.department or ""):
            return False
        return self.region is None or _folded(self.region) in {*situation.regions, *regions}

    def describe(self) -> str:
        """Its conditions in words, such as "in Rotterdam, for Finance"; empty without any."""
        words = {"department": "for {}", "region": "in {}", "use_case": "in use case {}"}
        return ", ".join(words[name].format(value) for name, value in self.conditions)


class Delegation(Clause):
    """A source whose narrower scope may beat a higher tier, for a concept and its narrower concepts."""

    concept: Name
    source: Name


class Window(Clause):
    """For how many days what it matches is fresh, counted from its last review or change; the first that matches holds.

    It matches where all that it names holds: a tier, a source, a concept and its narrower ones; nothing is everything.
    """

    days: int = Field(ge=1, le=36_500)
    tier: AuthorityTier | None = None
    source: Name | None = None
    concept: Name | None = None


def _folded(text: str) -> str:
    return text.strip().casefold()
