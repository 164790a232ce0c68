"""Errors that nobody has to report: found in the log of questions, in the catalog, and after a sync."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from concord.authority.words import content_stems
from concord.catalog import conversations, items, quarantine, register
from concord.catalog.cases import CatalogCases
from concord.catalog.traces import load_trace
from concord.governance.cases.filing import about_of
from concord.governance.cases.outdated import Dating
from concord_feedback import Trace
from concord_feedback.cases import About, Report
from concord_feedback.causes import RootCause

GAPS = frozenset({"no_evidence", "weak_evidence"})
"""Reasons of abstentions that tell of a gap in the content."""
LEAST_ASKED = 2
"""Abstentions on one topic from which it is a gap: one question may be about nothing."""
REPHRASED = 3
"""Questions in a row for the same, in one conversation, from which the answers did not help."""
SHARED_WORDS = 0.5
"""Share of the shorter question's content words, from which two questions that have it in common are about the same."""
LEAST_SHARED = 2
"""Content words that two questions about the same have in common at least: one may be the topic of many."""
AT_MOST_CONVERSATIONS = 10_000
OPEN_VERDICTS = frozenset({"contested", "unresolved"})


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign of an error with what it is about."""

    about: About
    report: Report


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that cannot be read: when it was read last, and how it fails, the same words where it fails so again."""

    read: datetime | None
    why: str

    @property
    def since(self) -> str:
        """The moment since when it is not read, as text."""
        return self.read.isoformat() if self.read else "never"


def signals(connection: Connection, traces: Sequence[Trace], dating: Dating) -> Iterator[Signal]:
    """Every sign in questions that were asked, and in what waits in quarantine."""
    yield from gaps(connection, traces)
    yield from conflicts(connection, traces)
    yield from stale(connection, traces, dating)
    yield from rephrased(connection, traces)
    yield from unreadable(connection)


def rephrased(connection: Connection, traces: Sequence[Trace]) -> Iterator[Signal]:
    """The last of several questions about the same in one conversation: nobody asks again who was answered."""
    if not traces:
        return
    since = min(each.at for each in traces)
    talks: dict[str, list[str]] = defaultdict(list)
    for conversation, trace in conversations.asked_in(connection, since, AT_MOST_CONVERSATIONS):
        talks[conversation].append(trace)
    for answers in talks.values():
        if len(answers) >= REPHRASED:
            # The same words asked again are no question of their own in `traces`: each turn is looked at here.
            talk = [turn for each in answers if (turn := load_trace(connection, each, None)) is not None]
            for asked in _over_and_over(talk):
                yield Signal(_topic(connection, asked), _report("rephrased", asked, "wrong"))


def _over_and_over(talk: Sequence[Trace]) -> Iterator[Trace]:
    """The question at which a row of questions for the same has become long enough; one of each row."""
    row = 0
    before: Trace | None = None
    for asked in talk:
        row = row + 1 if before is not None and _asks_again(asked, before) else 1
        if row == REPHRASED:
            yield asked
        before = asked


def _asks_again(asked: Trace, before: Trace) -> bool:
    """Whether a question is asked anew for want of an answer.

    It has the same words, or it is about the same and led to nothing else: what is answered by another sentence is the
    next question of a healthy conversation.
    """
    if asked.as_of != before.as_of and (asked.past or before.past):
        return False
    if content_words(asked.question) == content_words(before.question):
        return True
    led, led_before = ({(each.identifier, each.quote) for each in trace.citations[:1]} for trace in (asked, before))
    return same_matter(asked.question, before.question) and (not led or not led_before or led == led_before)


def content_words(text: str) -> frozenset[str]:
    """The stems of the words of a question that tell what it is about."""
    return frozenset(content_stems(text))


def same_matter(one: str, other: str) -> bool:
    """Whether two questions are about the same, by the words that they share."""
    return _alike(content_words(one), content_words(other))


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    shared = len(words & others)
    return shared >= LEAST_SHARED and shared >= SHARED_WORDS * min(len(words), len(others))


def gaps(connection: Connection, traces: Sequence[Trace]) -> Iterator[Signal]:
    """Topics on which answers abstained for want of evidence."""
    held = CatalogCases(connection)
    for about, asked in _topics(connection, traces):
        if len(asked) >= LEAST_ASKED:
            reports = [_report("abstained", trace, "missing") for trace in asked]
            # What is known already keeps its name, also when its first question is older than what is looked at.
            filed = next((case for each in reports if (case := held.filed(each.key)) is not None), None)
            named = next((each for each in held.reports(filed) if each.kind == "abstained"), None) if filed else None
            known = about_of(connection, named.question, named.use_case, []) if named and not about.concept else about
            yield from (Signal(known, each) for each in reports)


