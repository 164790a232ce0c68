"""The text of a workspace's files: from the folder (desired state) or from the catalog (what was applied).

The two are the same to everything above: a mapping from relative path to text, with a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from concord.workspace.errors import FileProblem, WorkspaceNotFound
from concord_taxonomy.skos import Limits
from concord_taxonomy.standard import STANDARD_VERSION

SETTINGS_FILE = "concord.yaml"
STANDARD_ENTRY = "concord.yaml (standard)"
"""Stands among the files where they are written in another version of the metadata standard than this one's."""
STATE_FOLDER = ".concord"
MAX_FILE_BYTES = 32 * 1024 * 1024
"""Of any file but vocabularies, which may be as large as everywhere else."""
AT_ROOT = ("authority.yaml", "ownership.yaml", "principals.yaml", "tags.yaml")
"""Declarations beside the settings; the others stand in folders."""
_DECLARATIONS = (
    *AT_ROOT,
    "policies/*.cedar",
    "sources/*.yaml",
    "usecases/*.yaml",
    "taxonomy/*.ttl",
    "taxonomy/*.rdf",
    "taxonomy/*.nt",
    "taxonomy/*.jsonld",
    "taxonomy/*.csv",
    "taxonomy/*.yaml",
)


@dataclass(frozen=True)
class Declarations:
    """The content layer of a workspace, by value: relative path to text."""

    files: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """The policy version: a hash over every file's path and text; every request asks for it."""
        whole = hashlib.sha256()
        for path in sorted(self.files):
            whole.update(f"{path}\0{len(self.files[path])}\0{self.files[path]}\0".encode())
        return whole.hexdigest()[:16]

    @property
    def standard(self) -> str:
        """The version of the metadata standard that the files are written in."""
        return self.files.get(STANDARD_ENTRY, STANDARD_VERSION)

    def only(self, *paths: str) -> Declarations:
        """Some of the files, as if there were no others."""
        kept = {*paths, STANDARD_ENTRY}
        return Declarations({path: text for path, text in self.files.items() if path in kept})

    def under(self, folder: str) -> Iterator[tuple[str, str, str]]:
        """Path, stem and text of the files of `folder`, in order."""
        for path in sorted(self.files):
            if path.startswith(f"{folder}/"):
                yield path, Path(path).stem, self.files[path]

    def changes(self, other: Declarations) -> list[tuple[str, str]]:
        """What differs in `other`: pairs of `added`, `changed` or `removed` and the path."""
        found = []
        for path in sorted({*self.files, *other.files}):
            mine, theirs = self.files.get(path), other.files.get(path)
            if mine != theirs:
                found.append(("added" if mine is None else "removed" if theirs is None else "changed", path))
        return found


def find_workspace(folder: Path) -> Path:
    """The workspace at `folder`; raises `WorkspaceNotFound`."""
    folder = folder.resolve()
    if not (folder / SETTINGS_FILE).is_file():
        raise WorkspaceNotFound(folder)
    return folder


def read_declarations(folder: Path, standard: str = STANDARD_VERSION) -> Declarations:
    """Read every file of the content layer under `folder`, written in `standard`; raises `FileProblem`."""
    # The version decides what the files mean: it is applied with them, although it stands among the settings.
    files = {} if standard == STANDARD_VERSION else {STANDARD_ENTRY: standard}
    for pattern in _DECLARATIONS:
        for path in sorted(folder.glob(pattern)):
            # A link that leads nowhere is told of: left out silently, it would take what it declares out of force.
            if not path.is_dir():
                files[path.relative_to(folder).as_posix()] = read_text(folder, path)
    return Declarations(files)


def read_text(folder: Path, path: Path) -> str:
    """Text of one file of the workspace; raises `FileProblem` when it is too large, not UTF-8, or holds a NUL."""
    name = path.relative_to(folder).as_posix()
    try:
        most = Limits().file_bytes if name.startswith("taxonomy/") else MAX_FILE_BYTES
        if path.stat().st_size > most:
            raise FileProblem(name, f"larger than {most // 2**20} MiB")
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise FileProblem(name, f"not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise FileProblem(name, error.strerror or str(error)) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileProblem(name, "a NUL character, which no database keeps: delete it", f"line {line}")
    return text
