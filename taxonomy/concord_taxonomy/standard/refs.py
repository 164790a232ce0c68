"""References to items: `identifier@revision`, and `identifier@3..` for a revision or any later one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REF = re.compile(r"(?P<identifier>.+?)(?:@(?P<revision>[1-9]\d*)(?P<open>\.\.)?)?")


@dataclass(frozen=True, slots=True, order=True)
class ItemRef:
    """An item at a revision; `revision` is None for whichever is current, `or_later` for `@3..`."""

    identifier: str
    revision: int | None = None
    or_later: bool = False

    @classmethod
    def parse(cls, text: str) -> ItemRef:
        """Read `identifier`, `identifier@3` or `identifier@3..`."""
        match = _REF.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no item reference: write identifier@revision")
        revision = match["revision"]
        return cls(match["identifier"], int(revision) if revision else None, bool(match["open"]))

    def covers(self, identifier: str, revision: int) -> bool:
        """Whether the item at that revision is one this reference means."""
        if identifier != self.identifier:
            return False
        return self.revision is None or revision == self.revision or (self.or_later and revision > self.revision)

    def __str__(self) -> str:
        if self.revision is None:
            return self.identifier
        return f"{self.identifier}@{self.revision}{'..' if self.or_later else ''}"
