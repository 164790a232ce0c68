"""What golden questions are about, and what none is: by source, department and concept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from concord_feedback import GoldenQuestion
from concord_taxonomy.standard import ContentItem

NO_DEPARTMENT = "(no department)"

_NAMES: dict[str, Callable[[ContentItem], Sequence[str]]] = {
    "source": lambda item: (item.source,),
    "department": lambda item: (item.publisher or NO_DEPARTMENT,),
    "concept": lambda item: item.subject,
}


@dataclass(frozen=True, slots=True)
class Covered:
    """How many items a source, department or concept has, and how many questions expect any of them."""

    kind: str
    name: str
    items: int
    questions: int


def coverage(readable: Iterable[ContentItem], questions: Iterable[GoldenQuestion]) -> list[Covered]:
    """Count by each kind, what no question asks about first; only readable items count, on either side."""
    known = {item.identifier: item for item in readable}
    asked = [
        {reference.identifier for reference in golden.wanted()} & known.keys()
        for golden in questions
        if golden.expect == "answer"
    ]
    found = []
    for kind, names in _NAMES.items():
        having = Counter(name for item in known.values() for name in set(names(item)))
        about = Counter(name for each in asked for name in {name for key in each for name in names(known[key])})
        found += [Covered(kind, name, count, about[name]) for name, count in having.items()]
    order = list(_NAMES)
    return sorted(found, key=lambda each: (order.index(each.kind), each.questions, -each.items, each.name))
