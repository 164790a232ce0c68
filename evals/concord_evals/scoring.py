"""Asking a golden question, and every metric of what came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from concord.access.errors import AccessError
from concord.answering.model import Answer
from concord.bootstrap import Concord
from concord.catalog import items
from concord.catalog.engine import reading
from concord.retrieval.passages import Passage
from concord.usecases.errors import UseCaseError
from concord.workspace.settings import LlmSettings
from concord_evals.evidence import fallen
from concord_evals.metrics import citation_precision, citation_recall, cost, holds_value, value_accuracy
from concord_evals.metrics.ranking import hit, ndcg, passages, recall, reciprocal_rank
from concord_evals.metrics.ranking import items as ranked_items
from concord_feedback import ExpectedConflict, GoldenQuestion
from concord_taxonomy.standard import ContentItem, ItemRef, Principal

CHECKS = (
    "abstained",
    "answered",
    "right_page_first",
    "right_page_cited",
    "values",
    "no_false_conflict",
    "winner",
    "losers",
    "rule",
    "winner_first",
    "current",
    "evidence",
    "only_readable",
    "worded",
)
"""Metrics that a question passes or fails; the others are scores from 0 to 1."""

_NO_WORDS = ("empty", "malformed")
"""Faults of what a model said; any other means that it said nothing, and so was not measured."""

HIT_AT, RECALL_AT, NDCG_AT = (1, 5), 5, 10

Value = bool | float | None
"""Of a metric that applies to a question; None is a missing measurement."""


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a question, and its metrics; one that does not apply is not in `metrics`.

    `error` is why it could not be asked: then nothing was measured. `cited` are `identifier@revision`. `cost` is that
    of the model that worded it, 0 without one, and None where it is not known. `trace` is that of the answer. `stage`
    and `cause` are what the diagnosis says went wrong, where it was asked (`concord_evals.diagnosing`).
    """

    id: str
    question: str
    metrics: Mapping[str, Value]
    answer: str | None = None
    cited: tuple[str, ...] = ()
    confidence: float | None = None
    ms: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    trace: str | None = None
    error: str | None = None
    tags: tuple[str, ...] = field(default=())
    stage: str | None = None
    cause: str | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that did not hold."""
        return tuple(name for name in CHECKS if self.metrics.get(name, True) is False)

    @property
    def right(self) -> bool | None:
        """Whether every check held; None where one of them could not be measured."""
        given = [self.metrics[name] for name in CHECKS if name in self.metrics]
        return None if not given or None in given else all(given)


def parse_score(data: Mapping[str, Any]) -> Score:
    """A score as a run keeps it."""
    return Score(**{**data, "cited": tuple(data["cited"]), "tags": tuple(data["tags"])})


@dataclass(frozen=True, slots=True)
class Observation:
    """What a question brought: the passages in their order, the answer, and what of them should not have left.

    `forbidden` are items that the asker may not read and got, or by the question may not read and could; `outdated` are
    cited ones that were not in force.
    """

    passages: tuple[Passage, ...]
    answer: Answer
    forbidden: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()


def score_all(concord: Concord, questions: Iterable[GoldenQuestion], as_: str | None = None) -> Iterator[Score]:
    """Ask each question as its principal (or as `as_`), inside its use case, and measure what comes back."""
    for golden in questions:
        try:
            observed = observe(concord, golden, as_)
        except (AccessError, UseCaseError) as error:
            missing = dict.fromkeys(applicable(golden))
            yield Score(golden.id, golden.question, missing, error=str(error), tags=golden.tags)
        else:
            yield score(golden, observed, stands=not fallen(concord, [golden]), llm=concord.settings.answer.llm)


def observe(concord: Concord, golden: GoldenQuestion, as_: str | None = None) -> Observation:
    """Search and ask; raises `AccessError` and `UseCaseError` where this person cannot ask this."""
    principal = concord.foundation.directory.principal(as_ or golden.principal)
    at = golden.as_of or datetime.now(UTC).date()
    found = concord.search(golden.question, principal, golden.use_case, at).passages
    answer = concord.ask(golden.question, principal, golden.use_case, at)
    left = {each.item.identifier for each in found} | {each.item.identifier for each in answer.citations}
    left |= {claim.identifier for each in answer.conflicts for claim in each.decision.claims}
    # The evidence of a question without an answer is what is to be kept from the asker.
    kept = {each.identifier for each in golden.wanted()} if golden.expect == "abstain" else set[str]()
    past = at < datetime.now(UTC).date()
    return Observation(
        found,
        answer,
        frozenset(left - _readable(concord, principal, left, answer, past)) | _open(concord, principal, kept),
        frozenset() if past else frozenset(_outdated(answer, at)),
    )


def _open(concord: Concord, principal: Principal, kept: Collection[str]) -> frozenset[str]:
    """Those of the items that should be kept from the asker, and are not."""
    with reading(concord.engine) as connection:
        return frozenset(items.readable(connection, principal, kept))


def _readable(
    concord: Concord, principal: Principal, identifiers: Iterable[str], answer: Answer, past: bool
) -> set[str]:
    """Those that the catalog lets the asker read now; of the past, items that are gone, by what they said last."""
    with reading(concord.engine) as connection:
        allowed = set(items.readable(connection, principal, identifiers))
    if past:
        allowed |= {each.item.identifier for each in answer.citations if principal.may_read(each.item.readers)}
    return allowed


def _outdated(answer: Answer, at: date) -> Iterator[str]:
    """Cited items that were not in force on the day, other than to disclose that they lost."""
    lost = {claim.identifier for each in answer.conflicts for claim in each.losers}
    for citation in answer.citations:
        if citation.item.identifier not in lost and not in_force(citation.item, at):
            yield citation.item.identifier


def in_force(item: ContentItem, at: date) -> bool:
    """Whether an item may be cited on a day: within its dates, and neither withdrawn nor deprecated."""
    return item.status.value not in ("withdrawn", "deprecated") and item.in_force(at)


def score(
    golden: GoldenQuestion, observed: Observation, *, stands: bool = True, llm: LlmSettings | None = None
) -> Score:
    """Every metric that applies to a question; `stands` is whether what it expects still does (`evidence.fallen`).

    `llm` has the prices of the model that words answers.
    """
    answer = observed.answer
    cited = [(each.item.identifier, each.item.revision) for each in answer.citations]
    measured: dict[str, Value] = {"only_readable": not observed.forbidden}
    if golden.expect == "abstain":
        measured["abstained"] = answer.abstained
    else:
        measured["answered"] = not answer.abstained
        measured["current"] = not observed.outdated
        measured |= (
            _evidence(golden, cited) | _values(golden, answer.text or "") | _retrieval(golden, observed.passages)
        )
    if golden.evidence:
        measured["evidence"] = stands
    if answer.composed_by == "llm" or answer.fallback:
        measured["worded"] = None if answer.fallback not in (None, *_NO_WORDS) else answer.fallback is None
    measured |= _conflict(golden.conflict, answer, cited)
    return Score(
        golden.id,
        golden.question,
        measured,
        answer.text,
        tuple(f"{identifier}@{revision}" for identifier, revision in cited),
        answer.confidence,
        answer.timings_ms.get("total"),
        *(answer.tokens or (0, 0)),
        cost(answer.tokens, llm),
        answer.trace_id,
        tags=golden.tags,
    )


def applicable(golden: GoldenQuestion) -> list[str]:
    """The metrics that apply to a question, whatever comes of it."""
    nothing = Answer(golden.question, None, None, (), (), "", "", 0.0)
    return list(score(golden, Observation((), nothing)).metrics)


def _evidence(golden: GoldenQuestion, cited: list[tuple[str, int]]) -> dict[str, Value]:
    wanted = golden.wanted()
    if not wanted:
        return {}
    right = [any(one.covers(*each) for one in wanted) for each in cited]
    return {
        "right_page_first": right[:1] == [True],
        "right_page_cited": any(right),
        "citation_precision": citation_precision(cited, wanted, _sides(golden.conflict)),
        "citation_recall": citation_recall(cited, wanted),
    }


def _sides(conflict: ExpectedConflict | bool | None) -> tuple[str, ...]:
    return tuple(filter(None, (conflict.winner, *conflict.losers))) if isinstance(conflict, ExpectedConflict) else ()


def _values(golden: GoldenQuestion, text: str) -> dict[str, Value]:
    if not golden.values:
        return {}
    share = value_accuracy(text, golden.values)
    return {"values": share == 1, "value_accuracy": share}


def _retrieval(golden: GoldenQuestion, found: tuple[Passage, ...]) -> dict[str, Value]:
    """Rankings of items, and of passages where the question says what the right one states."""
    wanted = golden.wanted()
    if not wanted:
        return {}
    keys = [(each.item.identifier, each.item.revision) for each in found]
    measured = _ranking("", ranked_items(keys, wanted), wanted)
    if golden.anchor or golden.values:
        answering = ((key, _answers(golden, each.chunk.text)) for key, each in zip(keys, found, strict=True))
        measured |= _ranking("passage_", passages(answering, wanted), wanted)
    return measured


def _ranking(prefix: str, ranking: list[set[int]], wanted: tuple[ItemRef, ...]) -> dict[str, Value]:
    hits: dict[str, Value] = {f"{prefix}hit@{k}": float(hit(ranking, k)) for k in HIT_AT}
    return {
        **hits,
        f"{prefix}recall@{RECALL_AT}": recall(ranking, len(wanted), RECALL_AT),
        f"{prefix}mrr": reciprocal_rank(ranking),
        f"{prefix}ndcg@{NDCG_AT}": ndcg(ranking, len(wanted), NDCG_AT),
    }


def _answers(golden: GoldenQuestion, text: str) -> bool:
    """Whether a passage is one that answers: it has the anchor's words, or else states every value."""
    if golden.anchor:
        return " ".join(golden.anchor.split()).casefold() in " ".join(text.split()).casefold()
    return all(holds_value(text, each) for each in golden.values)


