"""Statistics for small golden sets: what a difference between two runs is worth, and how many questions it takes.

Pure: numbers in, numbers out. `compare` puts the parts together.
"""

from concord_evals.statistics.intervals import bootstrap, mean_interval
from concord_evals.statistics.joint import joint_loss
from concord_evals.statistics.power import Churn, cases_needed, cases_needed_for_scores, power, power_for_scores
from concord_evals.statistics.tests import mcnemar, sign_flip
from concord_evals.statistics.verdict import Comparison, Values, Verdict, compare

__all__ = [
    "Churn",
    "Comparison",
    "Values",
    "Verdict",
    "bootstrap",
    "cases_needed",
    "cases_needed_for_scores",
    "compare",
    "joint_loss",
    "mcnemar",
    "mean_interval",
    "power",
    "power_for_scores",
    "sign_flip",
]
