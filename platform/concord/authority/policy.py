"""The authority policy: authority.yaml as a model, every part with a default."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.errors import PolicyError
from concord_taxonomy.standard.item import AuthorityTier, Status

RuleName = Literal["in_force", "status", "source_ranking", "tier", "specificity", "effective_date", "claim_date"]
RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)
"""The rules in their default order."""


def _no_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    repeated = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if repeated is not None:
        raise ValueError(f"{str(repeated)!r} stands twice: keep one of them")
    return values


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ranking(_Part):
    """Sources in order, best first, for a concept and its narrower concepts; sources not named come last."""

    concept: str = Field(min_length=1)
    sources: Annotated[tuple[str, ...], AfterValidator(_no_repeats)] = Field(min_length=1)


class Delegation(_Part):
    """A source whose narrower scope may beat a higher tier, for a concept and its narrower concepts."""

    concept: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Policy(_Part):
    """Who outranks whom. Tiers are listed highest first, statuses best first; rules apply in their order.

    >>> Policy.read({"contested_after_days": 30}).rules[0]
    'in_force'
    """

    tiers: Annotated[tuple[AuthorityTier, ...], AfterValidator(_no_repeats)] = tuple(AuthorityTier)
    statuses: Annotated[tuple[Status, ...], AfterValidator(_no_repeats)] = (
        Status.APPROVED,
        Status.IN_REVIEW,
        Status.DEPRECATED,
        Status.DRAFT,
        Status.WITHDRAWN,
    )
    rules: Annotated[tuple[RuleName, ...], AfterValidator(_no_repeats)] = RULE_NAMES
    rankings: tuple[Ranking, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    contested_after_days: int = Field(default=365, ge=1)

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Policy:
        """Build a policy from authority.yaml's content; raise `PolicyError` naming every place that is wrong."""
        if data is None:
            return cls()
        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise PolicyError(tuple(_problem(each) for each in error.errors())) from None

    def fingerprint(self) -> str:
        """A digest of what the policy says, whatever the file's layout; decisions record it."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def ranking_for(self, concepts: frozenset[str], narrower: NarrowerConcepts = only_itself) -> Ranking | None:
        """The ranking whose subtree holds one of the concepts; the smallest subtree wins, then the earlier ranking."""
        found = [
            (len(closure), index)
            for index, ranking in enumerate(self.rankings)
            if concepts & (closure := narrower(ranking.concept) | {ranking.concept})
        ]
        return self.rankings[min(found)[1]] if found else None

    def delegated(self, concepts: frozenset[str], narrower: NarrowerConcepts = only_itself) -> frozenset[str]:
        """The sources to which one of the concepts is delegated."""
        return frozenset(
            each.source for each in self.delegations if concepts & (narrower(each.concept) | {each.concept})
        )

    def tier_rank(self, tier: str | None) -> int:
        """A tier's place, 0 the highest; no tier, or one not listed, comes last."""
        return next((index for index, each in enumerate(self.tiers) if each == tier), len(self.tiers))

    def status_rank(self, status: str) -> int:
        """A status' place, 0 the best; one not listed comes last."""
        return next((index for index, each in enumerate(self.statuses) if each == status), len(self.statuses))


def _problem(error: Mapping[str, Any]) -> tuple[str, str]:
    place = ".".join(str(part) for part in error["loc"]) or "the file"
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = ", ".join(_known_keys(error["loc"]))
        return place, f"unknown key; known here: {known}"
    message = str(error["msg"]).removeprefix("Value error, ")
    if name == "rules" and error["type"] == "literal_error":
        message = f"{error['input']!r} is no rule; the rules are {', '.join(RULE_NAMES)}"
    return place, message


def _known_keys(place: tuple[Any, ...]) -> tuple[str, ...]:
    parts: dict[str, type[_Part]] = {"rankings": Ranking, "delegations": Delegation}
    model = parts.get(str(place[0]), Policy) if len(place) > 1 else Policy
    return tuple(model.model_fields)
