"""What a message holds is for the message's readers: an attachment's own words never open it to anybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from concord_taxonomy.standard import EVERYONE, AccessRights, MappingResult, Problem

MESSAGE = "message/rfc822"


def message_of(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record of the outermost message that holds a record, as a mapping reads it, its text apart; None without."""
    found, holder = None, fields.get("container")
    while holder is not None:
        found = holder if holder["media_type"] == MESSAGE else found
        holder = holder["container"]
    if found is None:
        return None
    path = PurePosixPath(found["native_id"])
    sidecar = fields["sidecar"]
    return {
        "native_id": found["native_id"],
        "name": path.name,
        "folder": "" if str(path.parent) == "." else str(path.parent),
        "url": fields["url"],
        "media_type": MESSAGE,
        "metadata": {**found["metadata"], **sidecar},
        "front_matter": found["metadata"],
        "sidecar": sidecar,
        "document": {"title": found["metadata"].get("subject"), "properties": {}},
        "container": found["container"],
        "history": fields["history"],
    }


def within_message(result: MappingResult, message: MappingResult) -> MappingResult:
    """The result for what `message` holds: its readers are those that both mappings name, its access the stricter one.

    Where the message cannot be described, neither can what it holds.
    """
    if result.item is None:
        return result
    if message.item is None:
        words = "; ".join(str(problem) for problem in message.problems if problem.fatal)
        problem = Problem("readers", "", f"they are those of {message.identifier}, which cannot be mapped: {words}")
        return replace(result, item=None, problems=(*result.problems, problem))
    levels = list(AccessRights)
    update = {
        "readers": _in_both(result.item.readers, message.item.readers),
        "access_rights": max(result.item.access_rights, message.item.access_rights, key=levels.index),
    }
    return replace(result, item=result.item.model_copy(update=update))


def _in_both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    if EVERYONE in one:
        return tuple(other)
    return tuple(one) if EVERYONE in other else tuple(token for token in one if token in other)
