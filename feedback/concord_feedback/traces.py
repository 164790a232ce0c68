"""Traces: what happened to one question, stage by stage, kept by value so that later edits do not change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue


class _Part(BaseModel):
    # NaN and infinity are no JSON: a trace that holds one could be written and never read again.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Stage(_Part):
    """One step of an answer: `started` and `ms` in milliseconds, counted from the trace's beginning."""

    name: str = Field(min_length=1)
    started: float = Field(ge=0)
    ms: float = Field(ge=0)
    data: dict[str, JsonValue] = Field(default_factory=dict)


class Evidence(_Part):
    """A passage that an answer could stand on, with its text as it was."""

    identifier: str = Field(min_length=1)
    revision: int = Field(ge=1)
    ordinal: int = Field(ge=0)
    text: str
    title: str = ""
    heading: str = ""
    score: float | None = None


class Citation(_Part):
    """A quotation in the answer: its number there, its item and revision, the words quoted."""

    number: int = Field(ge=1)
    identifier: str = Field(min_length=1)
    revision: int = Field(ge=1)
    quote: str
    title: str = ""


class Trace(_Part):
    """One question and everything that led to its answer.

    `principal` is the id of who asked (their tokens are looked up again for a replay), `as_of` the date asked for,
    `policy_version` the digest of the declarations in force. `conflicts` holds decisions by value. An abstention has
    a `reason`, a stable word. `run` is the run of an evaluation, or the import, that asked: then nobody did. One that
    was `broken_off` did not reach its end: `answer`, `citations` and `conflicts` are what its reader had been given by
    then.
    """

    id: str = Field(min_length=1)
    at: AwareDatetime
    principal: str = Field(min_length=1)
    use_case: str | None = None
    question: str
    as_of: date
    policy_version: str = ""
    stages: tuple[Stage, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: str = ""
    abstained: bool = False
    reason: str | None = None
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[dict[str, JsonValue], ...] = ()
    run: str | None = None
    broken_off: bool = False

    def to_json(self) -> str:
        """Return the trace as JSON; `Trace.from_json` gives it back."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Trace:
        """Read a trace that `to_json` wrote."""
        return cls.model_validate_json(text)

    @property
    def past(self) -> bool:
        """Whether it was asked as of a day before the one on which it was asked."""
        return self.as_of < self.at.astimezone(UTC).date()

    def stage(self, name: str) -> Stage | None:
        """Return the first stage of a name, None where it was not run."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def expired(self, before: datetime) -> bool:
        """Whether the trace was made before a moment (timezone-aware), the end of its retention."""
        return self.at < before


def expired(traces: Iterable[Trace], before: datetime) -> list[str]:
    """Return the ids of traces made before a moment, oldest first: what retention deletes."""
    old = sorted((trace.at, trace.id) for trace in traces if trace.expired(before))
    return [trace_id for _, trace_id in old]
