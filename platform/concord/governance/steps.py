"""The steps of proposals, each written with its audit event in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from concord.catalog import proposals as kept
from concord.catalog.audit import AuditEvent
from concord.catalog.proposals import Proposal, State
from concord.governance.changes import Files, hashes
from concord.governance.errors import NoSuchProposal, NotAllowed, NotAsReviewed
from concord.governance.lifecycle import BY_PROPOSER, EVENTS, Act, step
from concord.workspace import Declarations


def loaded(connection: Connection, numbers: Iterable[int]) -> tuple[Proposal, ...]:
    """The proposals of these numbers, each once and in their order; raises `NoSuchProposal`."""
    wanted = list(dict.fromkeys(numbers))
    found = kept.load(connection, wanted)
    for number in wanted:
        if number not in found:
            raise NoSuchProposal(number)
    return tuple(found[number] for number in wanted)


def added(
    connection: Connection,
    kind: str,
    files: Files,
    held: Declarations,
    actor: str,
    why: str,
    operation: Mapping[str, Any] | None = None,
) -> Proposal:
    """Keep a draft of other texts of some files than `held`, the declarations in force, has."""
    now = datetime.now(UTC)
    draft = Proposal(
        kind=kind,
        files=kept.keep(connection, files),
        base=hashes(held, files),
        base_digest=_digest(held),
        proposer=actor,
        why=why.strip(),
        created_at=now,
        changed_at=now,
        operation=dict(operation) if operation else None,
    )
    made = kept.add(connection, draft)
    AuditEvent("proposal.drafted", actor, made.subject, {"kind": kind, "why": made.why}, at=now).append(connection)
    return made


def edited(
    connection: Connection,
    open_: Proposal | None,
    kind: str,
    files: Files,
    held: Declarations,
    actor: str,
    why: str,
) -> Proposal:
    """The proposal of edited files: a draft, or the actor's `open_` one, which says what the files say now."""
    if open_ is None:
        return added(connection, kind, files, held, actor, why)
    texts = kept.keep(connection, files)
    if dict(open_.files) == texts and dict(open_.base) == hashes(held, files):
        return open_
    now = replace(open_, files=texts, base=hashes(held, files), base_digest=_digest(held))
    revised = replace(now, why=why.strip() or open_.why, revision=open_.revision + 1)
    return stepped(connection, revised, Act.REVISE, actor, {"why": revised.why})


def submitted(connection: Connection, proposal: Proposal) -> Proposal:
    """Ask for a decision on a draft; what is in review already stays as it is."""
    if proposal.state is not State.DRAFT:
        return proposal
    return stepped(connection, proposal, Act.SUBMIT, proposal.proposer)


def stepped(
    connection: Connection, proposal: Proposal, act: Act, actor: str, data: Mapping[str, Any] | None = None
) -> Proposal:
    """Take a step of the life cycle; raises `NotPossible` and `NotAllowed`."""
    guard(proposal, act, actor)
    now = datetime.now(UTC)
    done = replace(proposal, state=step(proposal, act), changed_at=now)
    kept.save(connection, done)
    told = {"revision": done.revision, **{name: value for name, value in (data or {}).items() if value != ""}}
    AuditEvent(EVENTS[act], actor, done.subject, told, at=now).append(connection)
    return done


def guard(proposal: Proposal, act: Act, actor: str) -> None:
    """Whether the life cycle lets this actor do it; raises `NotPossible` and `NotAllowed`."""
    step(proposal, act)
    if act in BY_PROPOSER and actor != proposal.proposer:
        raise NotAllowed(actor, f"proposal {proposal.id} is {proposal.proposer}'s")
    if act not in BY_PROPOSER and actor == proposal.proposer:
        raise NotAllowed(actor, "whoever proposed a change does not decide on it")


def as_reviewed(proposal: Proposal, named: int | None) -> None:
    """What is decided on is what was read: a proposal that was revised has to be named with its revision."""
    if named != proposal.revision and (named is not None or proposal.revision > 1):
        raise NotAsReviewed(proposal.id, proposal.revision, named)


def _digest(declarations: Declarations) -> str | None:
    return declarations.digest if declarations.files else None
