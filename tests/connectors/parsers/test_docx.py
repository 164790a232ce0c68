from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_connectors.contract import Failure
from concord_connectors.parsers import Limits, ParsedDocument, parse_content
from concord_connectors.parsers.formats import FORMATS

DOCX = next(each.media_type for each in FORMATS if each.name == "docx")


def make() -> bytes:
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = "Hiring policy", "Ann"
    properties.created = properties.modified = datetime(2024, 1, 31, 12)
    document.add_heading("Hiring", 0)
    document.add_heading("Scope", 1)
    paragraph = document.add_paragraph("Applies to ")
    paragraph.add_run("all").bold = True
    paragraph.add_run(" staff_members * today.")
    document.add_heading("", 2)
    for text in ("one", "two"):
        document.add_paragraph(text, "List Bullet")
    document.add_paragraph("first", "List Number")
    table = document.add_table(2, 2)
    for index, text in enumerate(("Grade", "Days", "A|B", "25\nor 27")):
        table.cell(index // 2, index % 2).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repack(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def parse(content: bytes, limits: Limits | None = None) -> ParsedDocument | Failure:
    return parse_content(content, DOCX, "policy.docx", limits or Limits())


def reason(content: bytes, limits: Limits | None = None) -> str:
    result = parse(content, limits)
    assert isinstance(result, Failure), result
    return result.reason


def test_headings_lists_tables_and_properties() -> None:
    document = parse(make())
    assert isinstance(document, ParsedDocument)
    assert (
        document.markdown
        == """# Hiring

# Scope

Applies to **all** staff_members * today.

- one
- two

1. first

| Grade | Days |
| --- | --- |
| A\\|B | 25 or 27 |"""
    )
    assert document.title == "Hiring"
    assert document.properties["title"] == "Hiring policy"
    assert document.properties["author"] == "Ann"
    assert document.properties["modified"] == "2024-01-31T12:00:00Z"


def test_encrypted_and_old_word_files() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert reason(ole + "EncryptedPackage".encode("utf-16-le") + bytes(100)) == "encrypted"
    assert reason(ole) == "corrupt"
    content = bytearray(make())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(magic, start)) >= 0:
            flags = struct.unpack_from("<H", content, start + offset)[0]
            struct.pack_into("<H", content, start + offset, flags | 1)
            start += 4
    assert reason(bytes(content)) == "encrypted"


def test_bombs_are_refused_before_any_library_sees_them() -> None:
    content = make()
    small = Limits(unpacked_bytes=1_000_000)
    assert reason(repack(content, {"word/media/x.bin": bytes(2_000_000)}), small) == "too_large"
    assert reason(repack(content, {f"x/{n}": b"" for n in range(30)}), Limits(members=20)) == "too_large"
    assert reason(content, Limits(characters=10)) == "too_large"
    deep = b"<a>" * 100_000
    assert reason(repack(content, {"word/document.xml": deep})) == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_unsafe(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    for part in ("word/document.xml", "docProps/core.xml", "word/_rels/document.xml.rels"):
        assert reason(repack(make(), {part: xml.encode(encoding)})) == "unsafe"


def test_a_lie_about_a_size_is_found() -> None:
    content = bytearray(repack(make(), {"word/media/x.bin": bytes(3_000_000)}))
    entry = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)  # the declared size
    assert reason(bytes(content), Limits(unpacked_bytes=1_000_000)) == "corrupt"


def test_broken_packages() -> None:
    content = make()
    assert reason(content[:-200]) == "corrupt"
    assert reason(b"PK\x03\x04 rubbish") == "corrupt"
    assert reason(repack(content, {"word/document.xml": b"<w:document>"})) == "corrupt"
    assert reason(repack(content, {"word/document.xml": None})) == "corrupt"
    empty = io.BytesIO()
    docx.Document().save(empty)
    assert reason(empty.getvalue()) == "empty"


def test_pictures_become_their_alternative_text_and_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    picture = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="x" descr="A chart of days"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId99"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    content = make()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = package.read("word/document.xml").decode()
        links = package.read("word/_rels/document.xml.rels").decode()
    body = body.replace("<w:body>", "<w:body>" + picture)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="{secret.as_uri()}" TargetMode="External"/></Relationships>'
    links = links.replace("</Relationships>", link)
    parts = {"word/document.xml": body.encode(), "word/_rels/document.xml.rels": links.encode()}
    result = parse(repack(content, parts))
    assert isinstance(result, ParsedDocument)
    assert result.markdown.startswith("A chart of days")
    assert "c2VjcmV0" not in result.markdown


WHOLE = make()
"""Made once: a file holds the time at which it was made, so that no two are alike."""


@settings(max_examples=25)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(parse(bytes(content)), ParsedDocument | Failure)
