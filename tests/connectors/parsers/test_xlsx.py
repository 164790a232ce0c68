from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content
from concord_connectors.parsers.formats import media_type_of
from concord_connectors.parsers.number_format import shown


def make(fill: Callable[[Any], None]) -> bytes:
    book = Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rates(book: Any) -> None:
    sheet = book.active
    sheet.title = "Rates"
    sheet.merge_cells("B1:F1")
    sheet["B1"] = "Rates and limits"
    for column, name in zip("BCDEF", ("What", "Rate", "Share", "From", "Limit"), strict=True):
        sheet[f"{column}3"] = name
    for address, value, form in (
        ("B4", "Mileage", "General"),
        ("C4", 0.52, "£#,##0.00"),
        ("D4", 0.075, "0.0%"),
        ("E4", date(2026, 1, 1), "dd/mm/yyyy"),
        ("F4", 1234.5, '_-£* #,##0.00_-;-£* #,##0.00_-;_-£* "-"??_-;_-@_-'),
        ("B5", "Hotel | inn", "General"),
        ("C5", 145, "[$£-809]#,##0"),
        ("C6", 27, '0" days"'),
        ("F6", True, "General"),
    ):
        sheet[address] = value
        sheet[address].number_format = form
    sheet.merge_cells("B5:B6")
    sheet["A9"] = "Kept by Finance."
    hidden = book.create_sheet("Old rates")
    hidden["A1"] = "not shown"
    hidden.sheet_state = "hidden"


def parse(content: bytes, limits: Limits | None = None) -> ParsedDocument | Failure:
    return parse_content(content, media_type_of("rates.xlsx"), "rates.xlsx", limits or Limits())


def document(content: bytes, limits: Limits | None = None) -> ParsedDocument:
    result = parse(content, limits)
    assert isinstance(result, ParsedDocument), result
    return result


def test_a_sheet_reads_as_its_reader_sees_it() -> None:
    parsed = document(make(rates))
    assert (
        parsed.markdown
        == """## Rates

Rates and limits

| What | Rate | Share | From | Limit |
| --- | --- | --- | --- | --- |
| Mileage | £0.52 | 7.5% | 2026-01-01 | £1,234.50 |
| Hotel \\| inn | £145 |  |  |  |
| Hotel \\| inn | 27 days |  |  | TRUE |

Kept by Finance."""
    )
    assert parsed.warnings == ("hidden_sheets: Old rates",)


def test_a_formula_gives_its_computed_value_or_is_counted() -> None:
    def fill(book: Any) -> None:
        book.active.append(["Name", "Sum", "Twice"])
        book.active.append(["a", "=1+1", 2])

    content = make(fill)
    assert document(content).warnings == ("formulas_without_values: 1",)
    computed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(computed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"))
    parsed = document(computed.getvalue())
    assert "| a | 2 | 2 |" in parsed.markdown and parsed.warnings == ()


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.07, "0%", "7%"),
        (0.1 + 0.2, "General", "0.3"),
        (1e21, "General", "1e+21"),
        (3.0, "General", "3"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-1234.5, "£#,##0.00;[Red](£#,##0.00)", "(£1,234.50)"),
        (-5, "£0", "-£5"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2"),
        (1_500_000, '#,##0.0,,"m"', "1.5m"),
        (12, "[$EUR] 0", "EUR 12"),
        (7, '0" {x}"', "7 {x}"),
        (0.25, "# ?/?", "0.25"),
        (float("inf"), "0", "inf"),
        (datetime(2026, 3, 1, 9, 30), "", "2026-03-01 09:30"),
        (datetime(2026, 3, 1), "", "2026-03-01"),
        (time(9, 5), "", "09:05"),
        (timedelta(hours=37, minutes=30), "", "37:30"),
        (False, "", "FALSE"),
        (None, "", ""),
    ],
)
def test_numbers_are_shown_by_their_format(value: Any, code: str, text: str) -> None:
    assert shown(value, code) == text


@given(st.floats(allow_nan=False) | st.integers(), st.text('#0?,.%£"\\[]$-;_* eE/x{}', max_size=15))
def test_any_format_shows_something(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


def test_wide_sheets_go_on_with_their_first_column() -> None:
    def fill(book: Any) -> None:
        book.active.append([f"H{number}" for number in range(45)])
        book.active.append([f"v{number}" for number in range(45)])

    lines = document(make(fill)).markdown.split("\n")
    headers = [line for line in lines if "H0 |" in line]
    assert len(headers) == 3 and all(line.startswith("| H0 |") for line in headers)
    assert sum(line.count("| v") for line in lines) == 45 + 2


def test_what_is_cut_is_told() -> None:
    def long(book: Any) -> None:
        for number in range(30):
            book.active.append(["key", number])

    parsed = document(make(long), Limits(rows=10))
    assert parsed.warnings == ("rows_cut: Sheet: rows behind the first 10",)
    assert "| key | 9 |" in parsed.markdown and "| key | 10 |" not in parsed.markdown
    assert document(make(long), Limits(cells=20)).warnings == ("rows_cut: Sheet: rows behind row 10 (20 cells in all)",)
    assert document(make(long), Limits(columns=1)).warnings == ("rows_cut: Sheet: columns behind the first 1",)


def test_a_cell_far_away_costs_no_memory() -> None:
    def far(book: Any) -> None:
        book.active["A1"], book.active["B1"] = "Name", "Value"
        book.active["XFD1048576"] = "far"

    parsed = document(make(far), Limits(rows=100))
    assert parsed.warnings == ("rows_cut: Sheet: rows behind the first 100",)


def test_encrypted_corrupt_and_empty() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(3_000_000))
    for content, reason in (
        (ole + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (ole + bytes(600), "corrupt"),
        (make(rates)[:-100], "corrupt"),
        (make(lambda book: None), "empty"),
        (bomb.getvalue(), "too_large"),
    ):
        result = parse(content, Limits(unpacked_bytes=2_000_000))
        assert isinstance(result, Failure) and result.reason == reason, result


WHOLE = make(rates)
"""Made once: a file holds the time at which it was made, so that no two are alike."""


@settings(max_examples=20)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(parse(bytes(content)), ParsedDocument | Failure)
