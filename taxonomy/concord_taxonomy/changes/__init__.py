"""Changes of terms: what they mean, as data, and making them of a vocabulary's files."""

from concord_taxonomy.changes.errors import BreaksSkos, CannotChange, ChangeError
from concord_taxonomy.changes.graph import Graph
from concord_taxonomy.changes.make import DECISIONS, concepts_of, make, touched
from concord_taxonomy.changes.model import (
    AddConcept,
    AlignConcepts,
    ChangeConcept,
    DeprecateConcept,
    MergeConcepts,
    Part,
    SplitConcept,
    TermChange,
    Word,
    parse_change,
)
from concord_taxonomy.changes.naming import concept_called, new_iri, scheme_called

__all__ = [
    "DECISIONS",
    "AddConcept",
    "AlignConcepts",
    "BreaksSkos",
    "CannotChange",
    "ChangeConcept",
    "ChangeError",
    "DeprecateConcept",
    "Graph",
    "MergeConcepts",
    "Part",
    "SplitConcept",
    "TermChange",
    "Word",
    "concept_called",
    "concepts_of",
    "make",
    "new_iri",
    "parse_change",
    "scheme_called",
    "touched",
]
