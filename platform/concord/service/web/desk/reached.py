"""What a case's page shows of past answers that it reaches: what they quoted, who got them, and who is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from concord.bootstrap import Concord
from concord.governance.cases.blast import PastAnswer
from concord.service.web.viewer import Viewer
from concord_taxonomy.standard import Principal

QUOTES = 8
"""Quotes that are shown, those that do not stand any more first."""
NAMED = 12
"""People who are named with a quote."""
_ORDER = (False, None, True)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that answers quoted: whether the page still says so, how many answers, the last day, and who got them.

    `words` is "" for those of revisions that are not kept; `more` people are not named.
    """

    words: str
    stands: bool | None
    answers: int
    last: datetime
    people: tuple[str, ...]
    more: int


def reached(concord: Concord, viewer: Viewer, who: Principal, case_id: int) -> dict[str, Any]:
    """The past answers of a case that `who` deals with, by what they quoted; `closed` people may not read the page."""
    radius = concord.desk.blast_radius(who, case_id)
    grouped: dict[tuple[str, bool | None], list[PastAnswer]] = {}
    for each in radius.answers:
        grouped.setdefault((each.quote, each.stands), []).append(each)
    quotes = [_quoted(viewer, words, stands, given) for (words, stands), given in grouped.items()]
    quotes.sort(key=lambda each: (_ORDER.index(each.stands), -each.answers))
    gone = {each.principal for each in radius.answers if each.stands is False}
    return {
        "quotes": quotes[:QUOTES],
        "more": len(quotes[QUOTES:]),
        "people": radius.people,
        "to_tell": len(radius.to_tell),
        "told": len(radius.told),
        "closed": len(gone.difference(radius.to_tell, radius.told)),
        "gone": len(gone),
    }


def _quoted(viewer: Viewer, words: str, stands: bool | None, given: Sequence[PastAnswer]) -> Quoted:
    people = list(dict.fromkeys(f"user:{each.principal}" for each in given))
    names = tuple(viewer.name_of(each) or each for each in people[:NAMED])
    return Quoted(words, stands, len({each.trace for each in given}), given[0].at, names, len(people[NAMED:]))
