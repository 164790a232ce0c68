"""From signals to the probability that two concepts mean the same: logistic regression, fitted apart.

`benchmarks/alignment.py` fits it on pairs whose truth is known and prints how reliable it is on others; its weights are
copied here by hand. A signal that was not measured counts what `missing` says instead. A second step takes in
how likely the next best pair of either concept is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from concord_taxonomy.alignment.signals import Signals

NAMES = tuple(each.name for each in fields(Signals))


NO_RIVAL = -12.0
"""Log odds of a rival that is not there."""


@dataclass(frozen=True, slots=True)
class Rivalry:
    """What the likeliest other pair of either concept does to a pair: mostly, a concept has one match in a scheme."""

    bias: float
    own: float
    rival: float
    behind: float

    def score(self, odds: float, rival: float) -> float:
        """The probability of a match, 0 to 1, from the log odds of the pair by itself and of its likeliest rival."""
        behind = min(6.0, max(0.0, rival - odds))
        return probability(self.bias + self.own * odds + self.rival * probability(rival) - self.behind * behind)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals and of their absence, in log odds, and of rivals."""

    bias: float
    weights: Mapping[str, float]
    missing: Mapping[str, float]
    rivalry: Rivalry = Rivalry(0.0, 1.0, 0.0, 0.0)

    def odds(self, signals: Signals) -> float:
        """The log odds of a match by the signals alone."""
        odds = [self.bias]
        for name in NAMES:
            value = getattr(signals, name)
            odds.append(self.missing.get(name, 0.0) if value is None else self.weights[name] * value)
        return math.fsum(odds)


def probability(odds: float) -> float:
    """Log odds as a probability, 0 to 1."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def rivals(odds: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """For each pair the highest log odds of another pair of either of its concepts; `NO_RIVAL` where there is none."""
    best: dict[tuple[int, str], list[tuple[float, tuple[str, str]]]] = {}
    for pair, own in odds.items():
        for side in (0, 1):
            held = best.setdefault((side, pair[side]), [])
            held.append((own, pair))
            if len(held) > 2:
                held.remove(min(held))
    return {
        pair: max((own for side in (0, 1) for own, other in best[side, pair[side]] if other != pair), default=NO_RIVAL)
        for pair in odds
    }


FITTED = Calibration(
    bias=-11.67,
    weights={
        "label": 0.0,
        "words": 7.88,
        "definition": 4.38,
        "named": 1.69,
        "ancestors": 2.53,
        "neighbours": 6.18,
        "items": 2.19,
        "embedding": 5.62,
        "meaning": 2.65,
    },
    missing={
        "definition": 1.94,
        "named": -0.84,
        "ancestors": 0.49,
        "neighbours": 0.9,
        "items": 0.77,
        "embedding": 2.69,
        "meaning": 0.5,
    },
    rivalry=Rivalry(bias=1.88, own=0.92, rival=-3.73, behind=0.29),
)
"""The weights in use."""
