"""`align`: which concepts of two schemes mean the same, and which only share a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from concord_taxonomy.alignment.calibration import FITTED, Calibration, probability, rivals
from concord_taxonomy.alignment.candidates import Pair, candidates
from concord_taxonomy.alignment.decisions import Decisions, Relation
from concord_taxonomy.alignment.homonyms import Homonym, common_labels, told_apart
from concord_taxonomy.alignment.opposites import opposed
from concord_taxonomy.alignment.profile import profiles
from concord_taxonomy.alignment.signals import Encode, Items, Measure, Signals
from concord_taxonomy.skos.links import LinkKind
from concord_taxonomy.skos.vocabulary import Vocabulary

_SAME = (LinkKind.SAME, LinkKind.EXACT, LinkKind.CLOSE)
_MAPPED = ("exact_match", "close_match", "broad_match", "narrow_match", "related_match")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two concepts that probably mean the same, the probability, and the evidence.

    It is `closeMatch` whatever the score: a steward promotes it. `rival` is how likely the next best pair of either
    concept is by its signals alone, 0 to 1: the likelier, the lower the score.
    """

    left: str
    right: str
    score: float
    signals: Signals
    rival: float = 0.0
    relation: Relation = Relation.CLOSE


@dataclass(frozen=True, slots=True)
class Alignment:
    """Proposals and homonyms, best first, and how many pairs are settled: mapped already, accepted, rejected."""

    left: str
    right: str
    proposals: tuple[Proposal, ...] = ()
    homonyms: tuple[Homonym, ...] = ()
    mapped: int = 0
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class AlignmentOptions:
    """The least score of a proposal, and how many a concept gets at most unless its partner wants it among its own."""

    min_score: float = 0.5
    per_concept: int = 3
    calibration: Calibration = field(default_factory=lambda: FITTED)


def align(
    vocabulary: Vocabulary,
    left: str,
    right: str,
    *,
    items: Items | None = None,
    encode: Encode | None = None,
    decisions: Decisions | None = None,
    options: AlignmentOptions | None = None,
) -> Alignment:
    """Compare the concepts of two schemes (IRIs) of a vocabulary; the order of the schemes only mirrors the result.

    `items` are those that concepts stand for, `encode` gives texts their vectors; without them these signals are not
    measured. Not proposed are pairs that have nothing in common but what stands around them, pairs whose labels are
    opposites, pairs that are decided or mapped already, directly or to the same shared concept, and those of which
    either has an exact match in the other's scheme.
    """
    options, decided = options or AlignmentOptions(), decisions or Decisions()
    measure = measured(vocabulary, left, right, items or {}, encode)
    settled = _settled(vocabulary, measure, decided)
    possible = candidates(measure)
    open_pairs = sorted(possible - settled.keys())
    measure, because = _told_apart(vocabulary, measure, open_pairs, settled)
    signals = {pair: measure.of(*pair) for pair in open_pairs}
    homonyms = [
        Homonym(next(common_labels(measure.left[pair[0]], measure.right[pair[1]])), *pair, why, signals[pair])
        for pair, why in because.items()
    ]
    held = {pair: measure.of(*pair) for pair in possible if settled.get(pair, "rejected") != "rejected"}
    odds = {pair: options.calibration.odds(each) for pair, each in (signals | held).items() if pair not in because}
    rival = rivals(odds)
    scored = {
        pair: score
        for pair in open_pairs
        if pair not in because
        and signals[pair].grounded
        and (signals[pair].label or not _opposed(measure, pair))
        and not _taken(vocabulary, measure, pair)
        and not _through_shared(vocabulary, pair)
        and (score := round(options.calibration.rivalry.score(odds[pair], rival[pair]), 4)) >= options.min_score
    }
    kept = sorted(_best(scored, options.per_concept), key=lambda pair: (-scored[pair], *sorted(pair)))
    return Alignment(
        left,
        right,
        tuple(Proposal(*pair, scored[pair], signals[pair], round(probability(rival[pair]), 4)) for pair in kept),
        tuple(sorted(homonyms, key=lambda each: (each.label.casefold(), *sorted((each.left, each.right))))),
        mapped=sum(state == "mapped" for state in settled.values()),
        accepted=sum(state == "accepted" for state in settled.values()),
        rejected=sum(state == "rejected" for state in settled.values()),
    )


