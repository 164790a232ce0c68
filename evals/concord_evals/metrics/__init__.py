"""Metrics that need no model: pure functions over identifiers with revisions, and over answers.

A share or score lies between 0 and 1, higher is better. None means that a metric does not apply to a question; what
could not be measured is the caller's to tell apart (`concord_evals.scoring`).
"""

from concord_evals.metrics.abstention import Abstention, abstention
from concord_evals.metrics.citations import citation_precision, citation_recall
from concord_evals.metrics.costs import cost
from concord_evals.metrics.latency import percentile
from concord_evals.metrics.ranking import hit, ndcg, recall, reciprocal_rank
from concord_evals.metrics.values import holds_value, value_accuracy

__all__ = [
    "Abstention",
    "abstention",
    "citation_precision",
    "citation_recall",
    "cost",
    "hit",
    "holds_value",
    "ndcg",
    "percentile",
    "recall",
    "reciprocal_rank",
    "value_accuracy",
]
