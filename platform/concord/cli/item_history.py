"""`concord item ID --history`: the revisions of an item, when each held, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from concord.cli.differences import differences, words
from concord.cli.errors import CommandError
from concord.cli.output import say

if TYPE_CHECKING:
    from concord.catalog.history import Recorded
    from concord_taxonomy.standard import ContentItem, ItemRef

_STATES = {
    "current": "current",
    "kept": "",
    "reread": "kept for references; its history was read anew since",
    "not_kept": "no longer kept, or could not be read",
}


def chosen(history: Sequence[Recorded], named: ItemRef) -> tuple[Recorded, ContentItem]:
    """The revision that a reference names, and its item; raises `CommandError` where it is not kept or never was."""
    found = next((each for each in history if each.revision == named.revision), None)
    if found is None:
        known = (
            f"its revisions are {history[0].revision} to {history[-1].revision}"
            if history
            else "nothing is known of its past"
        )
        raise CommandError(f"{named.identifier} has no revision {named.revision}: {known}")
    if found.item is None:
        raise CommandError(f"revision {named.revision} of {named.identifier} is no longer kept, or could not be read")
    return found, found.item


def as_json(identifier: str, history: Sequence[Recorded]) -> dict[str, Any]:
    """The history as JSON values, newest first."""
    return {
        "identifier": identifier,
        "revisions": [
            {
                "revision": each.revision,
                "held": each.period.to_json(),
                "state": _state(each),
                "recorded_at": each.recorded_at.isoformat(timespec="seconds"),
                "title": each.item.title if each.item else None,
                "status": each.item.status.value if each.item else None,
                "landing_page": each.item.landing_page if each.item else None,
                "differences": _differences(before, each),
            }
            for before, each in _steps(history)
        ],
    }


def show(identifier: str, history: Sequence[Recorded]) -> None:
    """Print the history, newest first."""
    titles = [each.item.title for each in history if each.item]
    say(titles[-1] if titles else identifier, f"{identifier}: {len(history)} revision{'s' if len(history) > 1 else ''}")
    for before, each in _steps(history):
        state = _STATES[_state(each)]
        say("", f"@{each.revision}  {each.period}{f'  ({state})' if state else ''}")
        say(*(f"    {line}" for line in _differences(before, each)))


def _state(each: Recorded) -> str:
    if each.item is None:
        return "not_kept"
    return "current" if each.current else "reread" if each.reread else "kept"


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
