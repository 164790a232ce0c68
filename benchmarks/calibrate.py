"""Fit the weights of ranking and confidence on tuning questions, and say how well they do.

    python benchmarks/calibrate.py --set WORKSPACE QUESTIONS.jsonl [--set …] [--seed 0] [--json]

The workspaces have been synced before. Ranking is fitted for the reciprocal rank of the right page, confidence by
logistic regression on whether the question is answerable, over the signs that the ranking in use gives; both are
reported by two-fold cross-validation beside the weights in use. Give one workspace to choose its
`answer.min_confidence`: the scale differs between workspaces.
Nothing is written: the weights printed are copied into the code by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from concord.answering.confidence import FITTED, Signs
from concord.bootstrap import Concord, scope_of
from concord.retrieval import retriever as retrieval
from concord.retrieval.question import Question
from concord.retrieval.ranking import COSINE, Weights
from concord.usecases import choose
from concord_feedback import GoldenQuestion, parse_questions
from concord_taxonomy.standard import ItemRef

Floats = NDArray[np.float64]
WEIGHTS = tuple(asdict(Weights()))
SIGNS = tuple(Signs.__dataclass_fields__)


@dataclass
class Case:
    """A question's first cut: ranking features, items, which are right; and the signs by the weights in use."""

    answerable: bool
    rows: Floats
    items: list[str]
    right: NDArray[np.bool_]
    signs: Floats


def collect(workspace: Path, files: Sequence[Path]) -> list[Case]:
    """Ask every question, and keep what ranking saw."""
    concord = Concord.open(workspace)
    cases = []
    try:
        for file in files:
            for golden in parse_questions(file.read_text("utf-8"), str(file)):
                cases.append(_case(concord, golden))
    finally:
        concord.close()
    return cases


def _case(concord: Concord, golden: GoldenQuestion) -> Case:
    principal = concord.foundation.directory.principal(golden.principal)
    scope = scope_of(choose(concord.foundation.use_cases, golden.use_case, principal))
    question = Question(golden.question, principal, golden.as_of or datetime.now(UTC).date(), scope)
    seen: list[Floats] = []
    original = retrieval.scored

    def spy(rows: Floats) -> Floats:
        seen.append(rows)
        return original(rows)

    retrieval.scored = spy  # type: ignore[assignment]
    try:
        found = concord.retriever.search(question)
    finally:
        retrieval.scored = original
    asked = concord.answerer.adjudicator.read(question)
    given = Signs.of(asked, found.expansion, found.passages, found.terms) if found.passages else None
    wanted = {ItemRef.parse(str(each)).identifier for each in golden.evidence}
    items = [each.item.identifier for each in found.passages]
    # Passages come in the order of their scores; a page that is not known counts as its passage.
    rows = seen[-1][np.argsort(-original(seen[-1]), kind="stable")]
    return Case(
        golden.expect == "answer",
        np.where(np.isnan(rows), rows[:, [COSINE]], rows),
        items,
        np.array([item in wanted for item in items], bool),
        np.array([getattr(given, name) if given else 0.0 for name in SIGNS]),
    )


def reciprocal_rank(case: Case, weights: Floats) -> tuple[float, float]:
    """Reciprocal rank of the first right item, and whether it comes first."""
    order = np.argsort(-(case.rows @ weights), kind="stable")
    right = {item for item, good in zip(case.items, case.right, strict=True) if good}
    for place, item in enumerate(dict.fromkeys(case.items[i] for i in order), start=1):
        if item in right:
            return 1 / place, float(place == 1)
    return 0.0, 0.0


def mean_ranks(cases: Sequence[Case], weights: Floats) -> tuple[float, float]:
    """MRR and hit@1."""
    ranks = np.array([reciprocal_rank(case, weights) for case in cases])
    return float(ranks[:, 0].mean()), float(ranks[:, 1].mean())


def fit_ranking(cases: Sequence[Case], rng: np.random.Generator, tries: int) -> Floats:
    """The mean of the best random weights: flatter, and so steadier, than the single best."""
    drawn = [np.array([1.0, *rng.uniform(0, [2.5, 3.0, 0.6, 0.6, 1.5, 0.6])]) for _ in range(tries)]
    scores = np.array([mean_ranks(cases, weights)[0] for weights in drawn])
    return np.mean([drawn[i] for i in np.argsort(-scores)[:25]], axis=0)


def fit_confidence(cases: Sequence[Case]) -> tuple[Floats, float]:
    """Coefficients (signs, bias) by ridge logistic regression on whether a question is answerable, classes balanced."""
    from sklearn.linear_model import LogisticRegression

    rows = np.array([case.signs for case in cases])
    model = LogisticRegression(C=2.0, class_weight="balanced", max_iter=3000).fit(rows, [c.answerable for c in cases])
    return model.coef_[0], float(model.intercept_[0])


def probabilities(cases: Sequence[Case], coefficients: Floats, bias: float) -> Floats:
    """Confidence of each case."""
    return np.array([1 / (1 + np.exp(-(case.signs @ coefficients + bias))) for case in cases])


def auroc(positive: Floats, negative: Floats) -> float:
    """Probability that an answerable question is surer than an unanswerable one."""
    return float((positive[:, None] > negative[None]).mean() + 0.5 * (positive[:, None] == negative[None]).mean())


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", nargs="+", required=True, metavar=("WORKSPACE", "QUESTIONS"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tries", type=int, default=800)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    cases = [case for workspace, *files in options.set for case in collect(Path(workspace), [Path(f) for f in files])]
    answerable = [case for case in cases if case.answerable]
    in_use = np.array(list(asdict(Weights()).values()))
    halves = [[cases[i] for i in part] for part in np.array_split(rng.permutation(len(cases)), 2)]
    held_out = []
    for train, test in (halves, halves[::-1]):
        fitted = fit_ranking([c for c in train if c.answerable], rng, options.tries // 2)
        coefficients, bias = fit_confidence(train)
        sure = probabilities(test, coefficients, bias)
        truth = np.array([c.answerable for c in test])
        held_out.append((*mean_ranks([c for c in test if c.answerable], fitted), auroc(sure[truth], sure[~truth])))
    ranking = fit_ranking(answerable, rng, options.tries)
    coefficients, bias = fit_confidence(cases)
    sure = probabilities(cases, np.array([getattr(FITTED, name) for name in SIGNS]), FITTED.bias)
    truth = np.array([c.answerable for c in cases])
    thresholds = {
        f"{t:.2f}": [float((sure[truth] >= t).mean()), float((sure[~truth] < t).mean())]
        for t in np.arange(0.05, 0.75, 0.05)
    }
    report = {
        "questions": len(cases),
        "answerable": len(answerable),
        "reachable": sum(bool(c.right.any()) for c in answerable),
        "in_use": dict(zip(("mrr", "hit@1"), mean_ranks(answerable, in_use), strict=True)),
        "held_out": dict(zip(("mrr", "hit@1", "auroc"), np.mean(held_out, axis=0).round(4).tolist(), strict=True)),
        "fitted": dict(zip(("mrr", "hit@1"), mean_ranks(answerable, ranking), strict=True)),
        "weights": dict(zip(WEIGHTS, ranking.round(2).tolist(), strict=True)),
        "model": {"bias": round(bias, 2), **dict(zip(SIGNS, coefficients.round(2).tolist(), strict=True))},
        "model_in_use": asdict(FITTED),
        "auroc_in_use": auroc(sure[truth], sure[~truth]),
        "answered_and_abstained_by_threshold": thresholds,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
