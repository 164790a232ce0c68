"""Golden questions: what is asked, by whom, and what has to come back; one JSON object a line in `evals/*.jsonl`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from concord_feedback.errors import QuestionFileError
from concord_feedback.lines import parse_lines
from concord_feedback.validation import TAGS
from concord_taxonomy.standard.refs import ItemRef
from concord_taxonomy.standard.tokens import check_token

Text = Annotated[str, Field(min_length=1)]


def _user(token: str) -> str:
    if not token.startswith("user:"):
        raise ValueError(f"{token!r} asks nothing: write user:<id>")
    return check_token(token)


# `leave.md@latest` and `leave.md@0` would otherwise be identifiers that nothing ever has.
_NO_REVISION = re.compile(r".*@(?:0\d*(?:\.\.)?|latest|\.\.|)")


def _reference(text: str) -> str:
    if _NO_REVISION.fullmatch(text) or str(ItemRef.parse(text)) != text:
        raise ValueError(f"{text!r} is no reference: write identifier, identifier@3 or identifier@3..")
    return text


Reference = Annotated[str, AfterValidator(_reference)]


class ExpectedConflict(BaseModel):
    """How sources disagree: a winner over losers, or no winner and every side among the losers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    winner: Text | None = None
    losers: tuple[Text, ...] = Field(min_length=1)
    verdict: Literal["resolved", "contested", "unresolved", "differs_by_scope"] = "resolved"
    rule: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> ExpectedConflict:
        if self.verdict in ("resolved", "contested") and self.winner is None:
            raise PydanticCustomError("conflict", "a resolved or contested conflict has a winner: name it")
        if self.verdict == "unresolved" and (self.winner is not None or len(self.losers) < 2):
            raise PydanticCustomError("conflict", "an unresolved conflict has no winner: name every side under losers")
        if self.winner is not None and self.winner in self.losers:
            raise PydanticCustomError("conflict", "the winner cannot stand among the losers")
        return self


def _no_conflict(value: Any) -> Literal[False]:
    if value is not False:
        raise ValueError("write an object with winner and losers, or false")
    return value


def _conflict_tag(value: Any) -> str:
    return TAGS[isinstance(value, Mapping | BaseModel)]


Conflict = Annotated[
    Annotated[Literal[False], BeforeValidator(_no_conflict), Tag(TAGS[0])] | Annotated[ExpectedConflict, Tag(TAGS[1])],
    Discriminator(_conflict_tag),
]


class GoldenQuestion(BaseModel):
    """A question and what a right answer to it is.

    `evidence` lists references of the pages any one of which answers it; where an abstention is expected, of those that
    the asker may not read. `values` must each stand in the answer;
    `anchor` is a phrase of the passage that answers it. `conflict` is False where none may be reported, None where
    that does not matter. `as_of` asks at another date than today.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: Text
    question: Text
    principal: Annotated[str, AfterValidator(_user)]
    use_case: Text | None = None
    expect: Literal["answer", "abstain"] = "answer"
    reference: str | None = None
    values: tuple[Text, ...] = ()
    evidence: tuple[Reference, ...] = ()
    anchor: Text | None = None
    conflict: Conflict | None = None
    as_of: date | None = None
    tags: tuple[Text, ...] = ()
    source: Literal["authored", "correction", "generated", "case"] | None = None
    group: Text | None = None

    @model_validator(mode="after")
    def _measurable(self) -> GoldenQuestion:
        if self.expect == "answer" and not (self.reference or self.values or self.evidence):
            raise PydanticCustomError(
                "question", "nothing to compare an answer with: give reference, values or evidence"
            )
        if self.expect == "abstain" and self.values:
            raise PydanticCustomError("question", "an abstention states no values: drop values, or expect an answer")
        return self

    def wanted(self) -> tuple[ItemRef, ...]:
        """Return the evidence as references."""
        return tuple(ItemRef.parse(text) for text in self.evidence)


def parse_questions(text: str, name: str = "questions.jsonl") -> list[GoldenQuestion]:
    """Read a golden set; blank lines do not count. Raises `QuestionFileError` naming every line that is wrong."""
    return parse_lines(text, name, GoldenQuestion, QuestionFileError)


def write_questions(questions: Iterable[GoldenQuestion]) -> str:
    """Return questions as a golden set; what `parse_questions` reads from it is equal to them."""
    lines = (
        question.model_dump(mode="json", exclude_defaults=True) | {"expect": question.expect} for question in questions
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
