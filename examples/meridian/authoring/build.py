"""Build the binary documents of the sample workspace from their Markdown sources.

    python authoring/build.py            # all sources
    python authoring/build.py --check    # exit 1 if a committed file differs

``authoring/<source>/<path>.md`` becomes ``content/<source>/<path>.docx`` (finance-policies), ``.pdf``
(compliance-library) or ``.xlsx`` (rate-sheets, a sheet for each heading). The front matter becomes the side-car
``<file>.meta.yaml`` and the document's properties. The messages in ``authoring/announcements/<mailbox>/*.md`` become
``content/announcements/<mailbox>.mbox``, with the files that their ``attach`` names.
The output is deterministic: the same Markdown gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from docx import Document
from docx.shared import Pt
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.platypus import (
    ListFlowable,
    ListItem,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

ROOT = Path(__file__).resolve().parent.parent
FORMATS = {"finance-policies": ".docx", "compliance-library": ".pdf", "rate-sheets": ".xlsx"}
DATE_KEYS = ("modified", "issue_date", "approved_on", "effective_date", "in_force_from")
Block = tuple[str, Any]


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = re.match(r"---\n(.*?)\n---\n(.*)", text, re.S)
    if not match:
        raise ValueError("no front matter")
    return yaml.safe_load(match.group(1)), match.group(2)


def blocks(body: str) -> Iterator[Block]:
    """Markdown blocks: ('h1'..'h4', text), ('p', text), ('ul'|'ol', [text]), ('table', [[cell]])."""
    lines = body.splitlines()
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip():
            i += 1
        elif match := re.match(r"(#{1,4})\s+(.*)", line):
            yield f"h{len(match.group(1))}", match.group(2).strip()
            i += 1
        elif line.startswith("|"):
            rows = []
            while i < len(lines) and lines[i].startswith("|"):
                cells = [cell.strip() for cell in lines[i].strip().strip("|").split("|")]
                if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                    rows.append(cells)
                i += 1
            yield "table", rows
        elif re.match(r"[-*]\s+|\d+[.]\s+", line):
            kind = "ol" if line[0].isdigit() else "ul"
            items: list[str] = []
            while i < len(lines) and lines[i].strip():
                if match := re.match(r"(?:[-*]|\d+[.])\s+(.*)", lines[i]):
                    items.append(match.group(1))
                elif lines[i].startswith(" ") and items:
                    items[-1] += " " + lines[i].strip()
                else:
                    break
                i += 1
            yield kind, items
        else:
            words = []
            while i < len(lines) and lines[i].strip() and not re.match(r"#|\||[-*]\s|\d+[.]\s", lines[i]):
                words.append(lines[i].strip())
                i += 1
            if not words:  # a line that only looks like a block
                words = [line.strip()]
                i += 1
            yield "p", " ".join(words)


def runs(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Pieces of a line: (text, bold, italic)."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("`", "")
    for piece in re.split(r"(\*\*[^*]+\*\*|(?<!\w)[*_][^*_]+[*_](?!\w))", text):
        if piece.startswith("**") and len(piece) > 4:
            yield piece[2:-2], True, False
        elif len(piece) > 2 and piece[0] in "*_" and piece[-1] == piece[0]:
            yield piece[1:-1], False, True
        elif piece:
            yield piece, False, False


def stamp(meta: dict[str, Any]) -> dt.datetime:
    """The date of the document, for its properties."""
    for key in DATE_KEYS:
        value = meta.get(key)
        if isinstance(value, dt.date):
            return dt.datetime(value.year, value.month, value.day, 9, 0, 0)
        if isinstance(value, str):
            for pattern in ("%Y-%m-%d", "%d %b %Y", "%d %B %Y"):
                try:
                    return dt.datetime.strptime(value, pattern).replace(hour=9)
                except ValueError:
                    continue
    raise ValueError("no date in the front matter")


def build_docx(meta: dict[str, Any], body: str) -> bytes:
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    when = stamp(meta)
    core = document.core_properties
    core.title = str(meta["title"])
    core.author = core.last_modified_by = str(meta.get("author", "Meridian"))
    core.subject = str(meta.get("document_number", ""))
    core.comments = ""
    core.created = core.modified = when
    core.revision = 1
    for kind, value in blocks(body):
        if kind[0] == "h":
            document.add_heading(level=int(kind[1])).add_run(re.sub(r"[*`]", "", value))
        elif kind == "table":
            table = document.add_table(rows=len(value), cols=len(value[0]), style="Table Grid")
            for row, cells in zip(table.rows, value, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    fill(cell.paragraphs[0], text, bold=row is table.rows[0] or cells is value[0])
        elif kind in ("ul", "ol"):
            style = "List Bullet" if kind == "ul" else "List Number"
            for item in value:
                fill(document.add_paragraph(style=style), item)
        else:
            fill(document.add_paragraph(), value)
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue())


def build_xlsx(meta: dict[str, Any], body: str) -> bytes:
    """A sheet for each heading; amounts, shares and dates become numbers that are shown as they are written."""
    book = Workbook()
    book.remove(book.active)
    when = stamp(meta)
    book.properties.title, book.properties.creator = str(meta["title"]), str(meta.get("author", "Meridian"))
    book.properties.created = when
    sheet, row = None, 0
    for kind, value in blocks(body):
        if kind[0] == "h":
            name = value.removesuffix(" (hidden)")
            sheet, row = book.create_sheet(name), 1
            sheet.sheet_state = "visible" if name == value else "hidden"
        elif kind == "table":
            for cells in value:
                for column, text in enumerate(cells, 2):
                    put(sheet.cell(row, column), text)
                row += 1
            row += 1
        else:
            sheet.cell(row, 2, value)
            row += 1 if row == 1 else 2
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue(), f"{when:%Y-%m-%dT%H:%M:%SZ}")


def put(cell: Any, text: str) -> None:
    if match := re.fullmatch(r"£([\d,]+\.\d\d)", text):
        cell.value, cell.number_format = float(match[1].replace(",", "")), "[$£-809]#,##0.00"
    elif match := re.fullmatch(r"(\d+(?:\.(\d+))?)%", text):
        cell.value, cell.number_format = float(match[1]) / 100, "0.0%" if match[2] else "0%"
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        cell.value, cell.number_format = dt.date.fromisoformat(text), "dd/mm/yyyy"
    else:
        cell.value = text


def build_mailbox(folder: Path) -> bytes:
    """The messages of a folder, in the order of their names, as mbox."""
    out = b""
    for path in sorted(folder.glob("*.md")):
        meta, body = front_matter(path.read_text(encoding="utf-8"))
        message = EmailMessage()
        for name in ("from", "to", "cc", "subject"):
            if name in meta:
                message[name.title()] = meta[name]
        when = dt.datetime.fromisoformat(str(meta["date"]))
        message["Date"] = format_datetime(when)
        message["Message-ID"] = f"<{meta['message_id']}>"
        if reply := meta.get("in_reply_to"):
            message["In-Reply-To"] = message["References"] = f"<{reply}>"
        message.set_content(body.strip("\n") + "\n")
        for name in meta.get("attach", []):
            data = (folder / name).read_bytes()
            message.add_attachment(data, maintype="text", subtype="csv", filename=name)
        if message.is_multipart():
            message.set_boundary(f"=-{meta['message_id'].partition('@')[0]}")
        sender = parseaddr(str(message["From"]))[1]
        text = re.sub(rb"(?m)^(>*From )", rb">\1", message.as_bytes())
        out += f"From {sender} {when.astimezone(dt.UTC):%a %b %d %H:%M:%S %Y}\n".encode() + text.rstrip(b"\n") + b"\n\n"
    return out


def fill(paragraph: Any, text: str, bold: bool = False) -> None:
    for piece, strong, italic in runs(text):
        run = paragraph.add_run(piece)
        run.bold = True if bold or strong else None
        run.italic = True if italic else None


def repack(data: bytes, modified: str | None = None) -> bytes:
    """The same archive with fixed time stamps and order, so that a rebuild gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            content = source.read(name)
            if modified and name == "docProps/core.xml":  # openpyxl writes the time of the build
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + modified.encode(), content)
            target.writestr(info, content, compresslevel=6)
    return out.getvalue()


