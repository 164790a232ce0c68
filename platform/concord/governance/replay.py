"""Which answers a change would change: logged questions, asked again of what is in force and of what is proposed.

    with reading(engine) as connection:
        traces, more = asked_since(connection, since, 100)
    for each in replay(traces, concord.supposing(concord.foundation), concord.supposing(proposed)):
        ...

Questions run as those who asked them, with the tokens that they hold now. What is shown of one, and to whom, is decided
by `Replayed.touches`: everything that an answer to it rests on, or its log tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from concord.answering.model import Answer
from concord_feedback.traces import Trace

Ask = Callable[[Trace], Answer | None]
"""Answers a logged question, without a trace; None where who asked is not known any more, or may not ask it there."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A logged question with its answers of now and of then; None where it could not be asked."""

    trace: Trace
    before: Answer | None
    after: Answer | None

    @property
    def determined(self) -> bool:
        """Whether it could be asked of what is in force: nothing can be told of the others."""
        return self.before is not None

    @property
    def changes(self) -> tuple[str, ...]:
        """What differs: `access`, `answered`, `abstains`, `text`, `citations`, `conflicts`; none where nothing does."""
        before, after = self.before, self.after
        if before is None:
            return ()
        if after is None:
            return ("access",)
        if before.abstained != after.abstained:
            return ("abstains" if after.abstained else "answered",)
        compared = {
            "text": (before.text, after.text),
            "citations": (cited(before), cited(after)),
            "conflicts": (_decided(before), _decided(after)),
        }
        return tuple(name for name, (old, new) in compared.items() if old != new)

    @property
    def touches(self) -> frozenset[str]:
        """The identifiers of every item that was found for the question, or is cited or in conflict in an answer."""
        found = {each.identifier for each in self.trace.evidence} | {each.identifier for each in self.trace.citations}
        for answer in (self.before, self.after):
            if answer is not None:
                found |= set(cited(answer))
                for conflict in answer.conflicts:
                    sides = (conflict.decision.winner, *conflict.losers)
                    found |= {claim.identifier for claim in sides if claim is not None}
        return frozenset(found)


def replay(
    traces: Iterable[Trace], before: Ask, after: Ask, progress: Callable[[], None] = lambda: None
) -> Iterator[Replayed]:
    """Ask each question of both; lazily, one after the other."""
    for trace in traces:
        held = before(trace)
        yield Replayed(trace, held, None if held is None else after(trace))
        progress()


def cited(answer: Answer) -> tuple[str, ...]:
    """The items that an answer cites, in its order."""
    return tuple(dict.fromkeys(citation.item.identifier for citation in answer.citations))


def _decided(answer: Answer) -> frozenset[tuple[object, ...]]:
    """What was decided on each conflict, by which rule."""
    return frozenset(
        (
            conflict.decision.verdict.value,
            conflict.decision.rule,
            conflict.decision.winner and (conflict.decision.winner.identifier, conflict.decision.winner.value.text),
            frozenset((claim.identifier, claim.value.text) for claim in conflict.losers),
        )
        for conflict in answer.conflicts
    )
