"""Questions of fixed cases in the golden set: `evals/cases.jsonl`, which belongs to the workspace's files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from concord_feedback import GoldenQuestion, parse_questions, write_questions
from concord_feedback.cases import Report

CASES_FILE = "evals/cases.jsonl"


def keep_question(folder: Path, identity: str, report: Report, evidence: Sequence[str]) -> bool:
    """Add a report's question with what answers it now; False where it is there already, or has nothing to compare."""
    if report.principal is None or not (report.right_answer or evidence):
        return False
    file = folder / CASES_FILE
    held = parse_questions(file.read_text("utf-8"), CASES_FILE) if file.exists() else []
    if any(each.id == identity for each in held):
        return False
    made = GoldenQuestion(
        id=identity,
        question=report.question,
        principal=f"user:{report.principal}",
        use_case=report.use_case,
        reference=report.right_answer or None,
        evidence=tuple(evidence),
        tags=("case",),
        source="case",
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(write_questions([*held, made]), "utf-8")
    return True
