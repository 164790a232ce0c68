"""What a person confirmed: the answers that they read are known again, after whatever changes, by what they quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from concord.answering.model import Answer
from concord.authority.decision import Verdict
from concord.bootstrap.diagnosing import MAX_REPORTS, Diagnoser, distinct
from concord.governance.cases.sameness import Match
from concord.governance.replay import cited
from concord_feedback.cases import Report
from concord_feedback.diagnosis import CannotProbe


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The answer of now to a report's question: the items that it cites, and hashes of what it quotes of them."""

    report: Report
    cited: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether each answer that was confirmed is still given, of those that could be asked again; else why not."""

    given: tuple[bool, ...]
    why: tuple[str, ...]


def answers_of_now(diagnoser: Diagnoser, reports: Sequence[Report]) -> list[Confirmed]:
    """What whoever confirms a fix confirms: the answers to its questions, as those who asked get them.

    Left out is what is not answered, cannot be asked again, or is answered otherwise than was said to be right. What
    the answer that was reported quoted too is no part of what mended it.
    """
    found, different = [], distinct(reports)[:MAX_REPORTS]
    for report in different:
        try:
            again = diagnoser.again(report)
            quotes = _quotes(again.answer)
        except CannotProbe:
            continue
        if quotes and not _otherwise(diagnoser, report, different):
            before = {_hash(each.quote) for each in again.trace.citations}
            new = tuple(each for each in quotes if each not in before)
            found.append(Confirmed(report, cited(again.answer), new or quotes))
    return found


def still_given(
    diagnoser: Diagnoser, reports: Sequence[Report], confirmed: Sequence[tuple[str, tuple[str, ...]]]
) -> Standing:
    """Ask again what was `confirmed`, by the keys of its reports: an answer has to quote all that it did."""
    given, why, quoted = [], [], dict(confirmed)
    for report in reports:
        if report.key in quoted:
            try:
                given.append(set(quoted[report.key]) <= set(_quotes(diagnoser.again(report).answer)))
            except CannotProbe as problem:
                why.append(str(problem))
    return Standing(tuple(given), tuple(dict.fromkeys(why)))


def _otherwise(diagnoser: Diagnoser, report: Report, others: Sequence[Report]) -> bool:
    try:
        return diagnoser.verdict(report, others)[0] is Match.OTHERWISE
    except CannotProbe:  # nothing says what is right but who confirms it
        return False


def _quotes(answer: Answer) -> tuple[str, ...]:
    """Hashes of what an answer quotes; none where it is no answer, or takes no side."""
    if answer.abstained or any(each.decision.verdict is Verdict.UNRESOLVED for each in answer.conflicts):
        return ()
    return tuple(dict.fromkeys(_hash(each.quote) for each in answer.citations))


def _hash(quote: str) -> str:
    """A quote is known again, and not kept: what is left out of traces stands in no case either."""
    return hashlib.sha256(" ".join(quote.split()).casefold().encode()).hexdigest()
