"""The Integrated Public Sector Vocabulary, a real vocabulary of 3,080 concepts, has known answers."""

import os
from pathlib import Path

import pytest

from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.quality import check
from concord_taxonomy.skos import Vocabulary, read_vocabulary

DATA = Path(os.environ.get("CONCORD_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
IPSV = DATA / "vocabularies" / "ipsv.rdf"

pytestmark = pytest.mark.skipif(not IPSV.is_file(), reason="vocabularies/ipsv.rdf is not there: set CONCORD_TEST_DATA")


@pytest.fixture(scope="module")
def ipsv() -> Vocabulary:
    return read_vocabulary([IPSV])


def test_everything_is_read(ipsv: Vocabulary) -> None:
    concepts = ipsv.concepts.values()
    assert len(concepts) == 3_080
    assert sum(len(concept.pref_label) for concept in concepts) == 3_080
    assert sum(len(concept.alt_label) for concept in concepts) == 4_843
    assert sum(len(concept.hidden_label) for concept in concepts) == 22
    assert (
        sum(len(concept.broader) for concept in concepts) == sum(len(concept.narrower) for concept in concepts) == 3_382
    )
    assert ipsv.shared_scheme == "http://id.esd.org.uk/IPSV/2.00"


def test_its_known_faults_are_kept(ipsv: Vocabulary) -> None:
    clashes = [
        (iri, label)
        for iri, concept in ipsv.concepts.items()
        for label in set(concept.alt_label) & set(concept.hidden_label)
    ]
    assert (len(clashes), len({iri for iri, _ in clashes})) == (21, 20)
    both = {
        frozenset((iri, other))
        for iri, concept in ipsv.concepts.items()
        for other in concept.related
        if other in ipsv.broader_closure(iri)
    }
    assert len(both) == 5


def test_its_labels_find_themselves(ipsv: Vocabulary) -> None:
    index = LabelIndex(ipsv)
    missed = [
        label.text
        for iri, concept in ipsv.concepts.items()
        for label in (*concept.pref_label, *concept.alt_label)
        if iri not in [sense.iri for sense in index.senses(label.text)]
    ]
    assert missed == ["11+"]  # a number alone is no label in running text


def test_its_known_faults_are_found() -> None:
    report = check({IPSV.name: IPSV.read_bytes()})
    assert (report.concepts, report.triples) == (3_080, 32_604)
    assert (report.counts["S13"], report.counts["S27"], report.counts["hierarchical_redundancy"]) == (21, 5, 2)
    assert report.errors == 26
    assert [each.detail for each in report.findings if each.check == "deprecated_skos_terms"] == [
        "uses skos:prefSymbol, which SKOS has dropped"
    ]
