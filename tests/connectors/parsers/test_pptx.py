from __future__ import annotations

import io
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content
from concord_connectors.parsers.formats import media_type_of


def saved(presentation: Any) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def make() -> bytes:
    deck = Presentation()
    deck.core_properties.author = "Ann"
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Hiring in 2026"
    first.placeholders[1].text = "For all managers"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Steps"
    body = second.placeholders[1].text_frame
    body.text = "Ask for a budget"
    for level, text in ((1, "by form\vB-7"), (0, "Interview")):
        paragraph = body.add_paragraph()
        paragraph.level, paragraph.text = level, text
    second.notes_slide.notes_text_frame.text = "Mention the freeze.\nIt ends in May."
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Not shown"
    hidden._element.set("show", "0")
    fourth = deck.slides.add_slide(deck.slide_layouts[6])
    table = fourth.shapes.add_table(2, 2, Cm(1), Cm(1), Cm(9), Cm(3)).table
    for index, text in enumerate(("Grade", "Days", "A|B", "25")):
        table.cell(index // 2, index % 2).text = text
    group = fourth.shapes.add_group_shape()
    run = group.shapes.add_textbox(Cm(1), Cm(5), Cm(9), Cm(1)).text_frame.paragraphs[0].add_run()
    run.text, run.hyperlink.address = "the form", "https://example.org/b 7"
    numbers = CategoryChartData()
    numbers.categories = ["2024", "2025"]
    numbers.add_series("Hires", (12, 15.5))
    fourth.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(7), Cm(9), Cm(5), numbers)
    return saved(deck)


def parse(content: bytes, limits: Limits | None = None) -> ParsedDocument | Failure:
    return parse_content(content, media_type_of("deck.pptx"), "deck.pptx", limits or Limits())


def test_slides_lists_notes_tables_and_charts() -> None:
    document = parse(make())
    assert isinstance(document, ParsedDocument)
    assert (
        document.markdown
        == """# Hiring in 2026

For all managers

## Steps

- Ask for a budget
  - by form B-7
- Interview

### Speaker notes

Mention the freeze.

It ends in May.

## Slide 4

| Grade | Days |
| --- | --- |
| A\\|B | 25 |

[the form](https://example.org/b%207)

|  | Hires |
| --- | --- |
| 2024 | 12 |
| 2025 | 15.5 |"""
    )
    assert document.title == "Hiring in 2026" and document.properties["author"] == "Ann"


def test_pages_count_hidden_slides_and_the_loss_is_told() -> None:
    document = parse(make())
    assert isinstance(document, ParsedDocument)
    assert document.warnings == ("hidden_slides: 1",)
    assert "Not shown" not in document.markdown
    assert len(document.page_starts) == 4
    assert document.markdown[document.page_starts[1] :].startswith("## Steps")
    assert document.markdown[document.page_starts[3] :].startswith("## Slide 4")


def test_limits_and_broken_files() -> None:
    for content, limits, reason in (
        (make(), Limits(pages=3), "too_large"),
        (make()[:-300], Limits(), "corrupt"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), Limits(), "encrypted"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), Limits(), "corrupt"),
        (saved(Presentation()), Limits(), "empty"),
    ):
        result = parse(content, limits)
        assert isinstance(result, Failure) and result.reason == reason, result


WHOLE = make()
"""Made once: a file holds the time at which it was made, so that no two are alike."""


@settings(max_examples=20)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(parse(bytes(content)), ParsedDocument | Failure)
