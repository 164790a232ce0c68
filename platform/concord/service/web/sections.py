"""Pages that packages add: entry points of the group `concord.pages`, each a `Section` (docs/extending.md)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from fastapi import APIRouter

from concord.access.actions import Action

GROUP = "concord.pages"

_NAME = re.compile(r"[a-z][a-z-]*")
_log = logging.getLogger("concord.service.web")


@dataclass(frozen=True)
class Section:
    """Pages under `/NAME`, of which the first is the path "" of the router.

    The menu offers them to whom a policy permits `action`; what each page shows is the business of its route, which
    reads by `Looking`. `templates` holds its templates, called `NAME/….html`, and may use `base.html`; files of
    `static` are named `asset("NAME/…")`.
    """

    name: str
    title: str
    router: APIRouter
    action: Action
    templates: Path
    static: Path | None = None

    @property
    def path(self) -> str:
        """Where its first page is."""
        return f"/{self.name}"


def sections() -> list[Section]:
    """The installed sections by title; one that cannot be loaded is logged and left out."""
    return sorted(_loaded(), key=lambda each: each.title)


def _loaded() -> Iterator[Section]:
    for entry in entry_points(group=GROUP):
        try:
            found = entry.load()
            if not isinstance(found, Section) or not _NAME.fullmatch(found.name):
                raise TypeError("it is no Section with a name of small letters")
        except Exception as error:
            # Broken pages must not take the others with them.
            _log.warning("pages %s (%s) are left out: %s: %s", entry.name, entry.value, type(error).__name__, error)
        else:
            yield found