def _conflict(
    expected: ExpectedConflict | bool | None, answer: Answer, cited: list[tuple[str, int]]
) -> dict[str, Value]:
    if expected is None:
        return {}
    if not isinstance(expected, ExpectedConflict):
        return {"no_false_conflict": not answer.conflicts}
    found = [
        each
        for each in answer.conflicts
        if (each.decision.winner.identifier if each.decision.winner else None) == expected.winner
    ]
    lost = [{claim.identifier for claim in each.losers} for each in found]
    # Whoever wins is heard first, or stands in a list of decisions that nobody reads.
    leads = {"winner_first": [name for name, _ in cited[:1]] == [expected.winner]} if expected.winner else {}
    return {
        **leads,
        "winner": bool(found),
        "losers": any(set(expected.losers) <= each for each in lost),
        "rule": any(expected.rule in (None, each.decision.rule) for each in found),
    }


def totals(scores: Iterable[Score]) -> dict[str, tuple[int, int]]:
    """For each check how many questions held it, of how many that it applies to; what is missing did not hold."""
    given: dict[str, list[Value]] = {}
    for each in scores:
        for name in CHECKS:
            if name in each.metrics:
                given.setdefault(name, []).append(each.metrics[name])
    return {name: (sum(value is True for value in given[name]), len(given[name])) for name in CHECKS if name in given}


def means(scores: Iterable[Score]) -> dict[str, tuple[float | None, int, int]]:
    """For each score its mean, of how many questions, and how many could not be measured: with any there is no mean."""
    given: dict[str, list[Value]] = {}
    for each in scores:
        for name, value in each.metrics.items():
            if name not in CHECKS:
                given.setdefault(name, []).append(value)
    found = {}
    for name, values in given.items():
        measured = [float(each) for each in values if each is not None]
        missing = len(values) - len(measured)
        found[name] = (None if missing or not measured else sum(measured) / len(measured), len(values), missing)
    return found
