from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary
from concord_taxonomy.standard.item import ContentItem, Derivation, Origin
from concord_taxonomy.tagging import Tag, TaggingOptions, tag

SHARED, PEOPLE, LEGAL = "https://x.example/id/", "https://x.example/people/", "https://x.example/legal/"
FILLER = "The quick brown fox jumps over the lazy dog near the river bank today. " * 20


def concept(scheme: str, name: str, *labels: str, **more: tuple[str, ...]) -> Concept:
    return Concept(scheme + name, pref_label=tuple(map(Label, labels)), in_scheme=(scheme,), **more)  # type: ignore[arg-type]


VOCABULARY = Vocabulary.build(
    [
        concept(SHARED, "time-off", "time off"),
        concept(SHARED, "annual-leave", "annual leave", broader=(SHARED + "time-off",)),
        concept(SHARED, "accident", "accident at work"),
        concept(SHARED, "breach", "personal data breach"),
        concept(PEOPLE, "holiday", "holiday allowance", exact_match=(SHARED + "annual-leave",)),
        concept(PEOPLE, "study-day", "study day", broad_match=(SHARED + "time-off",)),
        concept(PEOPLE, "incident", "incident", exact_match=(SHARED + "accident",)),
        concept(LEGAL, "incident", "incident", exact_match=(SHARED + "breach",)),
        concept(LEGAL, "private", "own word"),
    ],
    [Scheme(SHARED), Scheme(PEOPLE, publisher="People"), Scheme(LEGAL, publisher="Legal")],
    shared_scheme=SHARED,
)
INDEX = LabelIndex(VOCABULARY)


def tags(title: str = "", headings: tuple[str, ...] = (), body: str = "", department: str | None = None) -> list[Tag]:
    return tag(title, headings, body, INDEX, VOCABULARY, department_scheme=department)


def names(found: list[Tag]) -> list[str]:
    return [each.concept.removeprefix(SHARED) for each in found]


def test_a_departments_word_leads_to_the_shared_concept() -> None:
    (found,) = tags("Your holiday allowance", ("How it works",), "The holiday  allowance grows. " + FILLER)
    assert found.concept == SHARED + "annual-leave"
    assert (found.words, found.fields, found.origin) == (("holiday allowance",), ("title", "body"), Origin.TAGGER)
    assert 0.8 <= found.score < 1


def test_what_is_tagged_with_a_merged_concept_follows_it_with_the_same_score() -> None:
    lost = concept(SHARED, "bank-holiday", "public holiday")
    kept = concept(SHARED, "annual-leave", "annual leave")
    before = Vocabulary.build([lost, kept], [Scheme(SHARED)], shared_scheme=SHARED)
    merged = [
        replace(lost, deprecated=True, is_replaced_by=(kept.iri,)),
        replace(kept, alt_label=(Label("public holiday"),)),
    ]
    after = Vocabulary.build(merged, [Scheme(SHARED)], shared_scheme=SHARED)
    (was,), (now,) = (tag("", [], "A public holiday. Any public holiday.", LabelIndex(v), v) for v in (before, after))
    assert (was.concept, now.concept) == (lost.iri, kept.iri)
    assert was.score == now.score


def test_title_weighs_more_than_heading_more_than_body() -> None:
    title, heading, body = (
        tags(title="Annual leave"),
        tags(headings=("Annual leave",)),
        tags(body="Annual leave and annual leave. " + FILLER),
    )
    assert title[0].score > heading[0].score > body[0].score


def test_a_passing_mention_is_no_tag() -> None:
    assert tags("Canteen", ("Menu",), FILLER + "Book annual leave before. " + FILLER) == []
    assert tags("Canteen", ("Menu",), FILLER * 20 + "Annual leave, annual leave. ") == []
    assert names(tags("Canteen", ("Menu",), "Annual leave. " * 4 + FILLER)) == ["annual-leave"]


