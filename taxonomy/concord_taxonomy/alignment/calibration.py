"""From signals to the probability that two concepts mean the same: logistic regression, fitted apart.

`benchmarks/alignment.py` fits it on pairs whose truth is known and prints how reliable it is on others; its weights are
copied here by hand. A signal that was not measured counts what `missing` says instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from concord_taxonomy.alignment.signals import Signals

NAMES = tuple(each.name for each in fields(Signals))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals and of their absence, in log odds."""

    bias: float
    weights: Mapping[str, float]
    missing: Mapping[str, float]

    def score(self, signals: Signals) -> float:
        """The probability of a match, 0 to 1."""
        odds = [self.bias]
        for name in NAMES:
            value = getattr(signals, name)
            odds.append(self.missing.get(name, 0.0) if value is None else self.weights[name] * value)
        return 1 / (1 + math.exp(-math.fsum(odds)))


FITTED = Calibration(
    bias=-11.24,
    weights={
        "label": 0.39,
        "words": 8.15,
        "definition": 4.11,
        "named": 3.05,
        "ancestors": 2.19,
        "neighbours": 8.57,
        "items": 0.0,
        "embedding": 6.72,
    },
    missing={
        "definition": 1.23,
        "named": -0.36,
        "ancestors": 0.27,
        "neighbours": 0.8,
        "items": -0.14,
        "embedding": 3.63,
    },
)
"""The weights in use."""
