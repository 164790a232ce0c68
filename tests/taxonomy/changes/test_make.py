"""Changes of terms: IRIs stay, words and places move, files differ in what changed alone, and SKOS stays sound."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from concord_taxonomy.alignment import Relation, read_decisions
from concord_taxonomy.changes import (
    AddConcept,
    AlignConcepts,
    BreaksSkos,
    CannotChange,
    ChangeConcept,
    DeprecateConcept,
    MergeConcepts,
    Part,
    SplitConcept,
    Word,
    make,
    parse_change,
    touched,
)
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.quality import check
from concord_taxonomy.skos import VocabularyFileError, parse_vocabularies

S = "https://x.example/id/"
D = "https://x.example/it/"
SHARED = b"""\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix s: <https://x.example/id/> .

# The shared words.

s:all a skos:ConceptScheme ; skos:prefLabel "All"@en ; skos:hasTopConcept s:absence .

s:absence a skos:Concept ; skos:prefLabel "absence"@en ; skos:inScheme s:all ; skos:topConceptOf s:all .

# Not working, and paid for it; "paid." is what counts.
s:leave a skos:Concept ;
    skos:prefLabel "annual leave"@en , "Jahresurlaub"@de ;
    skos:altLabel "holiday"@en ;
    skos:scopeNote "Not sick leave. See: <policy>." ;
    skos:broader s:absence ;
    skos:inScheme s:all .

s:vacation a skos:Concept ;
    skos:prefLabel "vacation"@en ;
    skos:altLabel "time away"@en ;
    skos:hiddenLabel "vacaton"@en ;
    skos:broader s:absence ;
    skos:related s:travel ;
    skos:inScheme s:all .

s:long-vacation a skos:Concept ; skos:prefLabel "long vacation"@en ; skos:broader s:vacation ; skos:inScheme s:all .

# Journeys.
s:travel a skos:Concept ; skos:prefLabel "travel"@en ; skos:broader s:absence ; skos:related s:vacation ;
    skos:inScheme s:all .
"""
DEPARTMENT = b"""\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix d: <https://x.example/it/> .
@prefix s: <https://x.example/id/> .
d:it a skos:ConceptScheme ; skos:prefLabel "IT"@en .
d:pto a skos:Concept ; skos:prefLabel "PTO"@en ; skos:exactMatch s:vacation ; skos:inScheme d:it .
d:trip a skos:Concept ; skos:prefLabel "trip"@en ; skos:inScheme d:it .
"""
FILES = {"taxonomy/shared.ttl": SHARED, "taxonomy/it.ttl": DEPARTMENT}
EN = "en"


def made(change, files=FILES):
    after = {**files, **make(change, files)}
    return parse_vocabularies(after), after


def lines(before, after):
    """Lines that went and lines that came."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    return [each for each in old if each not in new], [each for each in new if each not in old]


def test_a_merge_deprecates_the_lost_concept_and_hands_over_its_words_and_its_place():
    vocabulary, after = made(MergeConcepts(lost=f"{S}vacation", kept=f"{S}leave"))
    lost, kept = vocabulary.concepts[f"{S}vacation"], vocabulary.concepts[f"{S}leave"]
    assert lost.deprecated and lost.is_replaced_by == (f"{S}leave",)
    assert [each.text for each in lost.pref_label] == ["vacation"] and not lost.alt_label and not lost.broader
    assert {each.text for each in kept.alt_label} == {"holiday", "vacation", "time away"}
    assert [each.text for each in kept.hidden_label] == ["vacaton"]
    assert vocabulary.concepts[f"{S}long-vacation"].broader == (f"{S}leave",)
    assert kept.related == (f"{S}travel",) and vocabulary.concepts[f"{S}travel"].related == (f"{S}leave",)
    # A department's word that was mapped to the lost concept leads to the kept one; its file is as it was.
    assert vocabulary.shared(f"{D}pto") == (f"{S}leave",) == vocabulary.shared(f"{S}vacation")
    assert after["taxonomy/it.ttl"] == DEPARTMENT
    assert {each.iri for each in LabelIndex(vocabulary).senses("time away")} == {f"{S}leave"}


def test_what_a_change_does_not_touch_stays_as_it_was_typed():
    _, after = made(ChangeConcept(iri=f"{S}travel", add_label=(Word(text="journey", language=EN),)))
    text = after["taxonomy/shared.ttl"].decode()
    head, _, tail = text.partition("s:travel a skos:Concept")
    assert SHARED.decode().startswith(head) and "# Journeys." in head and '"paid." is what counts' in head
    assert 'skos:altLabel "journey"@en' in tail and "scopeNote" in head
    gone, come = lines(SHARED, after["taxonomy/shared.ttl"])
    assert len(gone) == 1 and len(come) <= 7


