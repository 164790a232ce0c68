"""Walks a folder tree: the paths that are content, in order, and what could not be looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from concord_connectors.containers import position
from concord_connectors.contract import Failure
from concord_connectors.names import name_problem, plain
from concord_connectors.selection import Selection, is_hidden
from concord_connectors.sidecar import is_sidecar


@dataclass(frozen=True, slots=True)
class Found:
    """A path of the tree: content to read, or the problem with it."""

    native_id: str
    problem: Failure | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk met: `found` in order of position, the side-cars, and folders that could not be listed."""

    root: Path
    found: tuple[Found, ...]
    sidecars: frozenset[str]
    unread: tuple[str, ...]

    def may_hold(self, native_id: str) -> bool:
        """Whether the path could be there unseen: below an unreadable folder nothing is known to be gone."""
        return any(native_id.startswith(folder + "/") for folder in self.unread)


def walk(root: Path, selection: Selection) -> Listing:
    """Walk `root` (resolved). Raises `OSError` when `root` itself cannot be listed; links to folders stay closed."""
    found: list[Found] = []
    sidecars: set[str] = set()
    unread: list[str] = []
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = _list(root, folder)
        except OSError as error:
            if not folder:
                raise
            if isinstance(error, FileNotFoundError | NotADirectoryError):
                continue
            unread.append(folder)
            detail = f"the folder {folder} cannot be listed ({error.strerror}); grant access to it"
            found.append(Found(folder, Failure(folder, "unreadable", "unreadable", detail)))
            continue
        for name, is_folder, is_link in entries:
            path = f"{folder}/{name}" if folder else name
            if (problem := _name_problem(path)) is not None:
                if not is_hidden(path):
                    found.append(Found(problem.native_id, problem))
            elif is_folder:
                if not selection.enters(path):
                    continue
                if not is_link:
                    folders.append(path)
                elif not (root / path).resolve().is_relative_to(root):  # inside, its content is met at its own path
                    detail = f"{path}: a link leads out of the folder; put the files themselves there"
                    found.append(Found(path, Failure(path, "symlink", "symlink", detail)))
            elif is_sidecar(path):
                sidecars.add(path)
            elif selection.takes(path):
                found.append(Found(path))
    found.sort(key=lambda each: position(each.native_id))
    return Listing(root, tuple(found), frozenset(sidecars), tuple(unread))


def _list(root: Path, folder: str) -> Iterable[tuple[str, bool, bool]]:
    def look() -> Iterator[tuple[str, bool, bool]]:
        with os.scandir(root / folder) as entries:
            for entry in entries:
                is_link = entry.is_symlink()
                yield entry.name, _is_folder(entry), is_link

    return list(look())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that cannot be followed is looked at again, and reported, when it is read
        return False


def _name_problem(path: str) -> Failure | None:
    """A failure for a name that no identifier can hold."""
    if (problem := name_problem(path)) is None:
        return None
    reason, detail = problem
    return Failure(plain(path), reason, reason, f"{plain(path)}: {detail}")
