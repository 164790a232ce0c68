"""A case: one error with its root cause, its owner, its deadlines and the proof that it was fixed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from concord_feedback.causes import OF_REASONS, RootCause
from concord_taxonomy.standard.refs import ItemRef


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    FIX_SUBMITTED = "fix_submitted"
    RESOLVED = "resolved"
    ARCHIVED = "archived"


OPEN = frozenset({State.NEW, State.ACKNOWLEDGED, State.ASSIGNED, State.FIX_SUBMITTED})


class SubState(StrEnum):
    """What is to be known of a case beside its state: its deadline passed, its fix holds no more, its fix is proven."""

    ESCALATING = "escalating"
    REGRESSED = "regressed"
    FIXED_CONFIRMED = "fixed_confirmed"


class Resolution(StrEnum):
    """Why a case was closed by hand, without the proof of a replay; `fixed`: a person has read the answer of now."""

    ACCEPTED_DIFFERENCE = "accepted_difference"
    INVALID_FEEDBACK = "invalid_feedback"
    NOT_REPRODUCED = "not_reproduced"
    FIXED_ELSEWHERE = "fixed_elsewhere"
    WILL_NOT_FIX = "will_not_fix"
    FIXED = "fixed"


STANDING = frozenset({Resolution.ACCEPTED_DIFFERENCE, Resolution.INVALID_FEEDBACK, Resolution.WILL_NOT_FIX})
"""Reasons that say that things stay as they are; by the others they are not so any more."""


class Severity(StrEnum):
    """How much a case matters; it sets the deadlines."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Risk(StrEnum):
    """What a wrong answer can cost, whomever it reaches."""

    HIGH = "high"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about; reports that are about the same belong to one case.

    `place` is an item, with `#section` where that is known, or what was asked where no item is; `concept` an IRI;
    `scope` the use case. `asked` is a hash of the question that was reported first: while nothing is known of the
    cause, two questions about one item are two errors. Each but the cause may be empty.
    """

    cause: RootCause
    place: str = ""
    concept: str = ""
    scope: str = ""
    asked: str = ""

    @property
    def item(self) -> str:
        """The identifier of the item; empty where the case is about none."""
        return "" if self.place.startswith("asked:") else self.place.partition("#")[0]

    @property
    def fingerprint(self) -> str:
        """A hash of it, of which one case may be open."""
        parts = [self.cause.value, self.place, self.concept, self.scope]
        parts += [self.asked] if self.asked and self.cause is RootCause.UNDETERMINED else []
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Report:
    """One sign of an error: what a person said of an answer, or what was found without anyone saying so.

    `key` names it for good, so that the same is never counted twice. `principal` is the id of who asked, None where
    nobody did. `comment` is what they said in words of their own, which nothing is judged by: it is no right answer.
    `expected` are references (`identifier@revision`) of what gives the right answer. `asked_at` is when the answer
    was given, where that was before; `rule` the rule of authority by which it told against what is right; `cited` are
    references of what the answer cited, `quoted` quotes and addresses given as evidence. `stands_on` names the state of
    things of which it is a sign: while that is so, another sign of it is no news. `imported_by` is the id of who
    brought it in a file: it is their word that `principal` said so. Whoever may not read all that it names is not shown
    its words.
    """

    key: str
    kind: str
    at: datetime
    question: str = ""
    principal: str | None = None
    trace: str | None = None
    use_case: str | None = None
    reason: str | None = None
    right_answer: str = ""
    comment: str = ""
    expected: tuple[str, ...] = ()
    asked_at: datetime | None = None
    rule: str | None = None
    cited: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    imported_by: str | None = None
    stands_on: str = ""

    @property
    def by(self) -> str | None:
        """The id of who answers for it: who brought it, else who asked."""
        return self.imported_by or self.principal

    @property
    def failed_at(self) -> datetime:
        """When what it tells of went wrong: for a correction, when the answer was given, however late it comes."""
        return (self.asked_at if self.kind == "correction" else None) or self.at

    @property
    def named(self) -> frozenset[str]:
        """The identifiers of all that it names."""
        return frozenset(ItemRef.parse(each).identifier for each in (*self.expected, *self.cited))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an error reaches: distinct people, use cases, and answers, of which each person's are one."""

    people: int = 0
    use_cases: int = 0
    asked: int = 0

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Reach:
        """The reach of reports, oldest first: of one person, who may bring what others said, the first counts alone."""
        voices: dict[str, Report] = {}
        for each in reports:
            voices.setdefault(f"user:{each.by}" if each.by else each.trace or each.key, each)
        rows = voices.values()
        return cls(
            sum(1 for each in rows if each.by),
            len({each.use_case for each in rows if each.use_case}),
            sum(1 for each in rows if each.trace or each.question),
        )


