"""Path globs as in `.gitignore`: `leave/**`, `*.md`, a list with `!` for exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pathspec import GitIgnoreSpec


def check_globs(globs: Sequence[str]) -> None:
    """Raise `ValueError` for a glob that can match nothing."""
    if not globs:
        raise ValueError("write at least one glob, as in leave/**")
    for glob in globs:
        try:
            spec = GitIgnoreSpec.from_lines([glob])
        except Exception:  # pathspec raises what its version raises
            spec = None
        if spec is None or not any(pattern.regex for pattern in spec.patterns):
            raise ValueError(f"{glob!r} is no path glob: write one as in leave/** or *.md")


def matches(globs: tuple[str, ...], path: str) -> bool:
    """Whether a `/`-separated path matches the globs; the last glob that applies decides."""
    return bool(_spec(globs).match_file(path))


@lru_cache(maxsize=1024)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(globs)
