"""Whether an answer cites what it should: citations against the wanted references (Gao et al. 2023, by reference)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from concord_evals.metrics.ranking import Found
from concord_taxonomy.standard import ItemRef


def citation_precision(cited: Sequence[Found], wanted: Sequence[ItemRef], sides: Collection[str] = ()) -> float:
    """The share of cited items that are wanted; 0 where none is cited.

    Beside a wanted one, the `sides` of a disagreement may be told too; alone, they answer nothing.
    """
    items = set(cited)
    right = {each for each in items if any(one.covers(*each) for one in wanted)}
    if right:
        right |= {each for each in items if each[0] in sides}
    return len(right) / len(items) if items else 0.0


def citation_recall(cited: Sequence[Found], wanted: Sequence[ItemRef]) -> float:
    """The share of wanted references that are cited at a revision that they mean."""
    if not wanted:
        raise ValueError("nothing is wanted: leave the question out")
    return sum(any(one.covers(*each) for each in cited) for one in wanted) / len(wanted)
