"""Where a case belongs: the item it is about, with what ownership has to know of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from concord.access.recipients import MayRead
from concord.catalog import items, register
from concord_feedback import Ownership
from concord_feedback.cases import Case
from concord_feedback.causes import RootCause
from concord_feedback.routing import Place, Route, route
from concord_taxonomy.standard import Principal

_OF_SIDES = frozenset({RootCause.SOURCE_CONFLICT, RootCause.AUTHORITY_MISCONFIGURED})
"""Causes that say by themselves that there is another page."""


@dataclass(frozen=True, slots=True)
class Places:
    """Routing under the ownership in force.

    `may_read` says whether a person or group may read what these readers may; `with_broader` gives a concept with those
    above it; `use_case_owners` are tokens by use case, `approvers` those of `governance.approvers`. `known` says
    whether anybody may be that person or in that group: whoever is not there gets no case.
    """

    ownership: Ownership
    may_read: MayRead
    with_broader: Callable[[str], frozenset[str]]
    use_case_owners: Mapping[str, str | None]
    known: Callable[[str], bool] = lambda token: True
    approvers: tuple[str, ...] = ()

    def of(self, connection: Connection, case: Case) -> Place:
        """Where a case belongs."""
        identifier = case.about.item
        item = items.last_known(connection, identifier) if identifier else None
        named = {*item.subject} if item else set()
        named |= {case.about.concept} if case.about.concept else set()
        concepts = named.union(*(self.with_broader(iri) for iri in named))
        owner = self.use_case_owners.get(case.about.scope)
        if item is None:
            # What was never derived has no readers: whoever answers for its source knows of it (`concord status`).
            source, _, path = identifier.partition("/")
            return Place(source, path, concepts, owner, self.approvers, self.known)
        readers = [item.readers, *self._other_sides(connection, case)]
        return Place(
            item.source,
            item.was_derived_from.native_id,
            concepts,
            owner,
            self.approvers,
            lambda holder: self.known(holder) and all(self.may_read(holder, each) for each in readers),
        )

    def _other_sides(self, connection: Connection, case: Case) -> list[tuple[str, ...]]:
        """The readers of the other items of a conflict, or of what ranks them: who gets it learns of them."""
        if case.about.cause not in _OF_SIDES:
            return []
        named = {each for probe in case.diagnosis for each in probe["items"]}
        named |= set(register.sides(connection, case.about.place.partition("#")[2]))
        return [item.readers for item in items.live(connection, sorted(named - {case.about.item})).values()]

    def answers_for(self, connection: Connection, who: Principal, identifier: str) -> bool:
        """Whether `who` is told of a record that was never derived: its owner, steward or backup, as in `status`."""
        if items.last_known(connection, identifier) is not None:
            return False
        source, _, path = identifier.partition("/")
        owner = self.ownership.resolve(source, path)
        return owner is not None and who.may_read([e for e in (owner.owner, owner.steward, owner.backup) if e])

    def route(self, connection: Connection, case: Case, on: date) -> Route:
        """Who is to have a case on a day, and who next."""
        return route(case.about.cause, self.of(connection, case), self.ownership, on)
