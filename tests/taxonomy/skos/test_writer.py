"""What is written is read the same, and a small change of a vocabulary is a small difference of its files."""

import difflib
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.skos import (
    Concept,
    Label,
    NotWritable,
    Scheme,
    Vocabulary,
    parse_vocabularies,
    update_files,
    write_vocabulary,
)

ID, PEOPLE = "https://x.example/id/", "https://x.example/people#"
IRIS = [f"{space}{name}" for space in (ID, PEOPLE) for name in ("a", "b", "c-d", "é")]
ELSEWHERE = "urn:elsewhere:z"
RELATIONS = (
    "broader", "narrower", "related", "exact_match", "close_match", "broad_match", "narrow_match", "related_match",
    "is_replaced_by",
)  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(' "\\\n\t<&@'), max_size=12).filter(
    lambda text: text.strip()
)
labels = st.lists(st.builds(Label, texts, st.sampled_from(["", "en", "en-GB", "de"])), max_size=2).map(tuple)
links = st.lists(st.sampled_from([*IRIS, ELSEWHERE]), max_size=2).map(tuple)
schemes = st.lists(st.sampled_from([ID, PEOPLE, "urn:undeclared"]), max_size=2).map(tuple)
concepts = st.builds(
    Concept,
    st.sampled_from(IRIS),
    pref_label=labels,
    alt_label=labels,
    hidden_label=labels,
    definition=labels,
    notation=st.lists(texts, max_size=1).map(tuple),
    in_scheme=schemes,
    top_concept_of=schemes,
    deprecated=st.booleans(),
    **dict.fromkeys(RELATIONS, links),
)
declared = st.lists(st.builds(Scheme, st.sampled_from([ID, PEOPLE]), title=labels, publisher=texts | st.just("")))
vocabularies = st.builds(
    lambda described, declared, stop: Vocabulary.build(described, declared, stop=stop),
    st.lists(concepts, max_size=6),
    declared,
    st.lists(st.sampled_from([*IRIS, ELSEWHERE]), max_size=2),
)


def written(vocabulary: Vocabulary, file: str = "words.ttl") -> bytes | None:
    """None where there is no way to say it: a concept without scheme, label and relation beside one scheme."""
    try:
        return write_vocabulary(vocabulary, file)
    except NotWritable as error:
        assert "neither label nor relation" in str(error)
        return None


@given(vocabularies, st.sampled_from(["words.ttl", "words.rdf", "words.nt", "words.jsonld"]))
@settings(deadline=None)
def test_what_is_written_is_read_the_same(vocabulary: Vocabulary, file: str) -> None:
    data = written(vocabulary, file)
    if data is not None:
        assert parse_vocabularies({file: data}, shared_scheme="") == vocabulary


