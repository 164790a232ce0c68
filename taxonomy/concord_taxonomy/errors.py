"""The base of what can go wrong in `concord_taxonomy`; each part draws its own branch.

ConcordTaxonomyError
├── StandardError       the metadata standard (`concord_taxonomy.standard.errors`)
└── …                   vocabularies (`concord_taxonomy.skos.errors`)
"""

from __future__ import annotations


class ConcordTaxonomyError(Exception):
    """Base of every error of this package; its text says what to do next."""
