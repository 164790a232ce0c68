"""Fit the calibration of alignment on pairs whose truth is known, and say how reliable its scores are on others.

    CONCORD_TEST_DATA=… python benchmarks/alignment.py [--seed 0] [--meridian SYNCED] [--no-embeddings] [--json]

Two kinds of pairs. (1) The Integrated Public Sector Vocabulary taken apart: one scheme keeps the preferred labels and
half of the others, a second has the rest under IRIs of its own, and a share of homonyms is planted. (2) The alignments
written by hand in the sample workspace and in the handbooks' workspace, with every mapping of a department removed;
broader matches are neither right nor wrong there. Fitted are half of the concepts of (1), by a hash of the IRI, two
departments of the sample and one body of the handbooks; the rest is the test. Items in common are measured where a
synced copy of the sample is given, with tags made anew without the department's mappings. No weight of a signal is
negative. Nothing is written: weights are copied into the code by hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from concord_taxonomy.alignment.align import measured
from concord_taxonomy.alignment.calibration import FITTED, NAMES, Calibration
from concord_taxonomy.alignment.candidates import candidates
from concord_taxonomy.alignment.signals import Encode, Items, Signals
from concord_taxonomy.alignment.usage import Document, items_of
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary, read_folder, read_vocabulary
from concord_taxonomy.tagging import tag

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("CONCORD_TEST_DATA", ROOT.parent / "shared" / "data"))
ONE, OTHER = "urn:one:", "urn:other:"
SAME_LABEL, HOMONYMS = 0.2, 0.05
OPTIONAL = ("definition", "named", "ancestors", "neighbours", "items", "embedding")
SAMPLE = "examples/meridian"
FITTED_DEPARTMENTS = ("people", "engineering", "eighteen-f")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A candidate pair with its truth."""

    group: str
    fit: bool
    match: bool
    signals: Signals


