"""The starter's side of one parsing process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Literal

from concord_connectors.containment import wire
from concord_connectors.containment.limits import Containment
from concord_connectors.errors import NoContainment
from concord_connectors.parsers import Limits

START_SECONDS = 60.0
_ERRORS = 1 << 16
_MEMORY_WORDS = ("memory allocation of", "memoryerror", "out of memory", "bad_alloc", "cannot allocate")
"""What native libraries print as they give up for want of memory."""

Loss = Literal["timeout", "memory", "crashed"]


class ChildLost(Exception):
    """A process ended over a document: `reason` is the failure's, `words` what is known besides."""

    def __init__(self, reason: Loss, words: str = "") -> None:
        self.reason: Loss = reason
        self.words = words
        super().__init__(f"{reason}: {words}")

    def detail(self, limits: Containment, doing: str) -> str:
        """A sentence for a person; `doing` is what the process did to the document."""
        match self.reason:
            case "timeout":
                limit = f"{doing} it takes more than {limits.timeout_seconds:g} s"
                return f"{limit}; split or exclude it, or raise parsing.timeout_seconds"
            case "memory":
                limit = f"{doing} it takes more than {limits.memory_mb} MiB of memory"
                return f"{limit}; split or exclude it, or raise parsing.memory_mb"
            case "crashed":
                return (
                    f"{doing} it broke down ({self.words}); save or export it again, or exclude it, and "
                    "report it if it opens elsewhere"
                )


def as_lost(error: ChildLost | wire.BrokenFrame) -> ChildLost:
    """What a process that sent something else than an answer comes to."""
    return error if isinstance(error, ChildLost) else ChildLost("crashed", f"it sent {error}")


class Child:
    """A parsing process. It has an empty environment, no files of the starter's, and a session of its own."""

    def __init__(self, containment: Containment, limits: Limits) -> None:
        """Start it; raises `NoContainment` when it does not come up."""
        self._containment = containment
        self.answered = 0
        self._connection, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        self._errors, errors = os.pipe()
        os.set_blocking(self._errors, False)
        os.set_blocking(errors, False)  # who prints too much loses words instead of waiting
        given = json.dumps({"limits": asdict(limits), **asdict(containment)})
        module = "concord_connectors.containment.child"
        try:
            # -P: the folder that a command runs in must not be able to put its own modules first.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-s", "-B", "-m", module, str(theirs.fileno()), str(lifeline), given],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=_environment(),
                cwd="/",
                pass_fds=(theirs.fileno(), lifeline),
                start_new_session=True,
            )
        except OSError as error:
            self._close_ends()
            raise NoContainment(str(error)) from error
        finally:
            theirs.close()
            os.close(lifeline)
            os.close(errors)
        try:
            wire.receive(self._connection, 0, time.monotonic() + START_SECONDS)
        except (EOFError, TimeoutError, OSError, wire.BrokenFrame) as error:
            words = self._last_words()
            self.close()
            raise NoContainment(words or f"no answer within {START_SECONDS:.0f} s") from error
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, head: list[Any], content: bytes, most: int) -> tuple[Any, bytes]:
        """The head and body, of at most `most` bytes, of an answer; raises `ChildLost` and `BrokenFrame`.

        The process is closed then.
        """
        deadline = time.monotonic() + self._containment.timeout_seconds
        try:
            self._connection.settimeout(self._containment.timeout_seconds)
            wire.send(self._connection, head, content)
            answer, body = wire.receive(self._connection, most, deadline)
        except TimeoutError:
            self.close()
            raise ChildLost("timeout") from None
        except (EOFError, OSError):
            raise self._lost() from None
        except BaseException:
            self.close()
            raise
        self.answered += 1
        self._last_words()  # of no concern any more
        return answer, body

    def _lost(self) -> ChildLost:
        """Why the process ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        status, words = self._process.poll(), self._last_words()
        self.close()
        if status is not None and -status in (signal.SIGXCPU, signal.SIGALRM):
            return ChildLost("timeout")
        # The system's own defence against a lack of memory is to kill.
        if status == -signal.SIGKILL or any(each in words.lower() for each in _MEMORY_WORDS):
            return ChildLost("memory")
        if status is None or status >= 0:
            return ChildLost("crashed", f"exit status {status}")
        with suppress(ValueError):
            return ChildLost("crashed", signal.Signals(-status).name)
        return ChildLost("crashed", f"signal {-status}")

    def _last_words(self) -> str:
        """What it printed last."""
        try:
            return os.read(self._errors, _ERRORS).decode("utf-8", "replace").strip()[-4_000:]
        except (BlockingIOError, OSError):
            return ""

    def close(self) -> None:
        """End it, with whatever it may have started."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._close_ends()

    def _close_ends(self) -> None:
        self._connection.close()
        for name in ("_lifeline", "_errors"):
            number = getattr(self, name)
            if number >= 0:
                setattr(self, name, -1)
                os.close(number)


def _environment() -> dict[str, str]:
    """Where modules are, and nothing else: no keys, tokens or addresses of the starter's."""
    paths = [path for path in sys.path if path and os.path.isabs(path)]  # noqa: PTH117 - texts
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(paths)}
