"""Changes that a case suggests, as a table: which kinds mend which root cause, and what each asks of the owner.

Values are filled in from the case's evidence, as far as whoever looks may read it; the owner gives the others, or gives
others in their place. `concord.bootstrap.accepting` makes a proposal of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from concord.bootstrap.sources_seen import sources_seen
from concord.catalog import items
from concord.catalog.engine import reading
from concord.governance.cases import ShownCase
from concord.governance.changes import Operation
from concord.governance.entries import AUTHORITY_FILE, DescribeItem, RankSources, TagItem
from concord.governance.errors import NotAllowed
from concord.governance.register import Entry
from concord.governance.terms import KIND as TERMS
from concord.governance.terms import TermOperation
from concord.workspace.tags import TAGS_FILE
from concord_feedback.causes import RootCause
from concord_taxonomy.changes import ChangeConcept, Word
from concord_taxonomy.standard import ContentItem, ItemRef, Principal, Status
from concord_taxonomy.standard.fields import LIST_FIELDS
from concord_taxonomy.standard.item import modified_date

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord

Form = Literal["text", "several", "date", "choice", "item", "concept", "sources"]
"""What a field takes: several texts stand apart by `;`, sources by a comma; a choice is one of those given."""
_UNKNOWN = re.compile(r"no label covers (?P<word>[^;,]+)[^“]*(?:“(?P<label>[^”]+)”)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a suggestion; `value` is what the case tells, and a `needed` one without it is the owner's to give."""

    name: str
    asks: str
    form: Form = "text"
    needed: bool = False
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that may mend a case: why it is suggested, the file that it changes, and what it asks."""

    kind: str
    title: str
    why: str
    file: str
    fields: tuple[Asked, ...]

    def to_json(self) -> dict[str, Any]:
        """The suggestion as JSON values."""
        return {
            "kind": self.kind,
            "title": self.title,
            "why": self.why,
            "file": self.file,
            "fields": [
                {
                    "name": each.name,
                    "asks": each.asks,
                    "form": each.form,
                    "needed": each.needed,
                    "value": each.value,
                    "choices": list(each.choices),
                }
                for each in self.fields
            ],
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a case tells that one person may read: pages that are right, pages that stand against them, and words.

    Of the contradiction that it is about `newer` is the page that is newer than all that say otherwise, where one is,
    and `older` the newest of these.
    """

    about: ContentItem | None = None
    right: tuple[ContentItem, ...] = ()
    wrong: tuple[ContentItem, ...] = ()
    concept: str = ""
    words_for: tuple[str, ...] = ()
    unknown: str = ""
    sources: tuple[str, ...] = ()
    use_cases: tuple[str, ...] = ()
    newer: ContentItem | None = None
    older: ContentItem | None = None

    @property
    def at_fault(self) -> ContentItem | None:
        """The page that should not have been told, else the one that the case is about."""
        return next(iter(self.wrong), self.about)

    @property
    def page(self) -> ContentItem | None:
        """The page that should have been told, else the one that the case is about."""
        return next(iter(self.right), self.about)


Values = Mapping[str, str]
"""What the fields of a suggestion hold by now, none of them empty."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: what it does, what it asks by the evidence (None: it cannot help), and the operation.

    `make` gets the values, who gives them (a token) and why.
    """

    title: str
    why: str
    file: str
    changes: str
    asks: Callable[[Evidence], Sequence[Asked] | None]
    make: Callable[[Values, str, str], Operation]


def _synonym(evidence: Evidence) -> Sequence[Asked]:
    return (
        Asked("concept", "The concept", "concept", needed=True, value=evidence.concept),
        Asked("word", "People also call it", needed=True, value=evidence.unknown),
    )


def _concept(evidence: Evidence) -> Sequence[Asked]:
    page = evidence.page
    fresh = [each for each in evidence.words_for if page is None or each not in page.subject]
    return (
        _item("The page", page),
        Asked("concept", "It is about", "concept", value=next(iter(fresh), "")),
        Asked("without", "It is not about", "concept"),
    )


def _review(evidence: Evidence) -> Sequence[Asked]:
    return (
        _item("The page", evidence.page),
        Asked("last_reviewed", "Last reviewed on", "date", value=datetime.now(UTC).date().isoformat()),
        Asked("review_due", "To be reviewed again by", "date", needed=True),
    )


def _replaces(evidence: Evidence) -> Sequence[Asked]:
    newer = next(iter(evidence.right), evidence.newer)
    known = (newer.identifier, *newer.replaces) if newer else ()
    others = [
        each for each in (*evidence.wrong, evidence.older, evidence.about) if each and each.identifier not in known
    ]
    return (_item("The newer page", newer, "newer"), _item("It replaces", next(iter(others), None), "older"))