def _topics(connection: Connection, traces: Sequence[Trace]) -> Iterator[tuple[About, list[Trace]]]:
    """What was asked in vain by what it is about: a concept, else the words of the first question of its like."""
    topics: dict[About, list[Trace]] = defaultdict(list)
    words_of: dict[About, frozenset[str]] = {}
    with_word: dict[tuple[str, str], list[About]] = defaultdict(list)
    for trace in sorted(traces, key=lambda each: (each.at, each.id)):
        if trace.reason not in GAPS or trace.broken_off:
            continue
        about = _topic(connection, trace)
        if not about.concept and about not in words_of:
            words = content_words(trace.question)
            near = dict.fromkeys(each for word in sorted(words) for each in with_word[about.scope, word])
            alike = next((each for each in near if _alike(words, words_of[each])), None)
            if alike is None:
                words_of[about] = words
                for word in words:
                    with_word[about.scope, word].append(about)
            about = alike or about
        topics[about].append(trace)
    yield from topics.items()


def conflicts(connection: Connection, traces: Sequence[Trace]) -> Iterator[Signal]:
    """Entries of the conflict register on which somebody was told two sides, or one that newer pages contest."""
    asked = [
        (trace, {str(claim["identifier"]) for claim in _claims(each)}, str(each.get("concept") or ""))
        for trace in traces
        for each in trace.conflicts
        if each.get("verdict") in OPEN_VERDICTS
    ]
    if not asked:
        return
    entries = {(row.left.identifier, row.right.identifier): row.entry for row in register.load(connection)}
    for trace, sides, named in asked:
        for (left, right), entry in entries.items():
            if left in sides and right in sides:
                item = items.last_known(connection, left)
                concept = named or (item.subject[0] if item and item.subject else "")
                yield Signal(
                    About(RootCause.SOURCE_CONFLICT, f"{left}#{entry}", concept),
                    _report("conflict", trace, "contradicts", entry, entry),
                )


def stale(connection: Connection, traces: Sequence[Trace], dating: Dating) -> Iterator[Signal]:
    """Answers that cited pages which are past their review, or have been superseded since.

    Not where the replacement mended what another case is about: who got the answer was told so.
    """
    old = dating.outdated(connection, {each.identifier for trace in traces for each in trace.citations})
    asked = [each for each in traces if any(cited.identifier in old for cited in each.citations)]
    fixed = CatalogCases(connection).fixed({each.id for each in asked})
    for trace in asked:
        for identifier in sorted({each.identifier for each in trace.citations} & old.keys()):
            if trace.id in fixed and not old[identifier].overdue:
                continue
            item, why = old[identifier].item, old[identifier].why
            about = About(RootCause.STALE_CONTENT, identifier, item.subject[0] if item.subject else "")
            yield Signal(about, _report("stale", trace, "outdated", f"{identifier}@{item.revision}", why))


def unreadable(connection: Connection) -> Iterator[Signal]:
    """Records in quarantine."""
    for each in sorted(quarantine.entries(connection), key=lambda entry: (entry.source, entry.native_id)):
        identifier = f"{each.source}/{each.native_id}"
        key = f"quarantine/{identifier}/{each.version}/{each.reason}"[:300]
        yield Signal(
            About(RootCause.INGESTION_ERROR, identifier), Report(key, "quarantine", each.since, stands_on=each.reason)
        )


def failed_sync(failures: Mapping[str, Unread], at: datetime) -> Iterator[Signal]:
    """Sources that could not be synced, each once a day, and at once where one was read in between."""
    for source, failing in sorted(failures.items()):
        key = f"sync/{source}/{at.date()}/{failing.since}"
        sign = Report(key, "sync_failed", at, stands_on=f"{failing.since} {failing.why}")
        yield Signal(About(RootCause.INGESTION_ERROR, f"{source}/"), sign)


def _topic(connection: Connection, trace: Trace) -> About:
    expand = trace.stage("expand")
    concepts: Any = expand.data.get("concepts") if expand else None
    if concepts:
        return About(RootCause.UNDETERMINED, f"asked:{concepts[0]}", str(concepts[0]), trace.use_case or "")
    return about_of(connection, trace.question, trace.use_case, [])


def _claims(decision: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return decision.get("claims") or ()


def _report(kind: str, trace: Trace, reason: str, what: str = "", stands_on: str = "asked") -> Report:
    key = "/".join(part for part in (kind, trace.id, what) if part)[:300]
    cited = tuple(dict.fromkeys(f"{each.identifier}@{each.revision}" for each in trace.citations))
    asked = (trace.question, trace.principal, trace.id, trace.use_case)
    return Report(key, kind, trace.at, *asked, reason, cited=cited, stands_on=stands_on)
