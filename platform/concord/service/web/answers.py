"""An answer as a page shows it: made of what `Answer.to_json()` gave, of what its reader may still read.

An answer of the past is shown whole or not at all: where something that it quotes or weighed can no longer be read,
nothing of it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from concord.catalog import items
from concord.catalog.cases import CatalogCases
from concord.catalog.conversations import Turn
from concord.catalog.corrections import corrections_of
from concord.catalog.history import readable_history
from concord.catalog.traces import load_trace
from concord.service.web import words
from concord.service.web.desk.words import stands
from concord.service.web.evidenced import Given
from concord.service.web.pages import item_path
from concord.service.web.viewer import Viewer
from concord_feedback import Correction
from concord_taxonomy.standard import ContentItem

_NUMBER = re.compile(r"\s*\[(\d{1,2})\]")
_NEAR = 3
"""Pages that are named where none of them answers."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that an answer quotes, under which numbers, and what one has to know of it."""

    numbers: tuple[int, ...]
    title: str
    path: str
    facts: tuple[str, ...]
    quotes: tuple[tuple[int, str, str], ...]
    """Number, quotation, and where it stands."""
    warning: str = ""
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement, or a value and where it holds."""

    value: str
    quote: str
    title: str
    path: str
    facts: tuple[str, ...]
    number: int | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A disagreement and what became of it."""

    verdict: str
    why: str
    explanation: str
    winner: Side | None
    others: tuple[tuple[Side, ...], ...]
    """The other sides, those that say the same together."""
    settled_by: tuple[str, ...] = ()
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A page that comes near, and whom to ask about it."""

    title: str
    path: str
    owner: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn of a conversation, ready to be shown; `closed` says that its answer is not shown any more."""

    id: str
    number: int
    question: str
    as_of: date | None
    trace: str
    closed: bool = False
    kind: str = "answered"
    asked: str | None = None
    paragraphs: tuple[tuple[tuple[str, int | None], ...], ...] = ()
    lead: bool = False
    """Whether the first paragraph opens with a sentence short enough to be set large."""
    fallback: str | None = None
    no_answer: tuple[str, str] | None = None
    sources: tuple[Source, ...] = ()
    accounts: tuple[Account, ...] = ()
    aside: tuple[Account, ...] = ()
    """Disagreements that the answer does not quote."""
    scopes: tuple[tuple[Side, ...], ...] = ()
    ambiguous: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    paths: Mapping[int, str] = field(default_factory=dict)
    """Where each number leads."""
    said: Correction | None = None
    """What its reader said of it last."""
    given: Given = field(default_factory=Given)
    """What they gave as evidence."""
    outcome: str = ""
    """What became of that, in words."""
    pages: tuple[tuple[str, str], ...] = ()
    """The pages that it quotes or weighed, one of which may have it right: identifier and title."""


def shown(connection: Connection, viewer: Viewer, turn: Turn) -> Shown:
    """A turn as its reader may see it now."""
    answer = turn.answer
    base = {"id": turn.id, "number": turn.number, "question": turn.question, "as_of": turn.as_of}
    known = _readable(connection, viewer, answer)
    if known is None:
        return Shown(**base, trace="", closed=True, kind="closed")  # type: ignore[arg-type]
    sides = _Sides(viewer, known)
    accounts = [_account(sides, each) for each in answer["conflicts"]]
    told = [bool(each["abstained"]) or _is_told(each) for each in answer["conflicts"]]
    scopes = tuple(tuple(sides.side(value) for value in each["values"]) for each in answer["by_scope"])
    leading = tuple(each for each, is_told in zip(accounts, told, strict=True) if is_told)
    reason = answer["reason"]
    made = corrections_of(connection, answer["trace_id"], viewer.principal.id)
    said = next((each for each in reversed(made) if each.imported_by is None), None)
    return Shown(
        **base,  # type: ignore[arg-type]
        trace=answer["trace_id"] if viewer.concord.settings.traces.retention_days else "",
        kind=_kind(answer, leading, scopes),
        asked=answer.get("asked"),
        paragraphs=tuple(_paragraphs(answer["answer"] or "", {each["n"] for each in answer["citations"]})),
        lead=answer.get("composed_by", "extractive") == "extractive",
        fallback=answer.get("fallback"),
        no_answer=words.NO_ANSWER.get(reason, words.NO_ANSWER["weak_evidence"]) if answer["abstained"] else None,
        sources=tuple(_sources(viewer, known, answer["citations"])),
        accounts=leading,
        aside=tuple(each for each, is_told in zip(accounts, told, strict=True) if not is_told),
        scopes=scopes,
        ambiguous=tuple(map(_ambiguity, answer["ambiguous"])),
        near=tuple(_near(connection, viewer, answer["trace_id"])) if answer["abstained"] else (),
        paths={each["n"]: _cited(each) for each in answer["citations"]},
        said=said,
        given=Given.of(connection, viewer.principal, said) if said else Given(),
        outcome=_outcome(connection, said),
        pages=tuple(sorted((each.identifier, each.title) for each in known.values())),
    )


