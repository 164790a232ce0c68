"""The probes of a diagnosis in the order of the stages, as data: what each looks at, and which cause it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from concord_feedback.causes import RootCause
from concord_feedback.diagnosis.replay import CannotProbe, Replay

AUTHORITY_RULES = frozenset({"source_ranking", "tier", "specificity", "abstain"})
"""Rules that say what somebody declared, other than what dates say."""
_SPLIT = 0.2
"""How many more of the question's words the rest of a section has to add for a fact to be cut off from them."""
_TELLING = 0.34
"""Share of the question's words from which a sentence says by itself what it is about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found: the cause where something is wrong, what it saw, and the items that this is about."""

    cause: RootCause | None
    saw: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to a stage, yes where all is well; where its finding has a cause, the diagnosis ends there."""

    name: str
    asks: str
    look: Callable[[Replay], Finding]


def _feedback(replay: Replay) -> Finding:
    traced = replay.traced()
    if traced.right:
        cause = RootCause.INVALID_FEEDBACK if traced.literally else RootCause.WRONG_FORMAT
        return Finding(cause, "the answer told what is asked for" + ("" if traced.literally else ", in another form"))
    if replay.answered().right:
        raise CannotProbe("it is answered rightly by now: there is nothing left to look at")
    if not traced.wanted:
        return Finding(None, "the report does not say what is right")
    if traced.torn:
        return Finding(None, "the answer told two sides, and took none")
    if traced.unsure:
        return Finding(None, "only a person can say whether the answer told what is right: it is taken not to have")
    return Finding(None, f"the answer told {traced.told} of {traced.wanted}")


def _grounded(replay: Replay) -> Finding:
    unsupported = replay.traced().unsupported
    if unsupported:
        return Finding(RootCause.HALLUCINATION, f"nothing cited says: {unsupported[0]}")
    return Finding(None, "every sentence stands in what it cites")


def _doubted(replay: Replay) -> Finding:
    doubted = replay.doubted()
    if doubted.overdue:
        return Finding(RootCause.STALE_CONTENT, "what is cited is past its review or validity", doubted.overdue)
    if doubted.replaced:
        return Finding(RootCause.STALE_CONTENT, "another page has taken the place of what is cited", doubted.replaced)
    if doubted.contradicted:
        return Finding(
            RootCause.SOURCE_CONFLICT, "another page says otherwise than what is cited", doubted.contradicted
        )
    return Finding(None, "nothing is known against what it cites")


def _held(replay: Replay) -> Finding:
    held = replay.held()
    # A value that stands in the catalog by chance must not hide that another page had it, or has it in its source.
    if held.items and (held.sure or not (held.gone or held.quarantined or replay.sourced().states)):
        return Finding(None, "the catalog has it", held.items)
    if held.quarantined:
        return Finding(RootCause.INGESTION_ERROR, "its record is in quarantine", held.quarantined)
    sourced = replay.sourced()
    if sourced.states:
        return Finding(RootCause.INGESTION_ERROR, "a source has it, and the catalog does not", sourced.states)
    if held.gone:
        return Finding(RootCause.MISSING_CONTENT, "an item had it that its source has no more", held.gone)
    if held.overdue:
        return Finding(RootCause.STALE_CONTENT, "what is cited is past its review or validity", held.overdue)
    if held.rivals:
        return Finding(RootCause.CONTENT_ERROR, "no source has it; what is cited says something else", held.rivals)
    return Finding(
        RootCause.MISSING_CONTENT, f"neither the catalog nor a source has it ({sourced.looked_at} looked at)"
    )


def _access(replay: Replay) -> Finding:
    held, filtered = replay.held(), replay.filtered()
    if not filtered.readable:
        return Finding(RootCause.ACCESS_FILTERED, "the asker may read no item that has it", held.items)
    return Finding(None, "the asker may read it", filtered.readable)


def _filters(replay: Replay) -> Finding:
    filtered = replay.filtered()
    if filtered.admitted:
        return Finding(None, "no filter leaves it out", filtered.admitted)
    if filtered.retagged:
        return Finding(RootCause.TAXONOMY_GAP, "it is tagged otherwise than its words say", filtered.retagged)
    return Finding(RootCause.FILTER_EXCLUDED, filtered.why, filtered.readable)


def _vocabulary(replay: Replay) -> Finding:
    worded = replay.worded()
    labelled = worded.with_labels
    if worded.unknown and not worded.named and labelled and (labelled.right or labelled.unsure):
        told = ", ".join(worded.unknown)
        saw = f"no label covers {told}; asked with “{worded.label}” it is answered"
        more = "" if worded.suffices else f", though “{worded.unknown[0]}” as its label would not be enough"
        return Finding(RootCause.TAXONOMY_GAP, f"{saw}{more}")
    return Finding(None, "the vocabulary does not stand in the way")


def _chunking(replay: Replay) -> Finding:
    cut = replay.cut()
    if cut.cut and cut.sentence < _TELLING and (cut.beside or cut.section - cut.passage >= _SPLIT):
        saw = (
            "another passage of its section was read, and the one with the fact was not"
            if cut.beside
            else f"its passage has {cut.passage:.0%} of the question's words, its whole section {cut.section:.0%}"
        )
        return Finding(RootCause.CHUNK_SPLIT, saw, replay.held().items)
    return Finding(None, "its passage says what it is about")


def _retrieval(replay: Replay) -> Finding:
    retrieved = replay.retrieved()
    if retrieved.found:
        return Finding(None, f"it is among the {retrieved.passages} passages read", retrieved.found)
    if retrieved.found_wider:
        return Finding(
            RootCause.MISSED_TOP_RANK, "it is found only where more passages are read", retrieved.found_wider
        )
    return Finding(RootCause.RETRIEVAL_MISS, "no search finds it", replay.filtered().admitted)


def _authority(replay: Replay) -> Finding:
    weighed = replay.weighed()
    if weighed.by_scope:
        return Finding(RootCause.INCORRECT_SPECIFICITY, "it holds in another scope than the one told", weighed.quotable)
    if weighed.against:
        if weighed.older:
            return Finding(RootCause.STALE_CONTENT, "an older page of the same source says otherwise", weighed.against)
        if weighed.rule in AUTHORITY_RULES:
            saw = f"it loses by the rule {weighed.rule}"
            return Finding(RootCause.AUTHORITY_MISCONFIGURED, saw, weighed.against)
        saw = f"another page says otherwise, {f'and wins by {weighed.rule}' if weighed.rule else 'and no rule decides'}"
        return Finding(RootCause.SOURCE_CONFLICT, saw, weighed.against)
    if weighed.superseded and not weighed.quotable:
        return Finding(RootCause.AUTHORITY_MISCONFIGURED, "another item is said to replace it", weighed.superseded)
    return Finding(None, "authority does not stand against it", weighed.quotable)


def _complete(replay: Replay) -> Finding:
    now = replay.answered()
    if now.partly:
        return Finding(RootCause.INCOMPLETE, f"the answer tells {now.told} of {now.wanted}", now.cited)
    return Finding(None, "the answer tells none of it, or all")


def _extraction(replay: Replay) -> Finding:
    composed = replay.composed()
    if composed.in_context and not composed.extracted:
        return Finding(RootCause.NOT_EXTRACTED, "no sentence with it was read from its passage", composed.in_context)
    return Finding(None, "its sentence was read", composed.extracted)


def _context(replay: Replay) -> Finding:
    composed = replay.composed()
    if not composed.in_context:
        return Finding(RootCause.NOT_IN_CONTEXT, "too many passages stand before it", replay.retrieved().found)
    quoted = "nothing" if replay.answered().abstained else "another"
    saw = f"its sentence was there, and {quoted} was quoted"
    return Finding(RootCause.NOT_EXTRACTED, saw, composed.in_context)


PROBES: Sequence[Probe] = (
    Probe("feedback", "is the report right that the answer was wrong?", _feedback),
    Probe("grounded", "does what is cited say what the answer says?", _grounded),
    Probe("doubted", "is nothing known against what is cited, where the report says no more than that?", _doubted),
    Probe("held", "does the catalog have what is right?", _held),
    Probe("access", "may the asker read it?", _access),
    Probe("filters", "do the use case and the life cycle let it through?", _filters),
    Probe("authority", "is no rule, and no other page, against it?", _authority),
    Probe("complete", "is all of it missing from the answer, rather than a part?", _complete),
    Probe("vocabulary", "do the question's words lead to its concepts?", _vocabulary),
    Probe("chunking", "does its passage say what it is about?", _chunking),
    Probe("retrieval", "is its passage among those that are read?", _retrieval),
    Probe("extraction", "was its sentence taken from the passage?", _extraction),
    Probe("context", "was its passage near enough to the top to be quoted?", _context),
)
"""Every probe, in order; the first that finds a cause decides."""
