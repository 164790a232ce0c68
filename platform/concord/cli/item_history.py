"""`concord item ID --history`: the revisions of an item, when each held, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from concord.cli.differences import differences, words
from concord.cli.output import say

if TYPE_CHECKING:
    from concord.catalog.history import Recorded

_STATES = {
    "current": "current",
    "kept": "",
    "reread": "kept for references; its history was read anew since",
    "not_kept": "no longer kept, or could not be read",
}


def as_json(identifier: str, history: Sequence[Recorded]) -> dict[str, Any]:
    """The history as JSON values, newest first."""
    return {
        "identifier": identifier,
        "revisions": [
            {**each.to_json(), "differences": _differences(before, each)} for before, each in _steps(history)
        ],
    }


def show(identifier: str, history: Sequence[Recorded]) -> None:
    """Print the history, newest first."""
    titles = [each.item.title for each in history if each.item]
    say(titles[-1] if titles else identifier, f"{identifier}: {len(history)} revision{'s' if len(history) > 1 else ''}")
    for before, each in _steps(history):
        state = _STATES[each.state]
        say("", f"@{each.revision}  {each.period}{f'  ({state})' if state else ''}")
        say(*(f"    {line}" for line in _differences(before, each)))


def _steps(history: Sequence[Recorded]) -> list[tuple[Recorded | None, Recorded]]:
    """Each revision with the one before it that is kept, newest first."""
    steps = []
    before: Recorded | None = None
    for each in history:
        steps.append((before if before and before.reread == each.reread else None, each))
        before = each if each.item is not None else before
    return steps[::-1]


def _differences(before: Recorded | None, each: Recorded) -> list[str]:
    if before is None or before.item is None or each.item is None:
        return []
    titles = before.item.title, each.item.title
    title = [f"~ title: {words(*titles)}"] if titles[0] != titles[1] else []
    return title + differences(before.body or "", each.body or "")
