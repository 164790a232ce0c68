"""Examples of what a policy should decide: unit tests of `authority.yaml`, one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from concord.authority.errors import ExamplesError
from concord_feedback.lines import parse_lines
from concord_taxonomy.standard.item import ContentItem
from concord_taxonomy.standard.problems import validation_problems

UNNAMED_SOURCE = "documents"
"""The source of documents that name none, so that one of them may replace another."""
_EVENTS = ("created", "modified", "issued")


class ExampleDocument(BaseModel):
    """A document: its text as Markdown and the standard's fields, of which only `identifier` is needed.

    Dates of events may be plain dates, and lists single values.
    """

    model_config = ConfigDict(frozen=True)

    item: ContentItem
    text: str

    @model_validator(mode="before")
    @classmethod
    def _described(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise PydanticCustomError("document", "a document is an object with identifier and text")
        if not isinstance(value.get("text"), str):
            raise PydanticCustomError("document", "a document needs its text")
        fields = {name: given for name, given in value.items() if name != "text" and given is not None}
        fields.setdefault("source", UNNAMED_SOURCE)
        fields.setdefault("title", fields.get("identifier"))
        fields["was_derived_from"] = {"native_id": str(fields.get("identifier") or "?")}
        for name in _EVENTS:
            if isinstance(fields.get(name), str):
                fields[name] = _moment(fields[name])
        for name in ("replaces", "is_replaced_by", "subject", "audience", "spatial", "readers", "keyword"):
            if isinstance(fields.get(name), str):
                fields[name] = (fields[name],)
        try:
            return {"item": ContentItem.model_validate(fields), "text": value["text"]}
        except ValidationError as error:
            problems = "; ".join(map(str, validation_problems(error)))
            raise PydanticCustomError("document", "{problems}", {"problems": problems}) from None


def _moment(text: str) -> str:
    """A date as the moment on which it begins, and a moment without a zone in UTC."""
    text = text.strip()
    if len(text) == 10:
        return f"{text}T00:00:00Z"
    return text if text.endswith("Z") or "+" in text or "-" in text[10:] else f"{text}Z"


class Expectation(BaseModel):
    """What should come of an example: whether there is a conflict, and who wins it (null: nobody)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conflict: bool
    winner: str | None = None


class Example(BaseModel):
    """Documents, perhaps a question about them, and what is expected; other keys are the author's own.

    `as_of` decides as on that date instead of today.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    question: str | None = None
    as_of: date | None = None
    documents: tuple[ExampleDocument, ...] = Field(min_length=1)
    expect: Expectation
    kind: str | None = None

    @field_validator("id", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _whole(self) -> Example:
        names = [document.item.identifier for document in self.documents]
        twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
        if twice is not None:
            raise PydanticCustomError("example", "two documents are called {name}", {"name": twice})
        winner = self.expect.winner
        if winner is not None and winner not in names:
            raise PydanticCustomError("example", "the expected winner {name} is no document", {"name": winner})
        if winner is not None and not self.expect.conflict:
            raise PydanticCustomError("example", "without a conflict there is no winner: expect conflict, or null")
        return self


def parse_examples(text: str, name: str = "examples.jsonl") -> list[Example]:
    """Read examples; raises `ExamplesError` naming every line that is wrong."""
    return parse_lines(text, name, Example, ExamplesError)