@dataclass(frozen=True, slots=True)
class Fix:
    """What was done about a case, by whom and when; `revision` names what the item says since, where it is one.

    `proposal` is the number of the proposed change that it is, if it is one: until that is in force, nothing is mended.
    `asked` are the tokens of those who were asked to decide on it, `terms` counts how often somebody was looked for.
    """

    at: datetime
    by: str
    what: str
    revision: str | None = None
    proposal: int | None = None
    asked: tuple[str, ...] = ()
    terms: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of asking a case's questions again: when, of an index of which time, and what was seen.

    `basis` names what was declared and set then, `generation` what the catalog held; both are empty where that is not
    known. `unjudged` are the ids of who asked something of which nothing could be told, `outvoted` of who said that
    something else is right than most did.
    `confirmed` has what a person read and confirmed: of each report, by its key, hashes of what the answer quoted.
    `failing` are the keys of the reports that are still answered wrongly.
    """

    passed: bool
    at: datetime
    indexed_at: datetime
    detail: str = ""
    basis: str = ""
    unjudged: tuple[str, ...] = ()
    generation: str = ""
    outvoted: tuple[str, ...] = ()
    confirmed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One error. `owner` is a token; `role` says as what they were chosen, `by_hand` that a person chose them.

    `diagnosis` lists the probes that were run, each as JSON values with what it saw. `asked_at` is when the first
    answer was given that is reported, `found_at` when the case was filed, `reopened_at` when it was opened again
    last, `reopened` how often it was, `escalated_at` when it was passed on last, `lapsed` those who let it be passed on
    since it was opened. `chosen` is whom a person or a timer chose, for whom a delegate may have it. `rule` is the
    rule of authority by which an answer told against what is right, `named` are all items that its reports name.
    `unproven` says why a fix that was submitted can be neither confirmed nor rejected.
    """

    about: About
    opened_at: datetime
    changed_at: datetime
    question: str = ""
    severity: Severity = Severity.LOW
    risk: Risk = Risk.NORMAL
    state: State = State.NEW
    sub_state: SubState | None = None
    owner: str | None = None
    role: str = ""
    by_hand: bool = False
    escalations: int = 0
    escalated_at: datetime | None = None
    lapsed: tuple[str, ...] = ()
    chosen: str | None = None
    acknowledge_by: datetime | None = None
    fix_by: datetime | None = None
    fix: Fix | None = None
    proof: Proof | None = None
    resolution: Resolution | None = None
    comment: str = ""
    merged_into: int | None = None
    diagnosis: tuple[dict[str, Any], ...] = ()
    asked_at: datetime | None = None
    found_at: datetime | None = None
    reopened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    reach: Reach = Reach()
    rule: str = ""
    named: tuple[str, ...] = ()
    unproven: str = ""
    id: int = 0

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def confirmed(self) -> bool:
        """Whether its fix was confirmed, by a replay or by who read the answers: it is asked again after changes."""
        by_hand = self.resolution is Resolution.FIXED and self.proof is not None and bool(self.proof.confirmed)
        return by_hand or self.sub_state is SubState.FIXED_CONFIRMED

    @property
    def hides(self) -> bool:
        """Whether it is mended where those who reported it are told no more, whatever is right."""
        return self.about.cause in OF_REASONS.values()

    @property
    def since(self) -> datetime:
        """From when its terms are counted: since somebody could know of it, or since it was opened again."""
        return self.reopened_at or self.found_at or self.opened_at

    @property
    def subject(self) -> str:
        """Its name in the audit log."""
        return f"case/{self.id}"

    def to_json(self) -> dict[str, Any]:
        """The case as JSON values; `Case.from_json` gives it back."""
        made = asdict(replace(self, diagnosis=()))
        made["diagnosis"] = [dict(each) for each in self.diagnosis]
        return {name: _plain(value) for name, value in made.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Case:
        """Read a case that `to_json` wrote."""
        fix, proof = data["fix"], data["proof"]
        given = {
            **data,
            "about": About(**{**data["about"], "cause": RootCause(data["about"]["cause"])}),
            "severity": Severity(data["severity"]),
            "risk": Risk(data["risk"]),
            "state": State(data["state"]),
            "sub_state": SubState(data["sub_state"]) if data["sub_state"] else None,
            "resolution": Resolution(data["resolution"]) if data["resolution"] else None,
            "fix": Fix(**{**fix, "at": _moment(fix["at"]), "asked": tuple(fix.get("asked", ()))}) if fix else None,
            "proof": _proof(proof) if proof else None,
            "diagnosis": tuple(data["diagnosis"]),
            "named": tuple(data.get("named", ())),
            "lapsed": tuple(data.get("lapsed", ())),
        }
        given |= {name: _moment(data.get(name)) for name in _MOMENTS}
        given["reach"] = Reach(**data.get("reach", {}))
        return cls(**given)


_MOMENTS = (
    "opened_at",
    "changed_at",
    "acknowledge_by",
    "fix_by",
    "asked_at",
    "found_at",
    "reopened_at",
    "escalated_at",
    "acknowledged_at",
    "closed_at",
)


def _proof(data: dict[str, Any]) -> Proof:
    moments = {name: _moment(data[name]) for name in ("at", "indexed_at")}
    people = {name: tuple(data.get(name, ())) for name in ("unjudged", "outvoted", "failing")}
    read = tuple((key, tuple(quotes)) for key, quotes in data.get("confirmed", ()))
    return Proof(**{**data, **moments, **people, "confirmed": read})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.value if isinstance(value, StrEnum) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
