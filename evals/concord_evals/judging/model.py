"""What goes to the worker and what comes back, as JSON lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

Needs = Literal["nothing", "embeddings", "judge"]

METRICS: Mapping[str, tuple[Needs, tuple[str, ...]]] = {
    "exact_match": ("nothing", ("response", "reference")),
    "string_presence": ("nothing", ("response", "reference")),
    "id_based_context_precision": ("nothing", ("retrieved_context_ids", "reference_context_ids")),
    "id_based_context_recall": ("nothing", ("retrieved_context_ids", "reference_context_ids")),
    "semantic_similarity": ("embeddings", ("response", "reference")),
    "faithfulness": ("judge", ("user_input", "response", "retrieved_contexts")),
    "context_precision": ("judge", ("user_input", "reference", "retrieved_contexts")),
    "context_recall": ("judge", ("user_input", "reference", "retrieved_contexts")),
    "answer_relevancy": ("judge", ("user_input", "response")),
    "factual_correctness": ("judge", ("response", "reference")),
    "noise_sensitivity": ("judge", ("user_input", "response", "reference", "retrieved_contexts")),
}
"""Metrics by their name in ragas, with what they need and the fields of a row that they read."""

LOWER_IS_BETTER = frozenset({"noise_sensitivity"})

COSINES = frozenset({"semantic_similarity", "answer_relevancy"})
"""Metrics that are cosines: texts that have nothing in common may be below 0, which is as bad as 0."""


class Row(BaseModel):
    """A question with what came of it. Ids are `identifier@revision`; an empty `response` is an abstention."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    user_input: str
    response: str = ""
    reference: str | None = None
    retrieved_contexts: tuple[str, ...] = ()
    retrieved_context_ids: tuple[str, ...] = ()
    reference_context_ids: tuple[str, ...] = ()


class JudgeSettings(BaseModel):
    """The endpoint of a judge, OpenAI-compatible, and what may be asked of it. Its key is in CONCORD_JUDGE_API_KEY."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    model: str = Field(min_length=1)
    temperature: float = Field(default=0.0, ge=0, le=2)
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    concurrency: int = Field(default=4, ge=1, le=64)
    budget: int = Field(default=2_000, ge=1, le=1_000_000)
    retries: int = Field(default=1, ge=0, le=5)
    max_tokens: int = Field(default=4096, ge=256, le=65_536)

    @property
    def identity(self) -> str:
        """What two verdicts have in common that may be compared: one model of one name may differ by its endpoint."""
        place = urlsplit(self.url)
        return f"{self.model} at temperature {self.temperature:g}, {place.netloc.rpartition('@')[2]}{place.path}"


class Work(BaseModel):
    """The first line that the worker reads: which metrics of which rows; those `done` are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...]
    judge: JudgeSettings | None = None
    embeddings: str | None = None
    done: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A metric of a row: its value, or None with the reason why there is none.

    `replies` are what the judge said, raw, each with the version of its prompt; a value without a judge has none.
    """

    id: str
    metric: str
    value: float | None
    reason: str | None = None
    judge: str | None = None
    replies: tuple[Mapping[str, Any], ...] = field(default=())
