"""Polarity: what is required, forbidden, allowed or optional, in RFC 2119's words and those of handbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.modality import Modality
from concord.authority.values.typed import TypedValue, ValueType

# "Can" and "may" rule something where people are told what they can do, or how a thing can be dealt with; elsewhere
# they tell what happens.
_WHO = (
    r"(?:you|we|everyone|everybody|anyone|anybody|nobody|staff|people|persons?|employees?|colleagues?|managers?|contractors?"
    r"|workers?|members?|teams?|visitors?|suppliers?|students?|users?|interns?|apprentices?|directors?|supervisors?"
    r"|approvers?|owners?|customers?|guests?|volunteers?|parents?|engineers?|developers?|applicants?|candidates?)\s"
)
_DONE = (
    r"(?=\s(?:only\s|also\s)?be\s(?:\w+ly\s)?(?:claimed|carried|taken|shared|used|booked|reimbursed|paid|stored|sent|approved|requested"
    r"|submitted|transferred|installed|refunded|extended|granted|waived|deferred|copied|published|deleted|accepted"
    r"|charged|recorded|removed|sold|hired|rolled|kept|made|worked|bought|ordered)\b)"
)
_NOT = r"(?!\s(?:not|never)\b|['’]t|not\b)"
# The earlier reading has the words: "not allowed" before "allowed", "not required" before "required".
_READINGS: tuple[tuple[str, str], ...] = (
    (
        Modality.FORBIDDEN,
        rf"no\s{_WHO}(?:may|can|must|shall){_NOT}|(?:must|may|shall|can)\s(?:not|never)|mustn['’]t|can(?:not|['’]t)|(?:is|are)\s(?:strictly\s)?(?:prohibited|forbidden|banned)"
        r"|(?:is|are)(?:\snot|n['’]t)\s(?:allowed|permitted|entitled|eligible)|(?:is|are)\snever\s(?:allowed|permitted)",
    ),
    (
        Modality.OPTIONAL,
        r"(?:is|are)(?:\snot|n['’]t)\s(?:required|mandatory|compulsory|obliged|needed)|(?:is|are)\s(?:optional|voluntary)"
        r"|(?:need|do|does)(?:\snot|n['’]t)\s(?:have|need)\sto|need\snot|needn['’]t",
    ),
    (
        Modality.REQUIRED,
        r"must|shall|(?:is|are)\s(?:always\s)?(?:required|mandatory|compulsory|obliged)|(?:has|have)\sto",
    ),
    (Modality.ALLOWED, rf"(?:is|are)\s(?:also\s)?(?:allowed|permitted|entitled|eligible)|{_WHO}can{_NOT}|can{_DONE}"),
    (Modality.MAY, rf"{_WHO}may{_NOT}|may{_DONE}"),
)
_HINTS = (
    "must", "may", "can", "shall", "have to", "has to", "need", "require", "allow", "permit", "entitled", "eligible",
    "prohibit", "forbid", "banned", "mandator", "compulsor", "oblig", "optional", "voluntary",
)  # fmt: skip
_POLARITY = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _READINGS), re.IGNORECASE)
# Guesses, figures of speech and questions oblige nobody: "may vary", "must have been", "you must be joking".
_NO_RULE = re.compile(
    r"\?\s*$|\b(?:can|may|must|cannot|can['’]t)\s(?:also\s|not\s|easily\s|often\s)?(?:be\s(?:able|difficult|hard|useful|helpful|worth|good|joking|kidding"
    r"|tempting|confusing|slow|expensive|a\b|an\b)|have\sbeen|vary|differ|depend|cause|lead|happen|occur|mean"
    r"|seem|appear|look|feel|help|find|see|read|learn|check|want|wish|become|change|result|need|notice|think|take\s(?:a\swhile|time))\b"
    r"|\bcan(?:not|['’]t)\s(?:wait|help|stress|emphasi[sz]e|overstate|believe|imagine)\b"
    r"|\bmust[- ](?:have|see|read)s?\b[^a-z]"
    r"|\b(?:if|when|whether)\s(?:you|we|they|it)\s(?:can|may|must|cannot|can['’]t)\b",
    re.IGNORECASE,
)
# "May 2026" and "in May" are months.
_MONTH = re.compile(r"\bMay\b(?=\s\d|[,.]|$)|\b(?:in|by|of|since|until|from|last|next|\d(?:st|nd|rd|th)?)\sMay\b")


def find_polarity(text: str) -> Iterator[FoundValue]:
    """Yield the polarity of a sentence: nothing where it states none, or two different ones.

    `low` is a `Modality`.
    """
    lowered = text.lower()
    if not any(word in lowered for word in _HINTS):
        return
    matches = list(_POLARITY.finditer(text))
    if not matches or _NO_RULE.search(text):
        return
    months = [match.span() for match in _MONTH.finditer(text)] if "May" in text else []
    stated = [m for m in matches if not any(start <= m.start() < end for start, end in months)]
    if len(stated) == 1:
        match = stated[0]
        yield FoundValue(TypedValue(ValueType.POLARITY, match.lastgroup or ""), match.start(), match.end())
