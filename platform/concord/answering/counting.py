"""Numbers in words that are no values: "the first floor", "one guest", "once a year", "twentytwo", "in rows of sixes".

A passage has to have the same one, in words or digits; "a guest" is one, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_CARDINALS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),  # noqa: SIM905
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th".split(),  # noqa: SIM905
        strict=True,
    )
)
"""The first twelve, as they are in digits."""
_OTHERS = re.compile(
    r"(?:thir|for|four|fif|six|seven|eigh|nine)teen\w*|(?:twen|thir|four?|fif|six|seven|eigh|nine)(?:ty|tie)\w*"
    r"|\w*(?:hundred|thousand|[mbtrz]+illion)\w*|(?:two|three|four|five|seven|eight|nine|ten|eleven)s|sixes|twelves"
    r"|\w+fold|\w{2,}uple[sd]?|(?:dupl|tripl|quadrupl)icates?|dual|(?:bi|tri|semi)-?(?:week|month|annual|year|enni)\w*"
    r"|umpteen\w*|(?:fif|six|seven|eigh|nin|ten|eleven|twelf|twel)th?s?|treble\w*|trebling"
    r"|\w*ennial(?:ly)?|\w+genarians?|dozens?|scores?|myriads?|half|halves|thirds|couple|twice|thrice|double|triple|zero|nil|nada"
    r"|nought|grand|gross|brace|handful|bit|fortnights?|decades?|century|centuries|single|several|multiple|numerous"
    r"|countless|pairs?|duos?|trios?|quartets?|quintets?|times|tomorrow|yesterday|tonight"
    r"|(?=[ivxlcdm]{2})(?!mix$)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})",
    re.IGNORECASE,
)
"""Words that count or measure without being one of the twelve."""
_LABEL = r"(?:day|floor|week|month|year|quarter|level|grade|step|phase|stage|band|tier|class|page|section|chapter|part)"
_WORD = re.compile(r"[^\W\d_]+")
_UNJOINED = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")
"""The "seventh" of "twenty-seventh", and the "first" of "first-line", are no numbers of their own."""
_SOME_ONE = frozenset(
    "a an another each every new no other same some such that the these this those which".split()  # noqa: SIM905
)
_PLACES = frozenset("at to by until till from before after around about number".split())  # noqa: SIM905
_FUNCTION = frozenset(
    "a an and are as at but by for from if in is it of on or than that the they to was were when who with you".split()  # noqa: SIM905
)
_ONCE = re.compile(
    r"\bonce(?=\s*(?:[,.;:!?)]|$)|\s+(?:per|each|every|in|only|by|at|for|on|during|with|before|after|daily|weekly|monthly"
    r"|yearly|annually|an?\s+(?:day|week|month|quarter|year)\b))",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(r"^\W*first\s*,|\b(?:must|should|can|may|you|they)\s+first\s+(?!class|aid)", re.I)
_COMPOUND = re.compile(r"\w+(?:-\w+)+")
_WHOLE_UNIT = re.compile(r"\bwithin\s+the\s+(?:hour|day|week|month|quarter|year)\b", re.I)
_NUMBERED = re.compile(rf"\b{_LABEL}\s+[IVXLC]\b")
_JOINED = re.compile(r"\d(?:\s+|_|[^\w\s.,:;()\-–—]+)\d+")
_PART = re.compile(
    r"\b(?:half|an?\s+(?:third|quarter|\w+th))\s+of\b|\d\s+and\s+a\s+half\b|\bone\s+or\s+two\b"
    r"|\b(?:a|one)\s+(?:hundred|thousand|million|dozen)\b|\bone\s+in\s+(?:every\s+)?(?!the|an?|all|our|your|each)[a-z]+",
    re.I,
)
_DEGREES = re.compile(r"°\s?[CFK]\b")
_OF_THE_DAY = re.compile(r"\bin\s+the\s+(?:morning|afternoon|evening)\b", re.I)
_LITERAL = (_WHOLE_UNIT, _NUMBERED, _JOINED, _PART, _DEGREES, _OF_THE_DAY)
_HALF_DAY = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?\s?m\b", re.I)
CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)\b(?!\s?[ap]\.?\s?m\b)", re.I)


def worded_known(text: str, whole: str, digits: Collection[str]) -> bool:
    """Whether each number in words of a text is one of `whole`, whose numbers in digits are given."""
    there = {word.lower() for word in _UNJOINED.findall(whole)}
    compounds = {each.lower() for each in _COMPOUND.findall(whole)}
    text = _COMPOUND.sub(lambda found: " " if found[0].lower() in compounds else found[0], _AT_FIRST.sub(" ", text))
    said = [found[0].lower() for found in _WORD.finditer(text)]
    lowered = text.lower()
    there |= {part for each in compounds for part in each.split("-") if f"-{part}" in lowered}
    for at, word in enumerate(said):
        if word == "one":
            if not _one_known(said[at - 1] if at else "", said[at + 1] if at + 1 < len(said) else "", whole):
                return False
        elif word in there:
            continue
        elif word == "both":
            if "and" not in said[at:]:
                return False
        elif word in _CARDINALS:
            if str(_CARDINALS.index(word) + 1) not in digits:
                return False
        elif word in ORDINALS:
            same = rf"\b{ORDINALS[word]}\b|\b{_LABEL}\s+{ORDINALS[word][:-2]}\b"
            if not re.search(same, whole, re.I):
                return False
        elif _OTHERS.fullmatch(word):
            return False
    return not _ONCE.search(text) or _ONCE.search(whole) is not None


def _one_known(ahead: str, behind: str, whole: str) -> bool:
    """Whether "one" between two words is a pronoun, or counts what a passage has one of."""
    if not behind or behind in _FUNCTION:
        return ahead not in _PLACES or behind == "of" or re.search(r"\b(?:one|1)\b", whole, re.I) is not None
    if ahead in _SOME_ONE:
        return True
    return re.search(rf"\b(?:one|1|an?|each|per|single)\s+(?:\w+\s+){{0,2}}{behind}\b", whole, re.I) is not None


def measured_alike(text: str, whole: str) -> bool:
    """Whether what joins, parts or times numbers is `whole`'s: "18/2", "half of", "floor V", "7 p.m."."""
    lowered = whole.lower()
    if any(found[0].lower() not in lowered for pattern in _LITERAL for found in pattern.finditer(text)):
        return False
    return _half_days(text) <= _half_days(whole) | {(int(hour), int(minute)) for hour, minute in CLOCK.findall(whole)}


def _half_days(text: str) -> set[tuple[int, int]]:
    """The times of a text that say which half of the day they are in, by the 24 hours."""
    found = _HALF_DAY.findall(text)
    return {(int(hour) % 12 + (12 if half.lower() == "p" else 0), int(minute or 0)) for hour, minute, half in found}
