"""Readings: what is kept with a passage says what reading it now would say; what another reader wrote is not used."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.authority.claims import SourceText
from concord.authority.extraction import extract_all
from concord.authority.facts import Facts
from concord.authority.reading import Reader, distinct, type_bits
from concord.authority.terms import Terms
from concord.authority.values import ValueType, extract_values
from concord.authority.words import content_stems
from concord.catalog.chunks import Chunk
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.markdown import sentences
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary
from concord_taxonomy.standard.item import ContentItem, Derivation

SHARED = "https://x.example/id/"
LEAVE = Concept(SHARED + "leave", pref_label=(Label("annual leave"),), in_scheme=(SHARED,))
VOCABULARY = Vocabulary.build([LEAVE], [Scheme(SHARED)], shared_scheme=SHARED)
READER = Reader(LabelIndex(VOCABULARY), VOCABULARY)
ITEM = ContentItem(
    identifier="people/leave.md",
    revision=3,
    source="people",
    title="Time off in 2025",
    publisher="People",
    was_derived_from=Derivation(native_id="leave.md"),
    subject=(SHARED + "leave",),
)
TEXT = """\
Managers in Berlin get up to **27 days** of annual leave a year, engineers 25 to 26 days.

- Ask 2 weeks before.
- It costs £1.2m from 3 March 2026.

| Grade | Days |
|---|---|
| 7 | 30 days |
| 8 | 31 days |
"""


def chunk(text: str = TEXT) -> Chunk:
    return Chunk(4, ("Leave", "How much"), text, 0, "hash", changed=date(2025, 1, 2))


def kept(text: str = TEXT) -> Chunk:
    return READER.read(ITEM, chunk(text))


@given(text=st.sampled_from([TEXT, "", "No value.", "Due by 1 May at 10:00, or 5 % in version 2.3."]))
def test_claims_come_back_as_they_were_read(text: str) -> None:
    held = kept(text)
    read = list(READER.reading(ITEM, held).claims(ITEM, 4, Facts.of(ITEM), frozenset(ValueType)))
    source = SourceText(ITEM, 4, text, held.heading_path, held.changed)
    assert distinct(read) == extract_all([source], READER.matcher)
    assert all(claim.first_seen == date(2025, 1, 2) for claim in read)


def test_claims_take_the_facts_of_the_item_as_it_is_now() -> None:
    moved = ITEM.model_copy(update={"status": "deprecated", "revision": 4})
    reading = READER.reading(moved, kept())
    for item, told in ((moved, (4, "deprecated")), (ITEM, (3, "approved")), (moved, (4, "deprecated"))):
        claims = list(reading.claims(item, 4, Facts.of(item), frozenset(ValueType)))
        assert claims and all((claim.revision, claim.facts.status) == told for claim in claims)


def test_claims_of_some_types_come_alone() -> None:
    reading = READER.reading(ITEM, kept())
    every = list(reading.claims(ITEM, 4, Facts.of(ITEM), frozenset(ValueType)))
    assert {claim.value.type for claim in every} > {ValueType.MONEY}
    for kind in ValueType:
        alone = list(reading.claims(ITEM, 4, Facts.of(ITEM), {kind}))
        assert alone == [claim for claim in every if claim.value.type is kind]
    for claim in every:
        assert claim.value.type in reading.claimed(claim.quote.casefold())
    assert reading.claimed("another sentence") == frozenset()


def test_sentences_words_and_concepts_come_back() -> None:
    reading = READER.reading(ITEM, kept())
    whole = sentences(TEXT)
    assert list(reading.sentences) == [each.text for each in whole]
    types = [type_bits({found.value.type for found in extract_values(each.text)}) for each in whole]
    assert list(reading.types) == types and type_bits([ValueType.DURATION]) in types
    assert reading.concepts == {SHARED + "leave"}
    stems = [frozenset(content_stems(each.text)) for each in whole]
    above = frozenset(content_stems("Time off in 2025 Leave How much"))
    every = above.union(*stems)
    assert reading.said({*every, "nowhere"}) == every
    around, inside = reading.places({*every, "nowhere"})
    assert around == above
    assert inside == {number: found for number, found in enumerate(stems) if found}


def test_a_passage_of_very_many_sentences_tells_where_each_word_stands() -> None:
    text = " ".join(f"Sentence of word{chr(97 + n // 26)}{chr(97 + n % 26)}." for n in range(100))
    reading = READER.reading(ITEM, kept(text))
    assert len(reading.sentences) == 100
    assert reading.places({"wordcv"})[1] == {73: frozenset({"wordcv"})}


def test_terms_are_the_stems_and_concepts_of_the_reading() -> None:
    held = kept()
    terms = Terms.of([held.terms or b"", kept("Annual leave.").terms or b"", b""])
    assert terms.count == 3
    for stem in READER.reading(ITEM, held).stems:
        assert terms.having(stem)[0]
    assert list(terms.having(SHARED + "leave", "unheard")) == [True, True, False]
    assert list(terms.having("berlin")) == [True, False, False]
    assert not terms.having("unheard").any() and not terms.having().any()
    assert Terms.of([]).having("berlin").shape == (0,)


@pytest.mark.parametrize("read_by", [None, "another"])
def test_what_another_reader_wrote_is_read_anew(read_by: str | None) -> None:
    other = replace(kept("Nothing."), text=TEXT, read_by=read_by)
    assert READER.reading(ITEM, other) == READER.reading(ITEM, kept())
    assert READER.reading(ITEM, replace(other, read_by=READER.fingerprint)) != READER.reading(ITEM, kept())


def test_another_vocabulary_is_another_reader() -> None:
    wider = replace(LEAVE, alt_label=(Label("holiday"),))
    vocabulary = Vocabulary.build([wider], [Scheme(SHARED)], shared_scheme=SHARED)
    reader = Reader(LabelIndex(vocabulary), vocabulary)
    assert reader.fingerprint != READER.fingerprint and len(reader.fingerprint) <= 64
    text = "The holiday lasts 27 days."
    assert not READER.reading(ITEM, kept(text)).concepts
    assert reader.reading(ITEM, kept(text)).concepts == {SHARED + "leave"}
