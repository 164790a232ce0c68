import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.skos import Concept, Label, LinkKind, Scheme, SharedSchemesDiffer, Vocabulary

SHARED = "https://x.example/id/scheme"
PEOPLE = "https://x.example/people/vocabulary"
IRIS = [f"https://x.example/id/{name}" for name in "abcdefgh"]
RELATIONS = ("broader", "narrower", "related", "exact_match", "close_match", "broad_match", "is_replaced_by")

some_iris = st.lists(st.sampled_from([*IRIS, "https://elsewhere.example/z"]), max_size=3).map(tuple)
concepts = st.builds(
    Concept,
    iri=st.sampled_from(IRIS),
    pref_label=st.lists(st.builds(Label, st.sampled_from(["one", "two", "three"])), max_size=2).map(tuple),
    in_scheme=st.sampled_from([(), (SHARED,), (PEOPLE,)]),
    deprecated=st.booleans(),
    **dict.fromkeys(RELATIONS, some_iris),
)
many = st.lists(concepts, max_size=12)


def built(*described: Concept) -> Vocabulary:
    return Vocabulary.build(described, shared_scheme=SHARED)


def shared_concept(name: str, **more: object) -> Concept:
    return Concept(f"https://x.example/id/{name}", in_scheme=(SHARED,), **more)  # type: ignore[arg-type]


def own_concept(name: str, **more: object) -> Concept:
    return Concept(f"https://x.example/people/{name}", in_scheme=(PEOPLE,), **more)  # type: ignore[arg-type]


def test_relations_are_known_from_both_ends() -> None:
    leave, sick, pto = shared_concept("leave"), shared_concept("sick"), own_concept("pto")
    vocabulary = built(
        leave,
        Concept(sick.iri, broader=(leave.iri,), in_scheme=(SHARED,)),
        Concept(pto.iri, broad_match=(leave.iri,), in_scheme=(PEOPLE,)),
    )
    assert vocabulary.concepts[leave.iri].narrower == (sick.iri,)
    assert vocabulary.concepts[leave.iri].narrow_match == (pto.iri,)
    assert vocabulary.narrower_closure(leave.iri) == {leave.iri, sick.iri}
    assert vocabulary.broader_closure(sick.iri) == {leave.iri, sick.iri}
    assert vocabulary.narrower_closure("https://unknown.example/") == {"https://unknown.example/"}


def test_a_shared_concept_stands_for_itself() -> None:
    vocabulary = built(shared_concept("leave"))
    assert vocabulary.shared(IRIS[0]) == ()
    assert vocabulary.shared("https://x.example/id/leave") == ("https://x.example/id/leave",)


def test_exact_beats_close_beats_broad() -> None:
    leave, absence, time = shared_concept("leave"), shared_concept("absence"), shared_concept("time")
    maps = {"exact_match": (leave.iri,), "close_match": (absence.iri,), "broad_match": (time.iri,)}
    for expected, kind in ((leave, LinkKind.EXACT), (absence, LinkKind.CLOSE), (time, LinkKind.BROAD)):
        vocabulary = built(leave, absence, time, own_concept("pto", **maps))
        (link,) = vocabulary.links("https://x.example/people/pto")
        assert (link.iri, link.kind) == (expected.iri, kind)
        assert [each.iri for each in vocabulary.departmental(expected.iri)] == ["https://x.example/people/pto"]
        del maps[next(iter(maps))]


def test_exact_matches_chain_and_close_ones_do_not() -> None:
    leave = shared_concept("leave")
    third = own_concept("third", exact_match=(leave.iri,))
    second = own_concept("second", exact_match=(third.iri,))
    assert built(leave, third, second, own_concept("first", exact_match=(second.iri,))).shared(
        "https://x.example/people/first"
    ) == (leave.iri,)
    near = own_concept("near", close_match=(leave.iri,))
    far = own_concept("far", close_match=(near.iri,))
    assert built(leave, near, far).shared(far.iri) == ()


def test_an_unmapped_concept_means_what_its_broader_one_means() -> None:
    leave, parent = shared_concept("leave"), own_concept("parent", exact_match=("https://x.example/id/leave",))
    child = own_concept("child", broader=(parent.iri,))
    vocabulary = built(leave, parent, child)
    assert [(link.iri, link.kind) for link in vocabulary.links(child.iri)] == [(leave.iri, LinkKind.BROAD)]
    assert [link.iri for link in vocabulary.departmental(leave.iri)] == [parent.iri, child.iri]


def test_a_deprecated_concept_is_read_as_its_replacement() -> None:
    old = shared_concept("old", deprecated=True, is_replaced_by=("https://x.example/id/new",))
    word = own_concept("word", exact_match=(old.iri,))
    vocabulary = built(old, shared_concept("new"), word)
    assert vocabulary.shared(old.iri) == vocabulary.shared(word.iri) == ("https://x.example/id/new",)


def test_what_replaces_a_concept_by_any_number_of_steps() -> None:
    first = shared_concept("first", is_replaced_by=("https://x.example/id/second",))
    second = shared_concept("second", is_replaced_by=("https://x.example/id/third", "https://x.example/id/first"))
    vocabulary = built(first, second, shared_concept("third"), shared_concept("lost", is_replaced_by=("urn:unknown",)))
    assert vocabulary.current(first.iri) == vocabulary.current(second.iri) == ("https://x.example/id/third",)
    for unchanged in ("https://x.example/id/third", "https://x.example/id/lost", "urn:unknown"):
        assert vocabulary.current(unchanged) == (unchanged,)


