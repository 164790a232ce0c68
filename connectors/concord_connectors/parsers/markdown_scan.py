"""Cleans Markdown in one linear pass: comments, what is hidden or struck out, template tags, images and HTML tags out.

Every construct that spans lines leaves its line ends, so line n of the result is line n of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from concord_connectors.parsers.inline import clean_inline
from concord_connectors.parsers.template_tags import erb_text, liquid_text

_INDENT = r"[ \t]{0,100}(?:>[ ]?){0,50}"
_FENCE = re.compile(
    _INDENT + r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,50}){0,20}[ \t]{0,100}(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*)"
)
_SPECIAL = re.compile(
    r"\n|`+|<!--|<%|\{%-?[ \t]*comment\b|\{%|<(?P<raw>script|style|svg|del|strike|s)\b"
    r"|<(?P<hidden>[a-z][a-z0-9]{0,20})(?=[^>\n]{0,400}?(?:\shidden\b|display\s{0,9}:\s{0,9}none\b"
    r"|visibility\s{0,9}:\s{0,9}hidden\b|aria-hidden\s{0,9}=\s{0,9}[\"']?true\b))"
    r"|~~(?=[^\s~][^~\n]{0,500}~~(?!~))",
    re.IGNORECASE,
)
_END_COMMENT = re.compile(r"\{%-?[ \t]*endcomment[ \t]*-?%\}", re.IGNORECASE)


def clean(text: str, metadata: Mapping[str, Any]) -> tuple[str, frozenset[int]]:
    """The cleaned text, and the indices of its lines that are fenced code; `metadata` answers ERB's page data."""
    return _Scan(text, metadata).run()


class _Scan:
    def __init__(self, text: str, metadata: Mapping[str, Any]) -> None:
        self._text = text
        self._metadata = metadata
        self._out: list[str] = []
        self._prose: list[str] = []
        self._code_lines: set[int] = set()
        self._line = 0
        self._missing: set[str] = set()
        self._paragraph_end = -1
        self._runs: dict[int, list[int]] = defaultdict(list)
        for run in re.finditer(r"`+", text):
            self._runs[len(run[0])].append(run.start())

    def run(self) -> tuple[str, frozenset[int]]:
        position, at_line_start = 0, True
        while position < len(self._text):
            if at_line_start and (fence := _FENCE.match(self._text, position)) and self._opens(fence):
                position = self._fenced(position, fence["marks"])
                continue
            special = _SPECIAL.search(self._text, position)
            if special is None:
                self._prose.append(self._text[position:])
                break
            self._prose.append(self._text[position : special.start()])
            at_line_start = special[0] == "\n"
            if at_line_start:
                self._prose.append("\n")
                self._line += 1
                position = special.end()
            else:
                position = self._special(special)
        self._flush()
        return "".join(self._out), frozenset(self._code_lines)

    @staticmethod
    def _opens(fence: re.Match[str]) -> bool:
        return fence["marks"][0] == "~" or "`" not in fence["info"]

    def _fenced(self, position: int, marks: str) -> int:
        """Copy a fenced block as it is, to its closing fence or to the end; gives the position behind it."""
        self._flush()
        closing = re.compile(_INDENT + r"[ \t]{0,100}" + re.escape(marks[0]) + "{" + str(len(marks)) + r",}[ \t]*")
        first = True
        while position < len(self._text):
            end = self._text.find("\n", position)
            end = len(self._text) if end < 0 else end
            self._code_lines.add(self._line)
            self._out.append(self._text[position : end + 1])
            closed = not first and closing.fullmatch(self._text, position, end) is not None
            self._line += 1
            position, first = end + 1, False
            if closed:
                break
        return min(position, len(self._text))

    def _special(self, found: re.Match[str]) -> int:
        """Handle the construct that begins at `found`; gives the position behind it."""
        mark, start = found[0].lower(), found.start()
        if mark[0] == "`":
            return self._code_span(start, len(mark))
        if mark == "<!--":
            return self._region(found, self._find("-->", found.end(), 3), "")
        if mark == "<%":
            end = self._find("%>", found.end(), 2)
            return self._region(found, end, erb_text(self._text[start:end], self._metadata) if end else "")
        if mark == "{%":
            end = self._find("%}", found.end(), 2)
            return self._region(found, end, liquid_text(self._text[start:end]) if end else "")
        if mark == "~~":
            return self._region(found, self._text.index("~~", found.end()) + 2, "")
        if mark.startswith("{%"):
            ended = None if "endcomment" in self._missing else _END_COMMENT.search(self._text, found.end())
            if ended is None:
                self._missing.add("endcomment")
            return self._region(found, ended.end() if ended else 0, "")
        closing = f"</{(found['raw'] or found['hidden']).lower()}>"
        return self._region(found, self._find(closing, found.end(), len(closing)), "")

    def _region(self, found: re.Match[str], end: int, replacement: str) -> int:
        """Replace the text to `end` and keep its line ends; what is never closed (`end` 0) is text."""
        if not end:
            self._prose.append(found[0])
            return found.end()
        lines = self._text.count("\n", found.start(), end)
        self._prose.append(replacement.replace("\n", " ") + "\n" * lines)
        self._line += lines
        return end

    def _find(self, closing: str, start: int, length: int) -> int:
        """The position behind the next `closing`, or 0; one that is missing is looked for only once."""
        if closing in self._missing:
            return 0
        position = self._text.find(closing, start)
        if position < 0:
            self._missing.add(closing)
            return 0
        return position + length

    def _code_span(self, start: int, length: int) -> int:
        """Copy inline code as it is, if it is closed inside its paragraph."""
        if start >= self._paragraph_end:
            end = self._text.find("\n\n", start)
            self._paragraph_end = len(self._text) if end < 0 else end
        runs = self._runs[length]
        following = bisect_left(runs, start + length)
        stop = runs[following] + length if following < len(runs) else len(self._text) + 1
        if stop > self._paragraph_end:
            self._prose.append("`" * length)
            return start + length
        self._flush()
        self._out.append(self._text[start:stop])
        self._line += self._text.count("\n", start, stop)
        return stop

    def _flush(self) -> None:
        if self._prose:
            self._out.append(clean_inline("".join(self._prose)))
            self._prose.clear()
