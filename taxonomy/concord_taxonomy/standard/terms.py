"""Which term of which standard each field of the standard is; a field without one has a term of our own (†)."""

from __future__ import annotations

from types import MappingProxyType

CONCORD = "urn:concord:standard:"
"""Namespace of the terms that no standard has; names, not addresses."""

PREFIXES: MappingProxyType[str, str] = MappingProxyType(
    {
        "adms": "http://www.w3.org/ns/adms#",
        "concord": CONCORD,
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "prov": "http://www.w3.org/ns/prov#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

TERMS: MappingProxyType[str, str] = MappingProxyType(
    {
        "identifier": "dcterms:identifier",
        "revision": "concord:revision",
        "source": "dcterms:isPartOf",
        "landing_page": "dcat:landingPage",
        "title": "dcterms:title",
        "description": "dcterms:description",
        "type": "dcterms:type",
        "format": "dcterms:format",
        "language": "dcterms:language",
        "was_derived_from": "prov:wasDerivedFrom",
        "generated_at": "prov:generatedAtTime",
        "generated_by": "prov:wasGeneratedBy",
        "invalidated_at": "prov:invalidatedAtTime",
        "checksum": "spdx:checksum",
        "field_origin": "concord:fieldOrigin",
        "creator": "dcterms:creator",
        "publisher": "dcterms:publisher",
        "contact_point": "dcat:contactPoint",
        "steward": "concord:steward",
        "status": "adms:status",
        "created": "dcterms:created",
        "modified": "dcterms:modified",
        "issued": "dcterms:issued",
        "valid_from": "schema:validFrom",
        # schema:expires is the date from which something no longer holds: exclusive, as ours is.
        "valid_until": "schema:expires",
        "last_reviewed": "schema:lastReviewed",
        "review_due": "concord:reviewDue",
        "version": "dcat:version",
        "replaces": "dcterms:replaces",
        "is_replaced_by": "dcterms:isReplacedBy",
        "access_rights": "dcterms:accessRights",
        "readers": "concord:reader",
        "license": "dcterms:license",
        "audience": "dcterms:audience",
        "spatial": "dcterms:spatial",
        "conforms_to": "dcterms:conformsTo",
        "subject": "dcterms:subject",
        "keyword": "dcat:keyword",
        "authority_tier": "concord:authorityTier",
    }
)


def expand(term: str) -> str:
    """Return a prefixed term as its full IRI."""
    prefix, _, name = term.partition(":")
    return f"{PREFIXES[prefix]}{name}"
