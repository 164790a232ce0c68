"""A run as a file: CSV, Parquet, or JUnit's XML for what shows test results."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from concord_evals.errors import MissingExtra
from concord_evals.runs import Run
from concord_evals.scoring import Score

FORMATS = ("csv", "parquet", "junit")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(run: Run, scores: Sequence[Score], kind: str) -> bytes:
    """The run in one of `FORMATS`; raises `MissingExtra` for Parquet without pyarrow."""
    return {"csv": _csv, "parquet": _parquet, "junit": junit}[kind](run, scores)


def rows(run: Run, scores: Sequence[Score]) -> list[dict[str, Any]]:
    """One row a question: who asked in which use case, whether it is right, and every metric of the run by its name."""
    asked = {each.id: each for each in run.questions}
    names = sorted({name for each in scores for name in each.metrics})
    return [
        {
            "run": run.id,
            "question": each.id,
            "text": each.question,
            "principal": run.as_ or asked[each.id].principal,
            "use_case": asked[each.id].use_case,
            "group": asked[each.id].group,
            "tags": " ".join(each.tags),
            "right": each.right,
            "error": each.error,
            "ms": each.ms,
            **{name: each.metrics.get(name) for name in names},
        }
        for each in scores
    ]


def _csv(run: Run, scores: Sequence[Score]) -> bytes:
    table = rows(run, scores)
    text = StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in table)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, as a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _parquet(run: Run, scores: Sequence[Score]) -> bytes:
    try:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]
        import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtra("Parquet", "pyarrow", "parquet") from error
    table = rows(run, scores)
    # A metric holds flags or scores; of a question to which it does not apply, nothing.
    columns = {name: [_number(row[name]) for row in table] for name in table[0]}
    target = BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, bool | int | float) else value


def junit(run: Run, scores: Sequence[Score]) -> bytes:
    """A test case a question: a failure names the checks that did not hold, an error what could not be measured."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    wrong = [each for each in scores if each.right is False]
    unknown = [each for each in scores if each.right is None]
    suite = etree.Element(
        "testsuite",
        name=f"concord eval {' '.join(run.suites)}",
        tests=str(len(scores)),
        failures=str(len(wrong)),
        errors=str(len(unknown)),
        time=f"{sum(each.ms or 0 for each in scores) / 1000:.3f}",
    )
    for each in scores:
        case = etree.SubElement(
            suite, "testcase", name=xml_text(f"{each.id}: {each.question}"), time=f"{(each.ms or 0) / 1000:.3f}"
        )
        if each.right is None:
            etree.SubElement(case, "error", message=xml_text(each.error or "not measured"))
        elif not each.right:
            etree.SubElement(case, "failure", message=xml_text(", ".join(each.failed)))
    whole: bytes = etree.tostring(suite, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return whole


def xml_text(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(char if char.isprintable() else " " for char in text)
