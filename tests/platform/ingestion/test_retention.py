"""How long past revisions are kept, and what is left of one whose time is over."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from concord.catalog.engine import reading
from concord.catalog.schema import chunks, embeddings, texts
from concord.embedding import content_hash
from concord_taxonomy.naming import naming_texts

LEAVE = "handbook/leave.md"


def held(house):
    """Texts, passages and vectors of the source's pages; vectors of the vocabulary's labels are kept beside them."""
    labels = set(map(content_hash, naming_texts(house.concord.foundation.vocabulary)))
    with reading(house.concord.engine) as connection:
        bodies = [row.text for row in connection.execute(texts.select()) if "days of annual leave a year" in row.text]
        return (
            len(bodies),
            len(connection.execute(chunks.select()).all()),
            len(set(connection.scalars(select(embeddings.c.content_hash))) - labels),
        )


def settings(house, text):
    house.close()
    house.workspace.write("concord.yaml", f"embedding: {{runtime: hashing}}\nrevisions: {text}\n")


@pytest.mark.parametrize("limit", ["{max_per_item: 1}", "{retention_days: DAYS}"])
def test_what_is_dropped_goes_from_everything_but_its_number(past, limit):
    assert held(past) == (3, 3, 3)
    since_2023 = (datetime.now(UTC).date() - date(2023, 1, 1)).days
    settings(past, limit.replace("DAYS", str(since_2023)))
    outcome, encoded = past.sync()
    assert outcome.expired == 1 and encoded == 0 and held(past) == (2, 2, 2)
    assert past.concord.index.count() == 2
    assert past.says("2021-01-01") == set() and past.says("2023-01-01")
    assert not past.sync()[0].touched
    past.close()
    done = past.workspace.run("item", f"{LEAVE}@1", "--as", "pat")
    assert done.code == 2 and f"revision 1 of {LEAVE} is no longer kept" in done.err
    assert "no longer kept" in past.workspace.run("item", LEAVE, "--history", "--as", "pat").out
    # To someone who may not read the item it is like one that never was.
    assert "no longer kept" not in past.workspace.run("item", f"{LEAVE}@1", "--as", "carl").err


def test_numbers_are_never_given_again(past):
    settings(past, "{max_per_item: 0}")
    past.sync()
    past.repository.commit("2024-06-01", {"leave.md": past.page(28)})
    past.sync()
    assert [number for number, _, _ in past.revisions()] == [1, 2, 3, 4] and held(past) == (1, 1, 1)
    assert past.says("2024-07-01") == {f"{LEAVE}@4: Everyone receives 28 days"}


def test_what_is_not_to_be_kept_is_not_embedded_first(past):
    settings(past, "{max_per_item: 0}")
    past.sync()
    for day in range(1, 6):
        past.repository.commit(f"2024-06-0{day}", {"leave.md": past.page(30 + day)})
    assert past.sync()[1] == 1