def build_pdf(meta: dict[str, Any], body: str) -> bytes:
    sheet = getSampleStyleSheet()
    base = ParagraphStyle("body", parent=sheet["BodyText"], fontSize=10.5, leading=14, alignment=TA_LEFT)
    cell = ParagraphStyle("cell", parent=base, fontSize=9.5, leading=12, spaceBefore=0, spaceAfter=0)
    head = {
        f"h{n}": ParagraphStyle(
            f"h{n}", parent=sheet[f"Heading{n}"], fontSize=size, leading=size * 1.25, keepWithNext=1
        )
        for n, size in ((1, 20), (2, 15), (3, 12.5), (4, 11))
    }

    def mark(text: str) -> str:
        parts = []
        for piece, strong, italic in runs(text):
            piece = escape(piece)
            parts.append(f"<b>{piece}</b>" if strong else f"<i>{piece}</i>" if italic else piece)
        return "".join(parts)

    story: list[Any] = []
    for kind, value in blocks(body):
        if kind[0] == "h":
            story.append(Paragraph(mark(value), head[kind]))
        elif kind == "table":
            width = (A4[0] - 5 * cm) / len(value[0])
            rows = [
                [Paragraph(f"<b>{mark(text)}</b>" if n == 0 else mark(text), cell) for text in row]
                for n, row in enumerate(value)
            ]
            table = Table(rows, colWidths=[width] * len(value[0]), repeatRows=1)
            table.setStyle(
                TableStyle(
                    [
                        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                        ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ]
                )
            )
            story += [Spacer(1, 4), table, Spacer(1, 8)]
        elif kind in ("ul", "ol"):
            items = [ListItem(Paragraph(mark(item), base)) for item in value]
            style = (
                {"bulletType": "bullet", "start": "•"} if kind == "ul" else {"bulletType": "1", "bulletFormat": "%s."}
            )
            story.append(ListFlowable(items, leftIndent=16, **style))
        else:
            story.append(Paragraph(mark(value), base))

    reference = str(meta.get("reference", ""))

    def footer(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2.5 * cm, 1.3 * cm, f"Meridian Maritime Logistics  {reference}".strip())
        canvas.drawRightString(A4[0] - 2.5 * cm, 1.3 * cm, f"Page {document.page}")
        canvas.restoreState()

    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=2.2 * cm,
        bottomMargin=2.2 * cm,
        title=str(meta["title"]),
        author=str(meta.get("author", "Meridian")),
        subject=reference,
        invariant=1,
    )
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return dated(buffer.getvalue(), stamp(meta))


