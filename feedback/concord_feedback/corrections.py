"""Corrections: what a person says of an answer that they were given."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

MAX_WORDS = 4_000
"""Characters of a comment, and of a right answer."""
MAX_EVIDENCE = 20

_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_WORDS)]


class Reason(StrEnum):
    """What is wrong with an answer, as the person who got it sees it."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"
    CONTRADICTS = "contradicts"
    NOT_FOR_ME = "not_for_me"
    SHOULD_NOT_BE_VISIBLE = "should_not_be_visible"


class Rating(BaseModel):
    """A thumb up (`helpful`), or a thumb down with its `reason`.

    `evidence` lists what gives the `right_answer`: `identifier` or `identifier@revision`, an address, or a quote.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    helpful: bool = Field(strict=True, description="Thumb up, or down.")
    reason: Reason | None = Field(default=None, description="What is wrong; needed with a thumb down.")
    comment: _Words = Field(default="", description="In one's own words.")
    right_answer: _Words = Field(default="", description="What the answer should have said.")
    evidence: tuple[Annotated[str, StringConstraints(min_length=1, max_length=2_000)], ...] = Field(
        default=(),
        max_length=MAX_EVIDENCE,
        description="What gives the right answer: `identifier` or `identifier@revision`, an address, or a quote.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Rating:
        if not self.helpful and self.reason is None:
            raise PydanticCustomError("rating", "say what is wrong: a thumb down has a reason")
        if self.helpful and self.reason is not None:
            raise PydanticCustomError("rating", "a thumb up has no reason: nothing is wrong")
        return self


class Correction(BaseModel):
    """A rating on the answer of a trace, by the one who got it (the id of a principal).

    `rating.evidence` names exact revisions, as `cited` does: those that the answer stood on. `quoted` are the
    quotes and addresses that were given as evidence, as they were written. `imported_by` is who brought it in a file
    (the id of a principal), and who answers for it; None where `principal` said it here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    at: AwareDatetime
    principal: str = Field(min_length=1)
    trace: str = Field(min_length=1)
    rating: Rating
    cited: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    imported_by: str | None = None