def test_without_a_shared_scheme_every_concept_stands_for_itself() -> None:
    vocabulary = Vocabulary.build([own_concept("pto")])
    assert vocabulary.shared("https://x.example/people/pto") == ("https://x.example/people/pto",)
    assert vocabulary.departmental("https://x.example/people/pto") == ()


def test_merging_joins_descriptions_and_refuses_two_shared_schemes() -> None:
    label = Concept(IRIS[0], pref_label=(Label("leave", "en"),), in_scheme=(SHARED,))
    first = Vocabulary.build([label], [Scheme(SHARED, publisher="Council")], shared_scheme=SHARED, stop=[IRIS[1]])
    second = Vocabulary.build([Concept(IRIS[0], alt_label=(Label("PTO"),))], [Scheme(SHARED, (Label("All"),))])
    merged = Vocabulary.merge(second, first)
    assert merged.concepts[IRIS[0]] == Concept(
        IRIS[0], pref_label=(Label("leave", "en"),), alt_label=(Label("PTO"),), in_scheme=(SHARED,)
    )
    assert merged.schemes[SHARED] == Scheme(SHARED, (Label("All"),), "Council")
    assert (merged.shared_scheme, merged.stop) == (SHARED, {IRIS[1]})
    with pytest.raises(SharedSchemesDiffer, match="pass shared_scheme"):
        Vocabulary.merge(first, Vocabulary(shared_scheme=PEOPLE))


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        (Scheme(PEOPLE), PEOPLE),
        (Scheme(PEOPLE, publisher="People"), "people"),
        (Scheme(PEOPLE, (Label("Legal and Compliance vocabulary", "en"),)), "Legal & Compliance"),
        (Scheme("https://x.example/people#"), "People"),
    ],
)
def test_a_scheme_is_found_by_its_department(scheme: Scheme, name: str) -> None:
    vocabulary = Vocabulary.build([], [scheme])
    assert vocabulary.scheme(name) == scheme
    assert vocabulary.scheme("Finance") is None
    assert vocabulary.scheme("") is None


def test_the_label_to_show_prefers_the_language_asked_for() -> None:
    concept = Concept("https://x.example/id#leave", pref_label=(Label("Urlaub", "de"), Label("leave", "en-gb")))
    assert (concept.label(), concept.label("de")) == ("leave", "Urlaub")
    assert Concept("https://x.example/id#leave", alt_label=(Label("PTO"),)).label() == "PTO"
    assert Concept("https://x.example/id#leave").label() == "leave"


@given(many)
def test_closures_and_links_end_on_any_graph(described: list[Concept]) -> None:
    vocabulary = built(*described)
    for iri, concept in vocabulary.concepts.items():
        assert iri in vocabulary.broader_closure(iri)
        for above in concept.broader:
            if above in vocabulary.concepts:
                assert iri in vocabulary.narrower_closure(above)
        for link in vocabulary.links(iri):
            target = vocabulary.concepts[link.iri]
            assert vocabulary.is_shared(target)
            if link.kind is not LinkKind.SAME:
                assert iri in [each.iri for each in vocabulary.departmental(link.iri)]
        if vocabulary.is_shared(concept) and not concept.deprecated:
            assert vocabulary.shared(iri) == (iri,)


@given(many, st.randoms(use_true_random=False))
def test_the_fingerprint_is_of_the_content_not_its_order(described: list[Concept], random: object) -> None:
    vocabulary = built(*described)
    shuffled = list(described)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert built(*shuffled) == vocabulary
    assert built(*shuffled).fingerprint() == vocabulary.fingerprint()
    assert Vocabulary.merge(vocabulary, vocabulary) == vocabulary
    assert Vocabulary.merge(*(built(each) for each in shuffled), shared_scheme=SHARED) == vocabulary
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary
    more = built(*described, Concept("https://x.example/id/new"))
    assert more.fingerprint() != vocabulary.fingerprint()


def test_a_deprecated_concept_covers_what_replaces_it():
    """Whatever names it, such as a use case, goes on to mean the same."""
    old = Concept("https://x.example/id/old", deprecated=True, is_replaced_by=("https://x.example/id/new",))
    new = Concept("https://x.example/id/new", broader=("https://x.example/id/top",))
    child = Concept("https://x.example/id/child", broader=("https://x.example/id/new",))
    vocabulary = Vocabulary.build([old, new, child, Concept("https://x.example/id/top")])
    assert vocabulary.narrower_closure("https://x.example/id/old") == {
        "https://x.example/id/old",
        "https://x.example/id/new",
        "https://x.example/id/child",
    }
    assert vocabulary.broader_closure("https://x.example/id/child") == {
        "https://x.example/id/child",
        "https://x.example/id/new",
        "https://x.example/id/old",
        "https://x.example/id/top",
    }
    ring = Vocabulary.build(
        [old, Concept("https://x.example/id/new", deprecated=True, is_replaced_by=("https://x.example/id/old",))]
    )
    assert ring.narrower_closure("https://x.example/id/old") == {"https://x.example/id/old", "https://x.example/id/new"}
