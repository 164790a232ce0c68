"""Corrections from a CSV file: of answers that Concord gave, or of questions that were asked elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from concord_feedback.corrections import Rating, Reason
from concord_feedback.errors import CorrectionsError, FileProblem
from concord_feedback.validation import file_problems

MAX_LINES = 10_000


class CorrectionLine(BaseModel):
    """One line: `trace` names the answer, else `question` is asked and that answer is corrected.

    `principal` is who got the answer (default: who imports); several references of `evidence` stand apart by `;`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    trace: str = Field(default="", max_length=100)
    principal: str = ""
    question: str = Field(default="", max_length=2_000)
    use_case: str = ""
    reason: Reason
    comment: str = ""
    right_answer: str = ""
    evidence: str = ""

    @model_validator(mode="after")
    def _about_one(self) -> CorrectionLine:
        if bool(self.trace) == bool(self.question):
            raise PydanticCustomError("line", "give the trace of an answer, or a question")
        self.rating()
        return self

    def rating(self) -> Rating:
        """What is said of the answer."""
        named = tuple(each.strip() for each in self.evidence.split(";") if each.strip())
        return Rating(
            helpful=False,
            reason=self.reason,
            comment=self.comment,
            right_answer=self.right_answer,
            evidence=named,
        )


def parse_corrections(
    content: bytes,
    name: str = "corrections.csv",
    known: Callable[[str], bool] = lambda who: True,
    lacking: Callable[[Mapping[int, CorrectionLine]], Mapping[int, str]] = lambda lines: {},
) -> dict[int, CorrectionLine]:
    """Read a CSV file with a head line, in UTF-8: lines by their numbers.

    Raises `CorrectionsError` naming every line that is wrong, whose principal is not `known`, or that `lacking` tells
    of: what is not there, by the numbers of the lines.
    """
    problems: list[FileProblem] = []
    wrong: dict[int, list[FileProblem]] = {}
    found: dict[int, CorrectionLine] = {}
    for count, (number, row) in enumerate(_rows(_decoded(content, name), name)):
        if count >= MAX_LINES:
            problems.append(FileProblem(f"line {number}", f"a file holds at most {MAX_LINES:,} corrections: split it"))
            break
        if row is None:
            wrong[number] = [FileProblem(f"line {number}", "it has another number of cells")]
            continue
        try:
            line = CorrectionLine.model_validate(row)
        except ValidationError as error:
            wrong[number] = file_problems(error, CorrectionLine, f"line {number}")
            continue
        if line.principal and not known(line.principal):
            told = f"no user {line.principal!r} in principals.yaml: add them, or leave it empty to say it yourself"
            wrong[number] = [FileProblem(f"line {number}, principal", told)]
            continue
        found[number] = line
    wrong |= {number: [FileProblem(f"line {number}", told)] for number, told in lacking(found).items()}
    problems = [*(each for number in sorted(wrong) for each in wrong[number]), *problems]
    if problems:
        raise CorrectionsError(name, problems)
    return found


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorrectionsError(name, [FileProblem(f"byte {error.start + 1}", "it is not UTF-8")]) from None


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str] | None]]:
    """The rows by their numbers; None for one that has another number of cells than the head line."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    known = list(CorrectionLine.model_fields)
    try:
        if told := _wrong_head(reader.fieldnames or (), known):
            raise CorrectionsError(name, [FileProblem("line 1", f"{told}: the columns are {', '.join(known)}")])
        for row in reader:
            if None in row or None in row.values():
                yield reader.line_num, None
            else:
                yield reader.line_num, {key: value for key, value in row.items() if value}
    except csv.Error as error:
        raise CorrectionsError(name, [FileProblem(f"line {reader.line_num}", str(error))]) from None


def _wrong_head(named: Sequence[str], known: Sequence[str]) -> str:
    """What is wrong with a head line; empty where nothing is. Of a column named twice, only one would be read."""
    unknown = [each for each in named if each not in known]
    twice = [each for place, each in enumerate(named) if each in named[:place]]
    if not named:
        return "there is no head line"
    return f"no column {unknown[0]!r}" if unknown else f"the column {twice[0]!r} is there twice" if twice else ""
