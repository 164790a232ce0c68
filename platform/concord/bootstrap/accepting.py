"""Accepting a change that a case suggests: looked at first, proposed as any other change is, and named by the fix.

    drafted = draft(concord, who, 7, "review", {"review_due": "2027-05-01"})
    preview = concord.preview(drafted.change, who, progress)
    accepted = propose(concord, who, 7, "review", {"review_due": "2027-05-01"})

Nothing is written before `propose`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from concord.bootstrap.describing import Describing
from concord.bootstrap.foundation import Foundation
from concord.bootstrap.previewing import Bounds
from concord.bootstrap.suggesting import KINDS, Asked, Suggestion, suggestions
from concord.bootstrap.written import Written, follow
from concord.catalog import items
from concord.catalog import proposals as kept
from concord.catalog.cases import CatalogCases, Told
from concord.catalog.engine import reading
from concord.catalog.proposals import OPEN, Proposal
from concord.governance import Change, InvalidWorkspace, NotAllowed, NothingToPropose, Outcome
from concord.governance.cases.awaiting import awaited
from concord.governance.changes import Files, Operation, overlaid
from concord.governance.entries import DescribeItem
from concord.governance.errors import BadValue
from concord.governance.operations import summed_up
from concord.governance.preview import Preview
from concord.workspace.yaml import plain_message
from concord_feedback.cases import Act, Case, Fix, Move, step
from concord_feedback.errors import CaseNotPossible
from concord_taxonomy.changes import CannotChange, concept_called
from concord_taxonomy.standard import ContentItem, Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


AT_ONCE = Bounds(questions=25, items=200)
"""What is looked at while somebody waits; `concord cases propose --preview` looks at more."""
LONGEST = 4_000
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The case that waits, what became of the proposal, and the files that followed it where it is in force."""

    case: Case
    outcome: Outcome
    summary: str
    written: Written = field(default_factory=Written)

    @property
    def proposal(self) -> Proposal:
        """The proposal that the fix is."""
        return self.outcome.proposals[0]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A change as it would be proposed; nothing is written yet.

    `summary` says what it does, in a line, `warnings` what it can hardly be meant to do.
    """

    suggestion: Suggestion
    operation: Operation
    files: Files
    change: Change
    summary: str
    warnings: tuple[str, ...] = ()


def draft(concord: Concord, who: Principal, case_id: int, kind: str, given: Mapping[str, str]) -> Drafted:
    """A change that a case suggests, with what is `given` in place of what the case tells.

    Raises `NoSuchCase`, `NotAllowed` (also for a kind that the case does not suggest), `BadValue`, `NothingToPropose`,
    `InvalidWorkspace`, `FileProblem` and what changes of terms raise. `BadValue` also where nothing of what it says of
    a page would hold: what its own text says counts before.
    """
    offered = {each.kind: each for each in suggestions(concord, who, case_id)}
    if kind not in offered:
        told = f"it suggests {', '.join(offered)}" if offered else "the case suggests no change"
        raise NotAllowed(f"user:{who.id}", told)
    values = _values(concord, who, offered[kind].fields, given)
    operation = _operation(kind, values, f"user:{who.id}", f"case {case_id}")
    before = concord.foundation.declarations
    files = operation.files(before)
    after = overlaid(before, files)
    if after.digest == before.digest:
        raise NothingToPropose
    if problems := concord.review(Foundation(after)):
        raise InvalidWorkspace(problems)
    summary, warnings = summed_up(operation, concord.foundation.vocabulary), list(_warnings(values))
    if isinstance(operation, DescribeItem):
        vain = _in_vain(concord, operation, Foundation(after))
        if vain.keys() == operation.values.keys():
            raise BadValue(next(iter(vain)), f"it would change nothing, {next(iter(vain.values()))}")
        warnings += [f"{name} would not change, {why}" for name, why in vain.items()]
    return Drafted(offered[kind], operation, files, Change((), before, after), summary, tuple(warnings))


def look(concord: Concord, who: Principal, change: Change, operation: Operation | None = None) -> Preview:
    """What a change would do, worked out while somebody waits: of the newest questions and the first items.

    The item that the operation is about is among them.
    """
    about = getattr(operation, "identifier", None)
    return concord.preview(change, who, lambda _done, _all: None, replace(AT_ONCE, first=(about,) if about else ()))


def propose(
    concord: Concord, who: Principal, case_id: int, kind: str, given: Mapping[str, str], why: str = ""
) -> Accepted:
    """Propose a change that a case suggests: the case waits for the decision, and then for a sync to prove it.

    A development workspace puts it in force at once. Raises what `draft` does and what proposing does, and
    `CaseNotPossible` where the case cannot wait, or waits already.
    """
    drafted = draft(concord, who, case_id, kind, given)
    by, told = f"user:{who.id}", drafted.suggestion.title
    case = concord.desk.dealt_with(who, case_id)
    step(case, _submitted(by, told, 0))  # refused before anything is proposed
    waits = proposal_of(concord, case)
    if waits is not None and waits.state in OPEN:
        raise CaseNotPossible(case_id, "propose", f"it waits for proposal {waits.id}: have that decided or withdraw it")
    values = drafted.operation.to_json()
    outcome = _proposed_before(concord, by, values) or concord.proposals.propose(
        KINDS[kind].changes,
        drafted.files,
        by,
        f"case {case_id}: {why.strip() or told}",
        values,
        made_from=drafted.change.before.digest,
    )
    # The files follow what is in force whatever becomes of the case, which somebody else may have moved meanwhile.
    written = follow(concord, outcome)
    case = concord.desk.act(who, case_id, _submitted(by, told, outcome.proposals[0].id))
    return Accepted(case, outcome, drafted.summary, written)


def proposal_of(concord: Concord, case: Case) -> Proposal | None:
    """The proposal that the fix of a case is, as it stands; whoever deals with the case may know that."""
    if case.fix is None or case.fix.proposal is None:
        return None
    with reading(concord.engine) as connection:
        return kept.load(connection, [case.fix.proposal]).get(case.fix.proposal)


def to_decide(concord: Concord, who: Principal, told: Collection[Told]) -> dict[Told, Proposal]:
    """The proposals of which news tell, or for which their cases wait, that `who` may decide on (still)."""
    with reading(concord.engine) as connection:
        numbers = {each.case for each in told if each.case is not None}
        waits = awaited(connection, CatalogCases(connection).numbered(numbers).values())
        named = kept.load(connection, {each.proposal for each in told if each.proposal is not None})
    found = {
        each: proposal
        for each in told
        if (proposal := named.get(each.proposal or 0) if each.case is None else waits.get(each.case))
    }
    known = {each.id: each for each in found.values()}
    theirs = {number for number, each in known.items() if concord.proposals.waits_for(who, each)}
    return {each: proposal for each, proposal in found.items() if proposal.id in theirs}


def _warnings(values: Mapping[str, str]) -> Iterator[str]:
    """What a day that is given can hardly be meant to say."""
    today = datetime.now(UTC).date()
    due, reviewed = (date.fromisoformat(values.get(name) or str(today)) for name in ("review_due", "last_reviewed"))
    if due < today:
        yield f"review_due {due} is past: the page stays past its review"
    if reviewed > today:
        yield f"last_reviewed {reviewed} is still to come: nobody can have reviewed the page on that day"


def _in_vain(concord: Concord, operation: DescribeItem, after: Foundation) -> dict[str, str]:
    """What an operation says of its item that would not hold of it: something else counts before a rule."""
    described = Describing(concord.engine, concord.derivers(after))
    with reading(concord.engine) as connection:
        held = items.last_known(connection, operation.identifier)
        item = described.described(connection, held) if held else None
    return operation.in_vain(item) if isinstance(item, ContentItem) else {}


def _submitted(by: str, told: str, proposal: int) -> Move:
    now = datetime.now(UTC)
    return Move(Act.SUBMIT_FIX, by, now, fix=Fix(now, by, told, proposal=proposal))


def _proposed_before(concord: Concord, by: str, values: Mapping[str, object]) -> Outcome | None:
    """The same change, where they have proposed it and were interrupted before the case knew of it."""
    with reading(concord.engine) as connection:
        mine = [each for each in kept.in_states(connection, OPEN) if each.proposer == by and each.operation == values]
    return Outcome((mine[0],)) if mine else None


def _operation(kind: str, values: Mapping[str, str], by: str, why: str) -> Operation:
    try:
        return KINDS[kind].make(values, by, why)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _bad(plain_message(first), str(first["loc"][0]) if first["loc"] else kind) from error
    except ValueError as error:
        raise _bad(str(error), kind) from error


def _bad(message: str, place: str) -> BadValue:
    """An error that names a field by itself is one of that field."""
    name, _, problem = message.partition(": ")
    return BadValue(name, problem) if problem and name.isidentifier() else BadValue(place, message)


def _values(concord: Concord, who: Principal, fields: tuple[Asked, ...], given: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold, none of them empty; raises `BadValue`."""
    known = {each.name: each for each in fields}
    for name in given:
        if name not in known:
            raise BadValue(name, f"there is no such field here: {', '.join(known)}")
    values = {}
    for name, each in known.items():
        value = given.get(name, each.value).strip()
        value = value if each.form == "item" else " ".join(value.split())
        if each.form != "item" and not value.isprintable():
            raise BadValue(name, "it has a character that no line can hold")
        if len(value) > LONGEST:
            raise BadValue(name, f"at most {LONGEST:,} characters are taken")
        if value:
            values[name] = _value(concord, who, each, value)
        elif each.needed:
            raise BadValue(name, "this is needed")
    return values


def _value(concord: Concord, who: Principal, asked: Asked, value: str) -> str:
    match asked.form:
        case "date":
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                raise BadValue(asked.name, f"{value!r} is no date: write one as in 2027-05-01") from None
        case "choice" if value not in asked.choices:
            raise BadValue(asked.name, f"{value!r} is none of {', '.join(asked.choices) or 'those that there are'}")
        case "item":
            with reading(concord.engine) as connection:
                if value not in items.readable(connection, who, [value]):
                    raise BadValue(asked.name, f"no page {value!r} that you may read")
        case "concept":
            try:
                return concept_called(concord.foundation.vocabulary, value)
            except CannotChange as error:
                raise BadValue(asked.name, str(error)) from None
        case "sources":
            for each in value.split(","):
                if each.strip() and each.strip() not in asked.choices:
                    raise BadValue(asked.name, f"no source {each.strip()!r} of which you may read something")
    return value
