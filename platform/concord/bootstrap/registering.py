"""The conflict register, the cases and the dashboards of a workspace, wired to what is in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Engine

from concord.access.recipients import MayRead
from concord.authority.reading import Reader
from concord.bootstrap.foundation import Foundation
from concord.governance.cases import CaseDesk, Places
from concord.governance.cases.awaiting import Deciding
from concord.governance.cases.desk import EntryOf
from concord.governance.dashboards import Boards, Holders, Ledger
from concord.governance.proposals import Proposals
from concord.governance.register import Register, UseCaseReach
from concord.workspace.settings import Curated
from concord_taxonomy.standard import Principal


def open_register(
    engine: Engine, foundation: Foundation, reader: Reader, may_read: MayRead, min_certainty: float
) -> Register:
    """The register under the policy, ownership, people and use cases in force."""
    vocabulary = foundation.vocabulary

    def use_cases(who: Principal) -> list[UseCaseReach]:
        return [
            UseCaseReach(
                each.id,
                frozenset(each.sources),
                frozenset(iri for concept in each.concepts for iri in (concept, *vocabulary.narrower_closure(concept))),
            )
            for each in foundation.use_cases.values()
            if each.admits(who) or each.owner in who.tokens
        ]

    return Register(
        engine,
        foundation.policy,
        vocabulary,
        reader,
        foundation.ownership,
        may_read,
        use_cases,
        min_certainty,
    )


def open_desk(
    engine: Engine,
    foundation: Foundation,
    may_read: MayRead,
    deciding: Deciding,
    disputes_per_hour: int,
    entry: EntryOf,
    *,
    approvers: Sequence[str],
    everybody: bool,
) -> CaseDesk:
    """The cases under the ownership, people, vocabulary and use cases in force.

    `approvers` are the tokens of `governance.approvers`, `entry` gives contradictions as a person may read them, and
    `everybody` says that there is nobody but whom the directory has.
    """
    owners = {each.id: each.owner for each in foundation.use_cases.values()}
    held = foundation.directory.held if everybody else None
    places = Places(
        foundation.ownership,
        may_read,
        foundation.broader_of,
        owners,
        lambda token: held is None or token in held,
        tuple(approvers),
    )
    return CaseDesk(engine, places, disputes_per_hour, deciding, entry, foundation.policy)


def open_boards(desk: CaseDesk, foundation: Foundation) -> Boards:
    """The dashboards over the cases of a desk."""
    departments = {f"user:{each.id}": each.department or "" for each in foundation.directory.users}
    digest = foundation.declarations.digest
    return Boards(desk, Holders(desk.engine, desk.places, digest, lambda holder: departments.get(holder, "")))


def open_ledger(
    boards: Boards,
    proposals: Proposals,
    foundation: Foundation,
    approvers: Collection[str],
    minutes: Mapping[Curated, float],
) -> Ledger:
    """The curation ledger, for those who answer for the workspace, a role or a use case, and for approvers."""
    roles = foundation.ownership.roles.model_dump().values()
    owners = (each.owner for each in foundation.use_cases.values())
    leads = {*foundation.holders(), *approvers, *filter(None, roles), *filter(None, owners)}
    return Ledger(boards, proposals, frozenset(leads), minutes)
