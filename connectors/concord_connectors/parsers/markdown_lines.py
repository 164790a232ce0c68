"""Line rules of Markdown: ATX headings, `-` lists, the first heading. The number of lines never changes."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

_BULLET = re.compile(r"^(?P<indent>[ \t]{0,100}(?:>[ ]?){0,50}[ \t]{0,100})[*+](?=[ \t]+\S)")
_RULE = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r"^[ ]{0,3}(?:(?P<one>=+)|-{2,})[ \t]*$")
_PARAGRAPH = re.compile(r"^[ ]{0,3}(?![-*+>#|=~`]|\d{1,9}[.)][ \t])\S")
_HEADING = re.compile(r"^[ ]{0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<text>.*?))?(?:[ \t]+#+)?[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]*\}[ \t]*$")
_MAX_HEADING = 1_000
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()]{0,1000}\)")
_EMPHASIS = re.compile(r"(\*{1,3}|`+)(?=\S)(.{1,500}?)(?<=\S)\1")


def normalise_lines(lines: Sequence[str], code_lines: Container[int]) -> list[str]:
    """`lines` with setext headings as ATX, `*` and `+` bullets as `-`; lines in `code_lines` stay as they are."""
    result = list(lines)
    for index, line in enumerate(result):
        if index in code_lines:
            continue
        if (underline := _UNDERLINE.match(line)) and _is_lone_paragraph(result, index - 1, code_lines):
            result[index - 1] = f"{'#' if underline['one'] else '##'} {result[index - 1].strip()}"
            result[index] = ""
        elif (heading := _heading(line)) is not None:
            text = _ATTRIBUTES.sub("", heading["text"] or "")
            result[index] = f"{heading['marks']} {text}".rstrip() if text else ""
        elif not _RULE.match(line):
            result[index] = _BULLET.sub(r"\g<indent>-", line)
    return result


def first_heading(lines: Sequence[str], code_lines: Container[int]) -> str | None:
    """The text of the first ATX heading, without link targets and emphasis; None where there is none."""
    for index, line in enumerate(lines):
        if index not in code_lines and (heading := _heading(line)) and heading["text"]:
            return plain_text(heading["text"]) or None
    return None


def plain_text(text: str) -> str:
    """Inline Markdown as plain text: link labels for links, no emphasis or code marks."""
    text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(text.replace("\\", "").split())


def _heading(line: str) -> re.Match[str] | None:
    """The parts of an ATX heading; a longer line than any heading has is none."""
    return _HEADING.match(line) if len(line) <= _MAX_HEADING and line.lstrip().startswith("#") else None


def _is_lone_paragraph(lines: Sequence[str], index: int, code_lines: Container[int]) -> bool:
    """Whether line `index` is a paragraph of its own: a rule under a longer paragraph is rarely meant as a heading."""
    if index < 0 or index in code_lines or not _PARAGRAPH.match(lines[index]) or "|" in lines[index]:
        return False
    return index == 0 or not lines[index - 1].strip() or lines[index - 1].lstrip().startswith("#")
