"""ONNX Runtime beside SentenceTransformer on torch: the same texts in one run, their rates, and how vectors differ.

    python benchmarks/embedding.py [--seed 0] [--scale 1.0] [--json]

Texts are sentences joined at random from a fixed list, 20 to 250 tokens long; each round times both runtimes, in turns,
so that noise falls on both. Printed are the ratio of the rates (above 1: ONNX Runtime is faster) with its spread over
the rounds, for batches of passages and for one short question.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable

import numpy as np

from concord.embedding import Encoder, open_encoder

SENTENCES = (
    "Employees receive annual leave from their first day.",
    "A claim is paid within five working days of approval.",
    "The budget holder approves every order above the limit.",
    "Logs are kept for ninety days and then deleted.",
    "Ask the service desk when a laptop is lost or stolen.",
    "Contracts with suppliers are reviewed once a year by Legal.",
)
ROUNDS = 5


def texts(count: int, rng: random.Random) -> list[str]:
    """Unique passages of various lengths."""
    return [f"{n}. " + " ".join(rng.choices(SENTENCES, k=rng.randint(2, 24))) for n in range(count)]


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def batches(encoder: Encoder, passages: list[str]) -> None:
    """Encode sorted by length in batches of 32, as syncing does."""
    ordered = sorted(passages, key=len)
    for start in range(0, len(ordered), 32):
        encoder.encode(ordered[start : start + 32])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 192 passages a round")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    onnx, torch = open_encoder(runtime="onnx"), open_encoder(runtime="torch")
    sample = texts(32, rng)
    difference = float(np.abs(onnx.encode(sample) - torch.encode(sample)).max())
    passages, questions = [], []
    for _ in range(ROUNDS):
        batch = texts(round(192 * options.scale), rng)
        passages.append(seconds(lambda b=batch: batches(torch, b)) / seconds(lambda b=batch: batches(onnx, b)))
        short = [f"How many days of leave does team {rng.random()} get?" for _ in range(20)]
        questions.append(
            seconds(lambda q=short: [torch.encode([each]) for each in q])
            / seconds(lambda q=short: [onnx.encode([each]) for each in q])
        )
    report = {
        "largest_difference": difference,
        "passages_rate_ratio": spread(passages),
        "question_rate_ratio": spread(questions),
    }
    if options.json:
        print(json.dumps(report))
        return
    print(f"largest difference of any component: {difference:.1e}")
    for name in ("passages", "question"):
        low, middle, high = report[f"{name}_rate_ratio"]  # type: ignore[misc]
        print(f"{name}: ONNX Runtime / torch = {middle:.2f} ({low:.2f} to {high:.2f} over {ROUNDS} rounds)")


def spread(ratios: list[float]) -> list[float]:
    """Minimum, median, maximum."""
    return [round(value, 3) for value in (min(ratios), statistics.median(ratios), max(ratios))]


if __name__ == "__main__":
    main()
