"""Contradictions found without any question: under which keys a claim is looked up, and which pairs are beyond doubt.

A question anchors two sentences to one slot; without one, words alone have to. So a pair counts only where the two
sentences share most of their own words (what stands around them counts less than for a question), and where each is the
other's best match in its document: whoever says something else elsewhere, or the same here, is meant there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from hashlib import blake2b

from concord.authority.claims import Claim
from concord.authority.facts import Facts
from concord.authority.slots import Features, Relation, comparable, features, likeness, relate, score
from concord.authority.titles import names_subject, same_folder, sibling_pages
from concord.authority.values import ValueType, same_value
from concord.authority.words import content_stems

REGISTER_VERSION = 3
"""Raised when the same claims give other keys, or another set of contradictions."""
LEAST_SHARED = 0.65
"""The share of their own words (a weighted Dice coefficient) from which two claims are compared."""
FLOOR = 0.5
"""The certainty below which a contradiction is not even noted."""
_RIVAL = 0.5
_WITHIN = 0.9
MOST_WITHIN = 1_000
"""Values of one kind that a document states, from which it is not looked for contradictions among them."""
_UNSURE = 0.65
_SURE_SHARE = LEAST_SHARED / (2 - LEAST_SHARED)
_WEIGHTS = {"<": 2.0, "=": 0.5, "~": 0.25}
_EPSILON = 1e-9
_SKETCH_BITS = 31
_EVENTS = frozenset(
    content_stems(
        """updated revised reviewed published amended issued created modified approved iterated edited changed date
        last version next"""
    )
)


@dataclass(frozen=True)
class Statement:
    """A claim as the register compares it, each part of which is worked out when it is first asked for.

    `place` is the claim's number in its passage.
    """

    claim: Claim
    place: int = 0

    @cached_property
    def features(self) -> Features:
        """Its words and concepts with their weights."""
        return features(self.claim)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Its words and concepts, hashed."""
        return frozenset(map(_token, self.features.weights))

    @cached_property
    def value(self) -> str:
        """What it states of the slot, hashed."""
        value = self.claim.value
        said = (value.type, value.low, value.high, value.unit, value.per, value.comparator)
        return _digest("\n".join(map(str, said)), 4)

    @cached_property
    def id(self) -> str:
        """The same wherever the same is said of the same slot."""
        return _digest("\n".join((self.value, *sorted(self.features.weights))), 8)

    @property
    def total(self) -> float:
        """The weight of all its words."""
        return self.features.total

    def bits(self) -> list[tuple[int, float]]:
        """Its words as bits of sketches, each with the weight of every bit; words of one bit are in several."""
        layers: list[tuple[int, float]] = []
        for token in self.tokens:
            bit, weight = _bit(token), _weight(token)
            for place, (bits, each) in enumerate(layers):
                if each == weight and not bits & bit:
                    layers[place] = bits | bit, each
                    break
            else:
                layers.append((bit, weight))
        return layers

    def keys(self) -> dict[str, float]:
        """Key to weight: the block (value type and dimension) with each word or concept that tells slots apart."""
        block = self.claim.block
        return {
            _key(block.value_type, block.dimension, word): weight for word, weight in self.features.telling().items()
        }


_Blocks = Mapping[tuple[ValueType, str], Sequence[Statement]]


def keys_to_stand_under(
    keys: dict[str, float], total: float, counts: Mapping[str, int], limit: float = math.inf
) -> list[str]:
    """The keys under which a statement stands: its rarest, and no more than are needed.

    Once they have `limit` entries together, the commoner ones are left out: who looks for it reads rare ones first, and
    no more than so many.

    Who shares `LEAST_SHARED` of the words shares one of these: the other keys together weigh too little (the prefix
    filter of set-similarity joins: Chaudhuri et al. 2006; Bayardo et al. 2007). It holds whichever are chosen, so each
    statement has its own, those that were rarest when it came; who looks for it has to look under all of theirs.
    """
    needless = _SURE_SHARE * total - _EPSILON
    chosen: list[str] = []
    rest, met = total, 0
    for key in _rarest_first(keys, counts):
        met += counts.get(key, 0)
        if rest < needless or (chosen and met > limit):
            break
        chosen.append(key)
        rest -= keys[key]
    return chosen


def keys_to_look_under(keys: Iterable[str], counts: Mapping[str, int], limit: int) -> tuple[list[str], bool]:
    """The keys under which something stands, rarest first, and whether some had to be left out.

    They have no more than `limit` entries together, unless one alone has.
    """
    chosen: list[str] = []
    taken = 0
    for key in _rarest_first(keys, counts):
        taken += counts.get(key, 0)
        if taken > limit:
            return chosen or [key], True
        if taken:
            chosen.append(key)
    return chosen, False


