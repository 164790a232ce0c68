"""Which paths of a tree are content: gitignore-like globs, hidden files left out, side-cars apart."""

from __future__ import annotations

from collections.abc import Sequence

from pathspec import GitIgnoreSpec

from concord_connectors.errors import OptionError
from concord_connectors.options import texts_option
from concord_connectors.parsers.formats import container_of_name, format_of_name
from concord_connectors.sidecar import is_sidecar


class Selection:
    """Decides whether a path (relative, with `/`) is content.

    Patterns are those of `.gitignore`. Without `include`, every file that a parser knows by its extension is content.
    Files and folders whose name starts with a dot, and side-cars, never are.
    """

    def __init__(self, include: Sequence[str] | None, exclude: Sequence[str] | None) -> None:
        if include is not None and len(include) == 0:
            raise OptionError("include", "must list at least one pattern, or be left out for everything a parser knows")
        self._include = None if include is None else _spec("include", include)
        self._exclude = _spec("exclude", exclude or ())

    def takes(self, path: str) -> bool:
        """Whether the file at `path` is content."""
        if is_hidden(path) or is_sidecar(path) or self._exclude.match_file(path):
            return False
        return _is_known(path) if self._include is None else self._include.match_file(path)

    def takes_member(self, path: str) -> bool:
        """Whether what a container holds is content; `include` chose the container, and `exclude` holds inside it."""
        return not (is_hidden(path) or is_sidecar(path) or self._exclude.match_file(path))

    def enters(self, path: str) -> bool:
        """Whether the folder at `path` may hold content."""
        return not is_hidden(path) and not self._exclude.match_file(path + "/")


def _is_known(path: str) -> bool:
    return format_of_name(path) is not None or container_of_name(path) is not None


def is_hidden(path: str) -> bool:
    """Whether any part of `path` starts with a dot."""
    return path.startswith(".") or "/." in path


def _spec(option: str, patterns: Sequence[str]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(texts_option(option, patterns))
    except ValueError as error:
        raise OptionError(option, f"holds a pattern that is not valid: {error}") from error
