"""Bombs of every format among good neighbours: each fails for its own reason, or is a document like any other."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from concord.catalog import quarantine
from concord.catalog.engine import reading
from concord.catalog.items import all_readable
from concord_connectors.containment import ContainedParser, Containment

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SHEET_XMLNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIL = b"From: a@example.org\nSubject: S\n"


def entities(root: str) -> str:
    """A document type whose entity `l9` is a thousand million times three letters."""
    return f'<!DOCTYPE {root} [<!ENTITY l0 "lol">{LAUGHS}]>'


def packed(files: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def nested(levels: int, wide: int = 1) -> bytes:
    """An archive of `wide` archives of `wide` archives…, as those that hold themselves go on."""
    content, ending = b"# Deep\n", "md"
    for _ in range(levels):
        content = packed({f"{number}.{ending}": content for number in range(wide)})
        ending = "zip"
    return content


def overlapping(count: int) -> bytes:
    """An archive whose `count` entries are one and the same megabyte (Fifield, "A better zip bomb", 2019)."""
    text = b"\n" * 1_000_000
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeeze.compress(text) + squeeze.flush()
    facts = struct.pack("<IIIHH", zlib.crc32(text), len(data), len(text), 6, 0)
    local = struct.pack("<IHHHHH", 0x04034B50, 20, 0, 8, 0, 0x21) + facts + b"000.md" + data
    entry = struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 8, 0, 0x21) + facts + bytes(14)
    listed = b"".join(entry + b"%03d.md" % number for number in range(count))
    return local + listed + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(listed), len(local), 0)


def with_parts(package: Callable[[], Any], parts: dict[str, bytes]) -> bytes:
    """An office document with some of its parts put in or replaced."""
    whole, out = io.BytesIO(), io.BytesIO()
    package().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        held = {name: source.read(name) for name in source.namelist()} | parts
        for name, content in held.items():
            target.writestr(name, content)
    return out.getvalue()


def word() -> Any:
    from docx import Document

    made = Document()
    made.add_paragraph("Stripes of a zebra.")
    return made


def deck() -> Any:
    from pptx import Presentation

    made = Presentation()
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Stripes"
    return made


def book() -> Any:
    from openpyxl import Workbook

    made = Workbook()
    for row in (("Animal", "Stripes"), ("Zebra", 26)):
        made.active.append(row)
    return made


def sheet(rows: str, before: str = "") -> bytes:
    """A workbook with these rows."""
    xml = f'{before}<worksheet xmlns="{SHEET_XMLNS}"><sheetData>{rows}</sheetData></worksheet>'
    return with_parts(book, {"xl/worksheets/sheet1.xml": xml.encode()})


def strings(items: str) -> bytes:
    """A workbook with these shared strings."""
    return with_parts(book, {"xl/sharedStrings.xml": f'<sst xmlns="{SHEET_XMLNS}">{items}</sst>'.encode()})


def flood() -> bytes:
    """A picture of 60,000 times 60,000 pixels, which take 14 GB, in some kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20), 9))
        + chunk(b"IEND", b"")
    )


def multiparts(depth: int) -> bytes:
    """A message of parts in parts."""
    return MAIL + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(depth)
    )


INLINE = '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
INDEXED = None
"""For what is read like any other document."""

REFUSED: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "nested.zip": (lambda: nested(40), "too_large"),
    "quine.zip": (lambda: nested(6, wide=4), "too_large"),
    "overlapping.zip": (lambda: overlapping(300), "unsafe"),
    "ratio.zip": (lambda: packed({"a.md": b"x" * 3_000_000}), "unsafe"),
    "picture.docx": (lambda: with_parts(word, {"word/media/image1.png": flood()}), INDEXED),
    "picture.pptx": (lambda: with_parts(deck, {"ppt/media/image1.png": flood()}), INDEXED),
    "picture.xlsx": (lambda: with_parts(book, {"xl/media/image1.png": flood()}), INDEXED),
    "entities.xlsx": (lambda: sheet(INLINE, entities("worksheet")), "unsafe"),
    "entities.pptx": (
        lambda: with_parts(deck, {"ppt/slides/slide1.xml": f"{entities('p')}<p>&l9;</p>".encode()}),
        "unsafe",
    ),
    "far-cell.xlsx": (lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "empty"),
    "long-string.xlsx": (lambda: strings(f"<si><t>{'x' * 240_000_000}</t></si>"), "too_large"),
    "field.csv": (lambda: b'a,b\n1,"' + b"x" * 20_000_000 + b'"\n', "corrupt"),
    "columns.csv": (lambda: b"a," * 1_000_000 + b"a\n" + b"1," * 1_000_000 + b"1\n", INDEXED),
    "multiparts.eml": (lambda: multiparts(10_000), "too_large"),
    "header.eml": (lambda: MAIL + b"X-Long: " + b"y" * 10_000_000 + b"\n\nStripes.\n", INDEXED),
    "subject.eml": (lambda: b"From: a@example.org\nSubject: " + b"y " * 5_000_000 + b"\n\nx\n", "too_large"),
    "tiny.mbox": (lambda: b"".join(b"From a\nSubject: %d\n\nx\n\n" % n for n in range(1_000_000)), "too_large"),
    "entities.xhtml": (lambda: f"{entities('html')}<html><body><h1>T</h1><p>&l9;</p></body></html>".encode(), "unsafe"),
    "quotes.md": (lambda: b"> " * 100_000 + b"x\n", INDEXED),
    "line.md": (lambda: b"word " * 2_000_000, "too_large"),
}
"""What its parser sees through: the time that they get is of no matter."""