def _outcome(connection: Connection, said: Correction | None) -> str:
    held = CatalogCases(connection)
    number = held.filed(f"correction/{said.id}") if said else None
    case = held.load(number) if number else None
    return stands(case) if case else ""


def may_be_shown(connection: Connection, viewer: Viewer, turn: Turn) -> bool:
    """Whether everything that an answer quotes or weighed may still be read."""
    return _readable(connection, viewer, turn.answer) is not None


def _readable(connection: Connection, viewer: Viewer, answer: Mapping[str, Any]) -> dict[str, ContentItem] | None:
    """The items that an answer names, as they are now; None where one of them may not be read any more."""
    named = {each["identifier"] for each in answer["citations"]}
    for conflict in answer["conflicts"]:
        named |= {side["identifier"] for side in (*conflict["losers"], conflict["winner"]) if side}
    named |= {value["identifier"] for each in answer["by_scope"] for value in each["values"]}
    found = items.readable(connection, viewer.principal, named)
    gone = named - found.keys()
    return found if all(readable_history(connection, viewer.principal, each) for each in gone) else None


def _is_told(conflict: Mapping[str, Any]) -> bool:
    """Whether the answer quotes a side of a disagreement, or nobody won it."""
    winner = conflict["winner"]
    sides = [winner] if winner else conflict["losers"]
    return conflict["verdict"] == "unresolved" or any(each["citation"] is not None for each in sides)


def _kind(answer: Mapping[str, Any], accounts: Sequence[Account], scopes: Sequence[Any]) -> str:
    if answer["abstained"]:
        return "no_answer"
    verdicts = {each.verdict for each in accounts if not each.accepted}
    for verdict in ("unresolved", "contested"):
        if verdict in verdicts:
            return verdict
    return "by_scope" if scopes else "answered"


def _paragraphs(text: str, numbers: set[int]) -> Iterator[tuple[tuple[str, int | None], ...]]:
    """The paragraphs of an answer: pieces of text, and numbers that are cited."""
    for paragraph in filter(str.strip, text.split("\n\n")):
        parts: list[tuple[str, int | None]] = []
        at = 0
        for match in _NUMBER.finditer(paragraph):
            if int(match[1]) in numbers:
                parts += [(paragraph[at : match.start()], None), ("", int(match[1]))]
                at = match.end()
        parts.append((paragraph[at:], None))
        yield tuple(part for part in parts if part[0].strip() or part[1] is not None)


def _sources(
    viewer: Viewer, known: Mapping[str, ContentItem], citations: Sequence[Mapping[str, Any]]
) -> Iterator[Source]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for citation in citations:
        grouped.setdefault(citation["identifier"], []).append(citation)
    for identifier, cited in grouped.items():
        first, item = cited[0], known.get(identifier)
        held = first.get("held") or {}
        facts = (
            first["publisher"] or viewer.source_title(first["source"]),
            (first["authority_tier"] or "").capitalize(),
            f"held {words.day(held['from'])} to {words.day(held['until'])}"
            if held.get("until")
            else words.day(first["modified"]),
        )
        yield Source(
            numbers=tuple(each["n"] for each in cited),
            title=first["title"],
            path=_cited(first),
            facts=tuple(filter(None, facts)),
            quotes=tuple((each["n"], each["quote"], _cited(each)) for each in cited),
            warning=words.STATUS[first["status"]] if first["status"] != "approved" else "",
            owner=viewer.name_of(item.contact_point) if item else None,
        )