def test_equal_changes_give_equal_bytes_and_a_change_that_says_nothing_new_changes_no_file():
    change = ChangeConcept(iri=f"{S}leave", add_label=(Word(text="holiday", language=EN),))
    assert make(change, FILES) == {}
    merge = MergeConcepts(lost=f"{S}vacation", kept=f"{S}leave")
    assert make(merge, FILES) == make(merge, dict(reversed(FILES.items())))


def test_the_old_preferred_label_stays_findable():
    vocabulary, _ = made(ChangeConcept(iri=f"{S}leave", pref_label=(Word(text="paid leave", language=EN),)))
    concept = vocabulary.concepts[f"{S}leave"]
    assert {each.text for each in concept.pref_label} == {"paid leave", "Jahresurlaub"}
    assert {each.text for each in concept.alt_label} == {"annual leave", "holiday"}


def test_a_label_that_is_not_there_cannot_be_removed():
    with pytest.raises(CannotChange, match="has no label 'leaf'"):
        make(ChangeConcept(iri=f"{S}leave", remove_label=(Word(text="leaf", language=EN),)), FILES)


def test_a_new_concept_comes_at_the_end_of_its_schemes_file():
    change = AddConcept(
        iri=f"{S}sabbatical",
        scheme=f"{S}all",
        pref_label=(Word(text="sabbatical", language=EN),),
        definition=(Word(text="A long leave.", language=EN),),
        broader=(f"{S}absence",),
    )
    vocabulary, after = made(change)
    assert vocabulary.concepts[f"{S}sabbatical"].broader == (f"{S}absence",)
    assert vocabulary.concepts[f"{S}sabbatical"].in_scheme == (f"{S}all",)
    assert after["taxonomy/shared.ttl"].startswith(SHARED.rstrip(b"\n"))
    with pytest.raises(CannotChange, match="is there already"):
        make(change, after)
    top, _ = made(change.model_copy(update={"broader": ()}))
    assert not top.concepts[f"{S}sabbatical"].broader


def test_a_split_makes_narrower_concepts_or_takes_the_place_of_the_old_one():
    into = tuple(Part(iri=f"{S}{name}", label=Word(text=name, language=EN)) for name in ("train", "flight"))
    narrower, _ = made(SplitConcept(iri=f"{S}travel", into=into))
    assert narrower.concepts[f"{S}flight"].broader == (f"{S}travel",) and not narrower.concepts[f"{S}travel"].deprecated
    replaced, _ = made(SplitConcept(iri=f"{S}travel", into=into, replace=True))
    assert replaced.shared(f"{S}travel") == (f"{S}flight", f"{S}train")
    assert replaced.concepts[f"{S}flight"].broader == (f"{S}absence",)
    with pytest.raises(CannotChange, match="narrower concepts"):
        make(SplitConcept(iri=f"{S}vacation", into=into, replace=True), FILES)


def test_a_deprecation_says_what_to_use_and_makes_no_ring():
    vocabulary, after = made(DeprecateConcept(iri=f"{S}vacation", replaced_by=f"{S}leave"))
    assert vocabulary.shared(f"{S}vacation") == (f"{S}leave",)
    alone, _ = made(DeprecateConcept(iri=f"{S}travel"))
    assert alone.concepts[f"{S}travel"].deprecated and not alone.concepts[f"{S}travel"].is_replaced_by
    with pytest.raises(CannotChange, match="ring"):
        make(DeprecateConcept(iri=f"{S}leave", replaced_by=f"{S}vacation"), after)
    with pytest.raises(CannotChange, match="replace itself"):
        make(DeprecateConcept(iri=f"{S}leave", replaced_by=f"{S}leave"), FILES)


def test_an_alignment_takes_the_place_of_the_one_that_was_there():
    one = AlignConcepts(iri=f"{D}trip", relation=Relation.CLOSE, target=f"{S}travel")
    vocabulary, after = made(one)
    assert vocabulary.shared(f"{D}trip") == (f"{S}travel",)
    assert {name for name in after if after[name] != FILES.get(name)} == {"alignments.ttl"}
    again, after = made(one.model_copy(update={"relation": Relation.EXACT}), after)
    assert again.concepts[f"{D}trip"].exact_match == (f"{S}travel",) and not again.concepts[f"{D}trip"].close_match
    none, after = made(one.model_copy(update={"relation": None}), after)
    assert none.shared(f"{D}trip") == ()
    held = read_decisions(after["alignments.ttl"], "alignments.ttl").on(f"{S}travel", f"{D}trip")
    assert held and not held.accepted
    with pytest.raises(CannotChange, match="of one scheme"):
        make(AlignConcepts(iri=f"{S}leave", relation=Relation.EXACT, target=f"{S}travel"), FILES)


