"""The tree of a commit: every path with its kind, blob id and size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from concord_connectors._git.command import Git


class Kind(StrEnum):
    """What a path of a tree is."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A path of a commit's tree: as bytes (git's), its kind, object id and size in bytes (0 for submodules)."""

    path: bytes
    kind: Kind
    object_id: str
    size: int


def read_tree(git: Git, commit: str) -> list[TreeEntry]:
    """All files, links and submodules of `commit`, in order of path."""
    entries: list[TreeEntry] = []
    for line in git.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        if not line:
            continue
        head, _, path = line.partition(b"\t")
        mode, _, object_id, size = head.split()
        kind = {b"120000": Kind.SYMLINK, b"160000": Kind.SUBMODULE}.get(mode, Kind.FILE)
        entries.append(TreeEntry(path, kind, object_id.decode("ascii"), int(size) if size.isdigit() else 0))
    return entries


def read_sizes(git: Git, object_ids: list[str]) -> dict[str, int]:
    """The sizes in bytes of the objects, by id; those that are missing are left out."""
    if not object_ids:
        return {}
    out = git.run("cat-file", "--batch-check", stdin="".join(f"{each}\n" for each in object_ids).encode("ascii"))
    lines = [line.split() for line in out.decode("ascii").splitlines()]
    return {line[0]: int(line[2]) for line in lines if len(line) == 3}


def read_blobs(git: Git, source: str, object_ids: list[str]) -> dict[str, bytes]:
    """The contents of the blobs, by id, read by one `git cat-file --batch`; raises `SourceError` for a missing one."""
    if not object_ids:
        return {}
    out = git.run("cat-file", "--batch", stdin="".join(f"{each}\n" for each in object_ids).encode("ascii"))
    blobs: dict[str, bytes] = {}
    position = 0
    for object_id in object_ids:
        end = out.index(b"\n", position)
        fields = out[position:end].split()
        if len(fields) != 3 or fields[1] != b"blob":
            raise git.error("cat-file", f"object {object_id} is missing".encode())
        size = int(fields[2])
        blobs[object_id] = out[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
    return blobs
