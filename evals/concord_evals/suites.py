"""The golden sets of a workspace: which questions a run asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from concord_evals.errors import NoQuestions, NoSuchSuite, NotText, SameQuestion
from concord_feedback import GoldenQuestion, parse_questions

FOLDER = "evals"


def read_suites(
    workspace: Path, names: Sequence[str] = (), use_case: str | None = None
) -> tuple[tuple[str, ...], list[GoldenQuestion]]:
    """The names of golden sets with their questions: those named (a file, or `NAME` of `evals/NAME.jsonl`), or all.

    Each is found again by the name that it is given here: the whole path, where it is no golden set of the workspace.
    With a use case only the questions asked in it. Raises `NoSuchSuite`, `NotText`, `SameQuestion`, `NoQuestions`, and
    `QuestionFileError` naming every wrong line.
    """
    known = {path.stem: path for path in sorted((workspace / FOLDER).glob("*.jsonl"))}
    files = [_file(name, known) for name in names] or list(known.values())
    found: dict[str, tuple[str, GoldenQuestion]] = {}
    for file in files:
        for question in parse_questions(_text(file), file.name):
            if question.id in found:
                raise SameQuestion(question.id, found[question.id][0], file.name)
            found[question.id] = file.name, question
    chosen = [question for _, question in found.values() if use_case in (None, question.use_case)]
    if not chosen:
        where = ", ".join(each.name for each in files) or f"{FOLDER}/*.jsonl"
        raise NoQuestions(f"{where} for use case {use_case}" if use_case and found else where)
    names_by_path = {path.resolve(): name for name, path in known.items()}
    return tuple(names_by_path.get(path := each.resolve(), str(path)) for each in files), chosen


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise NotText(str(file)) from None


def _file(name: str, known: dict[str, Path]) -> Path:
    if name in known:
        return known[name]
    if (path := Path(name)).is_file():
        return path
    raise NoSuchSuite(name, known)