@given(st.lists(concepts, max_size=6), declared, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_equal_vocabularies_give_equal_bytes(
    described: list[Concept], schemes: list[Scheme], shuffle: random.Random
) -> None:
    other = described[:]
    shuffle.shuffle(other)
    assert written(Vocabulary.build(described, schemes)) == written(Vocabulary.build(other, schemes))


@given(vocabularies, vocabularies, st.booleans())
@settings(deadline=None)
def test_files_are_changed_into_any_other_vocabulary(old: Vocabulary, new: Vocabulary, apart: bool) -> None:
    parts = [old]
    if apart:
        mine = [each for each in old.concepts.values() if ID in each.in_scheme]
        others = [each for each in old.concepts.values() if ID not in each.in_scheme]
        own = [each for each in old.schemes.values() if each.iri == ID]
        parts = [
            Vocabulary.build(mine, own, stop=old.stop),
            Vocabulary.build(others, [each for each in old.schemes.values() if each.iri != ID]),
        ]
    files = {f"{number}.ttl": data for number, part in enumerate(parts) if (data := written(part)) is not None}
    if len(files) == len(parts):
        try:
            changed = update_files(files, new)
        except NotWritable as error:
            assert "read as something else" in str(error) and ({*new.schemes} or any(files))
        else:
            assert parse_vocabularies({**files, **changed}, shared_scheme="") == new
            assert update_files({**files, **changed}, new) == {}


SHARED_FILE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix id: <https://x.example/id/> .
id:s a skos:ConceptScheme ; dct:title "Shared"@en ; skos:hasTopConcept id:time ; dct:created "2020" .
id:time a skos:Concept ; skos:prefLabel "time off"@EN ; skos:narrower id:leave ; skos:scopeNote "Any."@en .
id:leave a skos:Concept ; skos:prefLabel "annual  leave"@en ; skos:scopeNote "Paid."@en ; skos:related id:sick .
id:sick a skos:Concept ; skos:prefLabel "sick leave"@en ; skos:broader id:time .
"""
PEOPLE_FILE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <https://x.example/people#> .
<https://x.example/people> a skos:ConceptScheme .
p:pto a skos:Concept ; skos:prefLabel "PTO"@en ; skos:exactMatch <https://x.example/id/leave> .
"""
FILES = {"shared.ttl": SHARED_FILE.encode(), "people.ttl": PEOPLE_FILE.encode()}


def revised(*concepts: Concept, without: str = "") -> dict[str, str]:
    old = parse_vocabularies(FILES)
    kept = [each for each in old.concepts.values() if each.iri not in {without, *(new.iri for new in concepts)}]
    new = Vocabulary.build([*kept, *concepts], old.schemes.values(), shared_scheme=old.shared_scheme)
    return {file: data.decode() for file, data in update_files(FILES, new).items()}


def test_a_label_more_touches_one_file_and_keeps_what_the_model_lacks() -> None:
    leave = parse_vocabularies(FILES).concepts[ID + "leave"]
    (changed,) = revised(replace(leave, alt_label=(Label("holiday", "en"),))).items()
    assert changed[0] == "shared.ttl"
    assert 'skos:altLabel "holiday"@en' in changed[1]
    assert 'skos:scopeNote "Paid."@en' in changed[1] and 'dct:created "2020"' in changed[1]
    assert '"annual  leave"@en' in changed[1]  # as it was written


def test_the_difference_is_small_once_a_file_is_in_order() -> None:
    old = parse_vocabularies({"shared.ttl": SHARED_FILE.encode()})
    before = write_vocabulary(old, "shared.ttl")
    more = Concept(ID + "leave", alt_label=(Label("holiday", "en"),))
    after = write_vocabulary(Vocabulary.build([*old.concepts.values(), more], old.schemes.values()), "shared.ttl")
    lines = difflib.unified_diff(before.decode().splitlines(), after.decode().splitlines(), n=0, lineterm="")
    assert [line for line in lines if line[:1] in "+-" and line[1:2] not in "+-"] == ['+\tskos:altLabel "holiday"@en ;']


def test_a_concept_that_goes_takes_its_notes_along() -> None:
    (changed,) = revised(without=ID + "sick").values()
    assert "id:time skos:narrower" not in changed and "id:sick a" not in changed
    assert "id:sick" in changed  # what others say of it is theirs
    old = parse_vocabularies(FILES).concepts
    changes = replace(old[ID + "time"], narrower=(ID + "leave",)), replace(old[ID + "leave"], related=())
    assert revised(*changes, without=ID + "sick").keys() == {"shared.ttl"}
    assert "sick" not in revised(*changes, without=ID + "sick")["shared.ttl"]


def test_a_mapping_goes_where_its_concept_is_described() -> None:
    old = parse_vocabularies(FILES).concepts
    changed = revised(replace(old[PEOPLE + "pto"], close_match=(ID + "time",)))
    assert "skos:closeMatch <https://x.example/id/time>" in changed["people.ttl"]


def test_a_new_concept_goes_to_the_file_of_its_scheme() -> None:
    new = Concept(PEOPLE + "toil", pref_label=(Label("TOIL", "en"),), in_scheme=("https://x.example/people",))
    changed = revised(new)
    assert changed.keys() == {"people.ttl"} and "p:toil a skos:Concept ;\n\tskos:inScheme" in changed["people.ttl"]


def test_a_retired_concept_is_deprecated_in_its_file() -> None:
    old = parse_vocabularies(FILES).concepts[ID + "sick"]
    changed = revised(replace(old, is_replaced_by=(ID + "leave",)))
    assert "owl:deprecated true" in changed["shared.ttl"] and "dct:isReplacedBy id:leave" in changed["shared.ttl"]


def test_nothing_changes_nothing() -> None:
    assert update_files(FILES, parse_vocabularies(FILES)) == {}
    with pytest.raises(NotWritable, match="no file to write into"):
        update_files({}, Vocabulary.build([Concept(ID + "a", in_scheme=(ID,))]))


@pytest.mark.parametrize(
    ("concept", "problem"),
    [
        (Concept("leave", in_scheme=(ID,)), "leave"),
        (Concept(ID + "a", pref_label=(Label(" ", "en"),)), "empty pref_label"),
        (Concept(ID + "a", pref_label=(Label("x", "e n"),)), "'e n'"),
        (Concept(ID + "a", pref_label=(Label("\ud800"),)), r"pref_label \('.ud800', ''\)"),
        (Concept(ID + "a", broader=("a b",)), "a b"),
        (Concept(ID), "S9"),
    ],
)
def test_what_cannot_be_written_is_refused(concept: Concept, problem: str) -> None:
    with pytest.raises(NotWritable, match=problem):
        write_vocabulary(Vocabulary.build([concept], [Scheme(ID), Scheme(PEOPLE)]), "a.ttl")


def test_xml_has_no_control_characters() -> None:
    odd = Vocabulary.build([Concept(ID + "a", pref_label=(Label("a\x01b"),))])
    assert parse_vocabularies({"a.ttl": write_vocabulary(odd, "a.ttl")}) == odd
    with pytest.raises(NotWritable, match=r"U\+0001"):
        write_vocabulary(odd, "a.rdf")


def test_namespaces_get_prefixes() -> None:
    text = write_vocabulary(parse_vocabularies(FILES), "a.ttl").decode()
    assert "@prefix id: <https://x.example/id/> ." in text and "id:leave a skos:Concept ;" in text
