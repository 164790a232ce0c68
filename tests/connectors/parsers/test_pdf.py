from __future__ import annotations

import io
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content
from concord_connectors.parsers.pdf import pdf_date


def make(pages: list[str], encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=encrypt)
    canvas.setTitle("Travel policy")
    canvas.setAuthor("Ann")
    for page in pages:
        if page:
            canvas.setFont("Helvetica-Bold", 20)
            canvas.drawString(72, 760, page)
            canvas.setFont("Helvetica", 11)
            canvas.drawString(72, 720, f"Body text under {page} names 27 days.")
        else:
            canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def parse(content: bytes, limits: Limits | None = None) -> ParsedDocument | Failure:
    return parse_content(content, "application/pdf", "policy.pdf", limits or Limits())


def test_pages_headings_and_properties() -> None:
    document = parse(make(["Scope", "Rates", "Limits"]))
    assert isinstance(document, ParsedDocument)
    assert document.title == "Scope"
    assert document.first_line is None
    bounds = [*document.page_starts, len(document.markdown)]
    pages = [document.markdown[start:end] for start, end in itertools.pairwise(bounds)]
    assert [page.split("\n")[0] for page in pages] == ["# Scope", "# Rates", "# Limits"]
    assert document.properties["title"] == "Travel policy" and document.properties["author"] == "Ann"
    assert document.properties["created"][:2] == "20" and "T" in document.properties["created"]
    assert document.warnings == ()


def test_a_page_without_text_is_flagged_and_has_its_offset() -> None:
    document = parse(make(["Scope", "", "Limits"]))
    assert isinstance(document, ParsedDocument)
    assert document.warnings == ("pages_without_text: 1 of 3",)
    assert len(document.page_starts) == 3
    assert document.markdown[document.page_starts[2] :].startswith("# Limits")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (make(["x"], StandardEncryption("secret", ownerPassword="owner")), "encrypted"),
        (make(["", ""]), "no_text"),
        (make(["x"])[:500], "corrupt"),
        (b"%PDF-1.7\nrubbish", "corrupt"),
        (b"not a pdf", "corrupt"),
        (b"", "empty"),
    ],
)
def test_what_cannot_be_read_is_a_failure(content: bytes, reason: str) -> None:
    result = parse(content)
    assert isinstance(result, Failure) and result.reason == reason
    assert result.native_id == "policy.pdf"


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    restricted = StandardEncryption("", ownerPassword="owner", canCopy=0)
    assert isinstance(parse(make(["Scope"], restricted)), ParsedDocument)


def test_limits() -> None:
    content = make(["a", "b", "c"])
    for limits in (Limits(pages=2), Limits(bytes=100), Limits(characters=20)):
        result = parse(content, limits)
        assert isinstance(result, Failure) and result.reason == "too_large"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("D:20240131120000+01'00'", "2024-01-31T12:00:00+01:00"),
        ("D:20240131120000Z", "2024-01-31T12:00:00+00:00"),
        ("D:20240131120000-0530", "2024-01-31T12:00:00-05:30"),
        ("D:2024", "2024-01-01T00:00:00+00:00"),
        ("D:20241332", None),
        ("yesterday", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert pdf_date(text) == iso


WHOLE = make(["Scope"])
"""Made once: a file holds the time at which it was made, so that no two are alike."""


@settings(max_examples=15)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(parse(bytes(content)), ParsedDocument | Failure)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parse(make(["Scope"]))
    assert list(tmp_path.iterdir()) == []
