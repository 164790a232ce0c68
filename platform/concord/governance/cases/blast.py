"""Blast radius: past answers that cited what a case is about, and who got them.

Nobody is shown more of it than they may read now: the page as it is, and the revision that an answer cited. Of a page
that its source has removed, the grants that were known last decide.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from concord.access.recipients import MayRead
from concord.authority.sentences import stated_sentences
from concord.catalog import items
from concord.catalog.cases import CatalogCases
from concord.catalog.history import readable_history
from concord.catalog.traces import Given, citing
from concord_feedback.cases import Case
from concord_feedback.traces import Citation
from concord_taxonomy.markdown import BlockKind, blocks, plain, sentences
from concord_taxonomy.standard import Principal

LIMIT = 10_000
"""Answers that are listed at most, the newest ones."""


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A quote of an answer: to whom it was given, which revision and words it cited, and whether these still stand.

    `stands` is None where that cannot be known: the words, or the text that they were taken from, are not kept; of a
    revision that is not kept `quote` is "". The question is theirs, and is not told.
    """

    trace: str
    at: datetime
    principal: str
    revision: int
    quote: str
    stands: bool | None

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "principal": f"user:{self.principal}",
            "revision": self.revision,
            "quote": self.quote,
            "stands": self.stands,
        }


@dataclass(frozen=True, slots=True)
class Radius:
    """Past answers, newest first and each with every quote; who is `to_tell` that it was corrected, and who was `told`.

    To be told are those whose quote does not stand any more, where they may read the page themselves.
    """

    answers: tuple[PastAnswer, ...] = ()
    to_tell: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many people got them."""
        return len({each.principal for each in self.answers})

    def to_json(self) -> dict[str, Any]:
        """The radius as JSON values."""
        return {
            "answers": [each.to_json() for each in self.answers],
            "people": self.people,
            "to_tell": len(self.to_tell),
            "told": len(self.told),
        }


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page says, in the plain words in which answers quote it: its sentences, rows and cells, and all of it."""

    sentences: frozenset[str]
    text: str

    @classmethod
    def of(cls, body: str) -> Wording:
        """Read a page's Markdown."""
        said = [each.text for each in sentences(body)]
        for block in blocks(body):
            if block.kind is BlockKind.TABLE:
                said += [each.text for each in stated_sentences(body[block.start : block.end])]
        return cls(frozenset(map(_folded, said)), _folded(plain(body)))

    def still_says(self, quote: str, then: Wording | None) -> bool | None:
        """Whether it says what a page that read `then` was quoted with; None where that cannot be known."""
        words = _folded(quote)
        if words in self.sentences:
            return True
        if then is None:
            return None
        if words in then.sentences:
            return False
        # A part of a sentence that is longer than a passage, or a whole passage.
        return words in self.text if words in then.text else None


def blast_radius(connection: Connection, who: Principal, case: Case, may_read: MayRead) -> Radius:
    """The answers that cited the case's item, of what `who` may read; once it is fixed, those that do not surely stand.

    `may_read` says whom else the page lets read it. The newest `LIMIT` answers are looked at.
    """
    identifier = case.about.item
    history = readable_history(connection, who, identifier, lost=True) if identifier else None
    page = items.last_known(connection, identifier) if identifier else None
    given = citing(connection, identifier, LIMIT) if history and page else []
    if not (history and page and given):
        return Radius()
    live = items.readable(connection, who, [identifier])
    now = Wording.of(items.item_body(connection, identifier) if live else "")
    revisions = {each.revision: each for each in history}

    @lru_cache
    def then(revision: int) -> Wording | None:
        body = revisions[revision].body
        return None if body is None else Wording.of(body)

    def past(answer: Given, cited: Citation) -> PastAnswer:
        stands = now.still_says(cited.quote, None) or now.still_says(cited.quote, then(cited.revision))
        # Of a revision that is not kept nobody knows any more who could read it.
        shown = stands or revisions[cited.revision].item is not None
        return PastAnswer(answer.id, answer.at, answer.principal, cited.revision, cited.quote if shown else "", stands)

    found = [past(answer, each) for answer in given for each in answer.citations if each.revision in revisions]
    fixed = case.proof is not None and case.proof.passed
    answers = tuple(each for each in found if not (fixed and each.stands))
    gone = {each.principal for each in answers if each.stands is False}
    told = CatalogCases(connection).notified({_key(case, each) for each in gone})
    waiting = sorted(each for each in gone if _key(case, each) not in told and may_read(f"user:{each}", page.readers))
    return Radius(answers, tuple(waiting), tuple(sorted(each for each in gone if _key(case, each) in told)))


def notify(connection: Connection, case: Case, people: Sequence[str], by: str) -> int:
    """Tell people that an answer of theirs was corrected, each once; returns how many were told."""
    held, now = CatalogCases(connection), datetime.now(UTC)
    told = [held.notify(_key(case, each), f"user:{each}", now, case, "answer.corrected") for each in people]
    if any(told):
        held.record("case.answers_notified", by, now, case, {"people": sum(told)})
    return sum(told)


def _key(case: Case, principal: str) -> str:
    return f"{case.id}/blast/{principal}"


def _folded(text: str) -> str:
    """Words as they are compared: character references read, in one case, white space folded."""
    return " ".join(html.unescape(text).split()).casefold()
