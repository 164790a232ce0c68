from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content
from concord_connectors.parsers.tables import grid_markdown


def parse(content: bytes, limits: Limits | None = None, kind: str = "text/csv") -> ParsedDocument:
    result = parse_content(content, kind, "x.csv", limits or Limits())
    assert isinstance(result, ParsedDocument), result
    return result


TABLE = "| Grade | Pay, gross |\n| --- | --- |\n| A | 1,5 |\n| B \\| C | two lines |"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_and_delimiter_are_found(delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    rows = [["Grade", "Pay, gross"], ["A", "1,5"], ["B | C", "two\nlines"]]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert parse(out.getvalue().encode(encoding)).markdown == TABLE


def test_a_named_delimiter_and_tsv() -> None:
    assert parse(b"sep=^\r\na^b\r\nc^d,e,f\r\n").markdown == "| a | b |\n| --- | --- |\n| c | d,e,f |"
    tsv = parse(b"a\tb,c\n1\t2,3\n", kind="text/tab-separated-values").markdown
    assert tsv == "| a | b,c |\n| --- | --- |\n| 1 | 2,3 |"


def test_a_guess_and_a_cut_are_told() -> None:
    assert parse("Straße;Höhe\na;b\n".encode("cp1252")).warnings == ("encoding_guessed_cp1252",)
    long = b"a,b\n" + b"x,y\n" * 20
    assert parse(long, Limits(rows=5)).warnings == ("rows_cut: rows behind the first 5",)
    assert parse(b"a,b,c\n1,2,3\n", Limits(columns=2)).warnings == ("rows_cut: columns behind the first 2",)


def test_a_field_beyond_reason_is_corrupt() -> None:
    result = parse_content(b'a,b\n"' + b"x" * 200_000, "text/csv", "x.csv")
    assert isinstance(result, Failure) and result.reason == "corrupt"


@pytest.mark.parametrize(
    ("rows", "markdown"),
    [
        ([["", ""], ["", "a", "b"], ["", "1", "2"], [""]], "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ([["x", "1"], ["y", "2"]], "| Column A | Column B |\n| --- | --- |\n| x | 1 |\n| y | 2 |"),
        ([["Port", "2025", "2026"], ["H", "1", "2"]], "| Port | 2025 | 2026 |\n| --- | --- | --- |\n| H | 1 | 2 |"),
        ([["Title"], ["One"]], "Title\n\nOne"),
        ([["Title", ""], ["a", "b"], ["c", "d"]], "Title\n\n| a | b |\n| --- | --- |\n| c | d |"),
        ([["a", "b"], ["1", "2"], [], ["c", "d"], ["3", "4"]],
         "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c | d |\n| --- | --- |\n| 3 | 4 |"),
    ],
)  # fmt: skip
def test_tables_are_found_in_a_grid(rows: list[list[str]], markdown: str) -> None:
    assert grid_markdown(rows) == markdown


@given(st.lists(st.lists(st.text("ab 1|\n£%", max_size=4), max_size=45), max_size=8))
def test_no_cell_is_lost(rows: list[list[str]]) -> None:
    shown = grid_markdown(rows).replace("\\|", "|")
    for row in rows:
        for cell in row:
            assert " ".join(cell.split()) in shown


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_a_failure(content: bytes) -> None:
    assert isinstance(parse_content(content, "text/csv", "x.csv"), ParsedDocument | Failure)