def _ranking(evidence: Evidence) -> Sequence[Asked] | None:
    first, then = ([each.source for each in side] for side in (evidence.right, evidence.wrong))
    if first and then and set(first) == set(then):
        return None  # a ranking is of sources: it cannot tell two pages of one apart
    named = tuple(dict.fromkeys([*first, *then]))
    return (
        Asked("concept", "About the subject", "concept", needed=True, value=evidence.concept),
        Asked("sources", "Sources, the first one wins", "sources", True, ", ".join(named), evidence.sources),
        Asked("use_case", "Only in the use case", "choice", choices=evidence.use_cases),
    )


def _scope(evidence: Evidence) -> Sequence[Asked]:
    page = evidence.at_fault
    held = page.model_dump() if page else {}
    asks = {"audience": "For whom it holds", "spatial": "Where it holds", "conforms_to": "Which standard it follows"}
    given = (Asked(name, text, "several", value="; ".join(held.get(name, ()))) for name, text in asks.items())
    return (_item("The page", page), *given)


def _metadata(evidence: Evidence) -> Sequence[Asked]:
    return (
        _item("The page", evidence.at_fault),
        Asked("status", "Its status", "choice", choices=tuple(Status)),
        Asked("valid_from", "Valid from", "date"),
        Asked("valid_until", "Valid until", "date"),
        Asked("issued", "Issued on", "date"),
        Asked("version", "Version"),
        Asked("title", "Title"),
        Asked("description", "What it is about, in a sentence"),
        Asked("keyword", "Further words for it", "several"),
    )


def _item(asks: str, item: ContentItem | None, name: str = "item") -> Asked:
    return Asked(name, asks, "item", needed=True, value=item.identifier if item else "")


def _described(values: Values, _by: str, _why: str) -> Operation:
    said = {name: value for name, value in values.items() if name != "item"}
    if not said:
        raise ValueError("say something of the page: nothing is given besides it")
    return DescribeItem(identifier=values["item"], values={name: several(name, value) for name, value in said.items()})


def _replaced(values: Values, _by: str, _why: str) -> Operation:
    """Stated by the newer page's source where that is also the older one's; else only the older one's source may."""
    newer, older = values["newer"], values["older"]
    if newer == older:
        raise ValueError("older: it is the newer page too")
    if newer.partition("/")[0] == older.partition("/")[0]:
        return DescribeItem(identifier=newer, values={"replaces": (older,)})
    return DescribeItem(identifier=older, values={"is_replaced_by": (newer,)})


def _tagged(values: Values, by: str, why: str) -> Operation:
    add, remove = ((values[name],) if name in values else () for name in ("concept", "without"))
    return TagItem(identifier=values["item"], add=add, remove=remove, by=by, why=why)


def _ranked(values: Values, _by: str, _why: str) -> Operation:
    sources = tuple(each.strip() for each in values["sources"].split(",") if each.strip())
    return RankSources(concept=values["concept"], sources=sources, use_case=values.get("use_case"))


def _worded(values: Values, _by: str, _why: str) -> Operation:
    return TermOperation(ChangeConcept(iri=values["concept"], add_label=(Word(text=values["word"], language="en"),)))


def several(name: str, value: str) -> str | tuple[str, ...]:
    """The values of a field that holds a list; any other as it is."""
    return tuple(each.strip() for each in value.split(";") if each.strip()) if name in LIST_FIELDS else value


KINDS: Mapping[str, Kind] = {
    "synonym": Kind(
        "Add a word to the vocabulary",
        "People ask in a word that no label of the concept has.",
        "taxonomy",
        TERMS,
        _synonym,
        _worded,
    ),
    "concept": Kind(
        "Correct what a page is about",
        "The page is found by the subjects that it is filed under.",
        TAGS_FILE,
        "tags",
        _concept,
        _tagged,
    ),
    "review": Kind(
        "Say that a page was reviewed",
        "An answer that stands on a page past its review is not taken for right. Read the page first.",
        "",
        "source",
        _review,
        _described,
    ),
    "replaces": Kind(
        "Let a page replace another",
        "A page that is replaced is not quoted any more where the newer one may be read.",
        "",
        "source",
        _replaces,
        _replaced,
    ),
    "ranking": Kind(
        "Say which source wins",
        "Where sources disagree about a subject, the one that is ranked first is told.",
        AUTHORITY_FILE,
        "authority",
        _ranking,
        _ranked,
    ),
    "scope": Kind(
        "Say to whom and where a page applies",
        "Two pages that each say for whom they hold, and for others than the other, do not contradict each other.",
        "",
        "source",
        _scope,
        _described,
    ),
    "metadata": Kind(
        "Correct what is said of a page",
        "Its status and dates decide whether it is told, and before which other page.",
        "",
        "source",
        _metadata,
        _described,
    ),
}
"""Every kind of change by its name. No kind gives or takes the right to read."""

