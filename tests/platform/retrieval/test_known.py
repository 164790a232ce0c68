"""Passages kept in memory: those used last, no more than allowed, and never one of another item than now."""

from datetime import UTC, datetime

import numpy as np
import pytest

from concord.authority.reading import Reader
from concord.catalog.chunks import Chunk
from concord.embedding import Embedded
from concord.retrieval.known import KnownPassage, KnownPassages
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import Activity, ContentItem, Derivation

READER = Reader(LabelIndex(Vocabulary()), Vocabulary())
ITEM = ContentItem(
    identifier="s/a",
    source="s",
    title="A",
    was_derived_from=Derivation(native_id="a"),
    generated_at=datetime(2026, 1, 1, tzinfo=UTC),
    generated_by=Activity(connector="files", mapping="m"),
)
VECTORS = Embedded(np.zeros(4, np.float32), np.zeros((0, 4), np.float32))


def passage(item=ITEM, embedded=VECTORS):
    chunk = Chunk(0, (), "Text.", 0, "hash")
    return KnownPassage(item, chunk, READER.reading(item, chunk), embedded)


def test_those_used_last_are_kept():
    known = KnownPassages(2)
    for version in ("a", "b"):
        known.keep(version, passage())
    assert known.get("a", ITEM)
    known.keep("c", passage())
    assert [bool(known.get(version, ITEM)) for version in "abc"] == [True, False, True]


@pytest.mark.parametrize("change", [{"title": "B"}, {"readers": ("group:x",)}, {"revision": 2}])
def test_one_of_an_item_that_changed_is_not_used(change):
    known = KnownPassages(2)
    known.keep("a", passage())
    assert known.get("a", ITEM.model_copy()) and known.get("a", ITEM.model_copy(update=change)) is None


def test_one_without_vectors_and_any_where_none_may_be_kept_is_not():
    known, none = KnownPassages(2), KnownPassages(0)
    known.keep("a", passage(embedded=None))
    none.keep("a", passage())
    assert known.get("a", ITEM) is None and none.get("a", ITEM) is None
