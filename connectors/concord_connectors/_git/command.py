"""Runs the git executable on one repository, without the user's or the system's configuration and with a deadline.

No network protocol is allowed, so a partial clone cannot fetch what it lacks. The repository's own configuration is
kept out by `isolated` (see `repository`).
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from concord_connectors.errors import SourceError

COMMAND_TIMEOUT = 300.0
"""Seconds that a git command may take."""

_SAFE_CONFIG = (
    "core.hooksPath=" + os.devnull,
    "core.fsmonitor=false",
    "core.attributesFile=" + os.devnull,
    "protocol.allow=never",
)
_CHUNK = 1 << 16


def git_environment() -> dict[str, str]:
    """The environment git runs in: the system's paths, and no variable or file of the user's."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP") if name in os.environ}
    return kept | {
        "LC_ALL": "C",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def git_arguments(git_dir: Path | None, command: Sequence[str], extra: Sequence[str] = ()) -> list[str]:
    """The command line for `command` on the repository `git_dir` (None: for commands without one)."""
    line = ["git", "--no-pager", "--literal-pathspecs"]
    for setting in (*_SAFE_CONFIG, *extra):
        line += ["-c", setting]
    if git_dir is not None:
        line += ["-c", f"safe.directory={git_dir}", f"--git-dir={git_dir}"]
    return [*line, *command]


class Git:
    """git on one repository; every failure is a `SourceError` that names `source`."""

    def __init__(self, git_dir: Path, source: str, timeout: float = COMMAND_TIMEOUT) -> None:
        self._git_dir = git_dir
        self.directory = git_dir if git_dir.is_dir() else git_dir.parent
        self._source = source
        self._timeout = timeout

    def run(self, *command: str, stdin: bytes = b"", timeout: float | None = None) -> bytes:
        """What a command writes; raises `SourceError` when it fails or takes too long."""
        code, out, errors = self.attempt(*command, stdin=stdin, timeout=timeout)
        if code != 0:
            raise self.error(command[0], errors)
        return out

    def attempt(self, *command: str, stdin: bytes = b"", timeout: float | None = None) -> tuple[int, bytes, bytes]:
        """Exit status, output and error output of a command; raises `SourceError` when it takes too long."""
        try:
            done = subprocess.run(  # noqa: S603
                git_arguments(self._git_dir, command),
                input=stdin,
                capture_output=True,
                env=git_environment(),
                cwd=self.directory,
                timeout=timeout or self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise self._too_slow(command[0], timeout or self._timeout) from error
        except OSError as error:
            raise no_git(self._source) from error
        return done.returncode, done.stdout, done.stderr

    def stream(self, *command: str) -> Generator[bytes, None, None]:
        """The NUL-separated tokens a command writes, as they come; closing the iterator ends the command."""
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(  # noqa: S603
                    git_arguments(self._git_dir, command),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=git_environment(),
                    cwd=self.directory,
                )
            except OSError as error:
                raise no_git(self._source) from error
            late = threading.Event()

            def stop() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(self._timeout, stop)
            timer.daemon = True
            timer.start()
            try:
                yield from _tokens(process)
                code = process.wait()
            finally:
                timer.cancel()
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()
            if late.is_set():
                raise self._too_slow(command[0], self._timeout)
            if code != 0:
                errors.seek(0)
                raise self.error(command[0], errors.read())

    def error(self, command: str, errors: bytes) -> SourceError:
        """The error for a command that failed, with git's own words."""
        words = errors.decode("utf-8", "replace").strip().splitlines()
        problem = f"git {command} failed ({words[-1] if words else 'without a message'})"
        return SourceError(self._source, problem, "check the repository with git fsck")

    def _too_slow(self, command: str, seconds: float) -> SourceError:
        return SourceError(
            self._source,
            f"git {command} took more than {seconds:.0f} s",
            "run git gc there, or crawl a smaller history",
        )


def no_git(source: str) -> SourceError:
    """The error for a machine without git."""
    return SourceError(source, "the git executable cannot be run", "install git and put it on the PATH")


def _tokens(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    rest = b""
    while chunk := process.stdout.read(_CHUNK):
        *tokens, rest = (rest + chunk).split(b"\0")
        yield from tokens
    if rest:
        yield rest
