"""The workspaces that are corrupted: the sample with its golden questions, and real handbooks with questions from them.

The handbooks are those of `tests/workspaces/handbooks`, as plain folders that can be edited, the second copy of one of
them left out. They are there where CONCORD_TEST_DATA names the folder that holds `handbooks/*.bundle`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import dateparser
import yaml

from concord.answering.model import Answer
from concord.authority.decision import Verdict
from concord.authority.values import ValueType, extract_values
from concord.bootstrap import Concord
from concord.catalog import items
from concord.catalog.engine import reading
from concord.governance.cases.rightness import Right
from concord.index.edge.client import stop_process
from concord_feedback import parse_questions
from concord_taxonomy.markdown import BlockKind, blocks, plain, sentences
from faults.sample import NUMBER, Asked, Place, Style, stands

ROOT = Path(__file__).parents[2]
DERIVED = shutil.ignore_patterns("*.sock", "*.lock", "locks", "process.log")
"""What a synced workspace has that a copy of it must not."""
HANDBOOKS = {
    "gds-way": "gds-way",
    "homeoffice": "homeoffice-standards",
    "moj": "moj-technical-guidance",
    "18f": "18f-handbook",
}
_ASKS = {
    ValueType.MONEY: "how much money",
    ValueType.DURATION: "how long",
    ValueType.PERCENT: "what percentage",
    ValueType.COUNT: "how many",
}
"""What stands in a question for a value of its kind."""
_A_PAGE = 3
"""Questions of a page at most."""
_LENGTH = (60, 240)


@dataclass(frozen=True)
class Workspace:
    """A workspace to be corrupted: how it is made, what is asked of it, and how many cases of a fault at most."""

    name: str
    style: Style
    make: Callable[[Path], None]
    questions: Callable[[Concord], Iterable[Asked]]
    cases: int

    def prepare(self, base: Path) -> list[Asked]:
        """Make and sync it once, and keep the questions that it answers rightly and from the right page."""
        synced, kept = base / ".synced", base / ".answered.json"
        if not synced.exists():
            shutil.rmtree(base, ignore_errors=True)
            self.make(base)
            concord = Concord.open(base)
            try:
                problems = concord.review(concord.desired())
                assert not problems, problems[:3]
                concord.proposals.apply(concord.desired().declarations, "system:benchmark", "seeded faults")
                concord.sync_sources(concord.foundation.sources.values())
                synced.touch()
            finally:
                concord.close()
        if not kept.exists():
            concord = Concord.open(base)
            try:
                kept.write_text(json.dumps([asdict(each) for each in _answered(concord, self.questions(concord))]))
            finally:
                concord.close()
        for index in (base / ".concord" / "index").glob("*"):
            stop_process(index)  # what is copied has to lie still
        return [Asked(**each | {"values": tuple(each["values"])}) for each in json.loads(kept.read_text())]

    def copy(self, base: Path, to: Path) -> None:
        """A copy of it, catalog and index included, at a folder that is made anew."""
        discard(to)
        shutil.copytree(base, to, ignore=DERIVED, symlinks=True)


def discard(folder: Path) -> None:
    """Delete a copy, and end its index's process."""
    for index in (folder / ".concord" / "index").glob("*"):
        stop_process(index)
    shutil.rmtree(folder, ignore_errors=True)


def workspaces() -> list[Workspace]:
    """The sample, and the handbooks where they are."""
    found = [Workspace("meridian", _MERIDIAN, _make_meridian, _golden, 14)]
    if _bundles().is_dir():
        return [*found, Workspace("handbooks", _HANDBOOKS, _make_handbooks, _from_handbooks, 10)]
    print("CONCORD_TEST_DATA names no folder with handbooks: the sample alone", file=sys.stderr)
    return found


def right(answer: Answer, asked: Asked) -> bool:
    """Whether an answer tells all that is right, and takes a side."""
    torn = any(each.decision.verdict is Verdict.UNRESOLVED for each in answer.conflicts)
    return bool(answer.text) and not torn and Right(asked.right).told(answer.text or "") == len(asked.values)


def _answered(concord: Concord, questions: Iterable[Asked]) -> Iterator[Asked]:
    for each in questions:
        answer = concord.ask(each.question, concord.foundation.directory.principal(each.principal), each.use_case)
        cited = {citation.item.identifier for citation in answer.citations}
        if right(answer, each) and each.page in cited:
            yield each


def _make_meridian(folder: Path) -> None:
    shutil.copytree(ROOT / "examples" / "meridian", folder, ignore=shutil.ignore_patterns(".concord"))


def _golden(concord: Concord) -> Iterator[Asked]:
    for name in ("golden", "golden-engineering-legal", "golden-rates-mail"):
        text = (concord.folder / "evals" / f"{name}.jsonl").read_text("utf-8")
        for each in parse_questions(text, name):
            if each.expect == "answer" and each.values and each.evidence and each.as_of is None:
                page = each.wanted()[0].identifier
                yield Asked(each.id, each.question, each.principal, each.use_case, each.values, page)


def _bundles() -> Path:
    return Path(os.environ.get("CONCORD_TEST_DATA", "/nowhere")).resolve() / "handbooks"


def _make_handbooks(folder: Path) -> None:
    leave_out = shutil.ignore_patterns(".concord", "evals", "*.md", "*.py", "*-checkout.yaml")
    shutil.copytree(ROOT / "tests" / "workspaces" / "handbooks", folder, ignore=leave_out)
    for source, bundle in HANDBOOKS.items():
        content = folder / "content" / source
        subprocess.run(["git", "clone", "--quiet", str(_bundles() / f"{bundle}.bundle"), str(content)], check=True)
        shutil.rmtree(content / ".git")
        _rewrite(folder / "sources" / f"{source}.yaml", lambda data, source=source: _as_files(data, source))
    for file in [*(folder / "usecases").glob("*.yaml"), folder / "authority.yaml", folder / "ownership.yaml"]:
        _rewrite(file, lambda data: _without(data, "18f-checkout"))


