"""What a commit holds of a source: its pages with versions and histories, before any content is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from concord_connectors._git.command import Git
from concord_connectors._git.history import PathHistory, read_history
from concord_connectors._git.pages import Page
from concord_connectors._git.tree import Kind, TreeEntry, read_tree
from concord_connectors._git.urls import UrlTemplate, url_mark
from concord_connectors.containers import position
from concord_connectors.contract import Failure
from concord_connectors.names import Problem, name_problem, plain
from concord_connectors.parsers.formats import stem_of
from concord_connectors.safe_yaml import MetadataError
from concord_connectors.selection import Selection, is_hidden
from concord_connectors.sidecar import find_sidecar


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Pages in order of position, their ids, former ids with where they went, and whether the folder exists."""

    pages: tuple[Page, ...]
    native_ids: frozenset[str]
    moves: Mapping[str, str]
    prefix_exists: bool


def take_snapshot(
    git: Git, commit: str, prefix: str, selection: Selection, url: UrlTemplate, revision: str
) -> Snapshot:
    """List the content of `commit` below `prefix`, with one walk over the history."""
    start = prefix.encode()
    entries = [entry for entry in read_tree(git, commit) if entry.path.startswith(start)]
    files = {_native_id(entry.path, start): entry for entry in entries if entry.kind is Kind.FILE}
    chosen = {name: entry for entry in entries if _is_page(name := _native_id(entry.path, start), entry, selection)}
    histories = read_history(git, commit, [entry.path for entry in chosen.values()])
    pages: list[Page] = []
    moves: dict[str, str] = {}
    for native_id, entry in sorted(chosen.items(), key=lambda item: position(item[0])):
        history = histories.get(entry.path)
        page = Page(native_id, entry, history, tuple(_former(history, start)))
        page.problem = _problem(native_id, entry)
        version = [entry.object_id, history.commit if history else ""]
        try:
            beside = find_sidecar(native_id, files)
        except MetadataError as error:
            beside = None
            detail = f"{native_id}: side-car: {error}"
            page.problem = page.problem or Failure(native_id, "", "bad_sidecar", detail)
            version.append("several")
        if beside is not None:
            page.sidecar = (beside, files[beside])
            version.append(files[beside].object_id)
        page.url = url.fill(
            path=prefix + native_id,
            native_id=native_id,
            stem=stem_of(native_id),
            commit=history.commit if history else commit,
            revision=revision,
        )
        page.version = ":".join([*version, *url_mark(page.url)])
        pages.append(page)
        for former in page.former:
            moves.setdefault(former, native_id)
    return Snapshot(tuple(pages), frozenset(chosen), moves, bool(entries))


def _is_page(native_id: str, entry: TreeEntry, selection: Selection) -> bool:
    if (
        entry.kind is Kind.SUBMODULE and _name_problem(entry.path) is None
    ):  # its name has no extension to select it by, and its content would be missed
        return selection.enters(native_id)
    problem = _name_problem(entry.path)
    if problem is not None:
        return problem[0] == "unsafe" or not is_hidden(native_id)
    return selection.takes(native_id)


def _problem(native_id: str, entry: TreeEntry) -> Failure | None:
    """The failure of an entry that is seen to be no document without reading it."""
    if (problem := _name_problem(entry.path)) is not None:
        reason, detail = problem
        return Failure(native_id, "", reason, f"{native_id}: {detail}")
    if entry.kind is Kind.SUBMODULE:
        detail = f"{native_id}: a submodule's files are in another repository; make that a source of its own"
        return Failure(native_id, "", "submodule", detail)
    if entry.kind is Kind.SYMLINK:
        detail = f"{native_id}: a symbolic link is no content; exclude it, or commit the file itself"
        return Failure(native_id, "", "symlink", detail)
    return None


def _former(history: PathHistory | None, start: bytes) -> list[str]:
    former = history.former if history else []
    return [_native_id(path, start) for path in former if path.startswith(start)]


def _native_id(path: bytes, start: bytes) -> str:
    return plain(_text(path[len(start) :]))


def _name_problem(path: bytes) -> Problem | None:
    """What is wrong with a path of a tree, which anybody can make: git itself writes neither `..` nor `.git`."""
    name = _text(path)
    if any(part.casefold() == ".git" for part in name.split("/")):
        return "unsafe", "it stands in a folder that git keeps for itself; remove it from the tree"
    return name_problem(name)


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
