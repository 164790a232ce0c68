"""Which of two pages that disagree is right: authority beside four simpler rules, on pages of real handbooks.

Cases stand in `authority_pages.jsonl` as places alone (page, commit, line); their texts and dates are read from the
bundles in the folder that CONCORD_TEST_DATA names:

- `real`: a change of a value that left another page of the same handbook behind, found by the search below and read by
  eye; and the three of `conflicts/cross_page.jsonl`, which others found;
- `lagging`: a page that changed a value, put back to the commit before, beside one that states the new value.

The search: of every commit without merges in the four bundles, each pair of a sentence that went and one that came
which differ in one group of up to three words with a number, an address or a channel in it; then, by `git grep` in that
commit, pages with a sentence of the old value (a candidate for `real`) or the new one (for `lagging`) that has 0.4 of
its words in common with it (a Dice coefficient of stems).

Parted by topic into `tuning` and `test`. What is right is the value that came last. `authority` is told that the two
values disagree, as the simpler rules are, and decides; `found and decided` is told nothing and asked nothing: it reads
the block around each line. No winner counts as wrong; so does a tie of a simpler rule.

    CONCORD_TEST_DATA=… python benchmarks/authority_winners.py [--seed 0] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from authority_values import data_folder

from concord.authority.claims import Attribute, BlockKey, Claim
from concord.authority.conflicts import ConflictSet
from concord.authority.decide import decide
from concord.authority.examples import Example, ExampleDocument
from concord.authority.facts import Facts
from concord.authority.policy import Policy
from concord.authority.trial import Trial
from concord.authority.values import TypedValue, ValueType
from concord.authority.words import content_stems
from concord.embedding import open_encoder
from concord_evals.statistics import bootstrap
from concord_taxonomy.markdown import blocks

PAGES = Path(__file__).parent / "authority_pages.jsonl"
MODEL = "all-MiniLM-L6-v2"


@dataclass(frozen=True)
class Page:
    """A page at a commit, and the line that states the value."""

    repository: Path
    path: str
    revision: str
    line: int
    value: str

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.repository), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout

    @cached_property
    def text(self) -> str:
        """The block of Markdown around the line, below its headings."""
        lines = self._git("show", f"{self.revision}:{self.path}").split("\n")
        before = sum(len(line) + 1 for line in lines[: self.line - 1])
        whole = "\n".join(lines)
        for block in blocks(whole):
            if block.start <= before + len(lines[self.line - 1]) // 2 < block.end:
                headings = [f"{'#' * level} {each}" for level, each in enumerate(block.heading_path, 1)]
                return "\n\n".join([*headings, whole[block.start : block.end]])
        return lines[self.line - 1]

    @cached_property
    def line_date(self) -> date:
        """The day on which the line was written so."""
        told = self._git("blame", "--porcelain", f"-L{self.line},{self.line}", self.revision, "--", self.path)
        stamp = next(each for each in told.split("\n") if each.startswith("committer-time "))
        return date.fromtimestamp(int(stamp.split()[1]))

    @cached_property
    def file_date(self) -> date:
        """The day on which the file last changed."""
        return date.fromisoformat(self._git("log", "-1", "--format=%cs", self.revision, "--", self.path).strip())

    @property
    def tier(self) -> str:
        """Pages in a folder of policies are policy, all others guidance."""
        return "policy" if "policies" in self.path else "guidance"


@dataclass(frozen=True)
class Case:
    """Pages that disagree; the last value is that of `winner`."""

    id: str
    kind: str
    topic: str
    commit: str
    pages: tuple[Page, ...]
    winner: str

    @property
    def half(self) -> str:
        """Tuning or test, by topic."""
        return ("tuning", "test")[int(hashlib.sha256(self.topic.encode()).hexdigest(), 16) % 2]

    @cached_property
    def asked(self) -> str:
        """A query that favours no page: the words that all have in common, in the order of the first."""
        shared = set[str].intersection(*(set(content_stems(page.text)) for page in self.pages))
        return " ".join(word for word in self.pages[0].text.split() if shared.intersection(content_stems(word)))


def main() -> int:
    """Measure, print, and return 2 where the data is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--misses", action="store_true", help="print tuning cases that authority gets wrong")
    parser.add_argument("--seed", type=int, default=0, help="seed of the bootstrap")
    parser.add_argument("--scale", type=int, default=1, choices=[1], help="no other: the cases are what they are")
    options = parser.parse_args()
    folder = data_folder()
    bundles = folder.parent / "handbooks" if folder else None
    if folder is None or bundles is None or not bundles.is_dir():
        print("No data: set CONCORD_TEST_DATA to a folder with conflicts/ and handbooks/.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="concord-bench-") as place:
        cases = read(folder, bundles, Path(place))
        right = {name: [chosen(case) == case.winner for case in cases] for name, chosen in rules().items()}
    if options.misses:
        for case, held in zip(cases, right["authority"], strict=True):
            if not held and case.half == "tuning":
                print(f"{case.id} {case.topic}: {[page.path for page in case.pages]}", file=sys.stderr)
    report = {part: shares(cases, right, part, options.seed) for part in ("all", "real", "lagging", "tuning", "test")}
    print(json.dumps(report, indent=2) if options.json else table(report))
    return 0


def read(folder: Path, bundles: Path, place: Path) -> list[Case]:
    """The cases, over clones of the bundles in `place`."""
    rows = [json.loads(line) for line in PAGES.read_text("utf-8").splitlines()]
    rows += map(_given, map(json.loads, (folder / "cross_page.jsonl").read_text("utf-8").splitlines()))
    for name in sorted({row["repo"] for row in rows}):
        command = ["git", "clone", "--quiet", str(bundles / f"{name}.bundle"), str(place / name)]
        subprocess.run(command, check=True, capture_output=True)
    return [
        Case(
            row["id"],
            row["kind"],
            row["topic"],
            row["commit"],
            tuple(Page(place / row["repo"], **page) for page in row["pages"]),
            row["winner"],
        )
        for row in rows
    ]


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """A case that came with the data, in the form of ours."""
    pages = [
        {
            "path": each["path"],
            "revision": row["revision"],
            "line": each["line"],
            "value": each["value"].split(" at ")[0],
        }
        for each in row["sources"]
    ]
    return {**row, "kind": "real", "topic": row["id"], "commit": row["revision"], "pages": pages}


def rules() -> Mapping[str, Callable[[Case], str | None]]:
    """What is compared: a case to the path of the page that it names, or None."""
    encoder = open_encoder(MODEL, "onnx")

    def top_ranked(case: Case) -> str | None:
        vectors = np.asarray(encoder.encode([case.asked, *(page.text for page in case.pages)]))
        likeness = vectors[1:] @ vectors[0]
        return case.pages[int(likeness.argmax())].path

    return {
        "authority": lambda case: decided(case, tiers=False),
        "authority, tiers by folder": lambda case: decided(case, tiers=True),
        "found and decided": found_and_decided,
        "top-ranked passage": top_ranked,
        "newest file": lambda case: _best(case, lambda page: page.file_date.toordinal()),
        "majority": lambda case: _best(case, lambda page: _stating(case, page)),
        "tier only": lambda case: _best(case, lambda page: page.tier == "policy"),
    }


def decided(case: Case, *, tiers: bool) -> str | None:
    """Whom the default policy names of the values that disagree, each with its page's facts and its line's date."""
    claims = []
    for page in case.pages:
        value = TypedValue(ValueType.NAMED, page.value.casefold(), page.value.casefold(), "", text=page.value)
        document = ExampleDocument.model_validate(_document(page, page.tier if tiers else "guidance"))
        claims.append(
            Claim(
                page.path,
                1,
                0,
                (0, len(page.text)),
                page.text,
                value,
                BlockKey(None, value.type, value.dimension),
                Attribute(()),
                first_seen=page.line_date,
                facts=Facts.of(document.item),
            )
        )
    winner = decide(ConflictSet(tuple(claims)), Policy(), at=date(2026, 1, 1)).winner
    return winner.identifier if winner else None


def found_and_decided(case: Case) -> str | None:
    """What `concord authority test` says without any question."""
    documents = [_document(page, "guidance") for page in case.pages]
    expected = {"conflict": True, "winner": case.winner}
    example = Example.model_validate({"id": case.id, "documents": documents, "expect": expected})
    return Trial(Policy()).run(example, date(2026, 1, 1)).winner


def _document(page: Page, tier: str) -> dict[str, str]:
    day = page.line_date.isoformat()
    return {"identifier": page.path, "text": page.text, "modified": day, "authority_tier": tier}


def _best(case: Case, weight: Callable[[Page], int]) -> str | None:
    """The page of the greatest weight; None where two share it."""
    ordered = sorted(case.pages, key=weight, reverse=True)
    return ordered[0].path if weight(ordered[0]) > weight(ordered[1]) else None


def _stating(case: Case, page: Page) -> int:
    """How many files of the handbook have the page's value, in the state in which the case has it."""
    command = ["git", "-C", str(page.repository), "grep", "-l", "-I", "-F", "-e", page.value, case.commit]
    found = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace").stdout.split("\n")
    names = {name.split(":", 1)[1] for name in found if ":" in name}
    put_back = {each.path for each in case.pages if each.revision != case.commit}
    return len(names - put_back | {each.path for each in case.pages if each.value == page.value})


def shares(cases: list[Case], right: Mapping[str, list[bool]], part: str, seed: int) -> dict[str, Any]:
    """Of the cases of one part, the share that each rule gets right, with its 95 % bootstrap interval."""
    told: dict[str, Any] = {}
    for name, held in right.items():
        mine = [float(each) for case, each in zip(cases, held, strict=True) if part in ("all", case.kind, case.half)]
        told[name] = {
            "n": len(mine),
            "right": int(sum(mine)),
            "interval_95": [round(x, 2) for x in bootstrap(mine, seed)],
        }
    return told


def table(report: Mapping[str, Mapping[str, Any]]) -> str:
    """The report for people: one line a rule, one column a part."""
    rows = defaultdict[str, list[str]](list)
    for part in report.values():
        for name, held in part.items():
            low, high = held["interval_95"]
            rows[name].append(f"{held['right']} of {held['n']} ({low:.2f}-{high:.2f})")
    lines = [f"{'':28}" + "".join(f"{part:24}" for part in report)]
    return "\n".join([*lines, *(f"{name:28}" + "".join(f"{each:24}" for each in row) for name, row in rows.items())])


if __name__ == "__main__":
    sys.exit(main())
