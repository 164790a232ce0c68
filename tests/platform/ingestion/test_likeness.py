"""Vectors that are stored are evidence for tags at the end of every sync, and nothing is embedded for it."""

import numpy as np
import pytest

from concord.ingestion.derive import UNSETTLED
from concord.ingestion.likeness import LEAST_CONCEPTS, Concepts, StoredVectors

WORDS = "".join(
    f's:other{n} a skos:Concept ; skos:prefLabel "other matter {n}"@en ; skos:inScheme s:small .\n'
    for n in range(LEAST_CONCEPTS)
)


@pytest.fixture
def told(house):
    """A workspace with concepts enough to compare."""
    house.workspace.replace("taxonomy/shared.ttl", "s:leave a", f"{WORDS}s:leave a")
    house.apply()
    house.sync()
    return house


def contexts(house):
    return {row[at] for row in house.rows()["items"] for at in range(len(row)) if str(row[at]).endswith(UNSETTLED)}


def test_likeness_is_measured_against_the_average_concept():
    near, far = np.eye(4, dtype=np.float32)[:2]
    found = Concepts(("near", "far", "other"), np.array([near, far, far], np.float32)).likeness(near)
    assert found["near"] == pytest.approx(2**0.5) and found["far"] == found["other"] < 0
    same = Concepts(("a", "b"), np.array([near, near], np.float32)).likeness(near)
    assert same == {"a": 0.0, "b": 0.0}


def test_a_new_item_is_tagged_with_its_vectors_at_the_end_of_the_sync(told):
    assert not contexts(told)
    told.workspace.write("content/people/parental.md", "# Annual leave\n\nAnnual leave of parents is other matter 3.\n")
    _, encoded = told.sync()
    assert encoded > 0 and not contexts(told)
    before = told.rows()
    outcome, encoded = told.sync()
    after = told.rows()
    assert encoded == 0 and not outcome.touched
    assert all(after[name] == before[name] for name in ("items", "tags", "chunks", "outbox"))


def test_a_sync_that_ended_before_anything_was_embedded_is_made_good_by_the_next(told):
    told.workspace.replace("content/people/leave.md", "27 days", "28 days")
    told.concord.sync(told.concord.foundation.sources["people-handbook"]).run()
    assert contexts(told)
    told.sync()
    assert not contexts(told)


def test_a_change_of_words_embeds_no_passage(told):
    told.workspace.replace("taxonomy/shared.ttl", '"other matter 3"@en', '"other matter three"@en')
    told.apply()
    _, encoded = told.sync()
    assert encoded == 0 and not contexts(told)


def test_until_all_is_stored_there_is_no_evidence(told):
    engine, model = told.concord.engine, told.concord.encoder.model
    texts = {f"text {n}": (f"concept {n}",) for n in range(LEAST_CONCEPTS)}
    encode = told.concord.encoder.encode
    assert StoredVectors(engine, model, texts).likeness(["no hash of a passage"]) is None
    assert StoredVectors(engine, model, texts, encode).likeness(["no hash of a passage"]) is None
    assert StoredVectors(engine, model, texts).likeness([]) == {}
    few = dict(list(texts.items())[1:])
    assert StoredVectors(engine, model, few).likeness(["no hash of a passage"]) == {}


def test_an_item_whose_vectors_change_no_tag_is_mined_once(told):
    told.workspace.write("content/people/lockers.md", "# Lockers\n\nA locker costs £4 a week.\n")
    outcome, encoded = told.sync()
    assert encoded > 0 and not contexts(told)
    assert outcome.mined.items == 1
