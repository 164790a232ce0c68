"""Reading the conflict register: what was mined, held against what one person may read and the policy of now.

Nothing of an entry but the places of its claims is kept, so a change of the policy, of links, owners or readers shows
at once. Whoever may not read a page on both sides does not learn that there is an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine

from concord.access.recipients import MayRead, recipients
from concord.answering.evidence import in_words
from concord.authority.conflicts import ConflictSet
from concord.authority.decide import decide
from concord.authority.differences import set_aside
from concord.authority.facts import Facts
from concord.authority.policy import Policy
from concord.authority.reading import Reader
from concord.authority.register import Statement
from concord.catalog import chunks, differences, items, register
from concord.catalog.differences import Difference
from concord.catalog.engine import reading
from concord.catalog.register import Found, Place
from concord.catalog.told import times_told
from concord.governance.register.model import Entry, Page, Severity
from concord.ingestion.mining import statements
from concord_feedback import Ownership
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Principal

_ORDER = {each: place for place, each in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class UseCaseReach:
    """What a use case draws on, as the register has to know it; no sources or concepts means all of them."""

    id: str
    sources: frozenset[str]
    concepts: frozenset[str]

    def reaches(self, item: ContentItem) -> bool:
        """Whether it draws on an item."""
        about = not self.concepts or not self.concepts.isdisjoint(item.subject)
        return about and (not self.sources or item.source in self.sources)


@dataclass(frozen=True, slots=True)
class Register:
    """The conflict register of a workspace.

    `may_read` says whether an owner may read something; `use_cases` gives those that a person may use, their concepts
    closed.
    """

    engine: Engine
    policy: Policy
    vocabulary: Vocabulary
    reader: Reader
    ownership: Ownership
    may_read: MayRead
    use_cases: Callable[[Principal], Sequence[UseCaseReach]]
    min_certainty: float

    def entries(
        self, who: Principal, *, everything: bool = False, owner: str | None = None, since: date | None = None
    ) -> list[Entry]:
        """The entries that `who` may read, most severe first.

        Without `everything` those are left out that are less certain than `min_certainty`, or accepted. `owner` is a
        token: of a page's owner, steward or backup.
        """
        with reading(self.engine) as connection:
            found = register.load(connection, 0.0 if everything else self.min_certainty)
            entries = list(self._entries(connection, who, found))
        chosen = [
            each
            for each in entries
            if (everything or not each.accepted)
            and (owner is None or each.concerns(owner))
            and (since is None or each.since.date() >= since)
        ]
        return sorted(chosen, key=_rank)

    def owned(self, who: Principal, owners: Sequence[str]) -> list[Entry]:
        """The entries that `who` may read, about a page that names one of the owners (tokens), most severe first."""
        with reading(self.engine) as connection:
            found = register.load(connection, self.min_certainty, owners=owners) if owners else []
            return sorted((each for each in self._entries(connection, who, found) if not each.accepted), key=_rank)

    def entry(self, who: Principal, identity: str) -> Entry | None:
        """One entry; None for one that `who` may not read as for a missing one."""
        with reading(self.engine) as connection:
            found = register.load(connection, entry=identity)
            return next(self._entries(connection, who, found), None)

    def _entries(self, connection: Connection, who: Principal, found: Iterable[Found]) -> Iterator[Entry]:
        rows = list(found)
        named = {each.identifier for row in rows for each in (row.left, row.right)}
        readable = items.readable(connection, who, sorted(named))
        rows = [row for row in rows if row.left.identifier in readable and row.right.identifier in readable]
        if not rows:
            return
        said = self._said(connection, readable, rows)
        related = _related(connection, who, readable)
        told = times_told(connection, {(at.identifier, stated.claim.quote) for at, stated in said.items()})
        reach = self.use_cases(who)
        by_entry: dict[str, list[Found]] = {}
        for row in rows:
            # Where a page has changed since, its row waits to be mined again.
            if row.left in said and row.right in said:
                by_entry.setdefault(row.entry, []).append(row)
        accepted: dict[str, list[Difference]] = {}
        for each in differences.standing(connection, sorted(by_entry)):
            accepted.setdefault(each.entry, []).append(each)
        for identity, mine in by_entry.items():
            places = sorted({at for row in mine for at in (row.left, row.right)}, key=_place_order)
            pages = tuple(self._page(said[at], readable[at.identifier]) for at in places)
            yield self._entry(identity, mine, pages, related, accepted.get(identity, []), told, reach)

    def _said(
        self, connection: Connection, readable: Mapping[str, ContentItem], rows: Sequence[Found]
    ) -> Mapping[Place, Statement]:
        """What stands at the places now, where it is still what was mined there."""
        wanted = sorted({at.identifier for row in rows for at in (row.left, row.right)})
        passages = chunks.current_chunks(connection, wanted)
        return {
            Place(identifier, each.claim.ordinal, each.place, each.id): each
            for identifier in wanted
            for each in statements(self.reader, readable[identifier], passages.get(identifier, ()))
        }

    def _page(self, stated: Statement, item: ContentItem) -> Page:
        concepts = {above for iri in item.subject for above in self.vocabulary.broader_closure(iri)} | {*item.subject}
        owner = self.ownership.resolve(item.source, item.was_derived_from.native_id, tuple(sorted(concepts)))
        return Page(stated.claim, item, owner)

    def _entry(
        self,
        identity: str,
        rows: Sequence[Found],
        pages: tuple[Page, ...],
        related: Sequence[Facts],
        accepted: Sequence[Difference],
        told: Mapping[tuple[str, str], int],
        reach: Sequence[UseCaseReach],
    ) -> Entry:
        conflict, why = set_aside(ConflictSet(tuple(page.claim for page in pages)), lambda _entries: accepted)
        decision = decide(
            conflict,
            self.policy,
            at=datetime.now(UTC).date(),
            narrower=self.vocabulary.narrower_closure,
            items=related,
            accepted=why,
        )
        claim = decision.winner or decision.claims[0]
        concept = self.vocabulary.concepts.get(claim.block.concept or "")
        return Entry(
            id=identity,
            about=in_words(claim, concept.label() if concept else ""),
            pages=pages,
            decision=decision,
            certainty=max(row.certainty for row in rows),
            since=min(row.since for row in rows),
            asked=max(told[page.item.identifier, page.claim.quote] for page in pages),
            use_cases=tuple(each.id for each in reach if any(each.reaches(page.item) for page in pages)),
            sent_to=recipients([page.item for page in pages], self.may_read),
            accepted=tuple(accepted) if why else (),
        )


def _related(connection: Connection, who: Principal, readable: Mapping[str, ContentItem]) -> list[Facts]:
    """The items of these links that `who` may read: what they may not read supersedes nothing for them."""
    links = items.links(connection, sorted(readable))
    named = {each for link in links for each in (link.successor, link.predecessor)} - readable.keys()
    others = items.readable(connection, who, sorted(named))
    return [Facts.of(item) for item in (*readable.values(), *others.values())]


def _place_order(at: Place) -> tuple[str, int, int]:
    return at.identifier, at.ordinal, at.place


def _rank(entry: Entry) -> tuple[int, int, int, float, str]:
    return _ORDER[entry.severity], -entry.asked, -len(entry.use_cases), -entry.certainty, entry.id
