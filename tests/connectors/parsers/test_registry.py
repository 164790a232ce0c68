from __future__ import annotations

import subprocess
import sys

import pytest

from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.parsers import Limits, ParsedDocument, parse, parse_content
from concord_connectors.parsers.formats import FORMATS, format_of_name, media_type_of, stem_of
from concord_connectors.parsers.registry import PARSERS


def test_every_format_has_a_parser() -> None:
    assert set(PARSERS) == {each.name for each in FORMATS}


def test_names_and_types() -> None:
    assert media_type_of("a/B.MD") == "text/markdown"
    assert media_type_of("page.html.md.erb") == "text/markdown"
    assert media_type_of("x.exe") == "application/octet-stream"
    assert format_of_name("noextension") is None
    assert stem_of("a/page.html.md.erb") == "a/page.html"
    assert stem_of("a/B.MD") == "a/B"


def test_a_failure_carries_the_record_s_identity() -> None:
    record = SourceRecord("a/b.md", "v1", "text/markdown", b"")
    assert parse(record) == Failure("a/b.md", "v1", "empty", "a/b.md: it has no content")


def test_the_name_decides_where_the_type_says_nothing() -> None:
    assert isinstance(parse_content(b"# x", "application/octet-stream", "x.md"), ParsedDocument)
    result = parse_content(b"a,b", "image/png", "x.png")
    assert isinstance(result, Failure) and result.reason == "unsupported"
    assert "exclude it" in result.detail


@pytest.mark.parametrize("media_type", [each.media_type for each in FORMATS])
def test_limits_hold_for_every_format(media_type: str) -> None:
    result = parse_content(b"x" * 100, media_type, "x", Limits(bytes=99))
    assert isinstance(result, Failure) and result.reason == "too_large"
    for nothing in (b"", b"\n \t\r\n", bytes(100)):
        result = parse_content(nothing, media_type, "x")
        assert isinstance(result, Failure) and result.reason == "empty"


def test_plain_text_stays_as_it_is() -> None:
    document = parse_content(b"\n\n* one\n<b>two</b>\n", "text/plain", "x.txt")
    assert isinstance(document, ParsedDocument)
    assert document.markdown == "* one\n<b>two</b>" and document.first_line == 2 and document.title is None


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "('mammoth', 'liteparse', 'pypdfium2', 'openpyxl', 'pptx', 'trafilatura', 'markdownify', 'bs4', 'lxml')"
    code = (
        "import sys, concord_connectors.files, concord_connectors.git, concord_connectors.parsers\n"
        f"sys.exit(str([name for name in {heavy} if name in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
