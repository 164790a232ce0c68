"""The table of attacks: every row has a test, and every test that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "docs/security.md").read_text("utf-8").splitlines() if line.startswith("| ")][1:]


def test_every_row_names_tests_that_are_there():
    assert len(ROWS) >= 16
    for row in ROWS:
        named = re.findall(r"`([\w./]+?\.py|tests/[\w/]+/|concord\.index\.testing)`", row.rpartition(" | ")[2])
        assert named, row
        for each in named:
            found = each == "concord.index.testing" or (ROOT / each).exists() or list((ROOT / "tests").rglob(each))
            assert found, each
