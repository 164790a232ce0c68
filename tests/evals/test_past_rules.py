"""Real rules that changed: as of the day before, the old sentence is found and quoted; from that day on, the new."""

import json
import os
import re
import subprocess
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from concord.bootstrap import Concord
from concord.retrieval.question import Question
from concord_taxonomy.markdown import plain

DATA = Path(os.environ.get("CONCORD_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")).resolve()

pytestmark = pytest.mark.skipif(
    not (DATA / "handbooks").is_dir(), reason=f"the handbooks are not in {DATA}: set CONCORD_TEST_DATA"
)

SOURCE = """\
connector: git
options: {{repository: "{bundle}", history: true, include: {pages}}}
mapping: {{fields: {{readers: {{const: [everyone]}}}}}}
"""


@dataclass(frozen=True)
class Handbook:
    """A handbook's repository."""

    clone: Path

    def git(self, *arguments: str) -> list[str]:
        """The lines that a git command prints."""
        command = ["git", "-C", str(self.clone), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    def shown_on(self, commit: str) -> date:
        """The day on which the main branch began to show what a commit changed: its own, or that of its merge."""
        branch = self.git("rev-list", "--first-parent", "--reverse", "HEAD")
        shown = branch[bisect_left(branch, True, key=lambda step: self.follows(step, commit))]
        return datetime.fromtimestamp(int(self.git("show", "-s", "--format=%ct", shown)[0]), UTC).date()

    def follows(self, later: str, commit: str) -> bool:
        """Whether a commit is the other one, or came after it."""
        command = ["git", "-C", str(self.clone), "merge-base", "--is-ancestor", commit, later]
        return subprocess.run(command, check=False).returncode == 0

    def changes(self, repository: str) -> list[dict[str, str]]:
        """The known rule changes on pages that it still has under the same name."""
        lines = (DATA / "conflicts" / "value_changes.jsonl").read_text("utf-8").splitlines()
        present = set(self.git("ls-tree", "-r", "--name-only", "HEAD"))
        return [each for each in map(json.loads, lines) if each["repo"] == repository and each["path"] in present]


@pytest.fixture(scope="module")
def opened_past(opened, tmp_path_factory):
    """Opens a handbook, of which the pages with known rule changes are read, with their past."""

    def make(repository: str) -> tuple[Concord, Handbook, list[dict[str, str]]]:
        bundle = DATA / "handbooks" / f"{repository}.bundle"
        base = tmp_path_factory.mktemp(repository)
        clone = ["git", "clone", "--quiet", "--bare", str(bundle), str(base / "clone")]
        subprocess.run(clone, check=True, capture_output=True)
        handbook = Handbook(base / "clone")
        known = handbook.changes(repository)
        folder = base / repository
        (folder / "sources").mkdir(parents=True)
        pages = json.dumps(sorted({each["path"] for each in known}))
        (folder / "sources" / "handbook.yaml").write_text(SOURCE.format(bundle=bundle, pages=pages), "utf-8")
        (folder / "concord.yaml").write_text("embedding: {runtime: hashing}\n", "utf-8")
        (folder / "principals.yaml").write_text("users: [{id: reader, name: Reader}]\n", "utf-8")
        return opened(folder), handbook, known

    return make


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text).casefold()))


def holds(concord: Concord, sentence: str, path: str, day: date) -> bool:
    """Whether the page, as a search gives it as of a day, has the sentence."""
    found = concord.search(sentence, concord.foundation.directory.principal("reader"), at=day).passages
    page = [each for each in found if each.item.identifier == f"handbook/{path}"]
    assert all(each.period.start <= day and (each.period.end is None or day < each.period.end) for each in page)
    return any(words(sentence) in words(each.chunk.text) for each in page)


def quoted(concord: Concord, sentence: str, day: date) -> set[str]:
    """What an answer quotes as of a day, however sure."""
    who = concord.foundation.directory.principal("reader")
    past = day < datetime.now(UTC).date()
    answer = concord.answerer.answer(Question(sentence, who, day, past=past), min_confidence=0.0)
    return {words(each.quote) for each in answer.citations}


@pytest.mark.parametrize("repository", ["gds-way", pytest.param("18f-handbook", marks=pytest.mark.slow)])
def test_a_rule_is_found_as_it_stood_on_both_sides_of_its_change(opened_past, capsys, repository):
    concord, handbook, known = opened_past(repository)
    assert known
    found: Counter[str] = Counter()
    for change in known:
        after = handbook.shown_on(change["commit"])
        before = after - timedelta(days=1)
        old, new, path = change["old"], change["new"], change["path"]
        found["old before"] += holds(concord, old, path, before)
        found["new before"] += holds(concord, new, path, before)
        found["new after"] += holds(concord, new, path, after)
        found["old after"] += holds(concord, old, path, after)
        found["old quoted before"] += any(words(old) in quote for quote in quoted(concord, old, before))
        found["new quoted after"] += any(words(new) in quote for quote in quoted(concord, new, after))
        found["old quoted after"] += any(words(old) in quote for quote in quoted(concord, old, after))
    with capsys.disabled():
        print(f"\n{repository}: {len(known)} changes, {dict(found)}")
    assert found["old before"] >= 0.9 * len(known)
