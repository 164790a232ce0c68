"""Where what is right stands, whoever may read it, and what was told in its place: for diagnosis, and never shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from concord.authority.words import content_stems
from concord.catalog import items, quarantine
from concord.catalog.engine import reading
from concord.catalog.records import StoredRecord
from concord.governance.cases.again import AskedAgain
from concord.governance.cases.given import Given, Said
from concord.governance.cases.located import LEAST, At, gone, locate, share_of
from concord.governance.cases.marks import marks, subjects
from concord.governance.cases.rightness import Right
from concord_feedback.diagnosis import Sourced
from concord_taxonomy.standard import ContentItem

RARE = 2
"""Items that state a value at most, where it is taken to be the one meant whatever the question's words are."""
SUSPECTS = 40
"""Items found that are read again from their sources, though these say that nothing changed."""
BY_CHANCE = 0.15
"""How much less of the question's words a passage has that states a value for another reason."""


@dataclass(frozen=True)
class Holding:
    """What tells what is `right`; `named` are the items that the report names."""

    again: AskedAgain
    right: Right
    named: tuple[str, ...]

    @cached_property
    def places(self) -> tuple[At, ...]:
        """The passages of live items that tell it."""
        # Where what told it best is gone, or says otherwise now, a passage that has the value by chance is no stand-in.
        least = max([*self.gone.values(), *self._rival_shares], default=0.0) - BY_CHANCE
        near = tuple(each for each in self._about if self._vouched(each) >= least)
        if near:
            return near
        # What authority weighs against what was told is about the same thing, whatever words it uses.
        weighed = tuple(each for each in self._anywhere if each.key in self._weighed)
        if weighed or self.gone or self._quoted or self.answering or self.quarantined or self.sourced.states:
            return weighed
        # Asked in words that no page has: a value that hardly any page states is found by itself.
        if len({at.item.identifier for at in self._anywhere}) > RARE:
            return ()
        if self.right.quoted:
            return self._anywhere
        # A bare value in what the asker may not read would send the case to others: it has to be about this question.
        stating = tuple(dict.fromkeys(at.item.identifier for at in self._anywhere))
        with reading(self.again.parts.engine) as connection:
            readable = set(items.readable(connection, self.again.question.principal, stating))
        return tuple(at for at in self._anywhere if at.item.identifier in readable or at.said >= LEAST)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The items of these passages."""
        return tuple(dict.fromkeys(at.item.identifier for at in self.places))

    @property
    def sure(self) -> bool:
        """Whether one of them says by itself, under its headings, what it is about."""
        return any(at.said >= LEAST for at in self.places)

    @cached_property
    def keys(self) -> frozenset[tuple[str, int]]:
        """These passages, by item and ordinal."""
        return frozenset(at.key for at in self.places)

    @cached_property
    def sourced(self) -> Sourced:
        """What sources have that the catalog does not."""
        suspects = [*self.named, *(each.identifier for each in self.rivals), *self.gone]
        # A page that lost its sentence is no longer found by it, but still by what else it says of the matter.
        found = [each.item.identifier for each in (*self.again.retrieval.passages, *self.again.wider.passages)]
        suspects += list(dict.fromkeys(found))[:SUSPECTS]
        looked, states = 0, []
        # Where what told it is gone, a record of a neighbour that has the value is no stand-in either.
        least = max([LEAST, *(share - BY_CHANCE for share in self.gone.values())])
        for source in self.again.parts.sources:
            anew = [each.partition("/")[2] for each in suspects if each.partition("/")[0] == source]
            for record in self.again.parts.fresh(source, anew):
                looked += 1
                identifier = f"{source}/{record.native_id}"
                if self._states(identifier, record, identifier in suspects, least):
                    states.append(identifier)
        return Sourced(looked, tuple(states))

    def _states(self, identifier: str, record: StoredRecord, suspect: bool, least: float) -> bool:
        """Whether a record tells it in the question's words, or, of a suspect, where the catalog's text does not."""
        with reading(self.again.parts.engine) as connection:
            held = items.live(connection, [identifier]).get(identifier)
            body = items.item_body(connection, identifier) if held and suspect else ""
        share = share_of(held.title if held else "", record.body, self.right, self.again.wanted)
        if identifier in self.named or identifier in self.gone:
            return share > 0 or self.right.told(record.body) > self.right.told(body)
        if share >= least:
            return True
        return not self.gone and bool(body) and self.right.told(record.body) > self.right.told(body)

    @cached_property
    def quarantined(self) -> tuple[str, ...]:
        """Items that are named or gone, and wait in quarantine."""
        with reading(self.again.parts.engine) as connection:
            kept = {f"{each.source}/{each.native_id}" for each in quarantine.entries(connection)}
        return tuple(dict.fromkeys(each for each in (*self.named, *self.gone) if each in kept))

    @cached_property
    def gone(self) -> dict[str, float]:
        """Items that told it and are live no more, with the share of the question's words that they had.

        Where no live passage says by itself what it is about, those that come as near to it as any of them does.
        """
        with reading(self.again.parts.engine) as connection:
            lost = gone(connection, self.right, self.again.wanted, self.named)
        found = {key: share for key, share in lost.items() if share >= LEAST}
        if found or len(lost) > RARE or any(each.said >= LEAST for each in self._about):
            return found
        nearest = max((each.said for each in self._anywhere), default=0.0)
        return {key: share for key, share in lost.items() if share >= nearest}

    @cached_property
    def rivals(self) -> tuple[ContentItem, ...]:
        """The live items that were cited for another value of the same kind."""
        named = {identifier for identifier, _, _ in self._quoted}
        with reading(self.again.parts.engine) as connection:
            return tuple(items.live(connection, sorted(named)).values()) if named else ()

    @cached_property
    def answering(self) -> tuple[ContentItem, ...]:
        """The live items that were cited for a sentence with every word asked, where what is right is only words.

        What is right may be said in any words: a page that answers the very question has it wrong, rather than not.
        """
        if self.right.values or any(marks(each) for each in self.right.parts):
            return ()
        trace = self.again.trace
        given = Given.of(self.again.question.text, self.again.wanted, "", (), ())
        named = {each.identifier for each in trace.citations if given.words and not given.unmet(Said(each.quote))}
        with reading(self.again.parts.engine) as connection:
            return tuple(items.live(connection, sorted(named)).values()) if named else ()

    @cached_property
    def _about(self) -> tuple[At, ...]:
        """Passages that tell it and have the question's words."""
        return self._located(LEAST)

    @cached_property
    def _anywhere(self) -> tuple[At, ...]:
        """Passages that tell it, whatever words they have."""
        return self._located(0.0)

    def _located(self, least: float) -> tuple[At, ...]:
        near = [each.item.identifier for each in self.again.retrieval.passages]
        with reading(self.again.parts.engine) as connection:
            return locate(connection, self.right, self.again.wanted, self.named, near, least)

    @cached_property
    def _quoted(self) -> list[tuple[str, str, str]]:
        """Item, title and words of citations that state another value than the right one, of the same kind."""
        quoted = [(each.identifier, each.title, each.quote) for each in self.again.trace.citations]
        quoted += [(each.item.identifier, each.item.title, each.quote) for each in self.again.answer.citations]
        return [each for each in quoted if self.otherwise(each[1], each[2])]

    def otherwise(self, title: str, quote: str) -> bool:
        """Whether a quote from a page with this title states another value, name or number than a right one."""
        return self.right.otherwise(quote) or self._in_its_place(title, quote)

    def answers(self, title: str, quote: str) -> bool:
        """Whether a quote from a page with this title has every word that says what is asked about."""
        said = frozenset(content_stems(f"{title}\n{quote}"))
        return subjects(self.again.question.text) <= said | self.again.wanted.told(said)

    def _in_its_place(self, title: str, quote: str) -> bool:
        """Whether a quote answers the question, in its words, with another number, name or address."""
        return self.answers(title, quote) and self.right.displaced(quote, self.again.question.text)

    def _vouched(self, at: At) -> float:
        """Its share; a section that says otherwise does not vouch for a value that it has besides."""
        return at.said if any(quote in at.section for _, _, quote in self._quoted) else at.share

    @property
    def _rival_shares(self) -> list[float]:
        return [self.again.wanted.share(f"{title}\n{quote}") for _, title, quote in self._quoted]

    @cached_property
    def _weighed(self) -> frozenset[tuple[str, int]]:
        """Passages with a claim that tells it, in a conflict about what was asked."""
        claims = (claim for each in self.again.evidence.conflicts for claim in each.decision.claims)
        return frozenset((claim.identifier, claim.ordinal) for claim in claims if self.right.told(claim.quote))
