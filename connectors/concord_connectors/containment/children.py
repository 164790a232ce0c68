"""`Children`: the processes of one starter, idle and at work."""

from __future__ import annotations

import threading

from concord_connectors.containment.limits import Containment
from concord_connectors.containment.process import Child
from concord_connectors.parsers import Limits


class Children:
    """Processes that are alike; each is taken by one user at a time, who gives it back or drops it."""

    def __init__(self, containment: Containment, limits: Limits) -> None:
        self.containment = containment
        self.closed = False
        self._limits = limits
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._guard = threading.Lock()

    def take(self) -> Child:
        """An idle process, or a new one; raises `NoContainment`."""
        with self._guard:
            if self._idle:
                return self._idle.pop()
        child = Child(self.containment, self._limits)
        with self._guard:
            self._all.add(child)
        return child

    def give(self, child: Child) -> None:
        """Give a process back that has answered."""
        with self._guard:
            if child in self._all:
                self._idle.append(child)

    def drop(self, child: Child) -> None:
        """End a process."""
        child.close()
        with self._guard:
            self._all.discard(child)

    def end(self) -> None:
        """End all of them."""
        with self._guard:
            children, self._all, self._idle = self._all, set(), []
        for child in children:
            child.close()

    def close(self) -> None:
        """End all of them for good."""
        self.closed = True
        self.end()
