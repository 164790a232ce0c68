"""Follow-up questions: what one leaves out is taken from the earlier ones, by rules of English and without a model.

    "And for contractors?"  after  "How many days of annual leave do employees get?"
    "Does it carry over?"   after  "How many days of annual leave do I get?"

A question that stands alone is never changed; in doubt a question stands alone. Nothing that was asked is lost: the
words of a follow-up are in what becomes of it, except for the pronouns that are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from concord.answering.phrases import Phrases, conditioned, swapped, whoever
from concord.retrieval.question import MAX_QUESTION

_EARLIER = 8
"""Earlier questions that are looked at."""

_AUXILIARY = r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would)"
_OPENER = r"(?:and|or|but|so|also|ok(?:ay)?)\b,?\s+"
_ABOUT = re.compile(rf"^(?:{_OPENER})?(?:what|how) about\s+(?P<rest>.+)$", re.IGNORECASE)
_SAME = re.compile(
    rf"^(?:{_OPENER})?(?:does|do|is|will|would)\s+(?:the same|that|this|it)\s+"
    r"(?:also\s+)?(?:apply|hold|count|true|valid|the same)\s+(?:also\s+)?(?:to|for|in|at)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_ALIKE = re.compile(rf"^(?:{_OPENER})?(?:the\s+)?same\s+(?P<rest>(?:for|in|at|with)\s+.+)$", re.IGNORECASE)
_JOINED = re.compile(r"^(?:and|or|but|also)\b,?\s+(?P<rest>.+)$", re.IGNORECASE)
_PREPOSITION = r"(?:for|in|at|during|since|until|with|without|from|as|on|after|before|under|over|by)"
_LED = re.compile(rf"^(?P<word>{_PREPOSITION})\s+(?P<rest>.+)$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?:{_OPENER})?(?:why(?: not)?|(?:since |until |by |from )?when|who|where|how|how (?:much|many|long|often)|"
    r"for how long|for whom|which(?: one)?s?)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:am|is|are|was|were|be|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|need|who|"
    r"what|when|where|which|why|how|if)\b",
    re.IGNORECASE,
)
_NEEDS_OBJECT = re.compile(
    r"^(?P<all>(?:and\s+|but\s+)?(?:how|when|where|who|whom)(?:\s+(?:do|can|may|must|should|could|would|will|does))?"
    r"(?:\s+(?:i|we|you|one|they))?\s+(?:apply|request|claim|approves?|qualify|qualifies|book|submit|cancel|register|"
    r"extend|order|renew)(?:\s+(?:online|now|first))?)$",
    re.IGNORECASE,
)
_BARE_FRAGMENT = re.compile(
    r"^(?:(?:for|during|without)\s+.+|(?:in|at|since|until|from)\s+(?:the\s|my\s|our\s|this\s|that\s|[A-Z\d]).*)$"
)
_FRAGMENT_WORDS = 6
_IF = re.compile(
    rf"^(?:(?:{_OPENER})(?:what\s+)?)?(?P<word>if|(?<=\s)when(?=\s+(?:i|we|you|they|someone|somebody)\b))\s+"
    r"(?:there\s+(?:is|are)\s+)?(?P<rest>[^,;:.!?]+)$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{_AUXILIARY}\s+(?:i|we|you|he|she|it|they|there|the|my|our|an?|any\w*|every\w*|someone|somebody)|then|"
    r"who|whom|whose|what|when|where|which|why|how)\b",
    re.IGNORECASE,
)
"""What a condition has beside it in a question that stands alone."""
_VERBS = re.compile(rf"\b{_AUXILIARY}\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"^(?:{_OPENER})?how\s+(?:many|much(?=\s+\w+\s+\w+\s+(?:carry|roll|transfer|keep|sell|take|use)\b))\s+"
    rf"(?P<rest>{_AUXILIARY}\s+(?:i|we|you|they|one|people|employees)\s+[a-z]+(?:\s+(?:over|forward|up|out|off|back|on))?"
    r"(?:\s+(?:in(?:to)?|to|per|for|at|each|every|a|an|the|this|next|once|row|day|week|month|quarter|year))*)$",
    re.IGNORECASE,
)
"""A count without what is counted; "how much" may be money, and stands alone but with verbs of what is had."""
_HOW_MANY = re.compile(
    rf"\b(?P<all>how\s+(?:many|much)\s+(?!{_AUXILIARY}\b)[^,;.?!]+?)\s+{_AUXILIARY}\b", re.IGNORECASE
)


def standing_alone(question: str, earlier: Sequence[str]) -> str:
    """The question with what it leaves out of the earlier ones of its conversation, oldest first.

    It is returned as it is where it stands alone, where nothing fits, where the whole would be longer than a question
    may be, and where that would not stand alone either.
    """
    before = ""
    for each in earlier[-_EARLIER:]:
        if len(each) <= MAX_QUESTION and each.strip():
            before = _completed(each.strip(), before)
    made = _completed(question, before)
    return made if _completed(made, before) == made else question


def _completed(question: str, before: str) -> str:
    """One question completed from the one before it, which stands alone."""
    if not before.strip(" ?!.,"):
        return question
    made = _rewritten(" ".join(question.split()).rstrip(" ?!."), question, Phrases.of(before))
    return made if made is not None and len(made) <= MAX_QUESTION else question


def _rewritten(said: str, question: str, before: Phrases) -> str | None:
    """What a follow-up asks; None for a question that stands alone. `said` has no mark at its end."""
    if _BARE.match(said):
        rest = re.sub(rf"^{_OPENER}", "", said, flags=re.IGNORECASE)
        return f"{before.said}, and {rest[:1].lower()}{rest[1:]}?"
    if (
        question.rstrip().endswith("?")
        and (found := _IF.match(said))
        and not _ASKS.search(found["rest"])
        and len(_VERBS.findall(found["rest"])) < 2
    ):
        clause = f"{found['word'].lower()}{said[found.end('word') :]}"
        return f"{conditioned(before.said, before.resolved(clause) or clause)}?"
    if (found := _COUNTED.match(said)) and (counted := _HOW_MANY.search(before.said)):
        made = f"{counted['all'][:1].upper()}{counted['all'][1:]} {found['rest']}"
        return f"{before.resolved(made) or made}?"
    for form in (_ABOUT, _SAME, _ALIKE):
        if (found := form.match(said)) and not _CLAUSE.search(whoever(found["rest"])):
            return _with_fragment(found["rest"], before)
    if joined := _JOINED.match(said):
        short = whoever(joined["rest"])
        if len(short.split()) <= _FRAGMENT_WORDS and not _CLAUSE.search(short):
            return _with_fragment(joined["rest"], before)
    if (
        question.rstrip().endswith("?")
        and _BARE_FRAGMENT.match(said[:1].lower() + said[1:])
        and len(said.split()) <= _FRAGMENT_WORDS
        and not _CLAUSE.search(said)
    ):
        return _with_fragment(said, before)
    if (found := _NEEDS_OBJECT.match(said)) and before.thing:
        return f"{said} for {before.thing}?"
    replaced = before.resolved(said)
    return f"{replaced}?" if replaced is not None else None


def _with_fragment(fragment: str, before: Phrases) -> str | None:
    """The question before with a fragment in the place of what it varies, or after everything else."""
    fragment = re.sub(r",?\s+(?:then|too|as well|instead)$", "", fragment.strip(" ,"), flags=re.IGNORECASE)
    if not re.search(r"\w", fragment):
        return None
    led = _LED.match(fragment)
    word, rest = (led["word"].lower(), led["rest"]) if led else ("", fragment)
    appended = f"{before.said} {word or 'for'} {rest}"
    return f"{swapped(before.said, word, rest) or appended}?"
