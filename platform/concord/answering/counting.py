"""Numbers in words that are no values: "the first floor", "one guest", "once a year", "twentytwo", "in rows of sixes".

A passage has to have the same one, in words or digits; "a guest" is one, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from concord.authority.words import stem

_CARDINALS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
ORDINALS: Mapping[str, str] = dict(
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
    r"|bi|semi|umpteen\w*|(?:fif|six|seven|eigh|nin|ten|eleven|twelf|twel)th?s?|treble\w*|trebling"
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
_LABELS = re.compile(_LABEL, re.I)
_SOME_ONE = frozenset(
    "a an another each every new no other same some such that the these this those which".split()  # noqa: SIM905
)
_PLACES = frozenset(
    "at to by until till from before after around about number just only than exactly most least past".split()  # noqa: SIM905
)
"""Words in front of "one" that make it a number."""
_FUNCTION = frozenset(
    "a an and are as at but by for from if in is it of on or s than that the they to was were when who with you".split()  # noqa: SIM905
)
_ONCE = re.compile(
    r"(?<!\bat\s)\bonce(?=\s*(?:[,.;:!?)]|$)|\s+(?:per|each|every|in|only|by|at|for|on|during|with|within|without|before"
    r"|after|from|to|over|through|throughout|via|under|until|upon|if|when|while|unless|and|or|more|again|free|subject"
    r"|daily|weekly|monthly|yearly|annually|an?\s+(?:day|week|month|quarter|year)\b))",
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
MIXED = re.compile(
    r"\b\w+\s+and\s+an?\s+(?:half|quarter|third)\b|\bhalf\s+(?:past\s+)?(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve)\b|\bquarter\s+(?:past|to)\s+\w+",
    re.I,
)
"""Numbers and times of several words: none of them stands for itself."""
_DEGREES = re.compile(r"°\s?[CFK]\b")
_OF_THE_DAY = re.compile(r"\bin\s+the\s+(?:morning|afternoon|evening)\b", re.I)
_LITERAL = (MIXED, _WHOLE_UNIT, _NUMBERED, _JOINED, _PART, _DEGREES, _OF_THE_DAY)
_HALF_DAY = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?\s?m\b", re.I)
CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)\b(?!\s?[ap]\.?\s?m\b)", re.I)


def worded_known(text: str, whole: str, digits: Collection[str]) -> bool:
    """Whether each number in words of a text is one of `whole`, whose numbers in digits are given."""
    whole = MIXED.sub(" ", whole)
    there = {word.lower() for word in _UNJOINED.findall(whole)}
    compounds = {each.lower() for each in _COMPOUND.findall(whole)}
    text = _COMPOUND.sub(lambda found: " " if found[0].lower() in compounds else found[0], _AT_FIRST.sub(" ", text))
    text = MIXED.sub(" ", text)
    lowered = text.lower()
    there |= {part for each in compounds for part in each.split("-") if f"-{part}" in lowered}
    found = list(_WORD.finditer(text))
    said = [each[0].lower() for each in found]
    for at, word in enumerate(said):
        ahead, behind = said[at - 1] if at else "", _next(text, found, at)
        if word == "one":
            if not _one_known(ahead, behind, whole, joined=text[found[at].end() :].startswith("-")):
                return False
        elif word in ORDINALS:
            if not _ordinal_known(word, behind, whole):
                return False
        elif word in there:
            continue
        elif word == "both":
            if "and" not in said[at:]:
                return False
        elif word in _CARDINALS:
            number = _CARDINALS.index(word)
            if str(number + 1) not in digits and not (_LABELS.fullmatch(ahead) and list(ORDINALS)[number] in there):
                return False
        elif _OTHERS.fullmatch(word):
            return False
    return not _ONCE.search(text) or _ONCE.search(whole) is not None


def _next(text: str, words: Sequence[re.Match[str]], at: int) -> str:
    """The word behind a word, in lower case, where nothing but spaces or a hyphen is between them."""
    if at + 1 == len(words) or text[words[at].end() : words[at + 1].start()].strip(" -"):
        return ""
    return words[at + 1][0].lower()


def _one_known(ahead: str, behind: str, whole: str, *, joined: bool) -> bool:
    """Whether "one" between two words is a pronoun, or counts what a passage has one of."""
    if (not joined and ahead in _SOME_ONE) or behind == "s":
        return True
    if joined or _LABELS.fullmatch(ahead) or (ahead in _PLACES and behind != "of"):
        return re.search(r"\b(?:one|1|1st|single|first)\b", whole, re.I) is not None
    if not behind or behind in _FUNCTION:
        some = (
            r"\b(?:one|1|each|any|either|single)\b" if behind == "of" else r"\b(?:one|1|an?|each|any|either|single)\b"
        )
        return re.search(some, whole, re.I) is not None
    return re.search(rf"\b(?:one|1|an?|each|per|single)\s+(?:\w+\s+){{0,2}}{behind}\b", whole, re.I) is not None


def _ordinal_known(word: str, behind: str, whole: str) -> bool:
    """Whether a passage has an ordinal, in words or digits, of the same thing: no first day for a first week."""
    number = list(ORDINALS).index(word)
    if re.search(rf"\b{_LABEL}\s+(?:{number + 1}|{_CARDINALS[number]})\b", whole, re.I):
        return True
    held = re.findall(rf"(?<![\w-])(?:{word}|{ORDINALS[word]})\b((?:[\s-]+\w+){{0,3}})", whole, re.I)
    if not behind or behind in _FUNCTION:
        return bool(held)
    return any(stem(behind) == stem(each.lower()) for after in held for each in _WORD.findall(after))


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
