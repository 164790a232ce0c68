"""Errors of connectors and parsers.

ConnectorError
├── SourceError     the source as a whole cannot be reached, or what it holds cannot be trusted
├── OptionError     an option of `sources/*.yaml` is missing or wrong
├── NoContainment   no process can be started to parse in
└── Unparsable      one document cannot be parsed; never leaves `parse`, which turns it into a `Failure`
"""

from __future__ import annotations


class ConnectorError(Exception):
    """Base class of everything that this package raises on purpose."""


class SourceError(ConnectorError):
    """A source cannot be crawled: `source` names it, `problem` says why, `advice` what to do next."""

    def __init__(self, source: str, problem: str, advice: str) -> None:
        self.source = source
        self.problem = problem
        self.advice = advice
        super().__init__(f"{source}: {problem}; {advice}")


class OptionError(ConnectorError):
    """An option has a value that the connector cannot use: `option` names it, `problem` says what it needs."""

    def __init__(self, option: str, problem: str) -> None:
        self.option = option
        self.problem = problem
        super().__init__(f"option {option!r} {problem}")


class NoContainment(ConnectorError):
    """No parsing process can be started: `problem` says why. No document is to blame, and none is lost."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"no process to parse in can be started ({problem}): give it room, then sync again")


class Unparsable(ConnectorError):
    """A document cannot be parsed: `reason` is the stable word of the `Failure` it becomes, `detail` a sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")
