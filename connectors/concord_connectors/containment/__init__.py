"""Parsers in child processes: a document that hangs, bursts or crashes its parser costs only itself.

    from concord_connectors.containment import ContainedParser, Containment

    with ContainedParser(Containment(timeout_seconds=30)) as parse:
        document = parse(record)      # a SourceRecord; gives a ParsedDocument or a Failure, as `parsers.parse` does
        with parse.open(media_type, content, ContainerLimits()) as opened: ...      # as `containers.open_here` does

Reasons of failures besides the parsers' own: `timeout`, `memory`, `crashed`. `NoContainment` is raised where no process
can be started at all, which is no document's fault.
"""

from concord_connectors.containment.limits import BEYOND_LIMITS, DEFAULT_CONTAINMENT, Containment
from concord_connectors.containment.pool import ContainedParser

__all__ = ["BEYOND_LIMITS", "DEFAULT_CONTAINMENT", "ContainedParser", "Containment"]
