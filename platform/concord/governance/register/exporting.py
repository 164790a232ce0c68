"""Accepted differences as a file of the workspace: people's decisions, for a review, a backup, or another catalog."""

from __future__ import annotations

from pathlib import Path

import yaml
from sqlalchemy import Connection

from concord.catalog import differences, items
from concord_taxonomy.standard import Principal

DIFFERENCES_FILE = "differences.yaml"
_HEAD = "# Written by `concord workspace export`. The catalog holds these decisions; nothing reads this file.\n"


def exported(connection: Connection, who: Principal) -> tuple[int, str]:
    """How many decisions stand, and all of them as YAML, the earliest first: the same decisions give the same text.

    Of pairs with an item that `who` may not read there is no word.
    """
    standing = differences.all_standing(connection)
    named = sorted({name for each in standing for pair in each.pairs for name in pair})
    readable = items.readable(connection, who, named).keys()
    told = [
        {
            "id": each.id,
            "entry": each.entry,
            "between": pairs,
            "why": each.why,
            **({"scope": each.scope} if each.scope else {}),
            "accepted_by": each.accepted_by,
            "accepted_at": each.accepted_at.isoformat(timespec="seconds"),
        }
        for each in sorted(standing, key=lambda each: (each.accepted_at, each.id))
        if (pairs := sorted(sorted(pair) for pair in each.pairs if pair <= readable))
    ]
    return len(told), _HEAD + yaml.safe_dump({"differences": told}, sort_keys=False, allow_unicode=True, width=120)


def write(folder: Path, text: str) -> bool:
    """Write the file, in one step; returns whether it said something else before."""
    path = folder / DIFFERENCES_FILE
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8", newline="")
    beside.replace(path)
    return True