def taken_apart(vocabulary: Vocabulary, rng: np.random.Generator) -> tuple[Vocabulary, set[tuple[str, str]]]:
    """Two schemes of one vocabulary's labels, and the pairs that are the same concept."""
    known = list(vocabulary.concepts.values())
    other = {concept.iri for concept in known if concept.alt_label}
    made, truth = [], set()
    for concept in known:
        alternatives = [concept.alt_label[at] for at in rng.permutation(len(concept.alt_label))]
        kept = alternatives[1 : 1 + len(alternatives) // 2]
        made.append(_in(concept, ONE, concept.pref_label, kept, vocabulary.concepts.keys(), vocabulary))
        if alternatives:
            rest = [label for label in alternatives[1:] if label not in kept]
            rest += concept.pref_label if rng.random() < SAME_LABEL else ()
            rest += known[int(rng.integers(len(known)))].pref_label if rng.random() < HOMONYMS else ()
            made.append(_in(concept, OTHER, alternatives[:1], rest, other, vocabulary))
            truth.add((ONE + concept.iri, OTHER + concept.iri))
    return Vocabulary.build(made, [Scheme(ONE), Scheme(OTHER)], shared_scheme=""), truth


def _in(
    concept: Concept,
    scheme: str,
    preferred: Sequence[Label],
    alternative: Sequence[Label],
    members: Any,
    vocabulary: Vocabulary,
) -> Concept:
    above = [each for each in concept.broader if each in members] or [
        each for each in sorted(vocabulary.broader_closure(concept.iri) - {concept.iri}) if each in members
    ][:1]
    return Concept(
        scheme + concept.iri,
        pref_label=tuple(preferred),
        alt_label=tuple(alternative),
        definition=concept.definition if scheme == ONE else (),
        broader=tuple(scheme + each for each in above),
        related=tuple(scheme + each for each in concept.related if each in members),
        in_scheme=(scheme,),
    )


def unaligned(vocabulary: Vocabulary, department: str) -> tuple[Vocabulary, set[tuple[str, str]], set[tuple[str, str]]]:
    """A vocabulary without the department's mappings; the pairs that were mapped as the same, and as broader."""
    same, broader, made = set(), set(), []
    for concept in vocabulary.concepts.values():
        if department in concept.in_scheme:
            same |= {(concept.iri, each) for each in (*concept.exact_match, *concept.close_match)}
            broader |= {(concept.iri, each) for each in (*concept.broad_match, *concept.narrow_match)}
        none: tuple[str, ...] = ()
        made.append(replace(concept, exact_match=none, close_match=none, broad_match=none, narrow_match=none))
    shared = vocabulary.shared_scheme
    return Vocabulary.build(made, vocabulary.schemes.values(), shared_scheme=shared), same, broader


def read_documents(folder: Path) -> list[Document]:
    """Every item of a synced workspace, without its tags."""
    from concord.bootstrap import Concord
    from concord.bootstrap.aligning import documents
    from concord_taxonomy.standard import Principal

    concord = Concord.open(folder)
    try:
        everybody = Principal("benchmark", concord.foundation.directory.tokens, "", None)
        return [replace(each, subject=()) for each in documents(concord, everybody)]
    finally:
        concord.close()


def tagged(documents: Sequence[Document], vocabulary: Vocabulary) -> list[Document]:
    """The documents with the tags that a vocabulary gives them."""
    index = LabelIndex(vocabulary)
    made = []
    for each in documents:
        title, _, body = each.text.partition("\n")
        tags = tag(title, (), body, index, vocabulary, department_scheme=each.publisher)
        made.append(replace(each, subject=tuple(found.concept for found in tags)))
    return made


def collect(
    rng: np.random.Generator, encode: Encode | None, documents: Sequence[Document]
) -> tuple[list[Case], dict[str, tuple[int, int]]]:
    """Every candidate pair, and for each group how many true pairs there are and how many became candidates."""
    cases: list[Case] = []
    reached: dict[str, tuple[int, int]] = {}

    def add(
        group: str,
        found: tuple[Vocabulary, str, str],
        truth: set[tuple[str, str]],
        fit: Callable[[str], bool],
        unclear: set[tuple[str, str]] = frozenset(),  # type: ignore[assignment]
        items: Items | None = None,
    ) -> None:
        measure = measured(*found, items or {}, encode)
        pairs = sorted(candidates(measure))
        cases.extend(
            Case(group, fit(pair[1]), pair in truth, measure.of(*pair)) for pair in pairs if pair not in unclear
        )
        reached[group] = len(truth), len(truth.intersection(pairs))

    split, truth = taken_apart(read_vocabulary([DATA / "vocabularies" / "ipsv.rdf"]), rng)
    add("ipsv", (split, ONE, OTHER), truth, lambda iri: hashlib.sha256(iri.encode()).digest()[0] % 2 == 0)
    for folder in (SAMPLE, "tests/workspaces/handbooks"):
        whole = read_folder(ROOT / folder / "taxonomy")
        for scheme in whole.schemes:
            if scheme != whole.shared_scheme:
                left, same, broader = unaligned(whole, scheme)
                name = scheme.removesuffix("/vocabulary").rsplit("/", 1)[-1]
                pair = scheme, whole.shared_scheme
                items = items_of(left, pair, tagged(documents, left)) if folder == SAMPLE else {}
                add(name, (left, *pair), same, lambda _, n=name: n in FITTED_DEPARTMENTS, broader, items)  # type: ignore[misc]
    return cases, reached


def rows(cases: Sequence[Case], absent: Sequence[str] = ()) -> Floats:
    """For each case its signals, then for each optional signal whether it is missing."""
    return np.array(
        [
            [*(0.0 if value is None else value for value in values.values())]
            + [float(values[name] is None) for name in OPTIONAL]
            for case in cases
            for values in [{name: None if name in absent else getattr(case.signals, name) for name in NAMES}]
        ]
    )


def fit(cases: Sequence[Case]) -> Calibration:
    """Ridge logistic regression; the written alignments weigh as much as the vocabulary that was taken apart.

    Cases are repeated without some signals, so that the weights hold where these are not measured.
    """
    groups = ["ipsv" if case.group == "ipsv" else "written" for case in cases]
    weights = np.array([1 / groups.count(group) for group in groups]) * len(cases) / 2
    without = ((), ("embedding",), ("definition", "named"), ("items",), ("definition", "named", "items", "embedding"))
    features = np.concatenate([rows(cases, absent) for absent in without])
    truth = np.tile([float(case.match) for case in cases], len(without))
    each = np.tile(weights, len(without))

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        odds = features @ coefficients[1:] + coefficients[0]
        held = 1 / (1 + np.exp(-odds))
        gradient = each * (held - truth)
        cost = float(np.sum(each * (np.logaddexp(0, odds) - truth * odds)) + 0.5 * np.sum(coefficients[1:] ** 2))
        return cost, np.concatenate([[gradient.sum()], features.T @ gradient + coefficients[1:]])

    bounds = [(None, None), *((0, None) for _ in NAMES), *((None, None) for _ in OPTIONAL)]
    start = np.zeros(1 + features.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x.round(2)
    return Calibration(
        float(found[0]),
        dict(zip(NAMES, found[1 : 1 + len(NAMES)].tolist(), strict=True)),
        dict(zip(OPTIONAL, found[1 + len(NAMES) :].tolist(), strict=True)),
    )


def reliability(cases: Sequence[Case], calibration: Calibration, true_pairs: int) -> dict[str, Any]:
    """How often pairs of a score are right, in bins of 0.1; Brier score, expected calibration error, and at 0.5."""
    scores = np.array([calibration.score(case.signals) for case in cases])
    truth = np.array([case.match for case in cases])
    bins = []
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & ((scores < low + 0.1) | (low > 0.85))
        if inside.any():
            bins.append(
                [round(float(low), 1), int(inside.sum()), float(scores[inside].mean()), float(truth[inside].mean())]
            )
    proposed = scores >= 0.5
    return {
        "pairs": len(cases),
        "matches": int(truth.sum()),
        "brier": float(np.mean((scores - truth) ** 2)),
        "calibration_error": float(sum(n * abs(mean - held) for _, n, mean, held in bins) / len(cases)),
        "proposed": int(proposed.sum()),
        "precision": float(truth[proposed].mean()) if proposed.any() else None,
        "recall": float(truth[proposed].sum() / true_pairs) if true_pairs else None,
        "bins": bins,
    }


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-embeddings", action="store_true")
    parser.add_argument("--meridian", type=Path, help="a synced copy of the sample workspace")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    encode: Encode | None = None
    if not options.no_embeddings:
        from concord.embedding import encode_all, open_encoder
        from concord.workspace.settings import EmbeddingSettings

        settings = EmbeddingSettings()
        encoder = open_encoder(settings.model, settings.runtime)
        encode = lambda texts: encode_all(encoder, texts)  # type: ignore[return-value]  # noqa: E731
    documents = read_documents(options.meridian) if options.meridian else []
    cases, reached = collect(np.random.default_rng(options.seed), encode, documents)
    fitted = fit([case for case in cases if case.fit])
    test = [case for case in cases if not case.fit]
    report: dict[str, Any] = {
        "candidates": {group: f"{found} of {of} true pairs" for group, (of, found) in reached.items()},
        "fitted": {"bias": fitted.bias, "weights": fitted.weights, "missing": fitted.missing},
        "test": {},
    }
    for group in [*reached, "written"]:
        chosen = [case for case in test if case.group == group or (group == "written" and case.group != "ipsv")]
        if chosen:
            of = sum(case.match for case in chosen)
            report["test"][group] = {
                "in_use": reliability(chosen, FITTED, of),
                "fitted": reliability(chosen, fitted, of),
            }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    print(json.dumps({name: report[name] for name in ("candidates", "fitted")}, indent=1))
    for group, by in report["test"].items():
        for name, result in by.items():
            shown = {key: round(v, 3) if isinstance(v, float) else v for key, v in result.items() if key != "bins"}
            print(f"{group:12} {name:7} {shown}")
    for group in ("ipsv", "written"):
        for name, result in report["test"][group].items():
            print(f"reliability of {group}, weights {name}: score, pairs, mean score, right")
            for low, n, mean, held in result["bins"]:
                print(f"  {low:.1f}  {n:6}  {mean:.2f}  {held:.2f}")


if __name__ == "__main__":
    main()