def _told_apart(
    vocabulary: Vocabulary, measure: Measure, pairs: Sequence[Pair], settled: Mapping[Pair, str]
) -> tuple[Measure, dict[Pair, tuple[str, ...]]]:
    """The homonyms among pairs, with what tells them apart, and the measure that knows them.

    An equal label that is a homonym, or that a steward has rejected, is no counterpart: without it others may turn out
    to be homonyms, until there are no more.
    """
    because: dict[Pair, tuple[str, ...]] = {}
    apart = {pair for pair, state in settled.items() if state == "rejected"}
    while True:
        both = frozenset(apart | {(right, left) for left, right in apart})
        measure = replace(measure, apart=both)
        found = {
            pair: why
            for pair in pairs
            for one, other in [(measure.left[pair[0]], measure.right[pair[1]])]
            if pair not in because and not one.keys.isdisjoint(other.keys)
            if (why := told_apart(one, other, measure.of(*pair), vocabulary))
        }
        if not found:
            return measure, because
        because |= found
        apart |= found.keys()


def measured(vocabulary: Vocabulary, left: str, right: str, items: Items, encode: Encode | None) -> Measure:
    """What measures pairs of two schemes."""
    sides = profiles(vocabulary, left), profiles(vocabulary, right)
    known = {**sides[0], **sides[1]}
    texts = sorted({text for each in known.values() for text in (*each.named, *each.told)})
    rows = encode(texts) if encode and texts else ()
    vectors = {text: [float(value) for value in row] for text, row in zip(texts, rows, strict=False)}
    return Measure(*sides, items, vectors)


def _settled(vocabulary: Vocabulary, measure: Measure, decisions: Decisions) -> dict[Pair, str]:
    """Pairs that are not to be proposed any more, with why."""
    found: dict[Pair, str] = {}
    for iri in measure.left:
        for name in _MAPPED:
            found |= {
                (iri, other): "mapped" for other in getattr(vocabulary.concepts[iri], name) if other in measure.right
            }
    for each in decisions:
        for pair in ((each.left, each.right), (each.right, each.left)):
            if pair[0] in measure.left and pair[1] in measure.right:
                found[pair] = "accepted" if each.accepted else "rejected"
    return found


def _opposed(measure: Measure, pair: Pair) -> bool:
    """Whether what they are called tells them apart."""
    left, right = measure.left[pair[0]].named, measure.right[pair[1]].named
    return any(opposed(one, other) for one in left for other in right)


def _taken(vocabulary: Vocabulary, measure: Measure, pair: Pair) -> bool:
    """Whether one of them has an exact match in the other's scheme: a second would join two concepts there."""
    left, right = (vocabulary.concepts[iri].exact_match for iri in pair)
    return not measure.right.keys().isdisjoint(left) or not measure.left.keys().isdisjoint(right)


def _through_shared(vocabulary: Vocabulary, pair: Pair) -> bool:
    """Whether both are mapped, exactly or closely, to one shared concept: aligning each with it is enough."""
    if not vocabulary.shared_scheme:
        return False
    meant = [{link.iri for link in vocabulary.links(iri) if link.kind in _SAME} for iri in pair]
    return not meant[0].isdisjoint(meant[1])


def _best(scored: Mapping[Pair, float], limit: int) -> set[Pair]:
    """The pairs that are among the best of either of their concepts."""
    kept: set[Pair] = set()
    for side in (0, 1):
        grouped: dict[str, list[Pair]] = {}
        for pair in scored:
            grouped.setdefault(pair[side], []).append(pair)
        for pairs in grouped.values():
            kept.update(sorted(pairs, key=lambda pair: (-scored[pair], *sorted(pair)))[:limit])
    return kept
