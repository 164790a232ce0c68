"""The filter of a question, in the index and again before anything leaves: one and the same."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.retrieval.filters import LIVE_STATUSES, admits, index_filter
from concord.retrieval.question import Question, Scope
from concord_taxonomy.skos import parse_vocabularies
from concord_taxonomy.standard import Activity, ContentItem, Derivation, Principal, Status

LEAVE, PARENTAL, PAY = (f"https://t.example/id/{name}" for name in ("leave", "parental", "pay"))
VOCABULARY = parse_vocabularies(
    {
        "taxonomy/shared.ttl": f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://t.example/id/all> a skos:ConceptScheme ; skos:prefLabel "All"@en .
<{LEAVE}> a skos:Concept ; skos:prefLabel "leave"@en ; skos:inScheme <https://t.example/id/all> .
<{PARENTAL}> a skos:Concept ; skos:prefLabel "parental leave"@en ; skos:broader <{LEAVE}> ;
  skos:inScheme <https://t.example/id/all> .
<{PAY}> a skos:Concept ; skos:prefLabel "pay"@en ; skos:inScheme <https://t.example/id/all> .
""".encode()
    }
)
AT = date(2026, 11, 2)
EVERY = frozenset({"user:ann", "group:people", "everyone", "group:staff"})


def question(tokens=("user:ann", "group:people"), sources=None, concepts=None):
    return Question("leave?", Principal("ann", frozenset(tokens)), AT, Scope(sources, concepts))


def item(readers=("group:people",), status=Status.APPROVED, source="handbook", subject=()):
    return ContentItem(
        identifier=f"{source}/a.md",
        revision=1,
        source=source,
        title="A",
        type="document",
        format="text/markdown",
        was_derived_from=Derivation(native_id="a.md", version="1"),
        generated_at=datetime.now(UTC),
        generated_by=Activity(connector="files", mapping="m"),
        status=status,
        readers=readers,
        subject=subject,
    )


def test_the_tokens_of_the_asker_are_sent_and_no_others():
    assert index_filter(question(), VOCABULARY).readers == {"user:ann", "group:people"}


@pytest.mark.parametrize("tokens", [(), ("user:mallory",)])
def test_without_a_token_of_an_item_nothing_may_be_read(tokens):
    assert index_filter(question(tokens), VOCABULARY).readers == frozenset(tokens)
    assert not admits(question(tokens), item(), VOCABULARY)


def test_everything_but_the_withdrawn_is_searched():
    assert set(LIVE_STATUSES) == {"draft", "in_review", "approved", "deprecated"}
    assert index_filter(question(), VOCABULARY).statuses == LIVE_STATUSES
    assert not admits(question(), item(status=Status.WITHDRAWN), VOCABULARY)


def test_concepts_come_with_their_narrower_ones():
    found = index_filter(question(concepts=(LEAVE,)), VOCABULARY)
    assert set(found.concepts) == {LEAVE, PARENTAL}
    assert admits(question(concepts=(LEAVE,)), item(subject=(PARENTAL,)), VOCABULARY)
    assert not admits(question(concepts=(PARENTAL,)), item(subject=(LEAVE,)), VOCABULARY)
    assert not admits(question(concepts=(LEAVE,)), item(), VOCABULARY)


def test_an_open_scope_stays_open_and_an_empty_one_matches_nothing():
    open_, empty = index_filter(question(), VOCABULARY), index_filter(question(sources=()), VOCABULARY)
    assert open_.sources is None and open_.concepts is None and empty.sources == ()
    assert not admits(question(sources=()), item(), VOCABULARY)
    assert not admits(question(concepts=()), item(subject=(LEAVE,)), VOCABULARY)


def passes(filter_, held):
    """What the index is asked to do with a filter (`SearchFilter`), on one item."""
    return (
        not filter_.readers.isdisjoint(held.readers)
        and held.status.value in filter_.statuses
        and (filter_.sources is None or held.source in filter_.sources)
        and (filter_.concepts is None or not set(filter_.concepts).isdisjoint(held.subject))
    )


tokens = st.lists(st.sampled_from(sorted(EVERY)), unique=True)
concepts = st.lists(st.sampled_from([LEAVE, PARENTAL, PAY]), unique=True).map(tuple)
sources = st.lists(st.sampled_from(["handbook", "wiki"]), unique=True).map(tuple)


@given(tokens, tokens, st.none() | sources, st.none() | concepts, st.sampled_from(Status), concepts)
def test_the_second_check_is_the_first_again(held, readers, scope, about, status, subject):
    asked = question(held, scope, about)
    found = item(tuple(sorted(readers)), status, "handbook", subject)
    assert admits(asked, found, VOCABULARY) == passes(index_filter(asked, VOCABULARY), found)
