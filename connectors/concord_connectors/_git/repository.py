"""Finds the repository a source names: a folder under git, a bare repository, or a bundle kept as a clone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from concord_connectors._git.command import COMMAND_TIMEOUT, Git, git_arguments, git_environment, no_git
from concord_connectors._git.views import view
from concord_connectors.errors import SourceError


@contextmanager
def open_commit(path: Path, cache: Path, revision: str) -> Iterator[tuple[Git, str]]:
    """Git on the objects of the repository or bundle at `path`, and the id of the commit that `revision` names.

    Raises `SourceError` for a repository that is missing, shallow or broken, and for a revision that does not exist.
    """
    git = open_repository(path, cache)
    commit = resolve_revision(git, str(path), revision)
    with isolated(git, str(path)) as apart:
        yield apart, commit


@contextmanager
def isolated(git: Git, source: str) -> Iterator[Git]:
    """Git on the same objects, in an empty repository of its own that lasts as long as the context.

    A repository may come from anywhere, and its configuration can name programs to run (file system monitors, diff
    drivers, signature checkers, hooks) and files to read. Borrowing its objects leaves all of that behind.
    """
    objects = git.directory / os.fsdecode(git.run("rev-parse", "--git-path", "objects").rstrip(b"\n"))
    form = git.run("rev-parse", "--show-object-format").decode("ascii").strip()
    with view() as folder:
        (folder / "refs").mkdir()
        (folder / "objects" / "info").mkdir(parents=True)
        (folder / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects.resolve()) + b"\n")
        (folder / "HEAD").write_text("ref: refs/heads/none\n")
        extension = "" if form == "sha1" else f"[extensions]\n\tobjectFormat = {form}\n"
        version = 1 if extension else 0
        (folder / "config").write_text(f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n{extension}")
        yield Git(folder, source)


def open_repository(path: Path, cache: Path) -> Git:
    """Open the repository or bundle at `path`; raises `SourceError` for a missing, shallow or broken one."""
    source = str(path)
    if path.is_file():
        git = Git(_clone_of(path, cache), source)
    elif path.is_dir():
        git_dir = path / ".git" if (path / ".git").exists() else path
        git = Git(git_dir.resolve(), source)
    else:
        advice = "correct the option repository; a remote one has to be cloned first"
        raise SourceError(source, "there is no repository or bundle", advice)
    code, out, errors = git.attempt("rev-parse", "--is-shallow-repository")
    if code != 0:
        words = errors.decode("utf-8", "replace").strip().splitlines()
        problem = f"it is no git repository ({words[-1] if words else 'git cannot open it'})"
        raise SourceError(source, problem, "name the top folder of a repository, or a bundle made by git bundle create")
    if out.strip() == b"true":
        problem = "the repository is shallow: its history is cut off, so dates would be wrong"
        raise SourceError(source, problem, "run git fetch --unshallow in it")
    return git


def resolve_revision(git: Git, source: str, revision: str) -> str:
    """The id of the commit that `revision` names; raises `SourceError`."""
    name = f"{revision}^{{commit}}"
    code, out, _ = git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    if code != 0:
        problem = f"there is no commit {revision!r}"
        raise SourceError(source, problem, "correct the option revision, or fetch the branch it names")
    return out.decode("ascii").strip()


def _clone_of(bundle: Path, cache: Path) -> Path:
    """A bare clone of `bundle`, made anew when the bundle has changed; clones of its former states are removed."""
    source = str(bundle)
    with bundle.open("rb") as file:
        if not file.readline(64).startswith(b"# v"):
            raise SourceError(source, "the file is no git bundle", "make one with git bundle create")
        file.seek(0)
        state = hashlib.file_digest(file, "sha256").hexdigest()[:32]
    place = cache / hashlib.sha256(str(bundle.resolve()).encode()).hexdigest()[:16]
    clone = place / f"{state}.git"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "lock"):
            if not clone.exists():
                _make_clone(bundle, clone)
                for former in place.glob("*.git"):
                    if former != clone:
                        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        raise SourceError(
            source, f"its clone cannot be written to {place} ({error})", "make room there or set the option cache"
        ) from error
    return clone.resolve()


def _make_clone(bundle: Path, clone: Path) -> None:
    """Clone into a folder beside and rename it, so that a clone is there in whole or not at all."""
    with tempfile.TemporaryDirectory(dir=clone.parent, prefix="new-") as work:
        fresh = Path(work) / "clone.git"
        # `--mirror` brings every ref, and HEAD where the bundle has one; templates could bring hooks.
        command = ["clone", "--quiet", "--mirror", "--template=", "--", str(bundle.resolve()), str(fresh)]
        try:
            done = subprocess.run(  # noqa: S603
                git_arguments(None, command, extra=("protocol.file.allow=always",)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=git_environment(),
                timeout=COMMAND_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            problem = f"cloning the bundle took more than {COMMAND_TIMEOUT:.0f} s"
            raise SourceError(str(bundle), problem, "clone it by hand and name the clone") from error
        except FileNotFoundError as error:
            raise no_git(str(bundle)) from error
        if done.returncode != 0:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            problem = f"the bundle cannot be cloned ({words[-1] if words else 'without a message'})"
            raise SourceError(str(bundle), problem, "make it anew with git bundle create FILE --all")
        os.replace(fresh, clone)  # noqa: PTH105 - within one folder, atomic
