"""Who judges a use case, and by what: metrics of its golden questions, with the value that each group asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from concord_taxonomy.standard import ReaderToken

SHARES = frozenset(
    {
        "right", "answered", "abstained", "right_page_first", "right_page_cited", "values", "no_false_conflict",
        "winner", "losers", "rule", "winner_first", "current", "evidence", "only_readable", "worded",
        "hit@1", "hit@5", "recall@5", "mrr", "ndcg@10",
        "passage_hit@1", "passage_hit@5", "passage_recall@5", "passage_mrr", "passage_ndcg@10",
        "citation_precision", "citation_recall", "value_accuracy", "abstention_precision", "abstention_recall",
        "exact_match", "string_presence", "id_based_context_precision", "id_based_context_recall",
        "semantic_similarity", "faithfulness", "context_precision", "context_recall", "answer_relevancy",
        "factual_correctness",
    }
)  # fmt: skip
"""Metrics from 0 to 1 of which more is better; docs/gates.md says what each is."""

LIMITS = frozenset({"access_violations", "ms_p50", "ms_p95", "cost_mean", "cost_total", "noise_sensitivity"})
"""Metrics of which less is better."""


class Stakeholder(BaseModel):
    """A group that judges a use case, by its own metrics and thresholds.

    `group` is that of golden questions, of which it judges its `own`, or `all`. `owner` speaks for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: str = Field(min_length=1, max_length=100)
    title: str = Field(default="", max_length=200)
    owner: ReaderToken | None = None
    questions: Literal["own", "all"] = "own"
    at_least: Mapping[str, float] = Field(default_factory=dict)
    at_most: Mapping[str, float] = Field(default_factory=dict)

    @field_validator("at_least")
    @classmethod
    def _shares(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        for name, value in given.items():
            if name not in SHARES:
                raise ValueError(_unknown(name, SHARES, "at_most", LIMITS))
            if not 0 < value <= 1:
                raise ValueError(f"{name}: {value} is no share: write more than 0, and at most 1")
        return given

    @field_validator("at_most")
    @classmethod
    def _limits(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        for name, value in given.items():
            if name not in LIMITS:
                raise ValueError(_unknown(name, LIMITS, "at_least", SHARES))
            if not 0 <= value < float("inf"):
                raise ValueError(f"{name}: {value} is no limit: write 0 or more")
        return given

    @model_validator(mode="after")
    def _judges(self) -> Stakeholder:
        if not self.at_least and not self.at_most:
            raise ValueError(f"{self.group} asks for nothing: name metrics under at_least or at_most")
        return self


def _unknown(name: str, known: frozenset[str], other: str, there: frozenset[str]) -> str:
    if name in there:
        return f"{name} stands under {other}"
    return f"no metric {name!r}: one of {', '.join(sorted(known))}"
