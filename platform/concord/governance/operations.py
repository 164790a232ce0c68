"""From what a proposal keeps to the operation that it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concord.governance.changes import Operation
from concord.governance.entries import ENTRIES
from concord.governance.terms import TermOperation


def read_operation(data: Mapping[str, Any]) -> Operation:
    """The operation of a proposal; raises `pydantic.ValidationError` for what is none."""
    entry = ENTRIES.get(str(data.get("operation")))
    return entry.model_validate(dict(data)) if entry else TermOperation.parse(data)
