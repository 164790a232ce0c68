"""Mining the conflict register: the claims of items that changed are compared with all others that share their keys.

What two items contradict each other in depends on these two alone, so each comparison is made when the later of them
comes in, and a killed run goes on with the items that are left. Items are taken a few at a time, in short write
transactions: no other command changes an item meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from time import monotonic

from sqlalchemy import Connection, Engine

from concord.authority.facts import Facts
from concord.authority.reading import Reader
from concord.authority.register import (
    LEAST_SHARED,
    REGISTER_VERSION,
    Contradiction,
    Statement,
    are_linked,
    are_series,
    contradictions,
    keys_to_look_under,
    keys_to_stand_under,
    length_range,
    may_contradict,
    may_share,
    near_any,
    shared,
    sketch,
    within,
)
from concord.catalog import chunks, items, register
from concord.catalog.chunks import Chunk, chunk_id
from concord.catalog.engine import reading, writing
from concord.catalog.register import Found, Lookup, Met, Place, Posting
from concord_taxonomy.standard import ContentItem

ITEMS_AT_ONCE = 32
_SECONDS_AT_ONCE = 0.25
"""After which a write transaction takes no more items: others wait for it, and each writes the same pages again."""
_LOOKED_AT = 48
"""Entries under a claim's rarest keys that are looked at; where the rarest has more, some of them are.

