"""Alignment of two concept schemes: proposals with their evidence, homonyms, and what stewards decided."""

from concord_taxonomy.alignment.align import Alignment, AlignmentOptions, Proposal, align
from concord_taxonomy.alignment.decisions import Decision, Decisions, Relation
from concord_taxonomy.alignment.homonyms import Homonym
from concord_taxonomy.alignment.record import about, read_decisions, recorded, write_decisions
from concord_taxonomy.alignment.signals import Encode, Items, Signals
from concord_taxonomy.alignment.usage import Document, items_of

__all__ = [
    "Alignment",
    "AlignmentOptions",
    "Decision",
    "Decisions",
    "Document",
    "Encode",
    "Homonym",
    "Items",
    "Proposal",
    "Relation",
    "Signals",
    "about",
    "align",
    "items_of",
    "read_decisions",
    "recorded",
    "write_decisions",
]
