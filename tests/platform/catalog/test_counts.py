"""Items are counted among those that one may read, by their readers and not one by one."""

import pytest

from concord.bootstrap import Concord
from concord.catalog import items
from concord.catalog.engine import reading


@pytest.mark.parametrize("who", ["ann", "pat", "fay", "carl"])
def test_counts_are_those_of_the_items_themselves(synced, database, who):
    concord = Concord.open(synced.folder)
    principal = concord.foundation.directory.principal(who)
    with reading(concord.engine) as connection:
        counted = items.counts(connection, principal)
        found = list(items.all_readable(connection, principal))
    concord.close()
    assert {(source, status): held for source, by in counted.items() for status, held in by.items()} == {
        (item.source, item.status.value): sum(
            each.source == item.source and each.status == item.status for each in found
        )
        for item in found
    }
