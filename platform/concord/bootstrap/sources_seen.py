"""Which sources somebody may know of: those of which they may read an item, and those that they answer for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Engine

from concord.bootstrap.foundation import Foundation
from concord.catalog import items
from concord.catalog.engine import reading
from concord_taxonomy.standard import Principal


def sources_seen(engine: Engine, foundation: Foundation, who: Principal) -> Mapping[str, Counter[str]]:
    """The ids of these sources in the order of their files, each with the readable items counted by status."""
    with reading(engine) as connection:
        counted = items.counts(connection, who)
    return {
        each: counted.get(each, Counter())
        for each in foundation.sources
        if each in counted or foundation.answers_for(who, each)
    }
