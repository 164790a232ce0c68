"""Check that the sample workspace holds together.

    python authoring/check.py

Every page that a golden question names exists, every principal and use case is declared, the values of a question
stand in its evidence, every side of a planted disagreement states its value, the built documents are up to date, and
there are enough documents and questions.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import docx
import pypdfium2
import yaml

from concord_connectors.contract import SourceRecord
from concord_connectors.files import FilesConnector
from concord_connectors.parsers import ParsedDocument, parse_content
from concord_connectors.parsers.formats import media_type_of

ROOT = Path(__file__).resolve().parent.parent
MIN_DOCUMENTS = 80
MIN_QUESTIONS = 120
MIN_PLANTED = 18
TAGS = ("conflict", "vocabulary", "decoy", "rolled", "restatement", "unanswerable", "no-permission", "ordinary")
SIDE = re.compile(r"([\w-]+/[\w./!@-]+\.(?:md|html|docx|pdf|xlsx|csv|eml))(?:\s*\([^)]*\))?: \"[^\"]*?\*\*(.+?)\*\*")


def documents() -> dict[str, Path | SourceRecord]:
    """Identifier to file, and to the record of what stands in a mailbox."""
    content = ROOT / "content"
    found: dict[str, Path | SourceRecord] = {
        path.relative_to(content).as_posix(): path
        for path in sorted(content.rglob("*"))
        if path.suffix in (".md", ".html", ".docx", ".pdf", ".xlsx", ".csv") and path.parent != content
    }
    connector = FilesConnector(base=content, path="announcements", include=["*.mbox"])
    for batch in connector.pull(None, {}):
        for entry in batch.entries:
            if not isinstance(entry, SourceRecord):
                raise SystemExit(f"announcements: {entry}")
            found[f"announcements/{entry.native_id}"] = entry
    return found


@cache
def text_of_file(path: Path) -> str:
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        parts = [paragraph.text for paragraph in document.paragraphs]
        parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join(parts)
    elif path.suffix in (".xlsx", ".csv"):
        text = parsed_text(path.read_bytes(), media_type_of(path.name), path.name)
    elif path.suffix == ".pdf":
        pdf = pypdfium2.PdfDocument(str(path))
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    else:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\s+", " ", text.replace("**", "").replace("\ufffe", "-"))


def parsed_text(content: bytes, media_type: str, name: str) -> str:
    document = parse_content(content, media_type, name)
    if not isinstance(document, ParsedDocument):
        raise SystemExit(document.detail)
    return document.markdown


def text_of(page: Path | SourceRecord) -> str:
    if isinstance(page, Path):
        return text_of_file(page)
    return re.sub(r"\s+", " ", parsed_text(page.content, page.media_type, page.native_id))


def planted() -> dict[str, list[tuple[str, str]]]:
    """The sides of each planted disagreement in PLAN.md: (identifier, value)."""
    plan = (ROOT / "PLAN.md").read_text(encoding="utf-8")
    found = {}
    for line in plan.splitlines():
        if match := re.match(r"\| (D\d\d) \|", line):
            cells = line.split("|")
            text = cells[3] + " · " + cells[4]
            found[match.group(1)] = SIDE.findall(text)
    return found


def endings(name: str) -> list[str]:
    """Short forms that the plan uses in lists: `-2026.html`, `valencia`."""
    stem, _, suffix = name.rpartition(".")
    last = stem.rpartition("-")[2]
    return [f"-{last}.{suffix}", f"{last}.{suffix}"]


def main() -> int:
    problems: list[str] = []
    pages = documents()
    principals = yaml.safe_load((ROOT / "principals.yaml").read_text(encoding="utf-8"))
    users = {f"user:{user['id']}" for user in principals["users"]}
    use_cases = {path.stem for path in (ROOT / "usecases").glob("*.yaml")}
    questions = []
    for path in sorted((ROOT / "evals").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                questions.append((f"{path.name}:{number}", json.loads(line)))

    for identifier, count in Counter(question["id"] for _, question in questions).items():
        if count > 1:
            problems.append(f"question id {identifier} is used {count} times")

    asked: Counter[str] = Counter()
    for where, question in questions:
        if question["principal"] not in users:
            problems.append(f"{where}: {question['principal']} is not declared")
        if question.get("use_case") not in use_cases:
            problems.append(f"{where}: no use case {question.get('use_case')!r}")
        evidence = [reference.rsplit("@", 1)[0] for reference in question.get("evidence", [])]
        conflict = question.get("conflict") or {}
        sides = [conflict.get("winner"), *conflict.get("losers", [])]
        for identifier in [*evidence, *filter(None, sides)]:
            if identifier not in pages:
                problems.append(f"{where}: no page {identifier}")
        known = [pages[identifier] for identifier in evidence if identifier in pages]
        for value in question.get("values", []):
            if known and not any(value in text_of(page) for page in known):
                problems.append(f"{where}: {value!r} does not stand in {', '.join(evidence)}")
        if question["expect"] == "answer" and not evidence:
            problems.append(f"{where}: an answer without evidence")
        if question["expect"] == "abstain" and evidence:
            problems.append(f"{where}: an abstention with evidence")
        for tag in question.get("tags", []):
            asked[tag] += 1

    disagreements = planted()
    for identifier, sides in disagreements.items():
        if len(sides) < 2:
            problems.append(f"PLAN.md: {identifier} has fewer than two sides")
        for page, value in sides:
            if page not in pages:
                problems.append(f"{identifier}: no page {page}")
            elif value not in text_of(pages[page]):
                problems.append(f"{identifier}: {value!r} does not stand in {page}")
        if not asked[identifier]:
            problems.append(f"{identifier} is never asked")

    plan = (ROOT / "PLAN.md").read_text(encoding="utf-8")
    for identifier in pages:
        name = Path(identifier).name
        if name not in plan and not any(name.endswith(ending) and ending in plan for ending in endings(name)):
            problems.append(f"{identifier} is not in PLAN.md")

    for name, count, least in (
        ("documents", len(pages), MIN_DOCUMENTS),
        ("questions", len(questions), MIN_QUESTIONS),
        ("planted disagreements", len(disagreements), MIN_PLANTED),
    ):
        print(f"{count:4} {name}")
        if count < least:
            problems.append(f"{count} {name}, fewer than {least}")
    words = sum(len(text_of(path).split()) for path in pages.values())
    print(f"{words:4} words in the documents")
    for tag in TAGS:
        print(f"{asked[tag]:4} questions tagged {tag}")

    build = subprocess.run([sys.executable, str(ROOT / "authoring" / "build.py"), "--check"], check=False)
    if build.returncode:
        problems.append("built documents differ from their Markdown: run authoring/build.py")
    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
