"""Rows measured by ragas: the only module that imports it, and the worker's alone.

So its imports, its telemetry and its event loop stay out of everything else.
"""

# pyright: reportMissingImports=false
# ragas is an extra, which need not be there where types are checked.

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from ragas import SingleTurnSample
from ragas.llms.base import InstructorBaseRagasLLM
from ragas.metrics import IDBasedContextPrecision, IDBasedContextRecall
from ragas.metrics.collections import (
    AnswerRelevancy,
    ContextPrecision,
    ContextRecall,
    ExactMatch,
    FactualCorrectness,
    Faithfulness,
    NoiseSensitivity,
    SemanticSimilarity,
    StringPresence,
)

from concord_evals.judging.judge import Endpoint, Judge, JudgeError
from concord_evals.judging.model import COSINES, LOWER_IS_BETTER, METRICS, Judged, Row, Work

NOTHING_RETRIEVED = "nothing was retrieved"
NO_ANSWER = "there is no answer"

_COLLECTIONS: dict[str, Callable[..., Any]] = {
    "exact_match": ExactMatch,
    "string_presence": StringPresence,
    "semantic_similarity": SemanticSimilarity,
    "faithfulness": Faithfulness,
    "context_precision": ContextPrecision,
    "context_recall": ContextRecall,
    "answer_relevancy": AnswerRelevancy,
    "factual_correctness": FactualCorrectness,
    "noise_sensitivity": NoiseSensitivity,
}
_BY_ID = {"id_based_context_precision": IDBasedContextPrecision, "id_based_context_recall": IDBasedContextRecall}


class CheckedJudge(InstructorBaseRagasLLM):
    """A judge as ragas asks it."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def generate(self, prompt: str, response_model: Any) -> Any:
        """Refuse: everything here runs in one event loop."""
        raise NotImplementedError

    async def agenerate(self, prompt: str, response_model: Any) -> Any:
        """A checked reply; raises `JudgeError`."""
        return await self.judge.ask(prompt, response_model)


async def work(work: Work, rows: Iterable[Row], say: Callable[[Judged], None]) -> None:
    """Measure every metric of every row that is not done, at most as many rows at once as the judge may be asked."""
    done = set(work.done)
    embeddings = _embeddings(work.embeddings) if work.embeddings else None
    key = os.environ.get("CONCORD_JUDGE_API_KEY")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    slots = asyncio.Semaphore(work.judge.concurrency if work.judge else 1)
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        endpoint = Endpoint(work.judge, client) if work.judge else None

        async def measured(row: Row, metric: str) -> None:
            async with slots:
                say(await measure(row, metric, endpoint, embeddings))

        waiting = [(row, metric) for row in rows for metric in work.metrics if (row.id, metric) not in done]
        # Embedding holds up the event loop, and with it the replies of a judge: it comes first.
        for row, metric in waiting:
            if METRICS[metric][0] != "judge":
                await measured(row, metric)
        async with asyncio.TaskGroup() as tasks:
            for row, metric in waiting:
                if METRICS[metric][0] == "judge":
                    tasks.create_task(measured(row, metric))


async def measure(row: Row, metric: str, endpoint: Endpoint | None, embeddings: Any) -> Judged:
    """One metric of one row. Nothing retrieved and nothing answered are failures, what went wrong is no value."""
    needs, fields = METRICS[metric]
    identity = endpoint.settings.identity if needs == "judge" and endpoint else None
    worst = 1.0 if metric in LOWER_IS_BETTER else 0.0
    if any(name in fields for name in ("retrieved_contexts", "retrieved_context_ids")) and not row.retrieved_contexts:
        return Judged(row.id, metric, worst, NOTHING_RETRIEVED, identity)
    if "response" in fields and not row.response:
        return Judged(row.id, metric, worst, NO_ANSWER, identity)
    judge = Judge(endpoint) if endpoint else None
    try:
        value = await _value(row, metric, fields, judge, embeddings)
    except JudgeError as error:
        return _missing(row, metric, f"the judge {error}" if str(error)[:3] != "the" else str(error), identity, judge)
    except Exception as error:
        # Texts of ragas's errors hold whole replies: the kind is enough.
        return _missing(row, metric, type(error).__name__, identity, judge)
    lowest = -1.0 if metric in COSINES else 0.0
    if not math.isfinite(value) or not lowest - 1e-6 <= value <= 1 + 1e-6:
        return _missing(row, metric, "no number from 0 to 1", identity, judge)
    return Judged(row.id, metric, min(max(value, 0.0), 1.0), None, identity, tuple(judge.replies) if judge else ())


async def _value(row: Row, metric: str, fields: Iterable[str], judge: Judge | None, embeddings: Any) -> float:
    given = {name: getattr(row, name) for name in fields}
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    if metric in _BY_ID:
        return float(await _BY_ID[metric]().single_turn_ascore(SingleTurnSample.model_validate(given)))
    needs = METRICS[metric][0]
    parts: dict[str, Any] = {"llm": CheckedJudge(judge)} if needs == "judge" and judge else {}
    if metric in ("semantic_similarity", "answer_relevancy"):
        parts["embeddings"] = embeddings
    return float((await _COLLECTIONS[metric](**parts).ascore(**given)).value)


def _missing(row: Row, metric: str, why: str, identity: str | None, judge: Judge | None) -> Judged:
    return Judged(row.id, metric, None, why, identity, tuple(judge.replies) if judge else ())


def _embeddings(folder: str) -> Any:
    from ragas.embeddings import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model=folder, device="cpu")
