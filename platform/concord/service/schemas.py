"""What goes over the wire: requests, and the objects that `concord ask --json` and `concord search --json` print."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from concord.retrieval.question import MAX_QUESTION

MAX_PASSAGES = 100
QuestionText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION, pattern=r"\S")
]


def _written(value: object) -> object:
    """A number would be taken for seconds since 1970."""
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise PydanticCustomError("day", "write a day as 2026-01-31")
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_written)]
"""A day, written as RFC 3339 does."""


class AskRequest(BaseModel):
    """A question to answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "How much PTO do I get a year?", "use_case": "ask-meridian"}]},
    )

    question: QuestionText
    use_case: str | None = Field(default=None, max_length=200, description="One that you may use; default: everything.")
    earlier: list[QuestionText] = Field(
        default=[], max_length=20, description="The questions of the conversation so far, oldest first."
    )
    as_of: Day | None = Field(default=None, description="Answer with what held on this date, today or a past one.")


class SearchRequest(BaseModel):
    """A question to find passages for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "annual leave", "limit": 5}]}
    )

    question: QuestionText
    use_case: str | None = Field(default=None, max_length=200, description="One that you may use; default: everything.")
    as_of: Day | None = Field(default=None, description="Find what held on this date, today or a past one.")
    limit: int = Field(default=10, strict=True, ge=1, le=MAX_PASSAGES, description="Passages at most.")


class PeriodBody(BaseModel):
    """The days on which a wording held; `until` is the first on which it no longer did, null for a current one."""

    model_config = ConfigDict(serialize_by_alias=True)

    start: date = Field(alias="from")
    until: date | None


class CitationBody(BaseModel):
    """A quotation, numbered as in the answer."""

    n: int
    identifier: str
    revision: int
    title: str
    landing_page: str | None
    quote: str
    source: str
    publisher: str | None
    status: str
    modified: str | None
    authority_tier: str | None
    held: PeriodBody | None = Field(description="In an answer about the past: when this wording held.")


class SideBody(BaseModel):
    """One side of a conflict."""

    identifier: str
    value: str
    quote: str
    citation: int | None = Field(description="Its number in the answer, where it is cited there.")
    title: str
    authority_tier: str | None
    modified: str | None


class ScopedSideBody(SideBody):
    """A value and the scope in which it holds; null where its page leaves it open."""

    scope: str | None


class ByScopeBody(BaseModel):
    """A value in the answer that depends on the scope: say which one applies."""

    attribute: str
    concept: str | None
    explanation: str
    values: list[ScopedSideBody]


class ConflictBody(BaseModel):
    """A conflict among what the asker may read, and how it was decided."""

    attribute: str
    concept: str | None
    verdict: str
    rule: str | None
    explanation: str
    winner: SideBody | None
    losers: list[SideBody]
    abstained: str | None = Field(description="The condition under which the policy names no winner.")
    sent_to: list[str] = Field(description="Who is to settle it, where it is contested or unresolved.")


class MeaningBody(BaseModel):
    """A concept that words of the question can mean."""

    concept: str
    label: str
    used_by: list[str] = Field(description="The departments that use the words so.")


class AmbiguityBody(BaseModel):
    """Words of the question that mean several things, and how they were read."""

    words: str
    chosen: list[MeaningBody]
    others: list[MeaningBody]
    by: str | None = Field(description="What chose: `department`, `use_case`, `shared`, or nothing.")
    undecided: bool = Field(description="All of `chosen` were searched; only the asker can tell which was meant.")


class AnswerBody(BaseModel):
    """An answer; `answer` is null when it abstains, with a stable word as `reason`."""

    answer: str | None
    asked: str | None = Field(description="A follow-up question as it was understood, with the words of earlier ones.")
    as_of: date | None = Field(description="The date of a question about the past.")
    abstained: bool
    reason: str | None
    citations: list[CitationBody]
    conflicts: list[ConflictBody]
    ambiguous: list[AmbiguityBody]
    by_scope: list[ByScopeBody]
    composed_by: str = Field(description="Who worded the answer: `extractive` (quotations) or `llm`.")
    fallback: str | None = Field(description="Why the model of the settings did not word it, or not to the end.")
    policy_version: str
    trace_id: str
    timings_ms: dict[str, float]


class PassageBody(BaseModel):
    """A passage that the asker may read; `score` orders the passages of one search alone."""

    n: int
    identifier: str
    revision: int
    ordinal: int
    title: str
    heading_path: list[str]
    page: int | None
    text: str
    source: str
    publisher: str | None
    contact_point: str | None
    status: str
    authority_tier: str | None
    held: PeriodBody | None = Field(description="In a search in the past: when this wording held.")
    score: float
    cosine: float
    ranks: dict[str, int]


class PassagesBody(BaseModel):
    """The passages of a search, best first."""

    passages: list[PassageBody]


class HealthBody(BaseModel):
    """How the service is."""

    status: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str | None = None
    request_id: str | None = None
    errors: list[dict[str, object]] | None = Field(default=None, description="The fields of an invalid request.")