ENDLESS = {
    "cells.xlsx": lambda: sheet("".join(f'<row r="{n}">{"<c><v>1</v></c>" * 16_000}</row>' for n in range(1, 200))),
    "strings.xlsx": lambda: strings("<si><t>x</t></si>" * 9_000_000),
    "parts.eml": lambda: MAIL + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2_000_000,
    "headers.eml": lambda: MAIL + b"X: y\n" * 9_000_000 + b"\nText\n",
    "tables.html": lambda: b"<table><tr><td>" * 200_000 + b"x",
    "svg.html": lambda: b"<h1>T</h1><svg>" + b"<g>" * 1_500_000 + b"<text>x</text></svg>",
    "paragraphs.html": lambda: b"<p>x</p>" * 1_500_000,
    "deep.html": lambda: b"<div>" * 1_000_000 + b"x",
    "headings.md": lambda: b"# H\n" * 10_000_000,
    "lines.md": lambda: b"x\n" * 12_000_000,
}
"""What only a clock ends."""


def sync_among_good(house, bombs: dict[str, bytes], seconds: int, memory: int) -> dict[str, tuple[str, str] | None]:
    """Sync bombs with a good document behind each: what was held back by the file that it is, with its sentence."""
    house.close()
    house.workspace.replace(
        "concord.yaml", "index:", f"parsing: {{timeout_seconds: {seconds}, memory_mb: {memory}}}\nindex:"
    )
    folder = house.workspace.folder / "content/people"
    for name, content in bombs.items():
        (folder / f"bomb-{name}").write_bytes(content)
        house.workspace.write(f"content/people/bomb-{name}-z.md", f"# Zebra of {name}\n\nStripes.\n")
    assert not house.sync()[0].failed
    with reading(house.concord.engine) as connection:
        held = {each.native_id: each for each in quarantine.entries(connection) if "bomb-" in each.native_id}
        read = {item.identifier for item in all_readable(connection, house.principal("pat"))}
    assert {each.owner for each in held.values()} <= {"user:ann"}
    assert {f"people-handbook/bomb-{name}-z.md" for name in bombs} <= read
    assert not house.sync()[0].touched
    told: dict[str, tuple[str, str] | None] = {}
    for name in bombs:
        mine = [each for key, each in held.items() if key.partition("!/")[0] == f"bomb-{name}"]
        indexed = f"people-handbook/bomb-{name}" in read
        assert bool(mine) != indexed, name
        told[name] = None if indexed else (" ".join({each.reason for each in mine}), mine[0].detail)
        assert all(name in each.detail for each in mine)
    return told


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # parsers know of no database
def test_bombs_that_parsers_see_through(house):
    bombs = {name: make() for name, (make, _) in REFUSED.items()}
    told = sync_among_good(house, bombs, seconds=60, memory=1024)
    assert {name: each and each[0] for name, each in told.items()} == {
        name: reason for name, (_, reason) in REFUSED.items()
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_bombs_that_only_a_clock_ends(house):
    told = sync_among_good(house, {name: make() for name, make in ENDLESS.items()}, seconds=2, memory=2048)
    assert {name: each and each[0] for name, each in told.items()} == dict.fromkeys(ENDLESS, "timeout")
    assert all(each and "2 s" in each[1] and "parsing.timeout_seconds" in each[1] for each in told.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_attachment_beyond_limits_is_read_again_with_others_though_its_message_is_known(house):
    message = EmailMessage()
    message["From"], message["Subject"] = "ann@example.org", "Slow"
    message.set_content("Stripes.")
    message.add_attachment(b"<p>x</p>" * 500_000, maintype="text", subtype="html", filename="slow.html")
    (house.workspace.folder / "content/people/slow.eml").write_bytes(message.as_bytes())
    for seconds in (2, 3):
        house.concord.parser.close()
        vars(house.concord)["parser"] = ContainedParser(Containment(timeout_seconds=seconds))
        house.sync()
        with reading(house.concord.engine) as connection:
            [entry] = [each for each in quarantine.entries(connection) if "slow" in each.native_id]
        assert (entry.native_id, entry.reason) == ("slow.eml!/slow.html", "timeout")
        assert entry.context == Containment(timeout_seconds=seconds).fingerprint
        assert not house.sync()[0].touched
