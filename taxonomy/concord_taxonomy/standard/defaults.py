"""What a field takes where a mapping has no expression for it.

Nothing here reads who may see an item, how it is classified, or how much authority it has: content never assigns its
own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from concord_taxonomy.standard.expression import Expression
from concord_taxonomy.standard.item import AccessRights, Status
from concord_taxonomy.standard.text import as_text, one_line

FROM_RECORD: MappingProxyType[str, tuple[Expression, ...]] = MappingProxyType(
    {
        "landing_page": (Expression(path="url"),),
        "format": (Expression(path="media_type"),),
        "title": (Expression(path="metadata.title"), Expression(path="document.title")),
        "created": (Expression(path="metadata.created", date=True), Expression(path="history.created", date=True)),
        "modified": (Expression(path="metadata.modified", date=True), Expression(path="history.modified", date=True)),
    }
)
"""Where such a field comes from; a value that cannot be used is passed over and reported."""

_CONSTANTS: MappingProxyType[str, Any] = MappingProxyType(
    {"language": "en", "status": Status.APPROVED.value, "access_rights": AccessRights.INTERNAL.value}
)


def fallback(field: str, record: Mapping[str, Any]) -> Any:
    """Return what stands in where neither mapping nor record gives a value, None where nothing does."""
    return _title_of_name(record) if field == "title" else _CONSTANTS.get(field)


def _title_of_name(record: Mapping[str, Any]) -> str | None:
    name = as_text(record.get("name")) or posixpath.basename(as_text(record.get("native_id")) or "")
    stem = posixpath.splitext(name)[0] or name
    words = one_line(stem.replace("-", " ").replace("_", " "))
    return f"{words[0].upper()}{words[1:]}" if words else None
