"""Reaching the index process: connect, or start it once and connect."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import ormsgpack
from filelock import FileLock, Timeout

from concord.index.edge import layout, wire
from concord.index.errors import IndexDamaged, IndexDiskFull, IndexUnavailable


class _EndedSilently(Exception):
    """The process ended before it could say how its start went."""


def connect(directory: Path, timeout: float) -> socket.socket | None:
    """Return a connection to the running process, or None where none runs."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(str(layout.socket_path(directory)))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def connect_or_start(
    directory: Path, dimension: int, idle_seconds: float, timeout: float, start_seconds: float
) -> socket.socket:
    """Return a connection, starting the process where none runs; of two starters one starts and both connect."""
    found = connect(directory, timeout)
    if found is not None:
        return found
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(directory / "start.lock", timeout=start_seconds, thread_local=False):
            found = connect(directory, timeout)
            if found is not None:
                return found
            try:
                _start(directory, dimension, idle_seconds, start_seconds)
            except _EndedSilently:
                # Killed while it was opening the files, perhaps; where the files are what kills it, it is so again.
                _start(directory, dimension, idle_seconds, start_seconds)
            found = connect(directory, timeout)
    except _EndedSilently as error:
        if short := layout.space_short(directory):
            raise IndexDiskFull(str(directory), short) from None
        raise IndexDamaged(str(directory), f"its process ends while it opens the files: {error}") from None
    except Timeout:
        raise IndexUnavailable(str(directory), "another command has been starting its process for too long") from None
    if found is None:
        raise IndexUnavailable(str(directory), f"its process ended at once: {last_line(directory)}")
    return found


def _start(directory: Path, dimension: int, idle_seconds: float, start_seconds: float) -> None:
    # A process that is just ending holds the directory for as long as its last flush takes.
    arguments = [str(directory.resolve()), str(dimension), str(idle_seconds), str(start_seconds / 3)]
    # -P: the folder that a command runs in must not be able to put its own `concord` first.
    command = [sys.executable, "-P", "-m", "concord.index.edge.process", *arguments]
    handle = os.open(directory / layout.LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as log:
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                timeout=start_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            reason = f"its process was not ready after {start_seconds:.0f} s: {last_line(directory)}"
            raise IndexUnavailable(str(directory), reason) from None
    if done.stdout != wire.READY:
        raise _failure(directory, done.stdout)


def _failure(directory: Path, answer: bytes) -> Exception:
    try:
        _, name, arguments = ormsgpack.unpackb(answer)
    except (ValueError, TypeError):
        return _EndedSilently(last_line(directory))
    return wire.error_from_wire(name, arguments, str(directory))


def last_line(directory: Path) -> str:
    """Return the last thing that the process logged."""
    try:
        lines: list[Any] = (directory / layout.LOG).read_text("utf-8", "replace").strip().splitlines()
    except FileNotFoundError:
        lines = []
    return f"{lines[-1]} (see {directory / 'process.log'})" if lines else f"{directory / 'process.log'} is empty"
