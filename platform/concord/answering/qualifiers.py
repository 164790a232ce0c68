"""Words that qualify what a sentence states: they deny it, date it back, except, replace or doubt it, or set its rate.

    "The bonus was 500 euros until 2024."   "Flour comes on every day except Friday."   "15 euros a week"

The same words and values say something else with them. What a model wrote is held against its passages by them
(`concord.answering.support`), and an answer against what is right (`concord.governance.cases.rightness`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from concord.authority.words import content_stems

_DENIES = re.compile(
    r"\b(?:(?:not|no)(?!\s+(?:only|just|exceed\w*)\b|\s+(?:\w+\s+){0,3}?(?:more|less|fewer|longer|later|earlier|sooner"
    r"|higher|lower|shorter|greater|smaller)\s+than\b)|never|none|nobody|nothing|nowhere|neither|nor|without|cannot"
    r"|except|excluding|unless|forbidden|prohibited|banned|refused|denied|unlimited|optional)\b"
    r"|(?:is|are|be|been|being|remains?|stays?)\s+(?:closed|shut)\b|n[’']t\b(?!\s+(?:only|exceed)\b)",
    re.IGNORECASE,
)
_MODAL = (
    r"(?:must|may|can|cannot|could|shall|should|will|would|need\w*"
    r"|is|are|was|were|has|have|had|do|does|did|\w+n[’']t)\b"
)
_CLAUSE = re.compile(
    r"(?<=[.;!?])\s+|,?\s+(?=(?:but|while|whereas|although|though|yet|after\s+which|if)\b)"
    rf"|,?\s+(?=(?:and|or)\s+(?:(?:then|also|it|they|you|we|this|these|(?:the|any|all|an?)\s+\w+)\s+)?{_MODAL})"
    rf"|,\s+(?=(?:and\s+)?(?:do(?:es)?\s+not|do(?:es)?n[’']t|never|no|not)\b)"
    rf"|,\s+(?=(?:(?:then|it|they|you|we|this|these|the\s+\w+)\s+){_MODAL})",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(rf"(?:and|or|but|yet)\s+(?={_MODAL})", re.IGNORECASE)
_SUBJECT = re.compile(rf"(?:(?!{_MODAL})\S+\s+){{1,6}}?(?={_MODAL})", re.IGNORECASE)
_CONTENT = 2
"""Words of content that a clause has, at least."""
_YES_OR_NO = re.compile(r"^\W*(?:yes|no)\s*[,;:.!–—-]\s*", re.IGNORECASE)
_RATE = re.compile(
    r"(?:\b(twice|thrice|\w+\s+times)\s+)?(?:\b(?:a|an|per(?:\s+\w+\s+(?:and|per))?|each|every)\s+(?:calendar\s+|leave\s+|working\s+)?(year|quarter"
    r"|month|week|day|night|hour|minute|person|head|trip|mile|kilometre|km)\b"
    r"|\b(annual(?:ly)?|yearly|quarterly|monthly|weekly|daily|nightly|hourly)\b)",
    re.IGNORECASE,
)
_ADVERBS = {
    "annual": "year",
    "annually": "year",
    "yearly": "year",
    "quarterly": "quarter",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "nightly": "night",
    "hourly": "hour",
}

_KINDS: Mapping[str, str] = {
    "alone": r"\b(?:only|solely|exclusively|merely|just\s+\d+)\b(?!\s+(?:up\s+to|at\s+most|a\s+maximum)\b)",
    "hardly": r"\b(?:hardly|barely|scarcely|rarely|seldom|almost|nearly)\b",
    "about": r"\b(?:about|around|roughly|approximately|circa|some)\s+\W?\d|\bor\s+so\b|\bgive\s+or\s+take\b"
    r"|\band\s+then\s+some\b",
    "in turns": r"\b(?:every|each)\s+(?:other|alternate|leap|few|second|third|fourth|fifth)\b|\bbienn\w+|\bbiannual\w*",
    "or more": r"\d\s+or\s+(?:more|longer)\b",
    "or less": r"\d\s+or\s+(?:less|fewer)\b",
    "of the past": r"\b(?:former(?:ly)?|previous(?:ly)?|originally|(?<!is\s)(?<!are\s)(?<!be\s)used\s+to|was|were|had"
    r"|ago|outdated|obsolete"
    r"|in\s+the\s+past|no\s+longer(?!\s+than)|any\s?more(?!\s+than)|back\s+(?:then|in)"
    r"|until\s+(?:\w+\s+){0,2}(?:19|20)\d\d|before\s+(?:19|20)\d\d|ex)\b",
    "of the future": r"\b(?:(?:from|as\s+of|starting)\s+(?:\w+\s+)?20\d\d|planned|proposed|intended|draft|suggested"
    r"|considered|would|might|next\s+year)\b",
    "ended": r"\b(?:ceased?|ceases|discontinued|expired?|abolished|withdrawn|cancell?ed|revoked|repealed|lapsed|ended"
    r"|closed|stopped|removed|dropped|scrapped|retired|lost|failed?|fails|lacks?|refuses?|rejects?|declines?)\b",
    "excepted": r"\b(?:except(?:ing|ion|ions|ed)?|excluding|excludes?|excluded|exempt\w*|other\s+than|apart\s+from"
    r"|aside\s+from|save\s+for|unless|besides|outside|barring|(?:all|any|every\w*|none|no\w*)(?:\s+\w+)?\s+but)\b",
    "replaced": r"\b(?:instead|rather|replac\w+|in\s+place\s+of|in\s+lieu|supersed\w+|succeed\w*|successor|predecessor"
    r"|t(?:akes?|ook|aken)\s+over|substitut\w+|as\s+opposed\s+to|unlike|contrary|in\s+contrast|versus|on\s+behalf"
    r"|(?:deputy|deputi[sz]\w*|assistants?|stand-?ins?|secretary|delegates?)\s+(?:of|for|to)"
    r"|(?:moved|relocated|switched|changed|raised|increased|reduced|lowered|cut|rose|risen|fell|fallen|gone|went|up"
    r"|down)\s+from)\b",
    "doubted": r"\b(?:wrong(?:ly)?|false(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|myth|error|rumou?r\w*|alleged(?:ly)?"
    r"|supposed(?:ly)?|untrue|misprint|typo|maybe|perhaps|possibly|probably|unclear|unknown|whether)\b",
    "free": r"\b(?:free(?!\s+to\b)|gratis|complimentary)\b",
    "multiplied": r"\b(?:half|twice|double|triple|quarters?|thirds?)\s+(?:of\s+)?[£$€]?\d"
    r"|\bone\s+(?:in|out\s+of)\s+\d|[£$€]\s?[^\W\d_]",
    "another measure": r"\b(?:enough|insufficient|too\s+(?:few|little|many|much|low|high|short|long|late|early|small)"
    r"|short\s+of|half(?!\s+an?\b)|double|twice|triple|plus|minus)\b"
    r"|\d\s+(?:\w+\s+)?(?:more|further|extra|additional|again)\b(?!\s+than)|(?:\d|%|cent|euros?|pounds?|dollars?)\s+off\b",
}
_BESIDE = re.compile(r"\b(?:if|when|where|who|whose|that|which|after|once|unless|as)\b[^,.;:]*", re.IGNORECASE)
"""A clause that says when, or of whom, a sentence holds."""
_QUALIFIES = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}


def denials(text: str) -> int:
    """How many words of a text deny something, a "No, ..." at its start left aside; "no later than" denies nothing."""
    return len(_DENIES.findall(_YES_OR_NO.sub("", text)))


def clauses(text: str) -> list[str]:
    """The clauses of a text, each of which may deny something or not, with the subject that it shares with another.

    A piece of hardly any words is none of its own.

    >>> clauses("Passwords must be long and must not be shared.")
    ['Passwords must be long', 'Passwords must not be shared.']
    """
    parts: list[str] = []
    for part in _CLAUSE.split(text):
        led = _NO_SUBJECT.match(part)
        subject = _SUBJECT.match(parts[-1]) if parts and led else None
        whole = f"{subject[0]}{part[led.end() :]}" if led and subject else part
        if parts and min(len(content_stems(parts[-1])), len(content_stems(whole))) < _CONTENT:
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(whole)
    return parts


def affirmed(text: str) -> str:
    """A text without the words that deny something: what it is about."""
    return _DENIES.sub(" ", text)


def rates(text: str) -> frozenset[str]:
    """What values are counted per: `year` for "a year", "per year", "annually", and `twice year` for "twice a year"."""
    found = ((each[1] or "", (each[2] or each[3]).lower()) for each in _RATE.finditer(text))
    return frozenset(f"{times} {_ADVERBS.get(unit, unit)}".strip().lower() for times, unit in found)


def of_the_past(text: str) -> bool:
    """Whether a text says what held, and holds no more: "was", "until 2025", "formerly"; not where a clause does."""
    return _QUALIFIES["of the past"].search(_BESIDE.sub("", text)) is not None


def qualifiers(text: str) -> frozenset[str]:
    """How a text turns, bounds or rounds what it states, by kind: of the past, excepted, replaced, doubted, about."""
    return frozenset(kind for kind, words in _QUALIFIES.items() if words.search(text))
