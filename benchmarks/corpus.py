"""Workspaces of any size whose documents read like real ones: what the benchmarks sync, index and ask about.

The prose is that of the sample workspace and, where CONCORD_TEST_DATA names a folder with `*.bundle` files, of those
handbooks. Sentences are drawn from a chain over its words (which word follows which two), so that words, values,
lengths and concepts are like those of the originals while hardly any sentence occurs twice.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from concord_taxonomy.markdown import BlockKind, blocks, sentences
from concord_taxonomy.standard import Principal

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "meridian"
GROUPS = 300
TIERS = ("policy", "standard", "procedure", "guidance")
LONGEST = 45
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_SOURCE = """\
title: {title}
connector: files
options: {{path: content/{name}}}
mapping:
  fields:
    title: {{path: metadata.title}}
    modified: {{path: metadata.modified, date: true}}
    publisher: {{const: {publisher}}}
    authority_tier: {{const: {tier}}}
    readers: {{path: metadata.readers, split: ","}}
"""


@dataclass(frozen=True)
class Prose:
    """Real sentences and headings, and who wrote them."""

    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    origin: str


def read_prose() -> Prose:
    """The prose of the sample workspace and of the handbooks, where there are any."""
    texts = [path.read_text("utf-8") for path in sorted(SAMPLE.glob("content/**/*.md"))]
    texts += [re.sub(r"<[^>]+>", "\n", path.read_text("utf-8")) for path in sorted(SAMPLE.glob("content/**/*.html"))]
    handbooks = sorted(Path(os.environ.get("CONCORD_TEST_DATA", "/nowhere")).glob("**/*.bundle"))
    for bundle in handbooks:
        texts += _handbook(bundle)
    found, headings = dict[str, None](), dict[str, None]()
    for text in texts:
        body = _FRONT_MATTER.sub("", text)
        found.update(dict.fromkeys(each.text for each in sentences(body) if 5 <= len(each.text.split()) <= LONGEST))
        headings.update(
            dict.fromkeys(block.heading_path[-1] for block in blocks(body) if block.kind is BlockKind.HEADING)
            if body
            else ()
        )
    origin = f"the sample workspace{f' and {len(handbooks)} handbooks' if handbooks else ''}"
    return Prose(tuple(found), tuple(each for each in headings if 3 <= len(each) <= 80 and "{" not in each), origin)


def _handbook(bundle: Path) -> Iterator[str]:
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        subprocess.run(["git", "clone", "--quiet", str(bundle), folder], check=True, capture_output=True)
        yield from [path.read_text("utf-8", "replace") for path in sorted(Path(folder).glob("**/*.md"))]


class Writer:
    """Writes sentences and documents; the same seed writes the same."""

    def __init__(self, prose: Prose, seed: int) -> None:
        self.prose = prose
        self.random = random.Random(seed)
        self._follows: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._starts: list[tuple[str, str]] = []
        for sentence in prose.sentences:
            words = [*sentence.split(), ""]
            self._starts.append((words[0], words[1]))
            for first, second, third in zip(words, words[1:], words[2:], strict=False):
                self._follows[first, second].append(third)

    def sentence(self) -> str:
        """One sentence of 5 to 45 words."""
        while True:
            words = list(self.random.choice(self._starts))
            while words[-1] and len(words) < LONGEST:
                words.append(self.random.choice(self._follows[words[-2], words[-1]]))
            if len(words) > 5:
                return " ".join(words).strip()

    def heading(self) -> str:
        """A heading, with a number that tells it from its like."""
        return f"{self.random.choice(self.prose.headings)} {self.random.randint(1, 999)}"

    def document(self, sections: int, readers: list[str]) -> str:
        """A Markdown page whose sections are cut into one passage each, with front matter."""
        year, month = self.random.randint(2019, 2026), self.random.randint(1, 9)
        title = re.sub(r"[:#\"'\[\]{}]", " ", self.heading())
        lines = [
            "---",
            f'title: "{title}"',
            f"modified: {year}-{month:02}-01",
            f'readers: "{",".join(readers)}"',
            "---",
            "",
        ]
        for _ in range(sections):
            paragraph = " ".join(self.sentence() for _ in range(self.random.randint(4, 8)))
            lines += [f"## {self.heading()}", "", paragraph, ""]
        return "\n".join(lines)

    def readers(self) -> list[str]:
        """Who reads a document: three of 300 groups, early ones rarely (Zipf the other way round), or everyone."""
        if self.random.random() < 0.05:
            return ["everyone"]
        return sorted({f"group:g{int(GROUPS * self.random.random() ** 0.5)}" for _ in range(3)})


@dataclass(frozen=True)
class Corpus:
    """A workspace to be: so many documents of so many sections in four sources."""

    folder: Path
    documents: int
    sections: int
    seed: int

    @cached_property
    def writer(self) -> Writer:
        """What writes the documents."""
        return Writer(read_prose(), self.seed)

    def write(self, extra: str = "") -> None:
        """Write the workspace's files; `extra` goes into concord.yaml."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "concord.yaml").write_text(f"name: Benchmark\n{extra}", "utf-8")
        (self.folder / "principals.yaml").write_text("users:\n  - {id: bench, name: Bench}\n", "utf-8")
        (self.folder / "ownership.yaml").write_text('rules:\n  - match: {path: "**"}\n    owner: user:bench\n', "utf-8")
        shutil.copytree(SAMPLE / "taxonomy", self.folder / "taxonomy", dirs_exist_ok=True)
        (self.folder / "sources").mkdir(exist_ok=True)
        names = [f"department-{tier}" for tier in TIERS]
        for name, tier in zip(names, TIERS, strict=True):
            source = _SOURCE.format(title=f"The {tier} pages", name=name, publisher=tier.title(), tier=tier)
            (self.folder / "sources" / f"{name}.yaml").write_text(source, "utf-8")
        for number in range(self.documents):
            path = self.folder / "content" / names[number % len(names)] / f"{number // 500:03}" / f"page-{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.writer.document(self.sections, self.writer.readers()), "utf-8")


PRINCIPALS = {
    "narrow": Principal("narrow", frozenset({"user:narrow", *(f"group:g{n}" for n in (5, 10, 15, 20, 25))})),
    "median": Principal("median", frozenset({"user:median", *(f"group:g{n}" for n in range(60, 90))})),
    "broad": Principal("broad", frozenset({"user:broad", "everyone", *(f"group:g{n}" for n in range(GROUPS))})),
}
"""Who asks: of a few groups (under 1 % of the passages), of 30 (about a fifth), and of all 300 and everyone."""
