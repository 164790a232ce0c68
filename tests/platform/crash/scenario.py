"""A small workspace and what happens to it, step by step: every kind of change, between syncs that are killed."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {"GIT_AUTHOR_DATE": "2026-01-05T10:00:00Z", "GIT_COMMITTER_DATE": "2026-01-05T10:00:00Z"}
IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@small.example", "-c", "commit.gpgsign=false")

_SOURCE = """\
title: {title}
connector: {connector}
options: {{{options}, batch_size: 3}}
mapping:
  fields:
    publisher: {{const: People}}
    authority_tier: {{const: guidance}}
    readers: {{const: ["group:staff"]}}
  rules:
    - match: {{path: "secret/**"}}
      set: {{readers: ["group:people-leads"], access_rights: restricted}}
"""
MORE = {
    "sources/wiki.yaml": _SOURCE.format(title="Wiki", connector="git", options="repository: content/wiki"),
    "sources/old-notes.yaml": _SOURCE.format(title="Old notes", connector="files", options="path: content/notes"),
    **{f"content/notes/note-{n}.md": f"# Note {n}\n\nRoom {n} seats {n + 3} people.\n" for n in range(7)},
    "content/notes/secret/zanzibar.md": "# Zanzibar notes\n\nThe Zanzibar move costs 400 pounds a desk.\n",
}
WIKI = {
    **{
        f"page-{n}.md": f"# Page {n}\n\nTool {n} is renewed every {n + 2} years.\n\n## More\n\nAsk.\n" for n in range(6)
    },
    "secret/zanzibar-tools.md": "# Zanzibar tools\n\nThe Zanzibar laptops are collected within 3 days.\n",
}


def git(folder: Path, *arguments: str) -> None:
    """Run git in a repository of the workspace."""
    command = ["git", "-C", str(folder), *IDENTITY, *arguments]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **ENVIRONMENT})


def commit(workspace: Path, files: dict[str, str | None]) -> None:
    """Commit changes to the wiki; None deletes a page."""
    folder = workspace / "content/wiki"
    for path, text in files.items():
        if text is None:
            (folder / path).unlink()
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change")


def write(workspace: Path, path: str, text: str) -> None:
    """Write a file of the workspace."""
    (workspace / path).parent.mkdir(parents=True, exist_ok=True)
    (workspace / path).write_text(text, "utf-8")


def edit(workspace: Path, path: str, old: str, new: str) -> None:
    """Change a text in a file of the workspace."""
    text = (workspace / path).read_text("utf-8")
    assert old in text, (path, old)
    (workspace / path).write_text(text.replace(old, new), "utf-8")


def begin(workspace: Path) -> None:
    """Nothing is applied yet: the wiki gets its first commit."""
    (workspace / "content/wiki").mkdir()
    git(workspace / "content/wiki", "init", "--quiet")
    commit(workspace, dict(WIKI))


def change(workspace: Path) -> None:
    """A change of every kind: text, title, new, gone, moved, quarantined, mended, readers, status, links."""
    people = "content/people"
    edit(workspace, f"{people}/leave.md", "27 days", "28 days")
    write(workspace, f"{people}/parking.md", "# Parking\n\nPark behind the house.\n\n## Bicycles\n\nInside.\n")
    write(workspace, f"{people}/restricted/zanzibar-list.md", "# Zanzibar list\n\nZanzibar has 12 people.\n")
    write(workspace, f"{people}/bonus.md", "\n")
    (workspace / "content/notes/note-2.md").unlink()
    edit(workspace, "content/notes/note-4.md", "# Note 4", "# The fourth note")
    edit(workspace, "content/finance/travel.md", "status: Final", "status: Draft\nreplaces: mileage.md")
    edit(workspace, "content/finance/mileage.md", "modified: one of these days\n", "")
    commit(
        workspace,
        {"page-1.md": "# Page 1\n\nTool 1 is renewed every 9 years.\n", "page-2.md": None, "new.md": "# New\n\nOk.\n"},
    )
    git(workspace / "content/wiki", "mv", "page-3.md", "secret/page-3.md")
    git(workspace / "content/wiki", "commit", "--quiet", "--message", "Move")
    # Whoever is only staff loses a whole source; contractors gain one.
    edit(workspace, "sources/people-handbook.yaml", '["group:staff"]', '["group:people-leads"]')
    edit(workspace, "sources/wiki.yaml", '["group:staff"]', '["group:people", "user:carl"]')


def drop(workspace: Path) -> None:
    """A source is no longer declared, and a group has lost a member."""
    (workspace / "sources/old-notes.yaml").unlink()
    edit(workspace, "principals.yaml", '["group:people", "group:finance"]', '["group:people"]')


def during(workspace: Path) -> None:
    """Changes to be written while the index is optimised."""
    edit(workspace, "content/finance/travel.md", "140 pounds", "150 pounds")
    commit(workspace, {"page-4.md": None, "page-5.md": "# Page 5\n\nTool 5 is renewed every 6 years.\n"})


def damage(workspace: Path) -> None:
    """The index's files are broken, so that it has to be built anew."""
    for path in (workspace / ".concord/index").rglob("segment.json"):
        path.write_text("broken", "utf-8")


@dataclass(frozen=True)
class Step:
    """What changes, the commands that follow it, and those that an operator runs after a crash."""

    name: str
    change: Callable[[Path], None]
    commands: tuple[str, ...]


# Twice, for a fix that a sync sees by itself is proven by the next: a killed run has had one sync more than another.
STEPS = (
    Step("first", begin, ("apply", "sync", "sync")),
    Step("change", change, ("apply", "sync", "sync")),
    Step("drop", drop, ("apply", "sync", "sync")),
    Step("optimise", during, ("optimise",)),
    Step("repair", damage, ("doctor --repair", "sync", "sync")),
)
