"""What an answer comes as, while it is made: its evidence first, then its text, then all of it.

One `EvidenceFound`, any number of `TextDelta` (none for an abstention), one `Answered`. The deltas joined are the
answer's text: what has left is never taken back. Each delta is one or more whole sentences that were checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from concord.answering.model import Answer, Citation, Conflict
from concord.answering.neutral import Hosts


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """What the answer will stand on, as far as it is known; the numbers stay as they are.

    Where a model words the answer, these are the citations that it may use, and `Answered` has those that it used.
    """

    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    hosts: Hosts = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The event as JSON values, `event` being `evidence`."""
        return {
            "event": "evidence",
            "citations": [each.to_json(self.hosts) for each in self.citations],
            "conflicts": [each.to_json(self.citations, self.hosts) for each in self.conflicts],
        }


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A further piece of the answer's text, the space before it included."""

    text: str

    def to_json(self) -> dict[str, Any]:
        """The event as JSON values, `event` being `text`."""
        return {"event": "text", "text": self.text}


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer, the last event."""

    answer: Answer

    def to_json(self) -> dict[str, Any]:
        """The event as JSON values, `event` being `answer`; `answer` is the object that `concord ask --json` prints."""
        return {"event": "answer", "answer": self.answer.to_json()}


AnswerEvent: TypeAlias = EvidenceFound | TextDelta | Answered


@dataclass(slots=True)
class Left:
    """What of an answer has left so far: its evidence, and its text."""

    evidence: EvidenceFound | None = None
    deltas: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, joined."""
        return "".join(self.deltas)

    def take(self, event: AnswerEvent) -> None:
        """Note an event that leaves now."""
        match event:
            case EvidenceFound():
                self.evidence = event
            case TextDelta(text=text):
                self.deltas.append(text)
            case Answered():
                pass

    def only(self, given: int) -> None:
        """Leave out what stands behind the first events that were `given`: it has not left after all."""
        self.evidence = self.evidence if given else None
        del self.deltas[max(0, given - 1) :]


def answer_of(events: Iterable[AnswerEvent]) -> Answer:
    """The answer that a stream ends with, the stream read to its end."""
    last: AnswerEvent | None = None
    for last in events:  # noqa: B007
        pass
    assert isinstance(last, Answered), "a stream ends with its answer"  # noqa: S101
    return last.answer
