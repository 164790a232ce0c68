"""PPTX: each slide a section with its title, lists, tables, charts and speaker notes, through python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.docx import LOST_CONTENT
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.number_format import plain_number
from concord_connectors.parsers.office_zip import check_office, core_properties
from concord_connectors.parsers.quality import warning
from concord_connectors.parsers.tables import table

NOTES = "Speaker notes"
"""The heading that notes stand under, so that a quote from them is seen to be one."""

_MAX_GROUPS = 20


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Slides in their order; `page_starts` gives the offset of each, also of a hidden one, which is left out."""
    check_office(content, limits, "ppt/presentation.xml", "a presentation", "PPTX")
    from pptx import Presentation

    slides = list(Presentation(io.BytesIO(content)).slides)
    if len(slides) > limits.pages:
        raise Unparsable("too_large", f"it has {len(slides)} slides, more than {limits.pages}; split it")
    reader = _Reader()
    markdown, starts = "", []
    for number, slide in enumerate(slides, 1):
        text = "" if _hidden(slide) else reader.slide(slide, number)
        if markdown and text:
            markdown += "\n\n"
        starts.append(len(markdown))
        markdown += text
    properties = core_properties(content)
    warnings: tuple[str, ...] = (LOST_CONTENT,) if reader.lost else ()
    if hidden := sum(map(_hidden, slides)):
        warnings += (warning("hidden_slides", hidden),)
    title = reader.title or properties.get("title")
    return ParsedDocument(markdown, title, properties=properties, page_starts=tuple(starts), warnings=warnings)


def _hidden(slide: Any) -> bool:
    return slide._element.get("show") in ("0", "false")


class _Reader:
    def __init__(self) -> None:
        self.title: str | None = None
        self.lost = False

    def slide(self, slide: Any, number: int) -> str:
        """The Markdown of a slide; the first title of all is the presentation's."""
        title = _one_line(slide.shapes.title.text_frame.text) if slide.shapes.title is not None else ""
        level = "#" if title and self.title is None and number == 1 else "##"
        self.title = self.title or title or None
        blocks = [f"{level} {title or f'Slide {number}'}"]
        own = slide.shapes.title.shape_id if slide.shapes.title is not None else None
        blocks += self._shapes((shape for shape in slide.shapes if shape.shape_id != own), 0)
        if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
            notes = [text for paragraph in frame.paragraphs if (text := _one_line(paragraph.text))]
            if notes:
                blocks += [f"{level}# {NOTES}", *notes]
        return "\n\n".join(blocks)

    def _shapes(self, shapes: Iterable[Any], depth: int) -> Iterator[str]:
        from pptx.enum.shapes import MSO_SHAPE_TYPE

        for shape in shapes:
            if shape.is_placeholder and _is_furniture(shape):
                continue
            if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
                if depth >= _MAX_GROUPS:
                    raise Unparsable("too_large", "its groups are nested too deeply; simplify it")
                yield from self._shapes(shape.shapes, depth + 1)
            elif shape.has_text_frame:
                if text := _text(shape):
                    yield text
            elif getattr(shape, "has_table", False):
                yield _table(shape.table)
            elif getattr(shape, "has_chart", False):
                yield from _chart(shape.chart)
            elif alternative := _alternative(shape):
                yield alternative
            elif shape.shape_type not in (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.LINE, None) or _is_diagram(shape):
                self.lost = True


def _is_furniture(shape: Any) -> bool:
    """Whether a placeholder holds a date, a footer or a slide number."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    furniture = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
    return shape.placeholder_format.type in furniture


def _is_diagram(shape: Any) -> bool:
    return bool(shape._element.tag.endswith("}graphicFrame"))


def _text(shape: Any) -> str:
    """Paragraphs of a text: a list in a slide's body and wherever they are indented."""
    lines = [(paragraph.level, text) for paragraph in shape.text_frame.paragraphs if (text := _inline(paragraph))]
    if (shape.is_placeholder and len(lines) > 1) or any(level for level, _ in lines):
        return "\n".join(f"{'  ' * level}- {text}" for level, text in lines)
    return "\n\n".join(text for _, text in lines)


def _inline(paragraph: Any) -> str:
    """The text of a paragraph with its links."""
    links = {run._r: run for run in paragraph.runs if run.hyperlink.address}
    if not links:
        return _one_line(paragraph.text)
    parts = []
    for child in paragraph._p:
        text, address = getattr(child, "text", None) or " ", ""
        if child in links:
            address = links[child].hyperlink.address
        safe = address.startswith(("https://", "http://", "mailto:")) and text.strip()
        parts.append(f"[{text}]({address.replace(' ', '%20').replace(')', '%29')})" if safe else text)
    return _one_line("".join(parts))


def _table(given: Any) -> str:
    return table([[_one_line(cell.text_frame.text) for cell in row.cells] for row in given.rows])


def _chart(chart: Any) -> Iterator[str]:
    """The numbers of a chart as a table of its categories and series."""
    if chart.has_title and (title := _one_line(chart.chart_title.text_frame.text)):
        yield title
    for plot in chart.plots:
        series = list(plot.series)
        categories = [str(each) for each in plot.categories]
        rows = [
            [name, *(_value(each.values[index] if index < len(each.values) else None) for each in series)]
            for index, name in enumerate(categories)
        ]
        if rows:
            yield table([["", *(str(each.name) for each in series)], *rows])


def _value(number: float | None) -> str:
    return "" if number is None else plain_number(number)


def _alternative(shape: Any) -> str:
    named = shape._element.xpath(".//p:cNvPr")
    return _one_line(named[0].get("descr") or "") if named else ""


def _one_line(text: str) -> str:
    return " ".join(text.replace("\v", " ").split())
