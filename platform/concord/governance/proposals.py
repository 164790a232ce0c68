"""What can be done with proposals: made, submitted, revised, withdrawn, and decided by someone else.

    proposals = concord.proposals
    made = proposals.apply(concord.desired().declarations, "user:ann", "the new scheme of the council")
    proposals.approve([(made.proposals[0].id, None)], pat, "as agreed on Monday")

An approval and what it puts in force are one transaction. What takes time, such as gates, is done before it, and done
again where anything that it rested on has changed meanwhile.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from concord.catalog import proposals as kept
from concord.catalog.activations import activate, active_digest
from concord.catalog.audit import AuditEvent, events_of
from concord.catalog.engine import reading, writing
from concord.catalog.proposals import OPEN, Proposal, State
from concord.governance.changes import Files, ReadOperation, overlaid, split
from concord.governance.comparing import Activation, compared, in_force
from concord.governance.errors import (
    ChangedMeanwhile,
    GovernanceError,
    InvalidWorkspace,
    NoSuchProposal,
    NotAllowed,
    NothingToPropose,
    WhyNeeded,
)
from concord.governance.gates import Change, Gate, pass_gates
from concord.governance.lifecycle import Act
from concord.governance.operations import read_operation
from concord.governance.planning import asked, planned, seen
from concord.governance.problems import Problem
from concord.governance.steps import added, as_reviewed, edited, guard, loaded, stepped, submitted
from concord.workspace import Declarations
from concord_taxonomy.standard import Principal

AUTOMATIC = "system:development"
"""The reviewer of what a development workspace approves by itself."""
ATTEMPTS = 8
PAUSE = 0.02
"""Seconds: the longest wait before the second attempt; before each later one twice as long as before the last."""
_BUSY = "others are changing the workspace all the time: try again when they are done"

Ref = tuple[int, int | None]
"""The number of a proposal, and the revision of it that was read, where the reviewer names one."""


def _attempts() -> Iterator[None]:
    """Let something be tried `ATTEMPTS` times, with random pauses, so that those who collided do not collide again."""
    for number in range(ATTEMPTS):
        if number:
            time.sleep(random.uniform(0, PAUSE * 2**number))  # noqa: S311
        yield


@dataclass(frozen=True, slots=True)
class Outcome:
    """The proposals that something was done with, and what it put in force; None while a decision is awaited.

    `gates` are the names of those that were passed on the way.
    """

    proposals: tuple[Proposal, ...]
    activation: Activation | None = None
    change: Change | None = None
    gates: tuple[str, ...] = ()


def _nobody(_who: Principal, _change: Change) -> bool:
    return False


def _no_one(_connection: Connection, _proposal: Proposal) -> None:
    """Nobody waits for a proposal."""


def _nothing(_declarations: Declarations) -> Sequence[Problem]:
    return ()


@dataclass(frozen=True)
class Proposals:
    """The proposals of a catalog, and the rules by which they are decided on.

    `review` finds what keeps declarations from being in force, `may_decide` says who may approve or reject a change;
    `automatic` approves whatever is submitted, as a development workspace does. `turned_down` is told of proposals that
    are rejected or withdrawn, in the transaction that does it.
    """

    engine: Engine
    review: Callable[[Declarations], Sequence[Problem]] = _nothing
    may_decide: Callable[[Principal, Change], bool] = _nobody
    gates: Sequence[Gate] = ()
    automatic: bool = False
    read: ReadOperation = field(default=read_operation)
    turned_down: Callable[[Connection, Proposal], object] = _no_one

    def apply(self, declarations: Declarations, actor: str, why: str = "") -> Outcome:
        """Propose what reviewed declarations change, by kind of file; an open proposal of the actor's is revised.

        A development workspace puts it in force at once. What is in force already writes nothing.
        """
        with reading(self.engine) as connection:
            if active_digest(connection) == declarations.digest:
                return Outcome(())
        self._may_propose(actor)
        if self.automatic:
            return self._at_once(declarations, actor, why)
        with writing(self.engine) as connection:
            return Outcome(self._edited(connection, declarations, actor, why))

    def propose(
        self,
        kind: str,
        files: Files,
        actor: str,
        why: str,
        operation: Mapping[str, Any] | None = None,
        *,
        submit: bool = True,
        made_from: str | None = None,
    ) -> Outcome:
        """Propose other texts of some files than those in force; as a draft, where it is not submitted yet.

        `made_from` is the digest of the declarations that the texts were made from. Raises `NothingToPropose`,
        `WhyNeeded`, and `ChangedMeanwhile` where others are in force by now: the texts would take their change back.
        """
        self._may_propose(actor)
        self._said(why)
        with writing(self.engine) as connection:
            held = in_force(connection)
            if made_from is not None and held.digest != made_from:
                raise ChangedMeanwhile
            if overlaid(held, files).digest == held.digest:
                raise NothingToPropose
            made = added(connection, kind, files, held, actor, why, operation)
            if submit:
                made = submitted(connection, made)
        return self._settled((made,)) if submit else Outcome((made,))

    def submit(self, number: int, actor: str) -> Outcome:
        """Ask for a decision on a draft."""
        with writing(self.engine) as connection:
            [held] = loaded(connection, [number])
            made = stepped(connection, held, Act.SUBMIT, actor)
        return self._settled((made,))

    def withdraw(self, number: int, actor: str, why: str = "") -> Proposal:
        """Take one's own proposal back."""
        with writing(self.engine) as connection:
            [held] = loaded(connection, [number])
            done = stepped(connection, held, Act.WITHDRAW, actor, {"why": why})
            self.turned_down(connection, done)
            return done

    def reject(self, ref: Ref, reviewer: Principal, why: str) -> Proposal:
        """Decline a proposal, saying why; raises `NotAllowed`."""
        if not why.strip():
            raise WhyNeeded
        with writing(self.engine) as connection:
            [held] = loaded(connection, [ref[0]])
            actor = f"user:{reviewer.id}"
            guard(held, Act.REJECT, actor)
            as_reviewed(held, ref[1])
            self._decides(reviewer, asked(connection, held))
            decided = replace(held, reviewer=actor, decided_at=datetime.now(UTC), comment=why.strip())
            done = stepped(connection, decided, Act.REJECT, actor, {"why": why.strip()})
            self.turned_down(connection, done)
            return done

    def approve(
        self, refs: Sequence[Ref], reviewer: Principal, comment: str = "", commit: str | None = None
    ) -> Outcome:
        """Approve proposals, together, and put them in force; `commit` is where they were reviewed in git.

        Raises `NotAllowed`, `NotAsReviewed`, `OutOfDate`, `InvalidWorkspace` and `GateRefused`; then nothing happens.
        """
        return self._approved(refs, f"user:{reviewer.id}", reviewer, comment, {"commit": commit} if commit else {})

    def find(self, number: int, who: Principal) -> Proposal:
        """A proposal that `who` may read; raises `NoSuchProposal` for others as for those that there are not."""
        with reading(self.engine) as connection:
            [held] = loaded(connection, [number])
            if not self._may_read(connection, held, who):
                raise NoSuchProposal(number)
            return held

    def listed(self, who: Principal, states: Sequence[State] = OPEN) -> list[Proposal]:
        """The proposals in these states that `who` may read, newest first."""
        with reading(self.engine) as connection:
            found = kept.in_states(connection, states)
            return [each for each in found if self._may_read(connection, each, who)]

    def history(self, proposal: Proposal) -> list[AuditEvent]:
        """What was done with a proposal, oldest first."""
        with reading(self.engine) as connection:
            return events_of(connection, proposal.subject)

    def files(self, proposal: Proposal) -> Files:
        """The texts that a proposal wants."""
        with reading(self.engine) as connection:
            return kept.contents(connection, proposal.files)

    def change(self, *proposals: Proposal) -> Change:
        """What approving proposals would put in force now; raises `OutOfDate`. Of a decided one, what it was about."""
        with reading(self.engine) as connection:
            if len(proposals) == 1 and proposals[0].state not in OPEN:
                return seen(connection, proposals[0])
            return planned(connection, proposals, self.read)

    def decides(self, who: Principal, change: Change) -> bool:
        """Whether `who` may approve a change: they answer for it, and have not proposed it."""
        own = any(each.proposer == f"user:{who.id}" for each in change.proposals)
        return not own and self.may_decide(who, change)

    def waiting_for(self, who: Principal, newest: int) -> list[Proposal]:
        """Those of the `newest` proposals in review that wait for a decision of `who`, the newest first."""
        with reading(self.engine) as connection:
            found = kept.in_states(connection, [State.IN_REVIEW])[:newest]
            return [each for each in found if self.decides(who, asked(connection, each))]

    def waits_for(self, who: Principal, proposal: Proposal) -> bool:
        """Whether a proposal waits for a decision of `who`, out of date or not."""
        with reading(self.engine) as connection:
            return proposal.state is State.IN_REVIEW and self.decides(who, asked(connection, proposal))

    def _edited(self, connection: Connection, declarations: Declarations, actor: str, why: str) -> tuple[Proposal, ...]:
        held = in_force(connection)
        mine = [each for each in kept.in_states(connection, OPEN) if each.proposer == actor and not each.operation]
        open_ = {each.kind: each for each in reversed(mine)}
        made = tuple(
            submitted(connection, edited(connection, open_.get(kind), kind, files, held, actor, why))
            for kind, files in split(held, declarations).items()
        )
        if any(each not in mine for each in made):
            self._said(why)
        return made

    def _at_once(self, declarations: Declarations, actor: str, why: str) -> Outcome:
        """Propose and approve in one transaction, so that of several who apply at once each is done."""
        for _ in _attempts():
            with reading(self.engine) as connection:
                before = in_force(connection)
            passed = tuple(pass_gates(self.gates, Change((), before, declarations)))
            with writing(self.engine) as connection:
                held = in_force(connection)
                if self.gates and held.digest != before.digest:
                    continue  # the gates saw another change than this would be
                made = self._edited(connection, declarations, actor, why)
                told = {"automatic": True, "gates": list(passed), "policy_version": declarations.digest}
                change = Change(made, held, declarations)
                return self._in_force(connection, change, AUTOMATIC, "", told, passed) if made else Outcome(())
        raise GovernanceError(_BUSY)

    def _settled(self, made: tuple[Proposal, ...]) -> Outcome:
        if not self.automatic:
            return Outcome(made)
        return self._approved([(each.id, each.revision) for each in made], AUTOMATIC, None, "", {"automatic": True})

    def _approved(
        self,
        refs: Sequence[Ref],
        actor: str,
        reviewer: Principal | None,
        comment: str,
        data: dict[str, Any],
    ) -> Outcome:
        named = dict(refs)
        for _ in _attempts():
            with reading(self.engine) as connection:
                held = loaded(connection, named)
                for proposal in held:
                    guard(proposal, Act.APPROVE, actor)
                    as_reviewed(proposal, named[proposal.id])
                change = planned(connection, held, self.read)
                digest = active_digest(connection)
            if reviewer is not None:
                self._decides(reviewer, change)
            if problems := self.review(change.after):
                raise InvalidWorkspace(problems)
            passed = tuple(pass_gates(self.gates, change))
            told = {**data, "comment": comment, "gates": list(passed), "policy_version": change.after.digest}
            with writing(self.engine) as connection:
                # Only what was looked at is approved: anything else has to be looked at anew.
                again = loaded(connection, named)
                if again == held and active_digest(connection) == digest:
                    return self._in_force(connection, change, actor, comment, told, passed)
        raise GovernanceError(_BUSY)

    def _in_force(
        self,
        connection: Connection,
        change: Change,
        actor: str,
        comment: str,
        told: dict[str, Any],
        passed: tuple[str, ...],
    ) -> Outcome:
        now = datetime.now(UTC)
        done = [
            stepped(
                connection,
                replace(each, reviewer=actor, decided_at=now, comment=comment or None),
                Act.APPROVE,
                actor,
                told,
            )
            for each in change.proposals
        ]
        activation = compared(connection, change.after)
        if activation.new:
            by = done[0].proposer if actor == AUTOMATIC else actor
            activate(connection, change.after, by, now, [each.id for each in done])
            data: dict[str, Any] = {kind: activation.paths(kind) for kind in ("added", "changed", "removed")}
            data["proposals"] = [each.id for each in done]
            AuditEvent("workspace.applied", by, activation.digest, data, at=now).append(connection)
        return Outcome(tuple(done), activation, change, passed)

    def _may_read(self, connection: Connection, proposal: Proposal, who: Principal) -> bool:
        """Words are everybody's; the other files are shown to who proposed the change and to who may decide on it."""
        if proposal.kind == "taxonomy" or f"user:{who.id}" in (proposal.proposer, proposal.reviewer):
            return True
        return self.may_decide(who, asked(connection, proposal))

    def _decides(self, who: Principal, change: Change) -> None:
        if not self.may_decide(who, change):
            problem = "whoever decides answers for everything that changes, by ownership.yaml or governance.approvers"
            raise NotAllowed(f"user:{who.id}", problem)

    def _may_propose(self, actor: str) -> None:
        if not self.automatic and not actor.startswith("user:"):
            raise NotAllowed(actor, "a governed workspace takes proposals of people alone: name one with --as USER")

    def _said(self, why: str) -> None:
        if not self.automatic and not why.strip():
            raise WhyNeeded
