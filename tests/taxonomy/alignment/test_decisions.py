"""Decisions, and the file that keeps them: it reads as it was written, and tells readers of SKOS what was accepted."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from concord_taxonomy.alignment import Decision, Decisions, Relation, read_decisions, write_decisions
from concord_taxonomy.quality import check
from concord_taxonomy.skos import VocabularyFileError, parse_vocabularies

A, B, C = "https://x.example/a", "https://y.example/b", "https://y.example/c"
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_a_pair_is_the_same_in_both_orders_and_the_last_decision_counts() -> None:
    decisions = Decisions().accept((B, A), Relation.BROAD, "user:ann", "b is a kind of a")
    held = decisions.on(A, B)
    assert held is not None and held.relation is Relation.NARROW
    back = decisions.on(B, A)
    assert back is not None and back.relation is Relation.BROAD
    again = decisions.reject((A, B), "user:pat", "no")
    assert len(again) == 1
    assert [(each.accepted, each.by) for each in again] == [(False, "user:pat")]
    assert decisions.on(A, C) is None


def test_readers_of_skos_see_what_was_accepted_alone() -> None:
    decisions = Decisions().accept((A, B), Relation.EXACT, "user:ann").reject((A, C), "user:ann", "another thing")
    data = write_decisions(decisions, "alignments.ttl")
    vocabulary = parse_vocabularies({"alignments.ttl": data}, shared_scheme="")
    assert vocabulary.concepts[A].exact_match == (B,)
    assert C not in str(vocabulary.concepts)
    assert [each.check for each in check({"alignments.ttl": data}).findings if each.severity == "error"] == []


def test_a_new_decision_leaves_the_lines_of_the_others_alone() -> None:
    first = Decisions().record(Decision(A, B, Relation.CLOSE, True, "user:ann", "same", AT))
    second = first.record(Decision(A, C, Relation.CLOSE, False, "user:pat", "", AT))
    before, after = (write_decisions(each, "alignments.ttl").decode().splitlines() for each in (first, second))
    assert set(before) - set(after) == set()


def test_half_a_decision_is_refused_with_the_concept_that_it_is_about() -> None:
    data = write_decisions(Decisions().accept((A, B), Relation.CLOSE, "user:ann"), "alignments.nt")
    lines = [line for line in data.decode().splitlines() if "author_label" not in line]
    with pytest.raises(VocabularyFileError, match=r"the decision on https://x\.example/a is not whole"):
        read_decisions("\n".join(lines).encode(), "alignments.nt")
    wrong = data.decode().replace("core#closeMatch", "core#nearly")
    with pytest.raises(VocabularyFileError, match="nearly"):
        read_decisions(wrong.encode(), "alignments.nt")


names = st.sampled_from([A, B, C, "urn:d"])
words = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
made = st.builds(
    Decision, names, names, st.sampled_from(Relation), st.booleans(), words.filter(bool), words, moments
).filter(lambda each: each.left != each.right)


@example([Decision(A, B, Relation.CLOSE, False, "ann", "one\x85two\u2028three\r\nfour", AT)], "alignments.ttl")
@given(st.lists(made, max_size=6), st.sampled_from(["alignments.ttl", "alignments.nt", "alignments.jsonld"]))
def test_what_is_read_is_what_was_written(decided: list[Decision], name: str) -> None:
    decisions = Decisions().record(*decided)
    data = write_decisions(decisions, name)
    assert read_decisions(data, name) == decisions
    assert write_decisions(Decisions().record(*reversed(list(decisions))), name) == data
