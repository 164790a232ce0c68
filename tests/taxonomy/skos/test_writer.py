"""What is written is read the same, and a small change of a vocabulary is a small difference of its files."""

import difflib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.skos import (
    Concept,
    Label,
    NotWritable,
    Scheme,
    Vocabulary,
    convert,
    parse_vocabularies,
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


SHARED_FILE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix id: <https://x.example/id/> .
id:s a skos:ConceptScheme ; dct:title "Shared"@en ; skos:hasTopConcept id:time ; dct:created "2020" .
id:time a skos:Concept ; skos:prefLabel "time off"@EN ; skos:narrower id:leave ; skos:scopeNote "Any."@en .
id:leave a skos:Concept ; skos:prefLabel "annual  leave"@en ; skos:scopeNote "Paid."@en ; skos:related id:sick .
id:sick a skos:Concept ; skos:prefLabel "sick leave"@en ; skos:broader id:time .
"""
FILES = {"shared.ttl": SHARED_FILE.encode()}


def test_the_difference_is_small_once_a_file_is_in_order() -> None:
    old = parse_vocabularies(FILES)
    before = write_vocabulary(old, "shared.ttl")
    more = Concept(ID + "leave", alt_label=(Label("holiday", "en"),))
    after = write_vocabulary(Vocabulary.build([*old.concepts.values(), more], old.schemes.values()), "shared.ttl")
    lines = difflib.unified_diff(before.decode().splitlines(), after.decode().splitlines(), n=0, lineterm="")
    assert [line for line in lines if line[:1] in "+-" and line[1:2] not in "+-"] == ['+\tskos:altLabel "holiday"@en ;']


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


@pytest.mark.parametrize(
    "links", [[(a, b) for a in range(12) for b in range(12)], [(n, (n + 1) % 600) for n in range(600)]]
)
def test_knots_of_blank_nodes_are_refused(links: list[tuple[int, int]]) -> None:
    data = "".join(f"_:n{a} <https://x.example/r> _:n{b} .\n" for a, b in links if a != b).encode()
    with pytest.raises(NotWritable, match="blank nodes that look alike"):
        convert({"a.nt": data}, "b.nt")


def test_blank_nodes_that_differ_or_stand_apart_are_written() -> None:
    items = " ".join(f'[ <https://x.example/n> "{n % 2}" ]' for n in range(50))
    data = f"<https://x.example/a> <https://x.example/b> ({items}) .".encode()
    assert convert({"a.ttl": data}, "b.nt").count(b"\n") == 50 * 3 + 1


def test_a_change_of_one_blank_node_renames_no_other() -> None:
    notes = "".join(
        f'<https://x.example/{n}> <https://x.example/note> [ <https://x.example/says> "n{n}" ] .' for n in range(99)
    )
    before, after = (
        convert({"a.ttl": text.encode()}, "b.ttl").decode().split("\n\n")
        for text in (notes, notes.replace('n7"', 'new"'))
    )
    assert len(set(before) ^ set(after)) == 4
    assert convert({"b.nt": convert({"a.ttl": notes.encode()}, "b.nt")}, "c.ttl").decode().split("\n\n") == before


@pytest.mark.parametrize("item", ["<https://x.example/{}>", "<https://x.example/same>"])
def test_long_lists_are_written(item: str) -> None:
    items = " ".join(item.format(n) for n in range(700))
    data = f"<https://x.example/c> <https://x.example/list> ( {items} ) .".encode()
    written = convert({"a.ttl": data}, "b.ttl")
    assert convert({"b.ttl": written}, "c.ttl") == written and written.count(b"rdf:first") == 700


def test_prefixes_that_shorten_nothing_are_not_taken_over() -> None:
    held = (
        '@prefix a: <https://x.example/> . @prefix w: <https://x.> . @prefix n: <urn:never:> . a:b a:c "urn:never:" .'
    )
    assert b"@prefix a:" in (written := convert({"a.ttl": held.encode()}, "b.ttl"))
    assert written.count(b"@prefix") == 1


ends = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<urn:x>", "<urn:y>"])
links = st.lists(st.tuples(ends, st.sampled_from(["<urn:p>", "<urn:q>"]), ends), max_size=10)


@given(links, st.permutations(["_:a", "_:b", "_:c", "_:d"]), st.randoms(use_true_random=False))
def test_names_of_blank_nodes_in_a_file_mean_nothing(
    stated: list[tuple[str, str, str]], names: list[str], rng: random.Random
) -> None:
    other = dict(zip(["_:a", "_:b", "_:c", "_:d"], names, strict=True))
    renamed = [tuple(other.get(part, part) for part in each) for each in stated]
    rng.shuffle(renamed)
    one, two = ("".join(f"{' '.join(each)} .\n" for each in lines).encode() for lines in (stated, renamed))
    written = convert({"a.nt": one}, "c.ttl")
    assert convert({"b.nt": two}, "c.ttl") == written
    assert convert({"c.ttl": written}, "c.ttl") == written
