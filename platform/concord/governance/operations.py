"""From what a proposal keeps to the operation that it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concord.catalog.proposals import Proposal
from concord.governance.changes import Operation
from concord.governance.entries import ENTRIES
from concord.governance.terms import TermOperation
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.skos.model import tail


def read_operation(data: Mapping[str, Any]) -> Operation:
    """The operation of a proposal; raises `pydantic.ValidationError` for what is none."""
    entry = ENTRIES.get(str(data.get("operation")))
    return entry.model_validate(dict(data)) if entry else TermOperation.parse(data)


def summary_of(proposal: Proposal, vocabulary: Vocabulary) -> str:
    """What a proposal does, in a line; concepts by their labels in the vocabulary."""
    if proposal.operation is None:
        return ", ".join(sorted(proposal.files))
    return summed_up(read_operation(proposal.operation), vocabulary)


def summed_up(operation: Operation, vocabulary: Vocabulary) -> str:
    """The same of an operation; a concept that is not there yet goes by the end of its IRI."""
    concepts = vocabulary.concepts
    return operation.summary(lambda iri: concepts[iri].label() if iri in concepts else tail(iri))


def values_of(proposal: Proposal, vocabulary: Vocabulary) -> dict[str, Any]:
    """A proposal as JSON values, with what it does in a line."""
    return {
        "id": proposal.id,
        "revision": proposal.revision,
        "state": proposal.state.value,
        "kind": proposal.kind,
        "summary": summary_of(proposal, vocabulary),
        "files": sorted(proposal.files),
        "proposer": proposal.proposer,
        "why": proposal.why,
        "created_at": proposal.created_at.isoformat(),
        "changed_at": proposal.changed_at.isoformat(),
        "reviewer": proposal.reviewer,
        "decided_at": proposal.decided_at.isoformat() if proposal.decided_at else None,
        "comment": proposal.comment,
    }