def _rarest_first(keys: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    return sorted(keys, key=lambda each: (counts.get(each, 0), each))


def length_range(total: float) -> tuple[float, float]:
    """Between which weights of all words a claim has to be to share `LEAST_SHARED` with one of this weight."""
    return _SURE_SHARE * total - _EPSILON, total / _SURE_SHARE + _EPSILON


def sketch(tokens: Iterable[str]) -> int:
    """Words as a bitmap: from it can be told which words are not among them, for a few it cannot."""
    bits = 0
    for token in tokens:
        bits |= _bit(token)
    return bits


def may_share(weights: Iterable[tuple[int, float]], sketched: int, total: float) -> bool:
    """Whether a claim may share `LEAST_SHARED` of its words with one of which only the sketch is known.

    `weights` are the bits of its words with the weight of each; `total` is the weight of both.
    """
    weighed = 0.0
    for bits, weight in weights:
        weighed += weight * (bits & sketched).bit_count()
    return 2 * weighed >= LEAST_SHARED * total - _EPSILON


def shared(mine: frozenset[str], theirs: frozenset[str], total: float) -> float:
    """The share of words that two claims have in common, from 0 to 1; `total` is the weight of both."""
    return 2 * sum(map(_weight, mine & theirs)) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that contradict each other, and how certain that is (0 to 1)."""

    left: Statement
    right: Statement
    certainty: float

    @property
    def entry(self) -> str:
        """The entry of the register that it belongs to."""
        return entry_of(self.left.id, self.right.id)


def entry_of(one: str, other: str) -> str:
    """The entry of two statements: the same wherever both are said, so that pages that repeat one make no other."""
    return _digest(" ".join(sorted((one, other))), 6)


def near_any(mine: Iterable[Statement], tokens: frozenset[str]) -> bool:
    """Whether a statement of these words matters to a comparison with a document that states `mine`."""
    total = sum(map(_weight, tokens))
    return any(shared(one.tokens, tokens, one.total + total) >= _RIVAL - _EPSILON for one in mine)


def are_series(mine: Iterable[Statement], theirs: Iterable[Statement]) -> bool:
    """Whether two documents share more than one sentence, its values aside."""
    one, other = ({each.claim.attribute.template for each in stated} for stated in (mine, theirs))
    return len(one & other) > 1


def contradictions(
    mine: Sequence[Statement],
    theirs: Sequence[Statement],
    *,
    linked: bool,
    series: Callable[[], bool] | None = None,
) -> Iterator[Contradiction]:
    """The claims of two documents that contradict each other; `linked` says that one document replaces the other.

    Of the other document it is enough to give what is `near_any` of mine; then `series` tells of the whole documents
    whether they `are_series`, and is seldom asked.
    """
    here, there = _by_block(mine), _by_block(theirs)
    series = series or partial(are_series, mine, theirs)
    pairs = [
        (one, other) for one in mine for other in _near(one, there, LEAST_SHARED) if comparable(one.claim, other.claim)
    ]
    for one, other in pairs:
        doubt = _doubt(one.claim, other.claim, series)
        match = score(one.features, other.features)
        left, right = (_undated(one.claim), _undated(other.claim)) if doubt.undated else (one.claim, other.claim)
        if relate(left, right, match, linked=linked, siblings=doubt.siblings) is not Relation.CONFLICT:
            continue
        certain = strength(one, other)
        rivals = [(one, each) for each in _near(one, there, _RIVAL)] + [
            (each, other) for each in _near(other, here, _RIVAL)
        ]
        if not any(_meant_instead(certain, one, other, rival) for rival in rivals):
            yield from _certain(one, other, certain * doubt.factor)


def may_contradict(one: Statement, other: Statement) -> bool:
    """Whether two claims could be a contradiction of their documents, whatever else these say: a quick look."""
    if not comparable(one.claim, other.claim):
        return False
    match = score(one.features, other.features)
    return relate(one.claim, other.claim, match, linked=True, siblings=False) is Relation.CONFLICT


def within(mine: Sequence[Statement]) -> Iterator[Contradiction]:
    """The claims by which a document contradicts itself: nearly one sentence with two values, and no third.

    Of a kind of value that it states more than `MOST_WITHIN` times, none is looked at.
    """
    blocks = _by_block(each for each in mine if not _is_listed(each.claim))
    here = {block: held for block, held in blocks.items() if len(held) <= MOST_WITHIN}
    met = [
        (one, other)
        for held in here.values()
        for one in held
        for other in _near(one, here, _WITHIN)
        if one.claim.key < other.claim.key and one.claim.quote != other.claim.quote
    ]
    often = Counter(id(each) for pair in met for each in pair)
    for one, other in met:
        alone = often[id(one)] == often[id(other)] == 1
        if alone and comparable(one.claim, other.claim):
            certain = strength(one, other)
            relation = relate(one.claim, other.claim, score(one.features, other.features))
            if certain >= _WITHIN and relation is Relation.CONFLICT:
                # A page lists what differs: two of its sentences alike are seldom meant to say the same.
                yield from _certain(one, other, certain * _UNSURE)


def _by_block(stated: Iterable[Statement]) -> _Blocks:
    """Statements by value type and dimension: only those of one can contradict each other."""
    blocks: dict[tuple[ValueType, str], list[Statement]] = {}
    for each in stated:
        blocks.setdefault(_block(each), []).append(each)
    return blocks


def _near(one: Statement, among: _Blocks, least: float) -> Iterator[Statement]:
    """Those of its block, itself aside, that share enough words with a statement to be worth comparing."""
    for other in among.get(_block(one), ()):
        if one is not other and shared(one.tokens, other.tokens, one.total + other.total) >= least:
            yield other


def _block(stated: Statement) -> tuple[ValueType, str]:
    return stated.claim.block.value_type, stated.claim.block.dimension


def strength(one: Statement, other: Statement) -> float:
    """How surely two claims speak of the same thing: the mean of match score, shared words and likeness in order."""
    words = shared(one.tokens, other.tokens, one.total + other.total)
    return (score(one.features, other.features) + words + likeness(one.claim, other.claim)) / 3


def are_linked(one: Facts, other: Facts) -> bool:
    """Whether one document is said to replace the other."""
    return other.identifier in (*one.replaces, *one.is_replaced_by) or one.identifier in (
        *other.replaces,
        *other.is_replaced_by,
    )


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What speaks against a contradiction without ruling it out."""

    siblings: bool = True
    undated: bool = False
    factor: float = 1.0


def _doubt(one: Claim, other: Claim, series: Callable[[], bool]) -> _Doubt:
    """Weigh what the pages around two claims say: a year in both names, titles about two subjects.

    Equal sentences on sibling pages are a series where the pages share more such sentences; alone, one may name its
    subject itself, and then the titles say nothing.
    """
    siblings, factor = True, 1.0
    if sibling_pages(one, other) and not series():
        siblings = False
        factor = 1.0 if names_subject(one, other) else _UNSURE
    dated = all("period" in each.scope.inherited for each in (one, other))
    undated = dated and one.scope.period != other.scope.period and not same_folder(one, other)
    return _Doubt(siblings, undated, factor * _UNSURE if undated else factor)


def _undated(claim: Claim) -> Claim:
    return replace(claim, scope=replace(claim.scope, period=()))


def _meant_instead(certain: float, one: Statement, other: Statement, rival: tuple[Statement, Statement]) -> bool:
    """Whether one of two claims meets a better match in the other's document: the same said, or something nearer."""
    left, right = rival
    if (left is one and right is other) or not comparable(left.claim, right.claim):
        return False
    strong = strength(left, right)
    if strong > certain + _EPSILON or (
        same_value(left.claim.value, right.claim.value) and strong >= certain - _EPSILON
    ):
        return True
    # Two values as near: that document says both, so that neither is set against this one.
    partner, instead = (other, right) if left is one else (one, left)
    return abs(strong - certain) <= _EPSILON and not same_value(partner.claim.value, instead.claim.value)


def _is_listed(claim: Claim) -> bool:
    """Whether a sentence is a cell of a table or opens a list: its like beside it is about something else."""
    return bool(claim.scope.case) or claim.quote.endswith((":", "?"))


def _certain(one: Statement, other: Statement, certainty: float) -> Iterator[Contradiction]:
    """The contradiction, where it is certain enough to be noted.

    Values in words are never as certain, nor are sentences that open a list.
    """
    if _is_event(one.claim) or _is_event(other.claim):
        return
    plain = one.claim.value.type.measured and not (one.claim.quote.endswith(":") or other.claim.quote.endswith(":"))
    certainty *= 1.0 if plain else _UNSURE
    if certainty >= FLOOR:
        left, right = sorted((one, other), key=lambda each: each.claim.key)
        yield Contradiction(left, right, certainty)


def _is_event(claim: Claim) -> bool:
    """Whether a date is that of a document's own making: "Last updated on 3 May 2024"."""
    return claim.value.type is ValueType.DATE and _EVENTS.issuperset(claim.attribute.words)


def _weight(token: str) -> float:
    return _WEIGHTS.get(token[0], 1.0)


@lru_cache(maxsize=65_536)
def _bit(token: str) -> int:
    return 1 << int(token[1:], 16) % _SKETCH_BITS


@lru_cache(maxsize=65_536)
def _token(word: str) -> str:
    """A word in few letters, with its weight told by the first."""
    return (word[0] if word[0] in _WEIGHTS else "w") + _digest(word, 4)


@lru_cache(maxsize=65_536)
def _key(kind: ValueType, dimension: str, word: str) -> str:
    return _digest(f"{kind}\n{dimension}\n{word}", 4)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
