"""Makers of passages, claims and conflict sets, and a small vocabulary of two departments."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from concord.authority.claims import Attribute, BlockKey, Claim, SourceText
from concord.authority.concepts import VocabularyMatcher
from concord.authority.conflicts import ConflictSets, find_conflicts
from concord.authority.extraction import extract_all
from concord.authority.facts import Facts
from concord.authority.scope import OPEN, Scope
from concord.authority.values import extract_values
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary
from concord_taxonomy.standard.item import ContentItem, Derivation

SHARED, PEOPLE, LEGAL = "https://x.example/id/", "https://x.example/people/", "https://x.example/legal/"


def _concept(scheme: str, name: str, *labels: str, **more: Any) -> Concept:
    return Concept(scheme + name, pref_label=tuple(map(Label, labels)), in_scheme=(scheme,), **more)


VOCABULARY = Vocabulary.build(
    [
        _concept(SHARED, "time-off", "time off"),
        _concept(SHARED, "annual-leave", "annual leave", broader=(SHARED + "time-off",)),
        _concept(SHARED, "meals", "meal allowance"),
        _concept(SHARED, "accident", "accident at work"),
        _concept(SHARED, "breach", "personal data breach"),
        _concept(PEOPLE, "holiday", "holiday allowance", exact_match=(SHARED + "annual-leave",)),
        _concept(PEOPLE, "study-day", "study day", broad_match=(SHARED + "time-off",)),
        _concept(PEOPLE, "per-diem", "per diem", exact_match=(SHARED + "meals",)),
        _concept(PEOPLE, "incident", "incident", exact_match=(SHARED + "accident",)),
        _concept(LEGAL, "incident", "incident", exact_match=(SHARED + "breach",)),
    ],
    [Scheme(SHARED), Scheme(PEOPLE, publisher="People"), Scheme(LEGAL, publisher="Legal")],
    shared_scheme=SHARED,
)
MATCHER = VocabularyMatcher(LabelIndex(VOCABULARY), VOCABULARY)


def make_passage(
    identifier: str,
    text: str,
    *,
    title: str = "Page",
    headings: tuple[str, ...] = (),
    claim_date: date | None = None,
    line_dates: tuple[date, ...] = (),
    concepts: tuple[str, ...] = (),
    **fields: Any,
) -> SourceText:
    """A passage of an item; the identifier's first part is its source."""
    item = ContentItem(
        identifier=identifier,
        source=identifier.split("/", 1)[0],
        title=title,
        was_derived_from=Derivation(native_id=identifier),
        **fields,
    )
    return SourceText(item, 0, text, headings, claim_date, line_dates, concepts)


def make_claim(
    identifier: str,
    value: str,
    *,
    scope: Scope = OPEN,
    first_seen: date | None = None,
    concepts: tuple[str, ...] = (),
    around: tuple[str, ...] = (),
    **facts: Any,
) -> Claim:
    """A claim of an item with the given facts, as if its passage said "It is <value>."."""
    found = extract_values(value)[0].value
    return Claim(
        identifier,
        1,
        0,
        (0, 10),
        f"It is {value}.",
        found,
        BlockKey(concepts[0] if concepts else None, found.type, found.dimension),
        Attribute(("leav",), concepts=concepts, context_concepts=around),
        scope,
        first_seen,
        facts=Facts(identifier, 1, facts.pop("title", identifier), identifier.split("/", 1)[0], **facts),
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The vocabulary."""
    return VOCABULARY


@pytest.fixture(scope="session")
def matcher() -> VocabularyMatcher:
    """Its labels, as authority matches them."""
    return MATCHER


@pytest.fixture(scope="session")
def passage() -> Callable[..., SourceText]:
    """Make a passage."""
    return make_passage


@pytest.fixture(scope="session")
def claim() -> Callable[..., Claim]:
    """Make a claim."""
    return make_claim


@pytest.fixture(scope="session")
def conflicts() -> Callable[..., ConflictSets]:
    """Find the conflicts among passages."""

    def find(*passages: SourceText, matched: bool = False) -> ConflictSets:
        return find_conflicts(extract_all(passages, MATCHER) if matched else extract_all(passages))

    return find
