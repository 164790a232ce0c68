"""Confidence: what speaks for the leading passages, and the rare word that none of them has."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from concord.answering.confidence import FITTED, Signs, confidence
from concord.authority.questions import Question as Asked
from concord.authority.reading import Reader
from concord.authority.terms import Terms
from concord.authority.words import content_stems
from concord.catalog.chunks import Chunk
from concord.retrieval.passages import Passage
from concord_taxonomy.expansion import ExpandedSpan, Expansion
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import Activity, ContentItem, Derivation

NOTHING = Expansion()
READER = Reader(LabelIndex(Vocabulary()), Vocabulary())


def passage(number, text, score=2.0, sentences=(0.4,)):
    item = ContentItem(
        identifier=f"s/{number}",
        revision=1,
        source="s",
        title="A page",
        type="document",
        format="text/markdown",
        was_derived_from=Derivation(native_id=str(number), version="1"),
        generated_at=datetime(2026, 1, 1, tzinfo=UTC),
        generated_by=Activity(connector="files", mapping="m"),
    )
    chunk = Chunk(0, (), text, 0, str(number))
    return Passage(str(number), item, chunk, score, 0.3, sentences, READER.reading(item, chunk))


def asked(text):
    return Asked(text, frozenset(content_stems(text)))


FOUND = [passage(n, text) for n, text in enumerate(["Parking at the office.", "Parking fees.", "Lifts.", "Dogs bark."])]


TERMS = Terms.of([READER.read(each.item, each.chunk).terms or b"" for each in FOUND])


def test_a_question_whose_words_all_stand_there_lacks_none():
    assert Signs.of(asked("Where is parking at the office?"), NOTHING, FOUND, TERMS).unmet == 0.0


def test_the_rarest_word_that_the_leading_passages_lack_counts():
    elsewhere = Signs.of(asked("May dogs use the parking?"), NOTHING, FOUND, TERMS).unmet
    nowhere = Signs.of(asked("May giraffes use the parking?"), NOTHING, FOUND, TERMS).unmet
    assert 0.0 < elsewhere < nowhere == 1.0


def test_a_word_that_asks_for_a_value_is_not_missing():
    assert Signs.of(asked("What price has parking?"), NOTHING, FOUND, TERMS).unmet == 0.0
    assert Signs.of(asked("What shape has parking?"), NOTHING, FOUND, TERMS).unmet == 1.0


def test_a_word_that_is_said_in_another_departments_term_is_not_missing():
    expansion = Expansion(spans=(ExpandedSpan(4, 7, "car", ("c",), ("parking",)),))
    assert Signs.of(asked("The car?"), expansion, FOUND, TERMS).unmet == 0.0
    assert Signs.of(asked("The car?"), NOTHING, FOUND, TERMS).unmet == 1.0


def test_names_and_numbers_are_looked_for():
    assert Signs.of(asked("Is parking level 7 open?"), NOTHING, FOUND, TERMS).names == 0.0
    assert Signs.of(asked("Is parking open?"), NOTHING, FOUND, TERMS).names == 1.0


def test_a_name_that_is_said_in_another_departments_term_is_found():
    expansion = Expansion(spans=(ExpandedSpan(4, 7, "P+R", ("p",), ("parking",)),))
    assert Signs.of(asked("The PNR?"), NOTHING, FOUND, TERMS).names == 0.0
    assert (
        Signs.of(
            asked("The PNR?"), replace(expansion, spans=(replace(expansion.spans[0], words="PNR"),)), FOUND, TERMS
        ).names
        == 1.0
    )


@pytest.mark.parametrize(("sign", "way"), [("score", 1), ("best_sentence", 1), ("names", 1), ("unmet", -1)])
def test_each_sign_moves_confidence_its_way(sign, way):
    signs = Signs(2.0, 0.4, 0.5, 0.5)
    more = replace(signs, **{sign: getattr(signs, sign) + 0.2})
    assert (FITTED.probability(more) - FITTED.probability(signs)) * way > 0


def test_a_disagreement_on_what_is_asked_makes_the_odds_of_an_answer_four_times_as_good():
    alone, led = (confidence(asked("Parking?"), NOTHING, FOUND, TERMS, leads=leads) for leads in (False, True))
    assert led / (1 - led) == pytest.approx(4 * alone / (1 - alone))
    assert confidence(asked("Parking?"), NOTHING, [], Terms.of([]), leads=True) == 0.0


def test_nothing_found_is_no_confidence():
    assert confidence(asked("Parking?"), NOTHING, [], Terms.of([])) == 0.0
    assert confidence(asked("Parking?"), NOTHING, FOUND, TERMS) > 0.0
