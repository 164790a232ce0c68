"""Which claims are worth comparing: an inverted index inside each block, with a limit that is reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from concord.authority.claims import Claim
from concord.authority.slots import Features
from concord.authority.values import ValueType

MAX_CANDIDATES = 200
"""Claims that one claim is compared with, at most; how many had more is reported as overflow."""
_POOL = 10 * MAX_CANDIDATES

Block = tuple[ValueType, str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of positions to compare, each once, and how many claims had more candidates than were taken."""

    pairs: tuple[tuple[int, int], ...]
    overflow: int


def find_candidates(claims: Sequence[Claim], features: Sequence[Features], limit: int = MAX_CANDIDATES) -> Candidates:
    """Pair claims of one block (value type and dimension) that share a concept or a word, those that share most first.

    Concepts are features among others here: a claim stands in the block of each of its concepts and in that of none.
    """
    blocks: dict[Block, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for position, claim in enumerate(claims):
        postings = blocks[block_of(claim)]
        for word in features[position].telling():
            postings[word].append(position)
    if len(claims) <= limit:
        # None has too many: whatever shares a word is compared, and nothing has to be ranked.
        met = {pair for postings in blocks.values() for places in postings.values() for pair in combinations(places, 2)}
        return Candidates(tuple(sorted(met)), 0)
    pairs: set[tuple[int, int]] = set()
    overflow = 0
    for position, claim in enumerate(claims):
        shared: dict[int, float] = defaultdict(float)
        postings = blocks[block_of(claim)]
        lists = sorted(
            (len(postings.get(word, ())), word, weight) for word, weight in features[position].weights.items()
        )
        full = False
        for _, word, weight in lists:
            if len(shared) >= _POOL:
                full = True
                break
            for other in postings.get(word, ()):
                if other != position:
                    shared[other] += weight
        ranked = sorted(shared, key=lambda other: (-shared[other], other))
        overflow += full or len(ranked) > limit
        pairs.update((min(position, other), max(position, other)) for other in ranked[:limit])
    return Candidates(tuple(sorted(pairs)), overflow)


def block_of(claim: Claim) -> Block:
    """The block outside of which a claim is compared with none."""
    return claim.block.value_type, claim.block.dimension