Claims that have more, and so may miss something, are counted as overflow.
"""
_DOCUMENTS = 6
"""Documents that one is compared with as a whole, those with the claims most alike first; more are overflow as well."""
_COPIES = 4
"""Places of one statement that are looked at: more would say the same again."""


_Candidates = Mapping[str, Sequence[tuple[float, Place]]]
"""Statement to where others stand that share most of its words, and what share that is."""


@dataclass(frozen=True, slots=True)
class Mined:
    """What was mined: items, their claims, and how many of these share words with more than they are compared with."""

    items: int = 0
    claims: int = 0
    overflow: int = 0

    def __add__(self, other: Mined) -> Mined:
        return Mined(self.items + other.items, self.claims + other.claims, self.overflow + other.overflow)


def mine(engine: Engine, reader: Reader) -> Mined:
    """Bring the conflict register up to the catalog. Safe to interrupt and to run again at any moment."""
    done = Mined()
    by = fingerprint(reader)
    while True:
        with reading(engine) as connection:
            if not register.pending(connection, by, 1):
                return done
        until = monotonic() + _SECONDS_AT_ONCE
        with writing(engine) as connection:
            while batch := register.pending(connection, by, ITEMS_AT_ONCE):
                done += _Batch(connection, reader, batch).mine(by)
                if monotonic() >= until:
                    break


def fingerprint(reader: Reader) -> str:
    """Changes when the same items would give another register."""
    return f"{REGISTER_VERSION}-{reader.fingerprint}"


@dataclass(frozen=True)
class _Document:
    """A live item with all of its passages, or some; what they state is read when it is first asked for."""

    reader: Reader
    item: ContentItem
    passages: dict[int, Chunk] = field(default_factory=dict)
    read: dict[Place, Statement | None] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Facts:
        """The item's facts."""
        return Facts.of(self.item)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that it states, where all of its passages are held."""
        return tuple(statements(self.reader, self.item, self.passages.values()))

    def at(self, place: Place) -> Statement | None:
        """What it states in one place; None where that is no longer what was noted."""
        if place not in self.read:
            here = self.passages.get(place.ordinal)
            claim = here and self.reader.claim(self.item, here, place.place, self.facts)
            said = Statement(claim, place.place) if claim else None
            self.read[place] = said if said and said.id == place.statement else None
        return self.read[place]


@dataclass(frozen=True)
class _Batch:
    """Some items in one transaction, and what was read beside them."""

    connection: Connection
    reader: Reader
    identifiers: Sequence[str]
    held: dict[str, _Document] = field(default_factory=dict)
    glanced: dict[str, _Document] = field(default_factory=dict)

    def mine(self, by: str) -> Mined:
        """Compare the claims of these items with all others."""
        self._read(self.identifiers)
        mine = {each: self.held[each].statements for each in self.identifiers if each in self.held}
        stated = [each for held in mine.values() for each in held]
        places = {_place(each): " ".join(sorted(each.tokens)) for each in stated}
        register.replace_claims(self.connection, self.identifiers, places)
        candidates, crowded = self._candidates(stated)
        self._glance({at for places in candidates.values() for _, at in places})
        near = self._near({each: self._others(each, candidates, crowded) for each in mine})
        found = [each for identifier in mine for each in self._found(identifier, near[identifier])]
        register.replace_conflicts(self.connection, self.identifiers, found)
        register.note_crowded(self.connection, self.identifiers, sorted(crowded))
        register.note(self.connection, self.identifiers, by)
        return Mined(len(self.identifiers), len(stated), sum(each.id in crowded for each in stated))

    def _read(self, identifiers: Iterable[str]) -> None:
        """Read items; those that are live."""
        missing = [each for each in identifiers if each not in self.held]
        if not missing:
            return
        held = items.live(self.connection, missing)
        passages = chunks.current_chunks(self.connection, list(held))
        for identifier, item in held.items():
            whole = {each.ordinal: each for each in passages.get(identifier, ())}
            self.held[identifier] = _Document(self.reader, item, whole)

    def _candidates(self, stated: Iterable[Statement]) -> tuple[_Candidates, set[str]]:
        """Statement to the places of others that share most of its words; and those with more than are looked at."""
        distinct = list({each.id: each for each in stated}.values())
        keys = [each.keys() for each in distinct]
        counts = self._post(distinct, keys)
        lookups: list[Lookup] = []
        alone: list[Lookup] = []
        crowded: set[str] = set()
        for n, (each, held) in enumerate(zip(distinct, keys, strict=True)):
            chosen, left_out = keys_to_look_under(held, counts, _LOOKED_AT)
            if left_out:
                crowded.add(each.id)
            to = alone if left_out and counts[chosen[0]] > _LOOKED_AT else lookups
            to += [Lookup(n, key, each.value, *length_range(each.total)) for key in chosen]
        met = [*register.meeting(self.connection, lookups), *register.meeting(self.connection, alone, _LOOKED_AT)]
        return self._places(distinct, met), crowded

    def _post(self, stated: Sequence[Statement], keys: Sequence[dict[str, float]]) -> Counter[str]:
        """Write statements under their keys, where they are new; how many stand under each by then, up to a limit."""
        every = sorted({key for held in keys for key in held})
        counts = Counter(register.counts(self.connection, every, _LOOKED_AT + 1))
        standing = register.standing(self.connection, [each.id for each in stated])
        postings: list[Posting] = []
        for each, held in zip(stated, keys, strict=True):
            if each.id not in standing:
                chosen = keys_to_stand_under(held, each.total, counts, _LOOKED_AT / 2)
                counts.update(chosen)
                bits = sketch(each.tokens)
                postings += [Posting(key, each.id, each.value, each.total, bits) for key in chosen]
        register.post(self.connection, postings)
        return counts

    def _places(self, stated: Sequence[Statement], met: Iterable[Met]) -> _Candidates:
        """Where those of the statements that were met stand that share most of the words."""
        bits = [each.bits() for each in stated]
        near = [
            (stated[found.n], found.statement, found.total)
            for found in met
            if may_share(bits[found.n], found.sketch, stated[found.n].total + found.total)
        ]
        words = register.tokens(self.connection, sorted({other for _, other, _ in near}))
        alike = [
            (one.id, other, share)
            for one, other, total in near
            if (share := shared(one.tokens, words.get(other, frozenset()), one.total + total)) >= LEAST_SHARED
        ]
        standing: dict[str, list[Place]] = {}
        for at in register.places(self.connection, sorted({other for _, other, _ in alike}), _COPIES):
            standing.setdefault(at.statement, []).append(at)
        candidates: dict[str, list[tuple[float, Place]]] = {}
        for one, other, share in alike:
            candidates.setdefault(one, []).extend((share, at) for at in standing[other])
        return candidates

    def _glance(self, places: Collection[Place]) -> None:
        """Read the passages of these places alone, of items that are live."""
        wanted = {at.identifier for at in places} - self.glanced.keys()
        self.glanced.update((each, self.held[each]) for each in wanted & self.held.keys())
        if others := wanted - self.held.keys():
            live = items.live(self.connection, others)
            self.glanced.update((each, _Document(self.reader, item)) for each, item in live.items())
        ids = {
            chunk_id(at.identifier, there.item.revision, at.ordinal): there
            for at in places
            if (there := self.glanced.get(at.identifier)) and at.ordinal not in there.passages
        }
        for key, each in chunks.load_chunks(self.connection, list(ids)).items():
            ids[key].passages[each.ordinal] = each

    def _others(self, identifier: str, candidates: _Candidates, crowded: set[str]) -> list[str]:
        """The items that an item is compared with as a whole: those that may contradict it, the nearest few."""
        stated = self.held[identifier].statements
        nearest = sorted(
            (-share, at, place)
            for place, each in enumerate(stated)
            for share, at in candidates.get(each.id, ())
            if at.identifier != identifier
        )
        others = dict[str, None]()
        for _, at, place in nearest:
            if at.identifier in others or at.identifier not in self.glanced:
                continue
            if len(others) == _DOCUMENTS:
                crowded.add(stated[place].id)
            elif (there := self.glanced[at.identifier].at(at)) and may_contradict(stated[place], there):
                others[at.identifier] = None
        return sorted(others)

    def _near(self, others: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Sequence[Statement]]]:
        """For each item what those that it is compared with state that matters to that."""
        stated = register.stated(self.connection, sorted({each for chosen in others.values() for each in chosen}))
        places = {
            (one, other): [at for at, words in stated[other] if near_any(self.held[one].statements, words)]
            for one, chosen in others.items()
            for other in chosen
        }
        self._glance({at for near in places.values() for at in near})
        return {
            one: {
                other: [said for at in places[one, other] if (said := self.glanced[other].at(at))] for other in chosen
            }
            for one, chosen in others.items()
        }

    def _found(self, identifier: str, near: Mapping[str, Sequence[Statement]]) -> Iterator[Found]:
        """The contradictions between an item and others, and within it."""
        document, now = self.held[identifier], datetime.now(UTC)
        for other, theirs in near.items():
            linked = are_linked(document.facts, self.glanced[other].facts)
            series = partial(self._are_series, identifier, other)
            met = contradictions(document.statements, theirs, linked=linked, series=series)
            yield from (_noted(each, now) for each in met)
        yield from (_noted(each, now) for each in within(document.statements))

    def _are_series(self, *identifiers: str) -> bool:
        """Whether two documents, then read as wholes, share more than one sentence."""
        self._read(identifiers)
        return are_series(*(self.held[each].statements for each in identifiers))


def statements(reader: Reader, item: ContentItem, passages: Iterable[Chunk]) -> Iterator[Statement]:
    """What an item states; of what overlapping passages state twice, the first."""
    facts = Facts.of(item)
    seen: set[tuple[object, ...]] = set()
    for passage in passages:
        for place, claim in enumerate(reader.claims(item, passage, facts)):
            same = (claim.quote, claim.position, claim.value)
            if same not in seen:
                seen.add(same)
                yield Statement(claim, place)


def _place(stated: Statement) -> Place:
    return Place(stated.claim.identifier, stated.claim.ordinal, stated.place, stated.id)


def _noted(found: Contradiction, at: datetime) -> Found:
    return Found(found.entry, _place(found.left), _place(found.right), found.certainty, at)
