"""What every database of the catalog can hold: no NUL, no lone surrogate, no number that JSON does not have.

Decided here, for SQLite as for PostgreSQL, so that both hold the same. A character that cannot be kept becomes U+FFFD,
the replacement character: text keeps its length, and with it every offset into it.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|d[89a-f])")


def storable(text: str) -> str:
    """`text` as it is kept; of the same length."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def storable_value(value: Any) -> Any:
    """A JSON value as it is kept: its texts storable, keys included, and NaN and infinities as their words."""
    match value:
        case str():
            return storable(value)
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {storable(key) if isinstance(key, str) else key: storable_value(part) for key, part in value.items()}
        case list() | tuple():
            return [storable_value(part) for part in value]
        case _:
            return value


def to_json(value: Any) -> str:
    """`value` as the text of a JSON column; the rare one that is not storable is mended first."""
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(storable_value(value))
    # Pairs of surrogates are escaped alike and are left as they are when the value is mended.
    return json.dumps(storable_value(value)) if _ESCAPED.search(text) else text
