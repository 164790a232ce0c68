"""Safe repairs: what they mend is found no more, everything else stays, and a second run changes nothing."""

import pyoxigraph as ox
import pytest

from concord_taxonomy.quality import REPAIRED, check, repair
from concord_taxonomy.skos.writer import write_triples

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://x.example/> .
"""
KINDS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
FAULTY = """
:a a skos:Concept ; skos:prefLabel "alpha"@en ; skos:altLabel "alpha"@en , " "@en ; skos:hiddenLabel "alpha"@en ;
  skos:narrower :b ; skos:related :a ; skos:editorialNote [ :by "Ann" ; :at 2026 ] .
:b a skos:Concept ; skos:prefLabel "beta"@en ; skos:broader :nowhere ; <https://other.example/price> 5 .
:l a skos:OrderedCollection ; skos:member :a ; skos:memberList ( :a :b ) .
"""


def triples(data, file="a.ttl"):
    graph = ox.Dataset(ox.parse(data, format=KINDS[file[1:]]))
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in graph}


def test_what_is_mended_is_found_no_more():
    files = {"a.ttl": (PREFIXES + FAULTY).encode()}
    before = check(files).counts
    assert set(REPAIRED) <= before.keys()
    mended = repair(files)
    after = check(mended).counts
    assert set(after) - {"unidirectional_relations"} == before.keys() - set(REPAIRED)
    # Of :nowhere no file says anything, so nothing is said of it here either.
    assert after["unidirectional_relations"] == 1
    assert repair(mended) == {}


def test_everything_else_stays():
    files = {"a.ttl": (PREFIXES + FAULTY).encode()}
    old, new = triples(files["a.ttl"]), triples(repair(files)["a.ttl"])
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert {each.partition(skos)[2].split(">")[0] for each in old - new} == {"altLabel", "hiddenLabel", "related"}
    assert {each.partition(skos)[2].split(">")[0] for each in new - old} == {"broader", "member"}


def test_the_inverse_goes_where_the_relation_is_stated():
    one = PREFIXES + ':a a skos:Concept ; skos:prefLabel "alpha"@en ; skos:narrower :b .'
    two = PREFIXES + ':b a skos:Concept ; skos:prefLabel "beta"@en .'
    assert repair({"one.ttl": one.encode(), "two.ttl": two.encode()}).keys() == {"one.ttl"}


@pytest.mark.parametrize("file", ["a.ttl", "a.rdf", "a.nt"])
def test_a_file_is_written_in_its_own_format(file):
    held = {quad.triple for quad in ox.parse((PREFIXES + FAULTY).encode(), format=ox.RdfFormat.TURTLE)}
    data = write_triples(held, file)
    assert triples(data, file) == triples((PREFIXES + FAULTY).encode())
    assert write_triples(sorted(held, key=str, reverse=True), file) == data
    again = [quad.triple for quad in ox.parse(data, format=KINDS[file[1:]])]
    assert write_triples(again, file) == data


def test_turtle_of_a_concept_stands_apart():
    text = write_triples(
        [quad.triple for quad in ox.parse((PREFIXES + FAULTY).encode(), format=ox.RdfFormat.TURTLE)],
        "a.ttl",
        {"": "https://x.example/"},
    ).decode()
    assert "@prefix : <https://x.example/> .\n" in text
    assert "\n\n:a a skos:Concept ;\n" in text and "\n\n:b a skos:Concept ;\n" in text
