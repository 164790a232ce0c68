"""What a process that parses may use."""

from __future__ import annotations

from dataclasses import dataclass

BEYOND_LIMITS = frozenset({"timeout", "memory", "crashed"})
"""Reasons of failures that other limits may turn into documents."""


@dataclass(frozen=True, slots=True)
class Containment:
    """Bounds of one parsing process, and how many there are.

    `timeout_seconds` is wall time for one document; processor time is bounded to twice that. `memory_mb` is the whole
    process's address space in MiB, of which the libraries themselves take up to 330.
    """

    timeout_seconds: float = 60.0
    memory_mb: int = 1024
    processes: int = 1

    @property
    def fingerprint(self) -> str:
        """Changes when a document that failed may succeed."""
        return f"{self.timeout_seconds:g}s-{self.memory_mb}MiB"


DEFAULT_CONTAINMENT = Containment()
