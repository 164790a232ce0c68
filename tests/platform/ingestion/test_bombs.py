"""Bombs among good documents: each is held back with its reason, the others are indexed, no process stays behind."""

import io
import os
import zipfile
import zlib
from pathlib import Path

from concord.catalog import quarantine
from concord.catalog.engine import reading
from concord.catalog.items import all_readable
from concord_connectors.containment import ContainedParser, Containment

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

ANCHORS = "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 9))


def docx(document: str, **more: bytes) -> bytes:
    """A package with this document part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", document)
        for name, content in more.items():
            package.writestr(f"word/media/{name}", content)
    return out.getvalue()


def pdf(stream: bytes, box: str = "0 0 600 800", pages: int = 1) -> bytes:
    """A PDF whose page, or pages, share one deflated content stream."""
    packed = zlib.compress(stream, 9)
    kids = " ".join(f"{number} 0 R" for number in range(4, 4 + pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 3 0 R>>".encode()] * pages
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


BOMBS = {
    "zip-ratio.docx": (docx(BODY % "x", pixels=bytes(210 << 20)), "too_large"),
    "entities.docx": (docx(f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>' + BODY % "&l9;"), "unsafe"),
    "external.docx": (docx('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + BODY % "&e;"), "unsafe"),
    "deep.docx": (docx("<a>" * 100_000), "too_large"),
    "stream.pdf": (pdf(b"BT (x) Tj ET " * 20_000_000), "crashed"),
    "pages.pdf": (pdf(b"BT ET", pages=2_500), "too_large"),
    "page-size.pdf": (pdf(b"0 0 1 1 re f", "0 0 1e9 1e9"), "no_text"),
    "anchors.md": (
        f"---\na0: &a0 [x]\n{ANCHORS}---\n# Bomb\n".encode(),
        "bad_front_matter",
    ),
    "deep.md": (b"---\na: " + b"[" * 10_000 + b"\n---\n# Bomb\n", "bad_front_matter"),
}


def test_bombs_among_good_documents_cost_only_themselves(house):
    folder = house.workspace.folder / "content/people"
    for number, (name, (content, _)) in enumerate(BOMBS.items()):
        (folder / f"bomb-{number:02}-{name}").write_bytes(content)
        house.workspace.write(f"content/people/bomb-{number:02}-z.md", f"# Zebra {number}\n\nStripes {number}.\n")
    house.concord.parser.close()
    vars(house.concord)["parser"] = ContainedParser(Containment(timeout_seconds=60, memory_mb=400))
    outcome, _ = house.sync()
    assert not outcome.failed
    with reading(house.concord.engine) as connection:
        held = {each.native_id: each for each in quarantine.entries(connection)}
        read = {item.identifier for item in all_readable(connection, house.principal("pat"))}
    told = {}
    for number, (name, (_, reason)) in enumerate(BOMBS.items()):
        entry = held.get(f"bomb-{number:02}-{name}")
        told[name] = entry.reason if entry else None
        assert entry is not None and entry.reason == reason, told
        assert entry.owner == "user:ann" and name in entry.detail
        assert f"people-handbook/bomb-{number:02}-z.md" in read
    assert not house.sync()[0].touched
    house.close()
    assert not [each for each in Path("/proc").glob("[0-9]*") if is_child(each)]


def is_child(held: Path) -> bool:
    try:
        parent = (held / "stat").read_text().rpartition(")")[2].split()[1]
        return int(parent) == os.getpid() and b"containment.child" in (held / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_other_limits_may_read_is_read_again_and_nothing_else(house):
    slow = "<p>x</p>" * 30_000
    house.workspace.write("content/people/slow.html", f"<h1>Slow</h1>{slow}")
    vars(house.concord)["parser"] = ContainedParser(Containment(timeout_seconds=0.2))
    house.sync()
    with reading(house.concord.engine) as connection:
        [entry] = [each for each in quarantine.entries(connection) if each.native_id == "slow.html"]
    assert entry.reason == "timeout"
    assert not house.sync()[0].touched
    house.concord.parser.close()
    vars(house.concord)["parser"] = ContainedParser(Containment(timeout_seconds=120))
    outcome, _ = house.sync()
    assert sum(each.report.read for each in outcome.sources) == 1
    with reading(house.concord.engine) as connection:
        assert "slow.html" not in {each.native_id for each in quarantine.entries(connection)}
    assert not house.sync()[0].touched
