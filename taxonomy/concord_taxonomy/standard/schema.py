"""JSON Schema (2020-12) of the metadata standard, for tools in other languages."""

from __future__ import annotations

from typing import Any

from concord_taxonomy.standard.item import ContentItem
from concord_taxonomy.standard.terms import TERMS, expand
from concord_taxonomy.standard.version import STANDARD_VERSION


def content_item_schema() -> dict[str, Any]:
    """Return the JSON Schema of `ContentItem`; each property names its term of DCTERMS, DCAT, PROV… in `x-term`.

    >>> content_item_schema()["$id"]
    'urn:concord:standard:content-item:1.0'
    """
    schema = ContentItem.model_json_schema()
    for name, described in schema["properties"].items():
        described["x-term"] = expand(TERMS[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:concord:standard:content-item:{STANDARD_VERSION}",
        "version": STANDARD_VERSION,
        **schema,
    }