def test_the_same_alignment_again_changes_nothing():
    one = AlignConcepts(iri=f"{D}trip", relation=Relation.CLOSE, target=f"{S}travel", by="user:ann", why="the same")
    _, after = made(one)
    again = one.model_copy(update={"by": "user:pat", "why": "", "at": one.at + timedelta(days=9)})
    assert make(again, after) == {"alignments.ttl": after["alignments.ttl"]}
    assert make(again.model_copy(update={"why": "as agreed"}), after) != {"alignments.ttl": after["alignments.ttl"]}


def test_an_exact_match_that_joins_two_concepts_of_a_scheme_is_refused():
    _, after = made(AlignConcepts(iri=f"{D}trip", relation=Relation.EXACT, target=f"{S}travel"))
    with pytest.raises(BreaksSkos, match="exact matches make it the same as"):
        make(AlignConcepts(iri=f"{D}trip", relation=Relation.EXACT, target=f"{S}absence"), after)
    assert make(AlignConcepts(iri=f"{D}trip", relation=Relation.CLOSE, target=f"{S}absence"), after)


def test_a_concept_merged_into_one_below_it_makes_no_ring():
    vocabulary, after = made(MergeConcepts(lost=f"{S}absence", kept=f"{S}leave"))
    assert not vocabulary.concepts[f"{S}leave"].broader
    assert vocabulary.concepts[f"{S}travel"].broader == (f"{S}leave",)
    assert "hierarchical_cycles" not in check(after).counts
    deeper = MergeConcepts(lost=f"{S}absence", kept=f"{S}long-vacation")
    with pytest.raises(BreaksSkos, match="S27"):
        make(deeper, FILES)  # travel would come below vacation, to which it is related
    apart = {
        **FILES,
        "taxonomy/shared.ttl": SHARED.replace(b"skos:related s:vacation ;", b"").replace(
            b"skos:related s:travel ;", b""
        ),
    }
    deep, after = made(deeper, apart)
    assert deep.concepts[f"{S}vacation"].broader == ()
    assert deep.concepts[f"{S}long-vacation"].broader == (f"{S}vacation",)
    assert "hierarchical_cycles" not in check(after).counts


def test_what_would_break_skos_is_refused_and_what_was_broken_before_is_not_in_the_way():
    with pytest.raises(BreaksSkos, match="S27"):
        make(ChangeConcept(iri=f"{S}long-vacation", add_related=(f"{S}absence",)), FILES)
    broken = {
        **FILES,
        "taxonomy/shared.ttl": SHARED.replace(
            b"skos:broader s:vacation", b"skos:broader s:vacation ; skos:related s:vacation"
        ),
    }
    assert check(broken).errors
    assert make(ChangeConcept(iri=f"{S}travel", add_label=(Word(text="journey"),)), broken)


@pytest.mark.parametrize(
    "change",
    [
        MergeConcepts(lost=f"{S}nothing", kept=f"{S}leave"),
        MergeConcepts(lost=f"{S}leave", kept=f"{S}leave"),
        MergeConcepts(lost=f"{D}pto", kept=f"{S}leave"),
        ChangeConcept(iri=f"{S}leave", add_broader=(f"{S}nothing",)),
        ChangeConcept(iri=f"{S}leave", remove_broader=(f"{S}travel",)),
    ],
)
def test_what_makes_no_sense_is_told(change):
    with pytest.raises(CannotChange):
        make(change, FILES)


def test_other_formats_are_written_as_a_whole():
    from concord_taxonomy.skos.rdf import parse_triples
    from concord_taxonomy.skos.writer import write_triples

    triples, prefixes = parse_triples(SHARED, "shared.ttl")
    files = {"shared.rdf": write_triples(triples, "shared.rdf", prefixes), "it.ttl": DEPARTMENT}
    vocabulary, after = made(MergeConcepts(lost=f"{S}vacation", kept=f"{S}leave"), files)
    assert vocabulary.shared(f"{D}pto") == (f"{S}leave",)
    assert b"scopeNote" in after["shared.rdf"]


