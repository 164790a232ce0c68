"""Words that qualify what a sentence states: they deny it, date it back, except, replace or doubt it, or set its rate.

    "The bonus was 500 euros until 2024."   "Flour comes on every day except Friday."   "15 euros a week"

The same words and values say something else with them. What a model wrote is held against its passages by them
(`concord.answering.support`), and an answer against what is right (`concord.governance.cases.rightness`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DENIES = re.compile(
    r"\b(?:(?:not|no)(?!\s+(?:only|just|exceed\w*)\b|\s+(?:\w+\s+){0,3}?(?:more|less|fewer|longer|later|earlier|sooner"
    r"|higher|lower|shorter|greater|smaller)\s+than\b)|never|none|nobody|nothing|nowhere|neither|nor|without|cannot"
    r"|except|excluding|unless|forbidden|prohibited|banned|refused|denied|unlimited|optional)\b"
    r"|n[’']t\b(?!\s+(?:only|exceed)\b)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"^\W*(?:yes|no)\s*[,;:.!–—-]\s*", re.IGNORECASE)
_RATE = re.compile(
    r"\b(?:a|an|per|each|every)\s+(?:calendar\s+|leave\s+|working\s+)?(year|quarter|month|week|day|night|hour|minute|"
    r"person|head|trip|mile|kilometre|km)\b|\b(annual(?:ly)?|yearly|quarterly|monthly|weekly|daily|nightly|hourly)\b",
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
    "of the past": r"\b(?:former(?:ly)?|previous(?:ly)?|originally|used\s+to|was|were|had|ago|outdated|obsolete"
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
    r"|(?:moved|relocated|switched|changed|raised|increased|reduced|lowered|cut|rose|risen|fell|fallen|gone|went|up"
    r"|down)\s+from)\b",
    "doubted": r"\b(?:wrong(?:ly)?|false(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|myth|error|rumou?r\w*|alleged(?:ly)?"
    r"|supposed(?:ly)?|untrue|misprint|typo|maybe|perhaps|possibly|probably|unclear|unknown|whether)\b",
    "another measure": r"\b(?:enough|insufficient|too\s+(?:few|little|many|much|low|high|short|long|late|early|small)"
    r"|short\s+of|half(?!\s+an?\b)|double|twice|triple|plus|minus)\b"
    r"|\d\s+(?:\w+\s+)?(?:more|further|extra|additional|again|off)\b(?!\s+than)",
}
_QUALIFIES = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}


def denials(text: str) -> int:
    """How many words of a text deny something, a "No, ..." at its start left aside; "no later than" denies nothing."""
    return len(_DENIES.findall(_YES_OR_NO.sub("", text)))


def rates(text: str) -> frozenset[str]:
    """What values are counted per: `year` for "a year", "per year", "annually"."""
    found = (each[1] or each[2] for each in _RATE.finditer(text))
    return frozenset(_ADVERBS.get(word.lower(), word.lower()) for word in found)


def qualifiers(text: str) -> frozenset[str]:
    """How a text turns, bounds or rounds what it states, by kind: of the past, excepted, replaced, doubted, about."""
    return frozenset(kind for kind, words in _QUALIFIES.items() if words.search(text))
