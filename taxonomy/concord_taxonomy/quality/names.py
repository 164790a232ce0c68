"""The IRIs that vocabularies are checked for, by their names in SKOS (W3C Recommendation 18 August 2009)."""

from __future__ import annotations

from concord_taxonomy.skos.properties import DCTERMS, RDFS

LABELS = ("prefLabel", "altLabel", "hiddenLabel")
TITLES = (f"{DCTERMS}title", f"{RDFS}label")
"""What names a scheme besides its labels."""
HIERARCHY = ("broader", "narrower", "broaderTransitive", "narrowerTransitive")
MAPPINGS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
SEMANTIC = (*HIERARCHY, "related", "semanticRelation", *MAPPINGS, "mappingRelation")
"""Properties of which both ends are concepts (S19, S20)."""

DOCUMENTATION = (
    "note",
    "changeNote",
    "definition",
    "editorialNote",
    "example",
    "historyNote",
    "scopeNote",
)

INVERSES = {
    "broader": "narrower",
    "narrower": "broader",
    "broaderTransitive": "narrowerTransitive",
    "narrowerTransitive": "broaderTransitive",
    "related": "related",
    "hasTopConcept": "topConceptOf",
    "topConceptOf": "hasTopConcept",
}
"""Relations within a scheme, and what holds the other way round (S7, S8, S23, S25, S26)."""

DEPRECATED_TERMS = frozenset(
    {
        "CollectableProperty",
        "altSymbol",
        "isPrimarySubjectOf",
        "isSubjectOf",
        "prefSymbol",
        "primarySubject",
        "subject",
        "subjectIndicator",
        "symbol",
        "TopConcept",
    }
)
"""Terms of earlier drafts that the Recommendation dropped (SKOS Reference, appendix D)."""