def test_changes_are_kept_as_values():
    for change in (
        MergeConcepts(lost=f"{S}a", kept=f"{S}b"),
        AlignConcepts(iri=f"{S}a", relation=None, target=f"{D}b"),
        SplitConcept(
            iri=f"{S}a", into=(Part(iri=f"{S}b", label=Word(text="b")), Part(iri=f"{S}c", label=Word(text="c")))
        ),
    ):
        assert parse_change(change.model_dump(mode="json")) == change
    with pytest.raises(ValidationError):
        parse_change({"operation": "merge", "lost": "not an iri", "kept": f"{S}b"})


def test_what_a_change_is_about_is_told_apart_from_the_rest():
    merge = MergeConcepts(lost=f"{S}vacation", kept=f"{S}leave")
    elsewhere = make(ChangeConcept(iri=f"{S}travel", add_label=(Word(text="journey"),)), FILES)
    here = make(ChangeConcept(iri=f"{S}leave", add_label=(Word(text="rest"),)), FILES)
    assert touched(merge, FILES) == touched(merge, {**FILES, **elsewhere})
    assert touched(merge, FILES) != touched(merge, {**FILES, **here})


def test_an_alignment_is_about_its_concepts_and_not_about_their_other_alignments():
    one = AlignConcepts(iri=f"{D}trip", relation=Relation.CLOSE, target=f"{S}travel")
    other = {**FILES, **make(AlignConcepts(iri=f"{D}trip", relation=Relation.BROAD, target=f"{S}absence"), FILES)}
    same = {**FILES, **make(one.model_copy(update={"relation": None}), FILES)}
    said = {**FILES, **make(ChangeConcept(iri=f"{S}travel", definition=(Word(text="By train."),)), FILES)}
    assert touched(one, FILES) == touched(one, other)
    assert touched(one, FILES) != touched(one, same)
    assert touched(one, FILES) != touched(one, said)


def test_an_alignment_by_hand_gives_way_to_a_decision():
    weaker = AlignConcepts(iri=f"{S}vacation", relation=Relation.NARROW, target=f"{D}pto", by="user:ann", why="wider")
    vocabulary, after = made(weaker)
    assert b"exactMatch" not in after["taxonomy/it.ttl"]
    assert vocabulary.concepts[f"{D}pto"].broad_match == (f"{S}vacation",)
    held = read_decisions(after["alignments.ttl"], "alignments.ttl").on(f"{S}vacation", f"{D}pto")
    assert held and (held.relation, held.by, held.why) == (Relation.NARROW, "user:ann", "wider")
    more = {**FILES, "alignments.ttl": DEPARTMENT}
    with pytest.raises(VocabularyFileError, match="holds more than decisions"):
        make(weaker, more)


NAMES = "abcdef"


@st.composite
def vocabularies(draw):
    """A scheme of six concepts with labels, broader and related concepts at random, as SKOS may have them or not."""
    lines = ["@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", f"@prefix s: <{S}> ."]
    lines.append('s:all a skos:ConceptScheme ; skos:prefLabel "All"@en .')
    for at, name in enumerate(NAMES):
        said = [f'skos:prefLabel "{name}"@en', "skos:inScheme s:all"]
        for label in draw(st.sets(st.sampled_from(["one", "two", "three"]), max_size=2)):
            said.append(f'skos:{draw(st.sampled_from(["altLabel", "hiddenLabel"]))} "{label}"@en')
        for above in draw(st.sets(st.sampled_from(NAMES[:at]), max_size=2)) if at else ():
            said.append(draw(st.sampled_from([f"skos:broader s:{above}", f"skos:related s:{above}"])))
        lines.append(f"s:{name} a skos:Concept ; {' ; '.join(said)} .")
    return {"shared.ttl": "\n".join(lines).encode() + b"\n"}


@settings(max_examples=60)
@given(vocabularies(), st.permutations(NAMES))
def test_any_merge_keeps_iris_and_words_and_makes_no_ring_and_no_error(files, names):
    lost, kept = f"{S}{names[0]}", f"{S}{names[1]}"
    before = parse_vocabularies(files)
    try:
        vocabulary, after = made(MergeConcepts(lost=lost, kept=kept), files)
    except BreaksSkos:
        return
    assert set(vocabulary.concepts) == set(before.concepts)
    assert vocabulary.shared(lost) == (kept,)

    def words(concepts):
        kinds = ("pref_label", "alt_label", "hidden_label")
        return {label for each in concepts for kind in kinds for label in getattr(each, kind)}

    assert words([vocabulary.concepts[kept]]) == words([before.concepts[lost], before.concepts[kept]])
    assert not vocabulary.concepts[lost].broader and not vocabulary.concepts[lost].narrower
    old, new = check(files), check(after)
    assert new.counts.get("hierarchical_cycles", 0) <= old.counts.get("hierarchical_cycles", 0)
    assert new.errors <= old.errors