def dated(data: bytes, when: dt.datetime) -> bytes:
    """Replace reportlab's fixed dates by the document's own (same length, so offsets stay right)."""
    text = when.strftime("D:%Y%m%d%H%M%S+00'00'").encode()

    def swap(match: re.Match[bytes]) -> bytes:
        assert len(match.group(2)) == len(text), match.group(2)
        return match.group(1) + text + b")"

    return re.sub(rb"(/(?:CreationDate|ModDate) \()([^)]*)\)", swap, data)


BUILDERS = {".docx": build_docx, ".pdf": build_pdf, ".xlsx": build_xlsx}


def outputs() -> Iterator[tuple[Path, bytes]]:
    for source, suffix in FORMATS.items():
        folder = ROOT / "authoring" / source
        for path in sorted(folder.rglob("*.md")):
            try:
                meta, body = front_matter(path.read_text(encoding="utf-8"))
                data = BUILDERS[suffix](meta, body)
            except Exception as error:
                raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error
            target = ROOT / "content" / source / path.relative_to(folder).with_suffix(suffix)
            side_car = yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=100)
            yield target, data
            yield target.with_name(target.name + ".meta.yaml"), side_car.encode()
    for folder in sorted(path for path in (ROOT / "authoring" / "announcements").iterdir() if path.is_dir()):
        yield ROOT / "content" / "announcements" / f"{folder.name}.mbox", build_mailbox(folder)


def main() -> int:
    check = "--check" in sys.argv[1:]
    changed = 0
    for target, data in outputs():
        if target.exists() and target.read_bytes() == data:
            continue
        changed += 1
        print(("differs: " if check else "wrote ") + str(target.relative_to(ROOT)))
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
