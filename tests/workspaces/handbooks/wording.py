"""The wording rule of the golden sets: a question is worded from what a page is about, not in its words.

A question of `handbooks.jsonl` may share at most 30 % of its content words with the passage that answers it,
one of `tuning.jsonl` at most 50 %, one of `tuning-2.jsonl` or `tuning-3.jsonl` at most 35 %. The passage is never
copied into this project: it is found in the handbook by the question's `anchor` (at most six consecutive words of
it) and is the block (paragraph or list, between blank lines) that holds the anchor, with its neighbours on both sides.

    python wording.py SOURCE=FOLDER [SOURCE=FOLDER …] FILE.jsonl=LIMIT [FILE.jsonl=LIMIT …]

where SOURCE is a source id of this workspace and FOLDER a checkout of its repository.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from nltk.stem import PorterStemmer  # type: ignore[import-untyped]

LIMITS = {"handbooks.jsonl": 0.30, "tuning.jsonl": 0.50, "tuning-2.jsonl": 0.35, "tuning-3.jsonl": 0.35}
ANCHOR_WORDS = 6

_STOP_WORDS = """
a about above after again against ain all also am an and any are aren as at be because been before being below
between both but by can cannot could couldn d did didn do does doesn doing don down during each either else for
from further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn
it its itself just ll m ma may me might mightn more most must mustn my myself need needn no nor not now o of off
on once one only or other our ours ourselves out over own re s same shall shan she should shouldn so some such t
than that the their theirs them themselves then there these they this those through to too under until up us ve
very was wasn we were weren what when where which while who whom whose why will with won would wouldn y you your
yours yourself yourselves
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_STEM = PorterStemmer().stem
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def content_words(text: str) -> set[str]:
    """The stems of the words that carry meaning: lower case, without stop words."""
    words = re.findall(r"[^\W_]+", text.translate(_QUOTES).lower())
    return {_STEM(word) for word in words if word not in STOP_WORDS}


def overlap(question: str, passage: str) -> float:
    """The share of the question's content words that also occur in the passage, 0 to 1."""
    asked = content_words(question)
    return len(asked & content_words(passage)) / len(asked) if asked else 0.0


def blocks(text: str) -> list[str]:
    """Paragraphs and lists of a Markdown text, without its front matter, each on one line."""
    body = _FRONT_MATTER.sub("", text.lstrip("\ufeff"))
    body = re.sub(r"(?m)^[ \t]*(?:>[ \t]?)+", "", body).translate(_QUOTES)
    return [flat for block in re.split(r"\n[ \t]*\n", body) if (flat := " ".join(block.split()))]


def passage(text: str, anchor: str) -> str:
    """The one block of the text that holds the anchor, with its two neighbours."""
    parts = blocks(text)
    wanted = " ".join(anchor.translate(_QUOTES).split())
    found = [i for i, block in enumerate(parts) if wanted in block]
    if len(found) != 1 or parts[found[0]].count(wanted) != 1:
        raise ValueError(f"anchor {anchor!r} stands in {len(found)} blocks, once in one was expected")
    return "\n\n".join(parts[max(0, found[0] - 1) : found[0] + 2])


def read(path: Path) -> str:
    """A page as text; DOCX as Markdown."""
    if path.suffix.lower() == ".docx":
        import mammoth

        with path.open("rb") as file:
            markdown: str = mammoth.convert_to_markdown(file).value
        return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"!\[[^]]*\]\(data:[^)]*\)", "", markdown))
    return path.read_text(encoding="utf-8")


def pages(question: dict[str, Any], roots: dict[str, Path]) -> list[Path]:
    """The files that the question's evidence names, in the order of the evidence."""
    found = []
    for reference in question.get("evidence", []):
        source, _, rest = reference.partition("/")
        if source in roots:
            found.append(roots[source] / rest.rpartition("@")[0])
    return found


def check(question: dict[str, Any], limit: float, roots: dict[str, Path]) -> tuple[float, str | None]:
    """The question's overlap with its passage (the first page of its evidence) and what is wrong, if anything."""
    if question["expect"] == "abstain":
        wrong = "an unanswerable question has no evidence" if question.get("evidence") else None
        return 0.0, wrong
    if not 1 <= len(question["anchor"].split()) <= ANCHOR_WORDS:
        return 0.0, "the anchor has one to six words"
    files = pages(question, roots)
    missing = [file.name for file in files if not file.is_file()]
    if not files or missing:
        return 0.0, f"evidence not found: {missing or question.get('evidence')}"
    try:
        share = overlap(question["question"], passage(read(files[0]), question["anchor"]))
    except ValueError as error:
        return 0.0, str(error)
    return share, f"{share:.0%} of its words stand in the passage" if share > limit else None


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(arguments: list[str]) -> int:
    named = dict(argument.split("=", 1) for argument in arguments)
    files = {Path(name): float(value) for name, value in named.items() if name.endswith(".jsonl")}
    roots = {name: Path(value) for name, value in named.items() if not name.endswith(".jsonl")}
    bad = 0
    for file, limit in files.items():
        for question in load(file):
            share, wrong = check(question, limit, roots)
            bad += wrong is not None
            print(f"{question['id']}  {share:4.0%}  {'FAIL ' + wrong if wrong else 'ok'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
