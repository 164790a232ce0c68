from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.expansion import Ambiguity, Expansion, expand, used_by
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.senses import Chosen
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary, read_folder

SHARED, PEOPLE, IT = "https://x.example/id/", "https://x.example/people/", "https://x.example/it/"


def concept(scheme: str, name: str, *labels: str, **more: object) -> Concept:
    return Concept(scheme + name, pref_label=tuple(map(Label, labels)), in_scheme=(scheme,), **more)  # type: ignore[arg-type]


LEAVE, EMPLOYEE = SHARED + "annual-leave", SHARED + "employee"
VOCABULARY = Vocabulary.build(
    [
        concept(SHARED, "time-off", "time off"),
        concept(SHARED, "annual-leave", "annual leave", broader=(SHARED + "time-off",), alt_label=(Label("vacation"),)),
        concept(SHARED, "employee", "employee"),
        concept(SHARED, "accident", "accident at work"),
        concept(SHARED, "outage", "outage"),
        concept(PEOPLE, "holiday", "holiday allowance", exact_match=(LEAVE,), hidden_label=(Label("holliday"),)),
        concept(PEOPLE, "study", "study day", broad_match=(SHARED + "time-off",)),
        concept(PEOPLE, "jury", "jury service", broad_match=(SHARED + "time-off",)),
        concept(PEOPLE, "incident", "incident", exact_match=(SHARED + "accident",)),
        concept(IT, "pto", "PTO", exact_match=(LEAVE,)),
        concept(IT, "incident", "incident", "Sev one", exact_match=(SHARED + "outage",)),
        concept(IT, "engineer", "engineer", exact_match=(EMPLOYEE,)),
    ],
    [Scheme(SHARED), Scheme(PEOPLE, publisher="People"), Scheme(IT, publisher="IT")],
    shared_scheme=SHARED,
)
INDEX = LabelIndex(VOCABULARY)


def test_a_question_in_one_departments_words_finds_the_others() -> None:
    question = "How much PTO do I get?"
    found = expand(question, INDEX, VOCABULARY)
    assert found.concepts == (LEAVE,)
    assert found.terms == ("annual leave", "holiday allowance", "vacation")
    (span,) = found.spans
    assert (question[span.start : span.end], span.concepts, span.terms) == ("PTO", (LEAVE,), found.terms)
    assert found.ambiguous == ()


@pytest.mark.parametrize("parent", ["aa", "zz"])
def test_siblings_are_told_apart_whatever_their_parent_is_called(parent: str) -> None:
    words = Vocabulary.build(
        [
            concept(SHARED, parent, "absence"),
            concept(SHARED, "leave", "annual leave", broader=(SHARED + parent,)),
            concept(SHARED, "sick", "sick leave", broader=(SHARED + parent,)),
            *(
                concept(scheme, "off", "time off", exact_match=(SHARED + meant,))
                for scheme, meant in ((PEOPLE, "leave"), (IT, "sick"), ("https://x.example/law/", parent))
            ),
        ],
        [Scheme(SHARED), Scheme(PEOPLE), Scheme(IT), Scheme("https://x.example/law/")],
        shared_scheme=SHARED,
    )
    (found,) = expand("time off", LabelIndex(words), words).ambiguous
    assert found.undecided and len(found.chosen) == 3


def test_a_word_that_a_department_has_not_aligned_is_told_of() -> None:
    more = Vocabulary.merge(VOCABULARY, Vocabulary.build([concept(PEOPLE, "own", "PTO")], [], shared_scheme=SHARED))
    found = expand("How much PTO?", LabelIndex(more), more, "People")
    assert (found.concepts, found.terms, found.spans) == ((), (), ())
    assert found.ambiguous == (Ambiguity("PTO", (), (LEAVE,), Chosen.DEPARTMENT),)
    assert expand("How much PTO?", LabelIndex(more), more, "IT").concepts == (LEAVE,)


def test_words_in_the_question_are_no_terms() -> None:
    found = expand("annual leaves or holiday allowance", INDEX, VOCABULARY)
    assert found.terms == ("PTO", "vacation")


def test_an_acronym_in_lower_case_counts_in_a_question() -> None:
    assert expand("how much pto is left", INDEX, VOCABULARY).concepts == (LEAVE,)
    assert expand("is SLA pto", INDEX, VOCABULARY).concepts == ()