def _cited(citation: Mapping[str, Any]) -> str:
    return item_path(citation["identifier"], citation["revision"], citation["quote"])


@dataclass(frozen=True, slots=True)
class _Sides:
    viewer: Viewer
    known: Mapping[str, ContentItem]

    def source_of(self, side: Mapping[str, Any]) -> str:
        """The source of a side, as people call it."""
        item = self.known.get(side["identifier"])
        return self.viewer.source_title(item.source) if item else str(side["title"])

    def named(self, explanation: str) -> str:
        """An explanation with the sources as people call them."""
        sources = sorted(map(re.escape, self.viewer.concord.foundation.sources), key=len, reverse=True)
        names = re.compile(rf"\b(?:{'|'.join(sources)})\b(?!/)")
        return names.sub(lambda found: self.viewer.source_title(found[0]), explanation) if sources else explanation

    def side(self, side: Mapping[str, Any]) -> Side:
        """A side as it is shown."""
        item = self.known.get(side["identifier"])
        facts = (
            (item.publisher or self.viewer.source_title(item.source)) if item else "",
            (side["authority_tier"] or "").capitalize(),
            words.day(side["modified"]),
        )
        return Side(
            value=side["value"],
            quote=side["quote"],
            title=side["title"],
            path=item_path(side["identifier"], passage=side["quote"]),
            facts=tuple(filter(None, facts)),
            number=side["citation"],
            scope=side.get("scope"),
        )


def _account(sides: _Sides, conflict: Mapping[str, Any]) -> Account:
    winner = conflict["winner"]
    others: dict[str, list[Side]] = {}
    for each in map(sides.side, conflict["losers"]):
        others.setdefault(each.value, []).append(each)
    return Account(
        verdict=conflict["verdict"],
        why=words.rule(conflict, sides.source_of(winner)) if winner else "",
        explanation=sides.named(conflict["explanation"]),
        winner=sides.side(winner) if winner else None,
        others=tuple(map(tuple, others.values())),
        settled_by=tuple(filter(None, map(sides.viewer.name_of, conflict["sent_to"]))),
        accepted=not winner and conflict["verdict"] not in ("unresolved", "contested"),
    )


def _ambiguity(each: Mapping[str, Any]) -> str:
    def meanings(found: Sequence[Mapping[str, Any]], joined: str) -> str:
        said = (
            f"{one['label']} ({', '.join(one['used_by'])})" if one["used_by"] else str(one["label"]) for one in found
        )
        return joined.join(said)

    word = f"“{each['words']}”"
    if each["undecided"]:
        return f"{word} can mean {meanings(each['chosen'], ' or ')}. All were searched: say which one you mean."
    how = f", {words.AMBIGUITY[each['by']]}" if each["by"] in words.AMBIGUITY else ""
    read, others = meanings(each["chosen"], " and "), meanings(each["others"], " or ")
    if not read:
        return f"{word} is a word of your department’s own, which no shared concept says. Elsewhere it means {others}."
    return f"{word} is read as {read}{how}. It can also mean {others}."


def _near(connection: Connection, viewer: Viewer, trace_id: str) -> Iterator[Near]:
    """The pages that came nearest to a question without an answer, as far as they may still be read."""
    trace = load_trace(connection, trace_id, viewer.principal.id)
    named = list(dict.fromkeys(each.identifier for each in trace.evidence)) if trace else []
    found = items.readable(connection, viewer.principal, named)
    for identifier in [each for each in named if each in found][:_NEAR]:
        item = found[identifier]
        owner = item.contact_point
        yield Near(item.title, item_path(identifier), viewer.name_of(owner), viewer.address_of(owner))
