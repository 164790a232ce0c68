from collections.abc import Callable

from concord.authority.candidates import MAX_CANDIDATES, find_candidates
from concord.authority.claims import Claim, SourceText
from concord.authority.conflicts import find_conflicts
from concord.authority.extraction import extract_all
from concord.authority.slots import features

Passage = Callable[..., SourceText]


def stated(passage: Passage, *texts: str) -> list[Claim]:
    return extract_all(passage(f"s{number}/a.md", text) for number, text in enumerate(texts))


def test_claims_of_one_block_that_share_a_word_are_paired_once(passage: Passage) -> None:
    claims = stated(
        passage,
        "The deposit for a locker is £5.",
        "A locker takes 5 days.",
        "Lockers: a deposit of £6 is taken.",
        "Parking costs £5.",
    )
    found = find_candidates(claims, [features(claim) for claim in claims])
    assert (found.pairs, found.overflow) == (((0, 2),), 0)


def test_those_that_share_most_come_first_where_there_are_too_many(passage: Passage) -> None:
    claims = stated(
        passage,
        "The refundable deposit for a blue locker is £5.",
        "A deposit for a bicycle is £6.",
        "A blue locker needs a refundable deposit of £7.",
    )
    described = [features(claim) for claim in claims]
    one = find_candidates(claims, described, limit=1)
    assert (0, 2) in one.pairs
    assert one.overflow == 3
    assert find_candidates(claims, described, limit=2).overflow == 0


def test_at_most_so_many_candidates_are_compared_and_the_rest_is_reported(passage: Passage) -> None:
    claims = stated(passage, *(f"The deposit for a locker is £{number}." for number in range(1, MAX_CANDIDATES + 3)))
    found = find_candidates(claims, [features(claim) for claim in claims])
    assert found.overflow == len(claims) == MAX_CANDIDATES + 2
    taken = [0] * len(claims)
    for one, other in found.pairs:
        assert one < other
        taken[one] += 1
        taken[other] += 1
    assert min(taken) == MAX_CANDIDATES
    sets = find_conflicts(claims)
    assert sets.overflow == len(claims)
    assert sets.conflicts
    fewer = find_conflicts(claims[: MAX_CANDIDATES + 1])
    assert (fewer.overflow, len(fewer.conflicts), len(fewer.conflicts[0].claims)) == (0, 1, MAX_CANDIDATES + 1)
