"""Whose word would count, before and after a change of policy: in replayed questions, and in the conflict register."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from concord.answering.model import Answer, Conflict
from concord.authority.claims import Claim
from concord.authority.decision import Decision
from concord.governance.register import Entry
from concord.governance.replay import Replayed

Kind = Literal["winner", "verdict", "rule"]
_KINDS: tuple[Kind, ...] = ("winner", "verdict", "rule")


@dataclass(slots=True)
class WinnerChange:
    """A conflict that is decided otherwise, and the replayed questions (their traces' ids) that come to it.

    `entry` is the id of the register's entry that it is, where no question had to be asked.
    """

    attribute: str
    before: Decision | None
    after: Decision | None
    questions: list[str] = field(default_factory=list)
    entry: str | None = None

    @property
    def kind(self) -> Kind:
        """What differs: who wins (or what value); else how sure that is; else the rule alone."""
        if _won(self.before) != _won(self.after):
            return "winner"
        return "verdict" if _verdict(self.before) != _verdict(self.after) else "rule"

    @property
    def items(self) -> frozenset[str]:
        """The items that it tells of."""
        return frozenset(claim.identifier for claim in self._claims)

    @property
    def _claims(self) -> tuple[Claim, ...]:
        made = self.before or self.after
        return made.claims if made else ()

    def to_json(self) -> dict[str, Any]:
        """The change as JSON values, its questions apart."""
        claims = sorted({(each.identifier, each.value.text, each.quote) for each in self._claims})
        return {
            "change": self.kind,
            "attribute": self.attribute,
            "entry": self.entry,
            "before": _told(self.before),
            "after": _told(self.after),
            "sides": [{"identifier": name, "value": value, "quote": quote} for name, value, quote in claims],
        }


def winner_changes(done: Iterable[Replayed]) -> list[WinnerChange]:
    """The conflicts that are decided otherwise, winners first, then those that most questions come to.

    The same claims decided for several questions to the same end are one. `before` or `after` is None where that policy
    comes to no decision: nothing is in force by it, or it gives no answer.
    """
    found: dict[tuple[object, ...], WinnerChange] = {}
    for each in done:
        if each.before is None:
            continue
        earlier, later = _conflicts(each.before), _conflicts(each.after)
        for claims in {**earlier, **later}:
            before, after = earlier.get(claims), later.get(claims)
            if before is not None and after is not None and _summary(before.decision) == _summary(after.decision):
                continue
            old = before.decision if before else None
            new = after.decision if after else None
            key = (claims, old and _summary(old), new and _summary(new))
            named = before or after
            assert named is not None  # noqa: S101 - the claims are of one of them
            change = found.setdefault(key, WinnerChange(named.attribute, old, new))
            change.questions.append(each.trace.id)
    return in_order(found.values())


def with_register(
    changes: Iterable[WinnerChange], before: Iterable[Entry], after: Iterable[Entry]
) -> list[WinnerChange]:
    """The changes, with the register's entries that are decided otherwise among them; a conflict in both is one.

    `after` are the entries of `before`, by the other policy.
    """
    found = {_key(each.before, each.after): each for each in changes}
    later = {each.id: each.decision for each in after}
    for entry in before:
        then = later.get(entry.id)
        if then is not None and _summary(entry.decision) != _summary(then):
            change = WinnerChange(entry.about, entry.decision, then)
            found.setdefault(_key(change.before, then), change).entry = entry.id
    return in_order(found.values())


def in_order(changes: Iterable[WinnerChange]) -> list[WinnerChange]:
    """Winners first, then those that most questions come to."""
    return sorted(changes, key=lambda each: (_KINDS.index(each.kind), -len(each.questions), each.attribute))


def _key(before: Decision | None, after: Decision | None) -> tuple[object, ...]:
    claims = frozenset(claim.key for made in (before, after) if made for claim in made.claims)
    return claims, before and _summary(before), after and _summary(after)


def readable_changes(changes: Iterable[WinnerChange], readable: Collection[str]) -> list[WinnerChange]:
    """Those of which the viewer may read every item."""
    return [each for each in changes if each.items <= set(readable)]


def _conflicts(answer: Answer | None) -> dict[frozenset[object], Conflict]:
    """An answer's conflicts by their claims, in its order."""
    conflicts = answer.conflicts if answer else ()
    return {frozenset(claim.key for claim in each.decision.claims): each for each in conflicts}


def _won(decision: Decision | None) -> tuple[str, str] | None:
    return (decision.winner.identifier, decision.winner.value.text) if decision and decision.winner else None


def _verdict(decision: Decision | None) -> str | None:
    return decision.verdict.value if decision else None


def _summary(decision: Decision) -> tuple[object, ...]:
    return _won(decision), decision.verdict, decision.rule, decision.abstained


def _told(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    won = _won(decision)
    return {
        "winner": won[0] if won else None,
        "value": won[1] if won else None,
        "verdict": decision.verdict.value,
        "rule": decision.rule,
        "abstained": decision.abstained,
    }
