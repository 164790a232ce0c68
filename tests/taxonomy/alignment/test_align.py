"""Proposals with their evidence, homonyms, and decisions that later runs respect; the same from both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.alignment import Alignment, AlignmentOptions, Decisions, Document, Relation, align, items_of
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary

SHARED, PEOPLE, IT = "https://x.example/id/", "https://x.example/people/", "https://x.example/it/"
ALL = AlignmentOptions(min_score=0.0)


def concept(
    scheme: str, name: str, *labels: str, definition: str = "", alt: Sequence[str] = (), **more: object
) -> Concept:
    return Concept(
        scheme + name,
        pref_label=tuple(map(Label, labels)),
        alt_label=tuple(map(Label, alt)),
        definition=(Label(definition),) if definition else (),
        in_scheme=(scheme,),
        **more,  # type: ignore[arg-type]
    )


def vocabulary(*concepts: Concept, shared: str = SHARED) -> Vocabulary:
    schemes = [Scheme(SHARED), Scheme(PEOPLE, publisher="People"), Scheme(IT, publisher="IT")]
    return Vocabulary.build(concepts, schemes, shared_scheme=shared)


HOLIDAYS = vocabulary(
    concept(SHARED, "absence", "absence"),
    concept(SHARED, "leave", "annual leave", alt=["vacation"], broader=(SHARED + "absence",)),
    concept(SHARED, "sickness", "sick leave", broader=(SHARED + "absence",)),
    concept(SHARED, "laptop", "laptop computer", definition="A computer that one carries."),
    concept(PEOPLE, "away", "absences"),
    concept(PEOPLE, "pto", "vacations", alt=["PTO"], broader=(PEOPLE + "away",)),
    concept(PEOPLE, "ill", "sickness", definition="Sick leave of a day or more.", broader=(PEOPLE + "away",)),
    concept(PEOPLE, "portable", "portable computer", definition="A laptop computer."),
)


def pairs(made: Alignment) -> dict[tuple[str, str], float]:
    return {(each.left, each.right): each.score for each in made.proposals}


def test_each_kind_of_evidence_shows_its_value() -> None:
    made = align(HOLIDAYS, PEOPLE, SHARED, options=ALL)
    evidence = {(each.left, each.right): each.signals for each in made.proposals}
    same_label = evidence[PEOPLE + "pto", SHARED + "leave"]
    assert same_label.label == pytest.approx(0.9)
    assert same_label.ancestors == 0.5  # one of one, and two that may be unseen
    assert (same_label.definition, same_label.items, same_label.embedding) == (None, None, None)
    named = evidence[PEOPLE + "ill", SHARED + "sickness"]
    assert (named.label, named.named) == (0.0, 1.0)
    assert named.neighbours is not None
    portable = evidence[PEOPLE + "portable", SHARED + "laptop"]
    assert portable.definition is not None and portable.definition > 0
    assert 0 < portable.words < 1
    assert portable.ancestors is None


def test_the_right_pairs_score_highest_and_are_close_matches() -> None:
    made = align(HOLIDAYS, PEOPLE, SHARED, options=ALL)
    scores = pairs(made)
    for name, right in {"away": "absence", "pto": "leave", "ill": "sickness", "portable": "laptop"}.items():
        mine = {pair: score for pair, score in scores.items() if pair[0] == PEOPLE + name}
        assert max(mine, key=mine.__getitem__) == (PEOPLE + name, SHARED + right)
    assert {each.relation for each in made.proposals} == {Relation.CLOSE}
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert all(0 <= score <= 1 for score in scores.values())


def test_what_is_mapped_or_decided_is_not_proposed_again() -> None:
    pair = (PEOPLE + "pto", SHARED + "leave")
    assert pair in pairs(align(HOLIDAYS, PEOPLE, SHARED, options=ALL))
    for decided, counts in (
        (Decisions().accept(pair, Relation.EXACT, "user:ann", "the same rule"), (1, 0)),
        (Decisions().reject((pair[1], pair[0]), "user:ann"), (0, 1)),
    ):
        for left, right in ((PEOPLE, SHARED), (SHARED, PEOPLE)):
            made = align(HOLIDAYS, left, right, decisions=decided, options=ALL)
            assert not {pair, pair[::-1]} & pairs(made).keys()
            assert (made.accepted, made.rejected) == counts
    mapped = [
        replace(each, close_match=(pair[1],)) if each.iri == pair[0] else each for each in HOLIDAYS.concepts.values()
    ]
    made = align(vocabulary(*mapped), PEOPLE, SHARED, options=ALL)
    assert pair not in pairs(made) and made.mapped == 1


def test_a_second_exact_match_in_a_scheme_is_not_proposed() -> None:
    exact = [
        replace(each, exact_match=(SHARED + "absence",)) if each.iri == PEOPLE + "ill" else each
        for each in HOLIDAYS.concepts.values()
    ]
    scores = pairs(align(vocabulary(*exact), PEOPLE, SHARED, options=ALL))
    assert not [pair for pair in scores if pair[0] == PEOPLE + "ill" or pair[1] == SHARED + "absence"]


def test_departments_that_meet_in_a_shared_concept_need_no_alignment_of_their_own() -> None:
    both = [
        concept(SHARED, "leave", "annual leave"),
        concept(PEOPLE, "holiday", "holiday", exact_match=(SHARED + "leave",)),
        concept(IT, "holiday", "holidays", close_match=(SHARED + "leave",)),
    ]
    made = align(vocabulary(*both), PEOPLE, IT, options=ALL)
    assert made.proposals == made.homonyms == ()
    apart = [replace(each, close_match=()) for each in both]
    assert pairs(align(vocabulary(*apart), PEOPLE, IT, options=ALL)).keys() == {(PEOPLE + "holiday", IT + "holiday")}


INCIDENTS = (
    concept(PEOPLE, "safety", "health and safety"),
    concept(PEOPLE, "incident", "incident", definition="Somebody gets hurt.", broader=(PEOPLE + "safety",)),
    concept(IT, "operations", "operations"),
    concept(IT, "incident", "Incidents", definition="Servers stop.", broader=(IT + "operations",)),
)


def test_one_label_with_nothing_else_in_common_is_a_conflict_between_departments() -> None:
    made = align(vocabulary(*INCIDENTS), PEOPLE, IT, options=ALL)
    [homonym] = made.homonyms
    assert {homonym.left, homonym.right} == {PEOPLE + "incident", IT + "incident"}
    assert homonym.because == ("disjoint ancestors", "unlike definitions")
    assert homonym.label.casefold().startswith("incident")
    assert (homonym.left, homonym.right) not in pairs(made)


def test_a_word_in_common_does_not_make_definitions_agree() -> None:
    made = align(
        vocabulary(
            concept(
                PEOPLE, "release", "release", definition="Letting a claim go. IT uses 'release' for a new version."
            ),
            concept(IT, "release", "release", definition="A new version in production. Not a release of a claim."),
        ),
        PEOPLE,
        IT,
        options=ALL,
    )
    assert [each.because for each in made.homonyms] == [("unlike definitions",)]
    assert made.proposals == ()


def test_what_others_mean_by_a_word_is_no_part_of_what_it_is() -> None:
    made = align(
        vocabulary(
            concept(
                PEOPLE, "incident", "incident", definition="An accident. IT and Legal use the word for other things."
            ),
            concept(
                IT, "incident", "incident", definition="An outage. Legal uses the word for leaks, People for accidents."
            ),
        ),
        PEOPLE,
        IT,
        options=ALL,
    )
    assert [each.because for each in made.homonyms] == [("unlike definitions",)]
    assert made.proposals == ()


def test_what_only_shares_a_label_with_a_homonym_has_nothing_in_common() -> None:
    words = vocabulary(
        *INCIDENTS,
        concept(PEOPLE, "report", "report", broader=(PEOPLE + "incident",)),
        concept(IT, "report", "report", broader=(IT + "incident",)),
    )
    because = {each.left.removeprefix(PEOPLE): each.because for each in align(words, PEOPLE, IT).homonyms}
    assert because == {
        "incident": ("disjoint ancestors", "unlike definitions"),
        "report": ("disjoint ancestors",),
    }


def test_a_rejected_pair_is_no_evidence_for_others() -> None:
    words = vocabulary(
        concept(PEOPLE, "plan", "plan"),
        concept(PEOPLE, "step", "step of the work", broader=(PEOPLE + "plan",)),
        concept(IT, "plan", "plan"),
        concept(IT, "step", "working step", broader=(IT + "plan",)),
    )
    pair = (PEOPLE + "step", IT + "step")
    before = {(each.left, each.right): each for each in align(words, PEOPLE, IT, options=ALL).proposals}[pair]
    decided = Decisions().reject((PEOPLE + "plan", IT + "plan"), "user:ann")
    after = align(words, PEOPLE, IT, decisions=decided, options=ALL).proposals
    assert before.signals.ancestors == 0.5
    assert [each.signals.ancestors for each in after if (each.left, each.right) == pair] == [0.0]


def test_a_likelier_pair_of_either_concept_lowers_the_score() -> None:
    alone = vocabulary(concept(PEOPLE, "a", "travel claim"), concept(IT, "a", "travel claims form"))
    [proposal] = align(alone, PEOPLE, IT, options=ALL).proposals
    rivalled = vocabulary(*alone.concepts.values(), concept(IT, "b", "travel claim"))
    scores = {(each.left, each.right): each for each in align(rivalled, PEOPLE, IT, options=ALL).proposals}
    behind = scores[PEOPLE + "a", IT + "a"]
    assert behind.score < proposal.score and behind.rival > proposal.rival == 0.0
    assert scores[PEOPLE + "a", IT + "b"].score > behind.score


def test_what_agrees_in_anything_is_no_homonym() -> None:
    agreeing = [
        replace(each, definition=(Label("Somebody gets hurt."),)) if each.iri == IT + "incident" else each
        for each in INCIDENTS
    ]
    made = align(vocabulary(*agreeing), PEOPLE, IT, options=ALL)
    assert made.homonyms == ()
    assert (PEOPLE + "incident", IT + "incident") in pairs(made)


def test_different_shared_concepts_make_a_homonym_whatever_else_agrees() -> None:
    mapped = vocabulary(
        concept(SHARED, "accident", "accident"),
        concept(SHARED, "outage", "outage"),
        concept(PEOPLE, "incident", "incident", definition="It happens.", exact_match=(SHARED + "accident",)),
        concept(IT, "incident", "incident", definition="It happens.", close_match=(SHARED + "outage",)),
    )
    [homonym] = align(mapped, PEOPLE, IT).homonyms
    assert homonym.because == ("mapped to different shared concepts",)


def test_a_narrower_shared_concept_makes_no_homonym() -> None:
    nested = vocabulary(
        concept(SHARED, "leave", "leave"),
        concept(SHARED, "annual-leave", "annual leave", broader=(SHARED + "leave",)),
        concept(PEOPLE, "holiday", "holiday", exact_match=(SHARED + "leave",)),
        concept(IT, "holiday", "holiday", exact_match=(SHARED + "annual-leave",)),
    )
    assert align(nested, PEOPLE, IT).homonyms == ()


def test_a_label_alone_that_nothing_can_check_is_a_proposal() -> None:
    alone = vocabulary(concept(PEOPLE, "toil", "toil"), concept(IT, "toil", "toil"))
    made = align(alone, PEOPLE, IT, options=ALL)
    assert made.homonyms == ()
    assert pairs(made).keys() == {(PEOPLE + "toil", IT + "toil")}


def test_items_tell_concepts_apart_and_bring_them_together() -> None:
    words = vocabulary(
        concept(SHARED, "outage", "outage"),
        concept(SHARED, "accident", "accident", alt=["incident"]),
        concept(IT, "incident", "incident"),
        concept(IT, "crash", "crash"),
    )
    documents = [
        Document("a", "IT", [SHARED + "outage"], "An incident, that is, a crash."),
        Document("b", "IT", [SHARED + "outage"], "After the incident."),
        Document("c", "IT", [SHARED + "accident"], "Somebody fell."),
        Document("d", "People", [SHARED + "accident"], "An incident in the yard."),
    ]
    items = items_of(words, (IT, SHARED), documents)
    assert items[IT + "incident"] == {"a", "b"}
    assert items[SHARED + "accident"] == {"c", "d"}
    made = align(words, IT, SHARED, items=items, options=ALL)
    evidence = {(each.left, each.right): each.signals.items for each in made.proposals}
    assert evidence[IT + "incident", SHARED + "outage"] == 1.0
    assert evidence[IT + "crash", SHARED + "outage"] == 0.5
    # The only item that is tagged with an accident and is not IT's says nothing of IT's words.
    assert (IT + "incident", SHARED + "accident") in evidence
    assert evidence[IT + "incident", SHARED + "accident"] is None


def test_without_common_items_usage_is_not_measured() -> None:
    items = {PEOPLE + "pto": {"a"}, SHARED + "leave": {"b"}}
    made = align(HOLIDAYS, PEOPLE, SHARED, items=items, options=ALL)
    assert {each.signals.items for each in made.proposals} == {None}


def letters(texts: Sequence[str]) -> list[list[float]]:
    """A stand-in for a model: texts of like letters are alike."""
    rows = [[text.casefold().count(letter) + 0.01 for letter in "abcdefghilmnoprstuvwxyz"] for text in texts]
    return [[value / math.hypot(*row) for value in row] for row in rows]


def test_a_model_brings_pairs_that_share_no_word() -> None:
    words = vocabulary(concept(PEOPLE, "a", "listen"), concept(IT, "a", "silent"), concept(IT, "b", "zoo"))
    assert pairs(align(words, PEOPLE, IT, options=ALL)) == {}
    made = align(words, PEOPLE, IT, encode=letters, options=ALL)
    scores = pairs(made)
    assert scores.keys() == {(PEOPLE + "a", IT + "a")}
    assert made.proposals[0].signals.embedding == pytest.approx(1.0)


names = "abcd"
iris = [f"{scheme}{name}" for scheme in (PEOPLE, IT, SHARED) for name in names]
texts = st.lists(
    st.sampled_from(["leave", "leaves", "sick leave", "Leave (paid)", "PTO", "time off", "sick", "paid"]).map(Label),
    min_size=1,
    max_size=2,
).map(tuple)
rarely = st.one_of(st.just(()), st.just(()), st.just(()), st.lists(st.sampled_from(iris), max_size=1).map(tuple))


def written(iri: str) -> st.SearchStrategy[Concept]:
    own = st.lists(st.sampled_from([iri[:-1] + name for name in names]), max_size=1).map(tuple)
    return st.builds(
        Concept,
        st.just(iri),
        pref_label=texts,
        definition=st.one_of(st.just(()), texts),
        broader=own,
        related=own,
        exact_match=rarely,
        close_match=rarely,
        in_scheme=st.just((iri[:-1],)),
        deprecated=st.sampled_from([False, False, False, True]),
    )


concepts = st.tuples(*map(written, iris))
decided = st.lists(
    st.tuples(st.sampled_from(iris), st.sampled_from(iris), st.sampled_from(Relation), st.booleans()), max_size=2
)
used = st.dictionaries(st.sampled_from(iris), st.sets(st.sampled_from("123")), max_size=12)


def mirrored(made: Alignment) -> Alignment:
    return Alignment(
        made.right,
        made.left,
        tuple(replace(each, left=each.right, right=each.left) for each in made.proposals),
        tuple(replace(each, left=each.right, right=each.left) for each in made.homonyms),
        made.mapped,
        made.accepted,
        made.rejected,
    )


@settings(max_examples=60)
@given(concepts, used, decided, st.sampled_from([SHARED, ""]), st.sampled_from([0.0, 0.5]))
def test_alignment_is_symmetric(
    given_: tuple[Concept, ...],
    items: dict[str, set[str]],
    said: list[tuple[str, str, Relation, bool]],
    shared: str,
    least: float,
) -> None:
    words = vocabulary(*given_, shared=shared)
    decisions = Decisions()
    for left, right, relation, accepted in said:
        decisions = (
            decisions.accept((left, right), relation, "ann") if accepted else decisions.reject((left, right), "a")
        )
    options = AlignmentOptions(min_score=least, per_concept=1)
    for left, right in ((PEOPLE, IT), (PEOPLE, SHARED)):
        one = align(words, left, right, items=items, encode=letters, decisions=decisions, options=options)
        other = align(words, right, left, items=items, encode=letters, decisions=decisions, options=options)
        assert mirrored(other) == one
        reordered = vocabulary(*reversed(given_), shared=shared)
        assert align(reordered, left, right, items=items, encode=letters, decisions=decisions, options=options) == one
        assert all(least <= each.score <= 1 for each in one.proposals)
        told = {(each.left, each.right) for each in one.homonyms}
        assert told.isdisjoint((each.left, each.right) for each in one.proposals)


def test_what_stands_around_a_pair_alone_proposes_nothing() -> None:
    same = [
        concept(scheme, name, label, broader=(scheme + "place",))
        for scheme in (PEOPLE, IT)
        for name, label in (("shop", "corner shop"), ("mill", "water mill"), ("quay", "quay"), ("barn", "barn"))
    ]
    words = vocabulary(
        *(concept(scheme, "place", "place") for scheme in (PEOPLE, IT)),
        *same,
        concept(PEOPLE, "hangar", "zeppelin hangar", broader=(PEOPLE + "place",)),
        concept(IT, "bank", "bank", broader=(IT + "place",)),
    )
    unlike = {"zeppelin hangar": (1.0, 0.0), "bank": (0.29, math.sqrt(1 - 0.29**2))}
    made = align(words, PEOPLE, IT, encode=lambda texts: [unlike.get(text, (0.6, 0.8)) for text in texts], options=ALL)
    assert (PEOPLE + "hangar", IT + "bank") not in pairs(made)
    assert (PEOPLE + "shop", IT + "shop") in pairs(made)
