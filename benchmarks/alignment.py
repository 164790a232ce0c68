"""Fit the calibration of alignment on pairs whose truth is known, and say how reliable its scores are on others.

    CONCORD_TEST_DATA=… python benchmarks/alignment.py [--seed 0] [--meridian SYNCED] [--no-embeddings] [--json]

Two kinds of pairs. (1) The Integrated Public Sector Vocabulary taken apart: one scheme keeps the preferred labels and
half of the others, a second has the rest under IRIs of its own, and a share of homonyms is planted. (2) The alignments
written by hand in the sample workspace (four departments) and in the handbooks' workspace (four bodies), with every
mapping of the department removed; broader matches are neither right nor wrong there. Two departments are compared too:
concepts that were mapped to one shared concept are the same, those mapped to unlike ones are not, others are left out.

Reliability is cross-validated: the scores of a department's pairs come from weights fitted without any pair of that
department, and with the half of (1), by a hash of the IRI, that is not its test. Items in common are measured where a
synced copy of the sample is given, with tags made anew without the department's mappings. No weight of a signal is
negative. Of pairs with next to nothing in common one in twenty is fitted, and counts twenty times. Nothing is written:
weights of the last line, fitted on all of it, are copied into the code by hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from concord_taxonomy.alignment.align import measured
from concord_taxonomy.alignment.calibration import NAMES, Calibration, Rivalry, probability, rivals
from concord_taxonomy.alignment.candidates import candidates
from concord_taxonomy.alignment.homonyms import told_apart
from concord_taxonomy.alignment.signals import Encode, Items, Signals
from concord_taxonomy.alignment.usage import Document, items_of
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary, read_folder, read_vocabulary
from concord_taxonomy.tagging import tag

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("CONCORD_TEST_DATA", ROOT.parent / "shared" / "data"))
ONE, OTHER = "urn:one:", "urn:other:"
SAME_LABEL, HOMONYMS = 0.2, 0.05
OPTIONAL = NAMES[2:]
SAMPLE = "examples/meridian"
IPSV, IPSV_WEIGHT, EASY = "ipsv", 0.3, 20
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A candidate pair with its truth; a pair that is told apart is reported as a homonym, not proposed."""

    group: str
    pair: tuple[str, str]
    match: bool
    signals: Signals
    homonym: bool

    @property
    def departments(self) -> list[str]:
        """Whose pair it is; none for the vocabulary that was taken apart."""
        return [] if self.group == IPSV else self.group.split("/")

    @property
    def held_out(self) -> bool:
        """Whether a pair of the vocabulary that was taken apart is in its test."""
        return self.group == IPSV and hashlib.sha256(self.pair[1].encode()).digest()[0] % 2 == 1

    @property
    def easy(self) -> bool:
        """Whether its concepts have next to nothing in common."""
        held = self.signals
        return not held.label and held.words < 0.25 and max(held.embedding or 0, held.meaning or 0) < 0.45


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