def _rewrite(file: Path, change: Callable[[dict], dict]) -> None:  # type: ignore[type-arg]
    file.write_text(yaml.safe_dump(change(yaml.safe_load(file.read_text("utf-8"))), sort_keys=False), "utf-8")


def _as_files(data: dict, source: str) -> dict:  # type: ignore[type-arg]
    kept = {name: value for name, value in data["options"].items() if name in ("include", "exclude")}
    return data | {"connector": "files", "options": {"path": f"content/{source}", **kept}}


def _without(data: dict, source: str) -> dict:  # type: ignore[type-arg]
    if "sources" in data:
        data["sources"] = [each for each in data["sources"] if each != source]
    if "rankings" in data:
        ranked = [each | {"sources": [one for one in each["sources"] if one != source]} for each in data["rankings"]]
        data["rankings"] = [each for each in ranked if len(each["sources"]) > 1]
    if "rules" in data and isinstance(data["rules"][0], dict):
        data["rules"] = [each for each in data["rules"] if each.get("match", {}).get("source") != source]
    return data


def _from_handbooks(concord: Concord) -> Iterator[Asked]:
    """Questions that people wrote, and sentences that ask for their value: in a use case, and in none."""
    for name in ("tuning", "tuning-2", "tuning-3"):
        text = (ROOT / "tests" / "workspaces" / "handbooks" / "evals" / f"{name}.jsonl").read_text("utf-8")
        for each in parse_questions(text, name):
            if each.expect == "answer" and each.anchor:
                page = each.wanted()[0].identifier
                yield Asked(each.id, each.question, each.principal, None, (each.anchor,), page)
    reader = concord.foundation.directory.principal("user:reader")
    with reading(concord.engine) as connection:
        bodies = {
            each.identifier: items.item_body(connection, each.identifier)
            for each in sorted(items.all_readable(connection, reader), key=lambda each: each.identifier)
        }
    for page, body in bodies.items():
        file = concord.folder / "content" / page
        raw = file.read_text("utf-8") if file.suffix in (".md", ".erb") else ""
        asked = [each for each in _cloze(body) if len(stands(each[1]).findall(raw)) == 1][:_A_PAGE]
        for number, (question, value) in enumerate(asked):
            made = Asked(f"{page}#{number}", question, "user:reader", "engineering", (value,), page)
            yield from (made, replace(made, id=f"{made.id}*", use_case=None))


def _cloze(body: str) -> Iterator[tuple[str, str]]:
    for block in blocks(body):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST):
            continue
        text = plain(body[block.start : block.end])
        for span in sentences(text):
            sentence = " ".join(text[span.start : span.end].split())
            found = [each for each in extract_values(sentence) if each.value.type.measured]
            if len(found) != 1 or found[0].value.type not in _ASKS or not _LENGTH[0] <= len(sentence) <= _LENGTH[1]:
                continue
            value = sentence[found[0].start : found[0].end]
            # A single digit says nothing by itself: nobody would take "2" for a correction.
            if NUMBER.search(value) and len(value) > 1:
                asks = _ASKS[found[0].value.type]
                yield sentence[: found[0].start] + asks + sentence[found[0].end :].rstrip(".:; ") + "?", value


def _day_first(day: str) -> str:
    year, month, rest = day.split("-")
    return f"{rest}/{month}/{year}"


def iso(day: str) -> str:
    """A day as the sample's pages write it, as `2026-01-12`."""
    order = {"DATE_ORDER": "DMY"} if "/" in day else {}
    found = dateparser.parse(day, settings=order)  # type: ignore[arg-type]
    return f"{found:%Y-%m-%d}" if found else "2026-01-12"


_MERIDIAN = Style(
    places=(
        Place(
            "people-handbook",
            "working",
            ".md",
            lambda title, day: f"---\ntitle: {title}\nstatus: Final\nlast_updated: {day}\n---\n",
        ),
        Place(
            "engineering-wiki",
            "team",
            ".md",
            lambda title, day: f'---\ntitle: {title}\nstate: published\nupdated: "{_day_first(day)}"\n---\n',
        ),
    ),
    withdrawn=(
        (r"^status: Final", "status: Withdrawn"),
        (r"^state: published", "state: archived"),
        (r'notice-status" content="In force"', 'notice-status" content="Repealed"'),
        (r'page-status" content="Live"', 'page-status" content="Retired"'),
    ),
    reviewed=("people-handbook",),
    begins={"people-handbook": ("effective", "%Y-%m-%d"), "engineering-wiki": ("effective_from", "%d/%m/%Y")},
    concepts="https://meridian.example/id/",
)
_HANDBOOKS = Style(
    places=(
        Place(
            "gds-way",
            "source/manuals",
            ".html.md.erb",
            lambda title, day: f"---\ntitle: {title}\nlast_reviewed_on: {day}\nreview_in: 24 months\n---\n",
        ),
        Place(
            "moj",
            "source/documentation/principles",
            ".html.md.erb",
            lambda title, day: f"---\ntitle: {title}\nlast_reviewed_on: {day}\nreview_in: 24 months\n---\n",
        ),
    ),
    withdrawn=((r"\A---\n", "---\nlayout: withdrawn\n"),),
    reviewed=("gds-way", "moj"),
    begins={},
    concepts="https://civic.example/id/",
    tier="guidance",
)
