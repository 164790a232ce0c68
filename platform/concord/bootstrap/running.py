"""What the worker did and will do, as far as a person answers for it: states and times, and none of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from concord.catalog import jobs
from concord.catalog.engine import reading
from concord.catalog.jobs import Run
from concord_taxonomy.standard import Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


@dataclass(frozen=True, slots=True)
class Job:
    """A job, when it is due next, and its last runs, newest first; their `detail` may name what few may read."""

    name: str
    due: datetime
    runs: Sequence[Run]


def jobs_of(concord: Concord, who: Principal, limit: int, part: slice = slice(None)) -> list[Job]:
    """The jobs that `who` answers for: syncs of their sources, and for leads what is done for all; by name.

    `limit` is how many runs of each, `part` which of the jobs.
    """
    leads = concord.ledger.open_to(who)
    with reading(concord.engine) as connection:
        due = jobs.due(connection)
        mine = [name for name in sorted(due) if _theirs(concord, who, name, leads)]
        return [Job(name, due[name], jobs.runs(connection, [name], limit)) for name in mine[part]]


def _theirs(concord: Concord, who: Principal, name: str, leads: bool) -> bool:
    if not name.startswith(jobs.SYNC):
        return leads
    source = name.removeprefix(jobs.SYNC)
    return source in concord.foundation.sources and concord.foundation.answers_for(who, source)
