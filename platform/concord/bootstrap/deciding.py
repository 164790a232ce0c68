"""Who may decide on a change: those whom the settings name, and those who answer for everything that it changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from concord.access.recipients import MayRead
from concord.bootstrap.foundation import Foundation
from concord.governance import Change
from concord.governance.cases.awaiting import Line
from concord.workspace import FileProblem
from concord_taxonomy.errors import ConcordTaxonomyError
from concord_taxonomy.standard import Principal

LINKS = ("replaces", "is_replaced_by")
"""Values of an item that name others."""

MeansAnother = Callable[[str, Collection[str]], bool]
"""Whether a token means anybody but these; `Directory.means_another` is one."""


ReadersOf = Callable[[Collection[str]], Mapping[str, tuple[str, ...]]]
"""Who may read items, or might when their source had them, by identifier; without those that nobody knows."""


@dataclass(frozen=True)
class Deciders:
    """`named` are the tokens of `governance.approvers`; the others are owners, stewards and backups of ownership.yaml.

    Of them, those who may read what a change names: `readers` tells who may. Others do not learn that it is there.

    What is in force before the change says who they are, so that nobody makes themselves one. A source is its owner's,
    a use case that of the owner it names, a concept whose it or a broader one is; whatever no rule names is for the
    rule that matches everything.
    """

    named: Collection[str]
    readers: ReadersOf

    def __call__(self, who: Principal, change: Change) -> bool:
        """Whether `who` may decide on `change`."""
        if not all(who.may_read(readers) for readers in self._readers(change)):
            return False
        if who.may_read(list(self.named)):
            return True
        return all(who.may_read(held) for held in _parts(change))

    def line(self, change: Change, may_read: MayRead, means_another: MeansAnother) -> Line:
        """Who is asked to decide on a change, and who next: owners, backups and stewards, at last those who are named.

        Each of them may decide by themselves, which `may_read` says, and is somebody else than who proposed it, which
        `means_another` says of a token.
        """
        try:
            parts = list(_parts(change))
        except (ConcordTaxonomyError, FileProblem):  # nobody can be said to answer for what cannot be read
            parts = [()]
        readers = self._readers(change)
        proposers = frozenset(each.proposer for each in change.proposals)
        steps = [tuple(part[place] for part in parts if place < len(part)) for place in range(3)]
        asked, line = set(proposers), list[tuple[str, ...]]()
        for step in (*steps, tuple(self.named)):
            fresh = [each for each in dict.fromkeys(step) if each not in asked]
            able = (
                each
                for each in fresh
                if self._may(each, parts, may_read) and all(may_read(each, held) for held in readers)
            )
            line.append(tuple(each for each in able if means_another(each, proposers)))
            asked.update(line[-1])
        return tuple(filter(None, line))

    def _readers(self, change: Change) -> Sequence[tuple[str, ...]]:
        """Who may read each of the items that the operations of a change name."""
        named = sorted({each for proposal in change.proposals for each in _items(proposal.operation or {})})
        return list(self.readers(named).values()) if named else []

    def _may(self, token: str, parts: Sequence[Sequence[str]], may_read: MayRead) -> bool:
        return may_read(token, list(self.named)) or all(may_read(token, part) for part in parts)


def _items(operation: Mapping[str, Any]) -> Iterator[str]:
    """The identifiers that an operation names, whether there are such items or not."""
    values = operation.get("values") or {}
    for held in (operation.get("identifier"), *(values.get(name) for name in LINKS)):
        yield from (held,) if isinstance(held, str) else held or ()


def _parts(change: Change) -> Iterator[tuple[str, ...]]:
    """The tokens of those who answer for each part of what a change is about."""
    before, after = Foundation(change.before), Foundation(change.after)
    paths = {path for _, path in change.before.changes(change.after)}
    paths |= {path for each in change.proposals for path in each.files}
    for path in sorted(paths):
        yield from _holders(path, before, after)


def _holders(path: str, before: Foundation, after: Foundation) -> Iterator[tuple[str, ...]]:
    """The tokens of those who answer for each part of a file that changes."""
    stem = PurePath(path).stem
    match path.partition("/")[0]:
        case "sources":
            yield before.holders(stem)
        case "usecases":
            held = before.use_cases.get(stem)
            yield (held.owner,) if held and held.owner else before.holders()
        case "taxonomy":
            concepts = changed_concepts(before, after)
            yield from (
                before.holders(concepts=before.broader_of(iri) | after.broader_of(iri)) for iri in sorted(concepts)
            )
            if not concepts:
                yield before.holders()
        case _:
            yield before.holders()


def changed_concepts(before: Foundation, after: Foundation) -> set[str]:
    """The concepts of which something else is said; all of them where another scheme is the shared one."""
    one, other = before.vocabulary, after.vocabulary
    every = {*one.concepts, *other.concepts}
    if (one.shared_scheme, one.stop) != (other.shared_scheme, other.stop):
        return every
    return {iri for iri in every if one.concepts.get(iri) != other.concepts.get(iri)}
