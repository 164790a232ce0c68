"""What a change would do, before it is approved: items described anew, answers that change, use cases affected.

A part that cannot be worked out is `Undetermined`, with the reason, and never empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A part of a preview that could not be worked out."""

    reason: str

    def to_json(self) -> dict[str, Any]:
        """The part as JSON values."""
        return {"undetermined": self.reason}


@dataclass(frozen=True, slots=True)
class Redescribed:
    """An item that would be described otherwise: concepts that come and go, and other fields that change.

    `gone` says why it would not be there any more.
    """

    identifier: str
    title: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    gone: str | None = None

    @property
    def retagged(self) -> bool:
        """Whether it would have other concepts."""
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Items:
    """Items described anew, of those that the viewer may read; `limited` says that there may be more."""

    changed: tuple[Redescribed, ...]
    limited: bool

    def to_json(self) -> dict[str, Any]:
        """The part as JSON values."""
        items = [
            {
                "identifier": each.identifier,
                "title": each.title,
                "added": list(each.added),
                "removed": list(each.removed),
                "fields": list(each.fields),
                "gone": each.gone,
            }
            for each in self.changed
        ]
        return {"retagged": sum(each.retagged for each in self.changed), "items": items, "limited": self.limited}


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A logged question whose answer would change: its words where the viewer may see them, and what differs."""

    question: str | None
    use_case: str | None
    changes: tuple[str, ...]
    cited_before: tuple[str, ...]
    cited_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """Logged questions asked again, of those that rest on nothing that the viewer may not read.

    `unknown` counts those that could not be asked, `limited` says that more were logged than are asked again.
    """

    days: int
    asked: int
    changed: tuple[ChangedAnswer, ...]
    unknown: int
    limited: bool

    def to_json(self) -> dict[str, Any]:
        """The part as JSON values."""
        answers = [
            {
                "question": each.question,
                "use_case": each.use_case,
                "changes": list(each.changes),
                "cited_before": list(each.cited_before),
                "cited_after": list(each.cited_after),
            }
            for each in self.changed
        ]
        told = {"days": self.days, "asked": self.asked, "changed": len(self.changed), "undetermined": self.unknown}
        return {**told, "answers": answers, "limited": self.limited}


@dataclass(frozen=True, slots=True)
class AffectedUseCase:
    """A use case that the change touches: its declaration, concepts, sources or audience."""

    id: str
    title: str
    declaration: str | None = None
    concepts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    audience_added: int = 0
    audience_removed: int = 0

    def to_json(self) -> dict[str, Any]:
        """The use case as JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "declaration": self.declaration,
            "concepts": list(self.concepts),
            "sources": list(self.sources),
            "audience_added": self.audience_added,
            "audience_removed": self.audience_removed,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that can be told of a change before it is approved."""

    items: Items | Undetermined
    questions: Questions | Undetermined
    use_cases: tuple[AffectedUseCase, ...] | Undetermined

    def to_json(self) -> dict[str, Any]:
        """The preview as JSON values."""
        use_cases = self.use_cases
        return {
            "items": self.items.to_json(),
            "questions": self.questions.to_json(),
            "use_cases": use_cases.to_json()
            if isinstance(use_cases, Undetermined)
            else [each.to_json() for each in use_cases],
        }