def between(whole: Vocabulary, one: str, other: str) -> tuple[Vocabulary, set[tuple[str, str]], set[tuple[str, str]]]:
    """Two departments without their mappings; the pairs that met in a shared concept, and those that may be either."""
    left, _, _ = unaligned(unaligned(whole, one)[0], other)
    same, unclear = set(), set()
    members = [[each for each in whole.concepts.values() if scheme in each.in_scheme] for scheme in (one, other)]
    for mine in members[0]:
        for theirs in members[1]:
            meant = [{*each.exact_match, *each.close_match} for each in (mine, theirs)]
            placed = [{*each.exact_match, *each.close_match, *each.broad_match} for each in (mine, theirs)]
            nested = any(
                a in whole.narrower_closure(b) or b in whole.narrower_closure(a) for a in placed[0] for b in placed[1]
            )
            if meant[0] & meant[1]:
                same.add((mine.iri, theirs.iri))
            elif nested or not all(placed):
                unclear.add((mine.iri, theirs.iri))
    return left, same, unclear


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
        unclear: set[tuple[str, str]] = frozenset(),  # type: ignore[assignment]
        items: Items | None = None,
    ) -> None:
        measure = measured(*found, items or {}, encode)
        pairs = sorted(candidates(measure))
        for pair in pairs:
            if pair not in unclear:
                signals = measure.of(*pair)
                sides = measure.left[pair[0]], measure.right[pair[1]]
                homonym = bool(signals.label and told_apart(*sides, signals, found[0]))
                cases.append(Case(group, pair, pair in truth, signals, homonym))
        reached[group] = len(truth), len(truth.intersection(pairs))

    split, truth = taken_apart(read_vocabulary([DATA / "vocabularies" / "ipsv.rdf"]), rng)
    add(IPSV, (split, ONE, OTHER), truth)
    for folder in (SAMPLE, "tests/workspaces/handbooks"):
        whole = read_folder(ROOT / folder / "taxonomy")
        schemes = [each for each in whole.schemes if each != whole.shared_scheme]
        for at, scheme in enumerate(schemes):
            left, same, broader = unaligned(whole, scheme)
            pair = scheme, whole.shared_scheme
            items = items_of(left, pair, tagged(documents, left)) if folder == SAMPLE else {}
            add(_name(scheme), (left, *pair), same, broader, items)
            for other in schemes[at + 1 :]:
                left, same, broader = between(whole, scheme, other)
                add(f"{_name(scheme)}/{_name(other)}", (left, scheme, other), same, broader)
    return cases, reached


def _name(scheme: str) -> str:
    return scheme.removesuffix("/vocabulary").rsplit("/", 1)[-1]


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


def fit(cases: Sequence[Case], rng: np.random.Generator) -> Calibration:
    """Ridge logistic regression of the signals, then of the pair's odds and those of its rival.

    Cases are repeated without some signals, so that the weights hold where these are not measured.
    """
    chosen = [case for case in cases if case.match or not case.easy or rng.random() < 1 / EASY]
    each = _weights(chosen)
    without = (
        (),
        ("embedding", "meaning"),
        ("definition", "named", "meaning"),
        ("items",),
        ("definition", "named", "items", "embedding", "meaning"),
    )
    features = np.concatenate([rows(chosen, absent) for absent in without])
    truth = np.tile([float(case.match) for case in chosen], len(without))
    bounds = [(None, None), *((0, None) for _ in NAMES), *((None, None) for _ in OPTIONAL)]
    found = _regression(features, truth, np.tile(each, len(without)), bounds)
    first = Calibration(
        found[0],
        dict(zip(NAMES, found[1 : 1 + len(NAMES)], strict=True)),
        dict(zip(OPTIONAL, found[1 + len(NAMES) :], strict=True)),
    )
    odds, rival = _with_rivals(cases, first)
    own, next_best = (np.array([held[case.group, *case.pair] for case in chosen]) for held in (odds, rival))
    behind = -np.clip(next_best - own, 0, 6)
    features = np.stack([own, [probability(value) for value in next_best], behind], axis=1)
    truth = np.array([float(case.match) for case in chosen])
    return replace(first, rivalry=Rivalry(*_regression(features, truth, each, [(None, None)] * 4)))


def _weights(cases: Sequence[Case]) -> Floats:
    """Of each case: an easy one stands for others, and IPSV weighs less than what was written by hand."""
    weights = np.array([EASY if case.easy and not case.match else 1.0 for case in cases])
    apart = np.array([case.group == IPSV for case in cases])
    total = weights.sum() / 2
    weights[apart] *= IPSV_WEIGHT * total / weights[apart].sum()
    weights[~apart] *= total / weights[~apart].sum()
    return weights


