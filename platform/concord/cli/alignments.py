"""How an alignment is told: as JSON values, and for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from concord.cli.output import say

if TYPE_CHECKING:
    from concord_taxonomy.alignment import Alignment, Homonym, Proposal
    from concord_taxonomy.skos import Concept, Vocabulary


def to_json(made: Alignment, vocabulary: Vocabulary) -> dict[str, Any]:
    """The alignment as JSON values."""
    return {
        "left": made.left,
        "right": made.right,
        "proposals": [
            {
                "left": _concept(vocabulary, each.left),
                "right": _concept(vocabulary, each.right),
                "relation": each.relation.value,
                "score": each.score,
                "evidence": {**each.signals.to_json(), "rival": each.rival},
            }
            for each in made.proposals
        ],
        "homonyms": [
            {
                "label": each.label,
                "left": _concept(vocabulary, each.left),
                "right": _concept(vocabulary, each.right),
                "because": list(each.because),
                "evidence": each.signals.to_json(),
            }
            for each in made.homonyms
        ],
        "mapped": made.mapped,
        "accepted": made.accepted,
        "rejected": made.rejected,
    }


def _concept(vocabulary: Vocabulary, iri: str) -> Mapping[str, Any]:
    concept = vocabulary.concepts[iri]
    return {
        "iri": iri,
        "label": concept.label(),
        "department": _department(vocabulary, concept),
        "definition": concept.definition[0].text if concept.definition else None,
    }


def _department(vocabulary: Vocabulary, concept: Concept) -> str:
    """The publisher of its scheme, or else the scheme's title."""
    schemes = [vocabulary.schemes[iri] for iri in concept.in_scheme if iri in vocabulary.schemes]
    return next((each.publisher or each.label() for each in schemes), "")


def named(vocabulary: Vocabulary, iri: str) -> str:
    """A concept with its department and IRI."""
    concept = vocabulary.concepts[iri]
    return f"{concept.label()} ({_department(vocabulary, concept)}) <{iri}>"


def show(made: Alignment, vocabulary: Vocabulary) -> None:
    """Print proposals, homonyms, and how many pairs are settled."""
    for proposal in made.proposals:
        say(*_proposal(proposal, vocabulary))
    for homonym in made.homonyms:
        say(*_homonym(homonym, vocabulary))
    settled = f"{made.mapped:,} mapped already, {made.accepted:,} accepted, {made.rejected:,} rejected"
    say(f"{len(made.proposals):,} proposals, {len(made.homonyms):,} homonyms; {settled}")


def _proposal(each: Proposal, vocabulary: Vocabulary) -> list[str]:
    signs = {**each.signals.to_json(), "rival": each.rival}
    evidence = ", ".join(f"{name} {value:.2f}" for name, value in signs.items() if value is not None)
    return [
        f"{each.relation} {each.score:.2f}",
        *(f"  {named(vocabulary, iri)}" for iri in (each.left, each.right)),
        f"    {evidence}",
    ]


def _homonym(each: Homonym, vocabulary: Vocabulary) -> list[str]:
    told = [f"conflict: “{each.label}” means two things ({', '.join(each.because)})"]
    for iri in (each.left, each.right):
        definition = vocabulary.concepts[iri].definition
        told.append(f"  {named(vocabulary, iri)}{': ' + definition[0].text if definition else ''}")
    return told
