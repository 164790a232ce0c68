"""The decision about a conflict set: verdict, rule, winner, losers, and all it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from concord.authority.claims import Claim
from concord.authority.clauses import Abstention
from concord.authority.policy import RuleName
from concord.authority.rules import Context


class Verdict(StrEnum):
    """What became of a conflict set."""

    RESOLVED = "resolved"
    CONTESTED = "contested"
    UNRESOLVED = "unresolved"
    DIFFERS_BY_SCOPE = "differs_by_scope"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Loss:
    """A claim that lost, and the rule at which it did; `contests` marks one much newer than the winner."""

    claim: Claim
    rule: RuleName
    contests: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its claims by value, so that replaying it survives later edits of content.

    `rule` is the one that left a single value, `explanation` says so in one sentence. `winner` is the claim to quote,
    `agreeing` are others that state the same. Of an unresolved or scoped set `standing` holds the claims that stay side
    by side, and there is neither winner nor rule. `abstained` is the condition under which the policy names no winner.
    `claims` is everything decided upon, in one order.
    """

    verdict: Verdict
    policy: str
    context: Context
    claims: tuple[Claim, ...] = ()
    rule: RuleName | None = None
    explanation: str = ""
    winner: Claim | None = None
    agreeing: tuple[Claim, ...] = ()
    losers: tuple[Loss, ...] = ()
    standing: tuple[Claim, ...] = ()
    abstained: Abstention | None = None

    def to_json(self) -> dict[str, Any]:
        """The decision as JSON values, the same for equal decisions."""
        data: dict[str, Any] = _adapter().dump_python(self, mode="json")
        data["context"]["delegated"].sort()  # a set's order differs from process to process
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Decision:
        """The decision that `to_json` gave."""
        decision: Decision = _adapter().validate_python(data)
        return decision


@lru_cache(maxsize=1)
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Decision)