def _regression(
    features: Floats, truth: Floats, weights: Floats, bounds: Sequence[tuple[float | None, float | None]]
) -> list[float]:
    def loss(coefficients: Floats) -> tuple[float, Floats]:
        odds = features @ coefficients[1:] + coefficients[0]
        held = 1 / (1 + np.exp(-odds))
        gradient = weights * (held - truth)
        cost = float(np.sum(weights * (np.logaddexp(0, odds) - truth * odds)) + 0.5 * np.sum(coefficients[1:] ** 2))
        return cost, np.concatenate([[gradient.sum()], features.T @ gradient + coefficients[1:]])

    start = np.zeros(1 + features.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return [round(float(value), 2) for value in found]


def _with_rivals(
    cases: Sequence[Case], calibration: Calibration
) -> tuple[dict[tuple[str, str, str], float], dict[tuple[str, str, str], float]]:
    """The log odds of each case by itself, and of its rival; homonyms are no rivals."""
    odds = {(case.group, *case.pair): calibration.odds(case.signals) for case in cases}
    rival: dict[tuple[str, str, str], float] = {}
    for group in {case.group for case in cases}:
        told = {case.pair for case in cases if case.group == group and case.homonym}
        held = {key[1:]: value for key, value in odds.items() if key[0] == group and key[1:] not in told}
        rival |= {(group, *pair): value for pair, value in rivals(held).items()}
        rival |= {(group, *pair): 0.0 for pair in told}
    return odds, rival


def scored(cases: Sequence[Case], calibration: Calibration) -> dict[tuple[str, str, str], float]:
    """The score of each case."""
    odds, rival = _with_rivals(cases, calibration)
    return {key: calibration.rivalry.score(odds[key], rival[key]) for key in odds}


def cross_validated(cases: Sequence[Case], rng: np.random.Generator) -> dict[tuple[str, str, str], float]:
    """The score of each case by weights fitted without its department; for two departments the mean."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for department in sorted({each for case in cases for each in case.departments}):
        calibration = fit([case for case in cases if department not in case.departments and not case.held_out], rng)
        test = [case for case in cases if department in case.departments or case.held_out]
        for key, score in scored(test, calibration).items():
            found.setdefault(key, []).append(score)
    return {key: float(np.mean(scores)) for key, scores in found.items()}


def reliability(cases: Sequence[Case], scores: Floats, true_pairs: int) -> dict[str, Any]:
    """How often pairs of a score are right, in bins of 0.1; Brier score, expected calibration error, and at 0.5."""
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
        "matches": true_pairs,
        "brier": float(np.mean((scores - truth) ** 2)),
        "calibration_error": float(sum(n * abs(mean - held) for _, n, mean, held in bins) / len(cases)),
        "proposed": int(proposed.sum()),
        "promised": float(scores[proposed].sum()),
        "found": int(truth[proposed].sum()),
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
    rng = np.random.default_rng(options.seed)
    cases, reached = collect(rng, encode, documents)
    scores = cross_validated(cases, rng)
    in_use = fit(cases, rng)
    report: dict[str, Any] = {
        "candidates": {group: f"{found} of {of} true pairs" for group, (of, found) in reached.items()},
        "homonyms": {
            group: {truth: sum(case.homonym and case.match is truth for case in chosen) for truth in (True, False)}
            for group, chosen in _groups(cases, scores).items()
        },
        "cross_validated": {
            group: reliability(
                shown, np.array([scores[case.group, *case.pair] for case in shown]), sum(case.match for case in chosen)
            )
            for group, chosen in _groups(cases, scores).items()
            for shown in [[case for case in chosen if not case.homonym]]
        },
        "fitted": asdict(in_use),
    }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    print(json.dumps({name: report[name] for name in ("candidates", "homonyms")}, indent=1))
    for group, result in report["cross_validated"].items():
        shown = {key: round(v, 3) if isinstance(v, float) else v for key, v in result.items() if key != "bins"}
        print(f"{group:12} {shown}")
        for low, n, mean, held in result["bins"]:
            print(f"  {low:.1f}  {n:6}  {mean:.2f}  {held:.2f}")
    print(f"fitted on everything: {report['fitted']}")


def _groups(cases: Sequence[Case], tested: Container[tuple[str, str, str]]) -> dict[str, list[Case]]:
    """The cases that were tested, by what is told of them."""
    made: dict[str, list[Case]] = {}
    for case in cases:
        if (case.group, *case.pair) in tested:
            kind = (
                "taken apart" if case.group == IPSV else "two departments" if "/" in case.group else "written by hand"
            )
            made.setdefault(kind, []).append(case)
            if kind == "written by hand":
                made.setdefault(case.group, []).append(case)
    return made


if __name__ == "__main__":
    main()
