"""From proposals to the change that they are, of what is in force now or of what they were made from."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from concord.catalog import proposals as kept
from concord.catalog.activations import once_active
from concord.catalog.proposals import Proposal
from concord.governance.changes import ReadOperation, overlaid, rebased
from concord.governance.comparing import in_force
from concord.governance.gates import Change
from concord.workspace import Declarations


def planned(connection: Connection, proposals: Iterable[Proposal], read: ReadOperation) -> Change:
    """What approving proposals, together, would put in force now; raises `OutOfDate`."""
    before = after = in_force(connection)
    wanted = tuple(proposals)
    for each in wanted:

        def made_from(each: Proposal = each) -> Declarations:
            return _base(connection, each)

        files = kept.contents(connection, each.files)
        after = overlaid(after, rebased(each, files, after, made_from, read))
    return Change(wanted, before, after)


def seen(connection: Connection, proposal: Proposal) -> Change:
    """A proposal as it was made, whatever is in force now."""
    base = _base(connection, proposal)
    return Change((proposal,), base, overlaid(base, kept.contents(connection, proposal.files)))


def asked(connection: Connection, proposal: Proposal) -> Change:
    """A proposal's files on what is in force, which says who decides on them, out of date or not."""
    held = in_force(connection)
    return Change((proposal,), held, overlaid(held, kept.contents(connection, proposal.files)))


def _base(connection: Connection, proposal: Proposal) -> Declarations:
    """What a proposal was made from; nothing, where nothing was in force."""
    base = once_active(connection, proposal.base_digest) if proposal.base_digest else None
    return base or Declarations({})
