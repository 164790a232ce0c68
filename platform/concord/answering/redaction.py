"""What a trace is kept without: parts of it, and what looks like something that nobody should keep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concord.workspace.settings import NAMED_PATTERNS, TraceSettings
from concord_feedback.traces import Trace

LEFT_OUT = "[left out]"
REDACTED = "[redacted]"
_WORDS_OF_PAGES = {"quote", "text", "template"}
"""Texts, and lists of words, under which a trace has what pages say."""
_PROMPT = ("system", "user")


@dataclass(frozen=True)
class Redaction:
    """Takes from traces what the settings `traces` name, before they are kept or sent anywhere.

    Ids, revisions, scores, times and decisions stay, so that an answer can still be explained and asked again.
    """

    settings: TraceSettings

    def __call__(self, trace: Trace) -> Trace:
        """The trace as it may be kept."""
        parts = set(self.settings.leave_out)
        if "evidence" in parts:
            trace = trace.model_copy(
                update={
                    "evidence": tuple(each.model_copy(update={"text": LEFT_OUT}) for each in trace.evidence),
                    "citations": tuple(each.model_copy(update={"quote": LEFT_OUT}) for each in trace.citations),
                    "conflicts": tuple(_without(each, _WORDS_OF_PAGES) for each in trace.conflicts),
                    "stages": tuple(_stage(each, "decide", _WORDS_OF_PAGES) for each in trace.stages),
                }
            )
        if "answer" in parts and trace.answer:
            trace = trace.model_copy(update={"answer": LEFT_OUT})
        stages = trace.stages
        if parts & {"prompt", "evidence"}:  # a prompt holds the evidence
            stages = tuple(_stage(each, "prompt", _PROMPT) for each in stages)
        if parts & {"answer", "evidence"}:
            stages = tuple(_stage(each, "check", _WORDS_OF_PAGES) for each in stages)
        trace = trace.model_copy(update={"stages": stages})
        return self._redacted(trace) if self.settings.redact else trace

    def _redacted(self, trace: Trace) -> Trace:
        """The trace with what the patterns match taken out of every text, and of no id."""
        patterns = [re.compile(NAMED_PATTERNS.get(each, each)) for each in self.settings.redact]

        def cleaned(value: Any) -> Any:
            if isinstance(value, str):
                return _taken_out(value, patterns)
            if isinstance(value, Mapping):
                return {key: each if key in _IDS else cleaned(each) for key, each in value.items()}
            return [cleaned(each) for each in value] if isinstance(value, (list, tuple)) else value

        return Trace.model_validate(cleaned(trace.model_dump(mode="json")))


def _taken_out(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """A text without what any of the patterns matches in it as it is: none hides a part of another's."""
    pieces, place = [], 0
    for start, end in sorted(found.span() for pattern in patterns for found in pattern.finditer(text)):
        if start >= place:
            pieces += [text[place:start], REDACTED]
        place = max(place, end)
    return "".join([*pieces, text[place:]])


_IDS = {"id", "at", "as_of", "principal", "use_case", "policy_version", "identifier", "name", "reason", "concept"}


def _stage(stage: Any, name: str, keys: Any) -> Any:
    return stage.model_copy(update={"data": _without(stage.data, set(keys))}) if stage.name == name else stage


def _without(value: Any, keys: set[str]) -> Any:
    """A JSON value without the texts under these keys, at any depth; of lists of words there nothing is left."""
    if isinstance(value, Mapping):
        return {
            key: _nothing(each) if key in keys and _is_words(each) else _without(each, keys)
            for key, each in value.items()
        }
    return [_without(each, keys) for each in value] if isinstance(value, (list, tuple)) else value


def _is_words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value))


def _nothing(value: Any) -> Any:
    return LEFT_OUT if isinstance(value, str) else []