def test_narrower_concepts_are_in_the_closure() -> None:
    found = expand("rules for time off", INDEX, VOCABULARY)
    assert found.concepts == (SHARED + "time-off",)
    assert found.closure == {SHARED + "time-off", LEAVE}
    assert found.terms == ("jury service", "study day")


def test_a_narrower_word_brings_no_sisters() -> None:
    assert expand("may I take a study day", INDEX, VOCABULARY).terms == ("time off",)


def test_a_homonym_is_read_as_the_asker_does() -> None:
    found = expand("Who hears of an incident?", INDEX, VOCABULARY, "IT")
    assert found.concepts == (SHARED + "outage",)
    assert found.terms == ("outage", "Sev one")
    chosen = Ambiguity("incident", (SHARED + "outage",), (SHARED + "accident",), Chosen.DEPARTMENT)
    assert found.ambiguous == (chosen,)


def test_without_a_department_all_senses_are_taken_and_it_is_said() -> None:
    nobody = expand("Who hears of an incident?", INDEX, VOCABULARY)
    assert nobody.concepts == (SHARED + "accident", SHARED + "outage")
    assert nobody.ambiguous == (Ambiguity("incident", nobody.concepts, (), undecided=True),)


def test_a_homonym_that_the_asker_lacks_is_read_as_the_use_case_is_about_it() -> None:
    accidents = VOCABULARY.narrower_closure(SHARED + "accident")
    found = expand("Who hears of an incident?", INDEX, VOCABULARY, within=accidents)
    assert found.concepts == (SHARED + "accident",)
    assert found.ambiguous == (Ambiguity("incident", (SHARED + "accident",), (SHARED + "outage",), Chosen.USE_CASE),)
    engineer = expand("Who hears of an incident?", INDEX, VOCABULARY, "IT", within=accidents)
    assert engineer.concepts == (SHARED + "outage",)
    elsewhere = expand("Who hears of an incident?", INDEX, VOCABULARY, within={LEAVE})
    assert elsewhere.ambiguous == (Ambiguity("incident", elsewhere.concepts, (), undecided=True),)


def test_departments_are_named_by_what_they_call_a_concept() -> None:
    assert used_by("incident", SHARED + "outage", INDEX, VOCABULARY) == ("IT",)
    assert used_by("incident", SHARED + "accident", INDEX, VOCABULARY) == ("People",)
    assert used_by("outage", SHARED + "outage", INDEX, VOCABULARY) == ()


def test_a_broader_meaning_of_the_same_words_is_no_ambiguity() -> None:
    nested = Vocabulary.build(
        [
            concept(SHARED, "leave", "leave"),
            concept(SHARED, "annual-leave", "annual leave", broader=(SHARED + "leave",)),
            concept(PEOPLE, "holiday", "holiday", exact_match=(SHARED + "annual-leave",)),
            concept(IT, "holiday", "holiday", broad_match=(SHARED + "leave",)),
        ],
        VOCABULARY.schemes.values(),
        shared_scheme=SHARED,
    )
    assert expand("my holiday", LabelIndex(nested), nested).ambiguous == ()
    assert expand("my holiday", LabelIndex(nested), nested, "IT").ambiguous == ()


def test_a_homonym_is_never_a_term() -> None:
    assert "incident" not in expand("what after an outage", INDEX, VOCABULARY).terms


def test_stop_concepts_are_passed_over() -> None:
    assert expand("does an employee get PTO", INDEX, VOCABULARY).concepts == (EMPLOYEE, LEAVE)
    assert expand("does an employee get PTO", INDEX, VOCABULARY, stop_concepts=[EMPLOYEE]).concepts == (LEAVE,)
    stopping = Vocabulary.merge(VOCABULARY, Vocabulary(stop=frozenset([EMPLOYEE])))
    assert expand("what may an employee do", INDEX, stopping) == Expansion()


def test_terms_are_dealt_evenly_up_to_a_bound() -> None:
    found = expand("does an employee get vacation", INDEX, VOCABULARY, max_terms=2)
    assert found.terms == ("engineer", "annual leave")
    assert expand("employee", INDEX, VOCABULARY, max_terms=0).terms == ()


iris = [f"{scheme}{name}" for scheme in (SHARED, PEOPLE) for name in "abcd"]
labels = st.lists(st.sampled_from(["leave", "leaves", "PTO", "time off", "incident"]).map(Label), max_size=3).map(tuple)
links = st.lists(st.sampled_from(iris), max_size=3).map(tuple)
graphs = st.lists(
    st.builds(
        lambda iri, **fields: Concept(iri, in_scheme=(iri[:-1],), **fields),
        st.sampled_from(iris),
        pref_label=labels,
        alt_label=labels,
        deprecated=st.booleans(),
        **dict.fromkeys(("broader", "exact_match", "close_match", "broad_match", "is_replaced_by"), links),
    ),
    max_size=10,
)