BY_CAUSE: Mapping[RootCause, tuple[str, ...]] = {
    RootCause.TAXONOMY_GAP: ("synonym", "concept"),
    RootCause.RETRIEVAL_MISS: ("synonym", "concept"),
    RootCause.MISSED_TOP_RANK: ("synonym", "concept"),
    RootCause.STALE_CONTENT: ("review", "replaces", "metadata"),
    RootCause.SOURCE_CONFLICT: ("ranking", "replaces", "review", "scope", "metadata"),
    RootCause.AUTHORITY_MISCONFIGURED: ("ranking", "review", "replaces", "metadata"),
    RootCause.INCORRECT_SPECIFICITY: ("scope",),
    RootCause.FILTER_EXCLUDED: ("metadata", "concept"),
}
"""The kinds that may mend a root cause; what is not here is mended at the source, or by engineering."""


def suggestions(concord: Concord, who: Principal, case_id: int) -> tuple[Suggestion, ...]:
    """The changes that a case suggests to somebody who deals with it; none once it is closed.

    Raises `NoSuchCase`, and `NotAllowed` for who has reported it and does not deal with it.
    """
    shown = concord.desk.case(who, case_id)
    if not shown.handles:
        raise NotAllowed(f"user:{who.id}", "it takes who deals with the case")
    kinds = BY_CAUSE.get(shown.case.about.cause, ()) if shown.case.open else ()
    if not kinds:
        return ()
    evidence = _evidence(concord, who, shown, kinds)
    asked = ((kind, KINDS[kind].asks(evidence)) for kind in kinds)
    return tuple(_suggestion(kind, fields) for kind, fields in asked if fields is not None)


def _suggestion(name: str, fields: Sequence[Asked]) -> Suggestion:
    kind = KINDS[name]
    named = next((each.value for each in fields if each.form == "item" and each.value), "")
    file = kind.file or (f"sources/{named.partition('/')[0]}.yaml" if named else "sources")
    return Suggestion(name, kind.title, kind.why, file, tuple(fields))


def _evidence(concord: Concord, who: Principal, shown: ShownCase, kinds: Collection[str]) -> Evidence:
    data, case = shown.to_json(), shown.case
    probes = {each["probe"]: each for each in data["diagnosis"] if each["outcome"] != "not_needed"}
    failed = next((each for each in probes.values() if each["outcome"] == "failed"), None)
    expected = [ItemRef.parse(each).identifier for report in data["reports"] for each in report["expected"]]
    holding = probes["held"]["items"] if "held" in probes and probes["held"]["outcome"] == "passed" else []
    right = list(dict.fromkeys([*expected, *holding]))
    wrong = [each for each in (failed["items"] if failed else ()) if each not in right]
    with reading(concord.engine) as connection:
        held = items.readable(connection, who, [*right, *wrong, *([data["item"]] if data["item"] else ())])
        page = next((held[each] for each in (*right, data["item"]) if each in held), None)
        body = items.item_body(connection, page.identifier) if page and "concept" in kinds else ""
    words = concord.subjects_by_words.tag(page, body) if page and body else []
    unknown = _UNKNOWN.search(str(failed["saw"])) if failed and failed["probe"] == "vocabulary" else None
    known = concord.foundation.use_cases.values()
    said = (unknown["label"] or "") if unknown else ""
    meant = (iri for iri, each in concord.foundation.vocabulary.concepts.items() if said and each.label() == said)
    subjects = [iri for each in (*right, data["item"]) if each in held for iri in held[each].subject]
    return Evidence(
        held.get(data["item"] or ""),
        tuple(held[each] for each in right if each in held),
        tuple(held[each] for each in wrong if each in held),
        next(meant, "") or case.about.concept or next(iter(subjects), ""),
        tuple(each.concept for each in words),
        unknown["word"].strip() if unknown else "",
        tuple(sources_seen(concord.engine, concord.foundation, who)),
        tuple(each.id for each in known if each.admits(who) or each.owner in who.tokens),
        *next((_by_age(each) for each in shown.conflicts), (None, None)),
    )


def _by_age(entry: Entry) -> tuple[ContentItem | None, ContentItem | None]:
    """The page of a contradiction that is newer than all that say otherwise, and the newest of these; else neither."""
    dated = [(_day(page.item), place, page.item) for place, side in enumerate(entry.sides()) for page in side]
    day, side, newer = max(dated, key=lambda each: each[0] or date.min)
    others = [each for each in dated if each[1] != side]
    if day is None or entry.within or not others or any(each is None or each >= day for each, _, _ in others):
        return None, None
    return newer, max(others, key=lambda each: each[0] or date.min)[2]


def _day(item: ContentItem) -> date | None:
    return item.valid_from or modified_date(item)
