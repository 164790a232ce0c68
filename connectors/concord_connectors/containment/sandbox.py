"""What a parsing process gives up before it reads its first document, and for each one."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import sys
from contextlib import suppress

_MIB = 1024 * 1024
_OPEN_FILES = 64
_PR_SET_NO_NEW_PRIVS = 38
_GRACE_SECONDS = 5.0
"""Seconds after which the process ends itself, where nobody has ended it."""


def confine(memory_mb: int, lifeline: int) -> None:
    """Bound this process for good: memory, no core dumps, no files written, few files open, no further privileges.

    It ends at once when the other end of the pipe `lifeline` is closed, as the death of the starter does: the kernel
    sends the signal, so that it also reaches a process that hangs inside a library.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    with suppress(ValueError, OSError):  # macOS knows the limit and enforces none
        _limit(resource.RLIMIT_AS, memory_mb * _MIB)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGIO, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)  # to end by all of these needs no running interpreter
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        if os.read(lifeline, 1) == b"":  # closed before anybody listened
            sys.exit(0)


def begin_document(seconds: float) -> None:
    """Bound the time of the document that comes next; the starter's own watch is the first to act."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * seconds) + 2, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)


def end_document() -> None:
    """Stop the clock."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def resident_mb() -> float:
    """MiB of memory held now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - read after each document
            return int(file.read().split()[1]) * resource.getpagesize() / _MIB
    except (OSError, ValueError, IndexError):
        return 0.0


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