@given(
    graphs,
    st.text(alphabet="leavsPTOimf incdt", max_size=30),
    st.integers(0, 3),
    st.sampled_from([None, PEOPLE]),
    st.sets(st.sampled_from(iris), max_size=3),
)
def test_any_vocabulary_ends_bounded_and_repeatable(
    concepts: list[Concept], question: str, limit: int, department: str | None, within: set[str]
) -> None:
    vocabulary = Vocabulary.build(concepts, [Scheme(SHARED), Scheme(PEOPLE)], shared_scheme=SHARED)
    question += " incident time off leave"
    found = expand(question, LabelIndex(vocabulary), vocabulary, department, within=within, max_terms=limit)
    assert len(found.terms) <= limit
    assert all(vocabulary.is_shared(vocabulary.concepts[iri]) for iri in found.concepts)
    assert set(found.concepts) <= found.closure
    assert not {term.casefold() for term in found.terms} & {"incident", "time off", "leave"}
    again = Vocabulary.build(reversed(concepts), vocabulary.schemes.values(), shared_scheme=SHARED)
    assert expand(question, LabelIndex(again), again, department, within=within, max_terms=limit) == found
    for told in found.ambiguous:
        assert told.others or told.undecided
        assert set(told.chosen).isdisjoint(told.others)


RING = ("broader", "narrower", "related", "exact_match", "close_match", "broad_match", "narrow_match", "related_match")


@pytest.mark.parametrize("relation", [*RING, "is_replaced_by"])
def test_rings_of_concepts_end(relation: str) -> None:
    names = [f"{scheme}{name}" for scheme in (SHARED, PEOPLE, IT) for name in "abc"]
    ring = [
        Concept(
            iri,
            pref_label=(Label(f"word {iri[-1]}"), Label("leave")),
            in_scheme=(iri[:-1],),
            deprecated=relation == "is_replaced_by",
            **{relation: (names[(at + 1) % len(names)], names[at])},  # type: ignore[arg-type]
        )
        for at, iri in enumerate(names)
    ]
    circle = Vocabulary.build(ring, VOCABULARY.schemes.values(), shared_scheme=SHARED)
    for department in (None, "People", "IT"):
        found = expand("leave of word a", LabelIndex(circle), circle, department)
        assert found.concepts or department
        assert found.closure <= set(names)


WORKSPACE = Path(__file__).resolve().parents[2] / "examples" / "meridian" / "taxonomy"


@pytest.mark.skipif(not WORKSPACE.is_dir(), reason="the sample workspace has no vocabularies")
def test_every_departments_word_of_the_sample_workspace_leads_to_a_shared_concept() -> None:
    vocabulary = read_folder(WORKSPACE)
    assert len(vocabulary.schemes) == 5
    assert [iri for iri in vocabulary.concepts if not vocabulary.shared(iri)] == []
    found = expand("How many PTO days do I get?", LabelIndex(vocabulary), vocabulary)
    assert "annual leave" in found.terms
    assert "statutory holiday" in found.terms


NAMES = [f"{scheme}{name}" for scheme in (SHARED, PEOPLE) for name in "abcd"]
some = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)


@given(st.tuples(*[st.tuples(some, some, some, some) for _ in NAMES]), st.sampled_from(["", "People"]))
def test_any_graph_of_concepts_is_expanded_to_an_end(ends: tuple[tuple[tuple[str, ...], ...], ...], asker: str) -> None:
    made = [
        Concept(
            iri,
            pref_label=(Label(f"word {iri[-1]} of {iri[-3:-2]}"),),
            alt_label=(Label(f"{iri[-1]} thing"),),
            in_scheme=(iri[:-1],),
            broader=broader,
            related=broader,
            exact_match=exact,
            broad_match=broad,
            is_replaced_by=replaced,
        )
        for iri, (broader, exact, broad, replaced) in zip(NAMES, ends, strict=True)
    ]
    words = Vocabulary.build(made, VOCABULARY.schemes.values(), shared_scheme=SHARED)
    found = expand("a thing, b things and a c thing", LabelIndex(words), words, asker, max_terms=5)
    assert len(found.terms) <= 5 and {*found.concepts, *found.closure} <= words.concepts.keys()