def test_vectors_and_concepts_beside_weigh_with_the_words() -> None:
    def score(concept: str, likeness: dict[str, float] | None, body: str = "Annual leave. " * 3 + FILLER) -> float:
        options = TaggingOptions(threshold=0)
        found = tag("Canteen", (), body, INDEX, VOCABULARY, likeness=likeness, options=options)
        return next(each.score for each in found if each.concept == SHARED + concept)

    words = score("annual-leave", None)
    assert score("annual-leave", {SHARED + "x": 1.0}) == words
    assert score("annual-leave", {SHARED + "annual-leave": 1.0}) > words
    assert score("annual-leave", {SHARED + "annual-leave": -1.0}) < words
    more = "Annual leave. " * 3 + FILLER + "Time off. "
    assert score("annual-leave", {SHARED + "x": 1.0}, more) > score("annual-leave", None, more)
    both = "Annual leave, time off. " * 4 + FILLER
    for liker, other in (("time-off", "annual-leave"), ("annual-leave", "time-off")):
        likeness = {SHARED + liker: 2.0, SHARED + other: -2.0}
        found = tag("Canteen", (), both, INDEX, VOCABULARY, likeness=likeness)
        assert names(sorted(found, key=lambda each: -each.score)) == [liker, other]
        assert names(found) == names(tag("Canteen", (), both, INDEX, VOCABULARY))


def test_a_homonym_is_read_as_the_items_department_does() -> None:
    assert names(tags("Reporting an incident", department="People")) == ["accident"]
    assert names(tags("Reporting an incident", department=LEGAL)) == ["breach"]
    assert names(tags("Reporting an incident")) == []
    assert names(tags("Incident", ("Incident", "After an incident"), "Incident. " * 9)) == ["accident", "breach"]


def test_a_homonym_is_read_by_what_else_the_item_names() -> None:
    more = Vocabulary.merge(
        VOCABULARY,
        Vocabulary.build([concept(SHARED, "first-aid", "first aid", related=(SHARED + "accident",))]),
    )
    index = LabelIndex(more)
    found = tag("Reporting an incident", (), "First aid comes before the incident form. " * 5, index, more)
    assert names(found) == ["accident", "first-aid"]
    unrelated = tag("Reporting an incident", (), "Annual leave and the incident form. " * 5, index, more)
    assert {"accident", "breach"} <= set(names(unrelated))


def test_stop_concepts_are_no_tags() -> None:
    stopped = Vocabulary.merge(VOCABULARY, Vocabulary(stop=frozenset([SHARED + "annual-leave"])))
    assert tag("Annual leave", (), "annual leave " * 9, LabelIndex(stopped), stopped) == []


PHRASES = st.sampled_from(
    [
        "annual leave",
        "Annual Leave",
        "ANNUAL LEAVES",
        "incident",
        "INCIDENTS",
        "study day",
        "PTO",
        "pto",
        "accident at work.",
    ]
)
FILLERS = st.lists(st.text("abcdefgh", min_size=2, max_size=6), max_size=20).map(" ".join)


@given(st.lists(st.tuples(PHRASES, FILLERS), max_size=5))
def test_tags_do_not_depend_on_what_was_tagged_before(given_texts: list[tuple[str, str]]) -> None:
    index = LabelIndex(VOCABULARY)
    texts = [text for text, _ in given_texts]
    bodies = [f"{text} {filler} {text} {text} {text}" for text, filler in given_texts]
    together = [tag(text, (), body, index, VOCABULARY) for text, body in zip(texts, bodies, strict=True)]
    backwards = [tag(t, (), b, index, VOCABULARY) for t, b in reversed(list(zip(texts, bodies, strict=True)))]
    alone = [tag(t, (), b, LabelIndex(VOCABULARY), VOCABULARY) for t, b in zip(texts, bodies, strict=True)]
    assert together == list(reversed(backwards)) == alone


def test_words_without_a_shared_concept_give_no_tag() -> None:
    assert tags("Own word", ("Own word",), "own word " * 9) == []


def test_a_weaker_link_gives_a_weaker_tag() -> None:
    (weak,), (strong,) = tags("The study day"), tags("Time off")
    assert weak.concept == strong.concept
    assert weak.score < strong.score


def test_the_best_tags_come_first_and_are_bounded() -> None:
    body = "annual leave " * 6 + "accident at work " * 6 + "time off " * 3
    found = tags("Accident at work", (), body)
    assert names(found) == ["accident", "annual-leave", "time-off"]
    assert found == tags("Accident at work", (), body)
    assert tag("Accident at work", (), body, INDEX, VOCABULARY, options=TaggingOptions(max_tags=1)) == found[:1]
    assert tags() == []


def test_tags_fit_the_standard() -> None:
    found = tags("Annual leave")
    item = ContentItem(
        identifier="a/b", source="a", title="t", was_derived_from=Derivation(native_id="b"),
        subject=tuple(each.concept for each in found), field_origin={"subject": found[0].origin},
    )  # fmt: skip
    assert item.subject == (SHARED + "annual-leave",)
