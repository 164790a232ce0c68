"""The authority policy: authority.yaml as a model, every part with a default."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, ValidationError

from concord.authority.clauses import NOBODY, Abstention, Clause, Delegation, Ranking, Situation, Window, no_repeats
from concord.authority.concepts import NarrowerConcepts, only_itself
from concord.authority.errors import PolicyError
from concord.authority.facts import Facts
from concord_taxonomy.standard.item import AuthorityTier, Status

RuleName = Literal["in_force", "status", "source_ranking", "tier", "specificity", "effective_date", "claim_date"]
RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)
"""The rules in their default order."""


class Policy(Clause):
    """Who outranks whom. Tiers are listed highest first, statuses best first; rules apply in their order.

    >>> Policy.read({"contested_after_days": 30}).rules[0]
    'in_force'
    """

    tiers: Annotated[tuple[AuthorityTier, ...], AfterValidator(no_repeats)] = tuple(AuthorityTier)
    statuses: Annotated[tuple[Status, ...], AfterValidator(no_repeats)] = (
        Status.APPROVED,
        Status.IN_REVIEW,
        Status.DEPRECATED,
        Status.DRAFT,
        Status.WITHDRAWN,
    )
    rules: Annotated[tuple[RuleName, ...], AfterValidator(no_repeats)] = RULE_NAMES
    rankings: tuple[Ranking, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    contested_after_days: int = Field(default=365, ge=1)
    freshness: tuple[Window, ...] = ()
    abstain: Annotated[tuple[Abstention, ...], AfterValidator(no_repeats)] = ()

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
        said = self.model_dump(mode="json", exclude_none=True)
        # What came later and is not used leaves the digest as it was, so that decisions made before replay.
        said = {name: value for name, value in said.items() if value or name not in ("freshness", "abstain")}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def ranking_for(
        self,
        concepts: frozenset[str],
        narrower: NarrowerConcepts = only_itself,
        situation: Situation = NOBODY,
        regions: frozenset[str] = frozenset(),
    ) -> Ranking | None:
        """The ranking of one of the concepts that holds in the situation.

        The smallest subtree wins, then the one with more conditions, then the earlier. Without concepts it is one that
        is set for no concept.
        """
        found = [
            (size, -len(ranking.conditions), index)
            for index, ranking in enumerate(self.rankings)
            if ranking.holds_in(situation, regions) and (size := _size(ranking, concepts, narrower)) is not None
        ]
        return self.rankings[min(found)[2]] if found else None

    def fresh_until(self, facts: Facts, narrower: NarrowerConcepts = only_itself) -> date | None:
        """The last day of an item's freshness window; None where none is set, or nothing tells of its age."""
        since = max((day for day in (facts.reviewed, facts.modified) if day is not None), default=None)
        if since is None:
            return None
        for window in self.freshness:
            if window.tier not in (None, facts.tier) or window.source not in (None, facts.source):
                continue
            if window.concept is None or not (narrower(window.concept) | {window.concept}).isdisjoint(facts.subject):
                return since + timedelta(days=min(window.days, (date.max - since).days))
        return None

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
    parts: dict[str, type[Clause]] = {"rankings": Ranking, "delegations": Delegation, "freshness": Window}
    model = parts.get(str(place[0]), Policy) if len(place) > 1 else Policy
    return tuple(model.model_fields)


def _size(ranking: Ranking, concepts: frozenset[str], narrower: NarrowerConcepts) -> int | None:
    """How many concepts a ranking's subtree has where one of these is in it; 0 for one that is set for none."""
    if ranking.concept is None:
        return None if concepts else 0
    closure = narrower(ranking.concept) | {ranking.concept}
    return len(closure) if concepts & closure else None
