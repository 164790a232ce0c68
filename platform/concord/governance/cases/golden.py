"""Questions of fixed cases in the golden set: `evals/cases.jsonl`, which belongs to the workspace's files.

Whoever has the workspace edits that file too: a line is added or made anew, and every other stays as it stands, also
one that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from concord_feedback import GoldenQuestion, parse_questions, write_questions
from concord_feedback.cases import Report
from concord_feedback.errors import QuestionFileError

CASES_FILE = "evals/cases.jsonl"


def keep_questions(folder: Path, case: int, proven: Iterable[tuple[Report, Sequence[str]]]) -> list[int]:
    """Keep a case's questions, each with what answers it now; returns the numbers of lines that cannot be read.

    One that is there already gets the evidence of now. A report without who asked, or with nothing to compare, is
    left out.
    """
    file = folder / CASES_FILE
    # What is no UTF-8 is kept as it is, too.
    text = file.read_bytes().decode("utf-8", "surrogateescape") if file.exists() else ""
    lines = text.split("\n") if text else []
    ended = lines[:-1] if lines and not lines[-1] else lines
    made = list(ended)
    held, unread = _read(made)
    for report, evidence in proven:
        if report.principal is None or not (report.right_answer or evidence):
            continue
        place = next((place for place, each in held.items() if _asks(each, case, report)), len(made))
        identity = held[place].id if place in held else _free(case, made)
        if place in held:
            question = held[place].model_copy(update={"evidence": tuple(evidence) or held[place].evidence})
        else:
            question = _question(identity, report, evidence)
        if question != held.get(place):
            held[place] = question
            made[place : place + 1] = [write_questions([question]).rstrip("\n")]
    if made != ended:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.new")
        beside.write_bytes(("\n".join(made) + "\n").encode("utf-8", "surrogateescape"))
        beside.replace(file)
    return unread


def _read(lines: Sequence[str]) -> tuple[dict[int, GoldenQuestion], list[int]]:
    """The questions by their place among the lines, and the numbers of the lines that are none."""
    held: dict[int, GoldenQuestion] = {}
    unread: list[int] = []
    for place, line in enumerate(lines):
        try:
            for each in parse_questions(line, CASES_FILE):
                held[place] = each
        except QuestionFileError:
            unread.append(place + 1)
    return held, unread


def _asks(held: GoldenQuestion, case: int, report: Report) -> bool:
    """Whether a question is that of a report of this case, made here; one that somebody wrote is never changed."""
    same = (report.question.strip(), f"user:{report.principal}", report.use_case, report.right_answer.strip() or None)
    mine = held.source == "case" and held.id.startswith(f"case-{case}-")
    return mine and (held.question, held.principal, held.use_case, held.reference) == same


def _free(case: int, lines: Sequence[str]) -> str:
    """The first identity of the case that stands nowhere in the file, not even in a line that cannot be read."""
    numbered = (f"case-{case}-{number}" for number in count(1))
    return next(each for each in numbered if not any(f'"{each}"' in line for line in lines))


def _question(identity: str, report: Report, evidence: Sequence[str]) -> GoldenQuestion:
    return GoldenQuestion(
        id=identity,
        question=report.question,
        principal=f"user:{report.principal}",
        use_case=report.use_case,
        reference=report.right_answer or None,
        evidence=tuple(evidence),
        tags=("case",),
        source="case",
    )
