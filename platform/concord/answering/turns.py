"""Words that turn what a sentence says into something else: without a model, and in doubt against the sentence.

    "Employees lose 27 days"         after  "Employees receive 27 days"
    "27 days of unpaid annual leave"  after  "27 days of annual leave"

Most of a sentence's words are those of its passages in each of these, and so are its values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from concord.answering.qualifiers import qualifiers
from concord.authority.scope_words import ALTERNATIVES, ROLES
from concord.authority.values import Comparator, FoundValue, TypedValue, ValueType
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, TOKEN, content_stems, stem

_SIGNED = re.compile(
    r"(?<![\w)%])(?:(?P<sign>[-+])(?=[£$€]?\d)|(?:minus|negative)\s+(?=[£$€]?\d))"
    r"[£$€]?(?P<number>\d+)|(?P<compared>[<>~≤≥≈±])\s?[£$€]?(?P<than>\d+)|[£$€]-(?P<after>\d+)",
    re.IGNORECASE,
)
_RANGED = re.compile(r"\d\s*$")
_WITHOUT = re.compile(r"(?:un(?!i|der|til|less|to|fortun)|non-?)(?P<of>[a-z]{3,})", re.IGNORECASE)
WHOM = frozenset(
    stem(word)
    for word in (
        *ROLES,
        *(word for group in ALTERNATIVES.values() for word in group),
        *"temp temps engineer visitor supplier vendor customer client guest starter joiner leaver part-timer".split(),  # noqa: SIM905
        *"parent mother father agent partner shareholder applicant candidate pensioner retiree".split(),  # noqa: SIM905
    )
)
"""Whoever or whenever a sentence holds for: another than the passage's is another rule."""
_REVERSES = frozenset(
    stem(word)
    for word in """lose loses lost forfeit forgo forfeited waive owe owes owed repay sacrifice surrender revoke withdraw
    withhold withheld deduct lack refuse reject decline ban cease former unable fail fails
    double doubled doubling halve halved halving triple tripled tripling quadruple""".split()  # noqa: SIM905
)
"""Where only a sentence has them, it says the opposite, or of what was."""
_BESIDE = frozenset(
    """from starting starts start after later earlier before until till down capped upward upwards onward onwards
    toward towards""".split()  # noqa: SIM905
)
"""Right beside a value they make another bound of it: "from 24 hours", "later than 24 hours"."""
_NEUTRAL = frozenset(
    stem(word)
    for word in """accrue enjoy grant last total amount equal sum number figure allowance currently state say calendar
    exceed fewer contain use earn claim version advance forward cost
    annually yearly quarterly monthly weekly daily nightly hourly""".split()  # noqa: SIM905
)
"""Beside a value these say nothing of their own: they may stand where no passage has them."""
_LEADS = frozenset("within by on before after until from at in since for during".split())  # noqa: SIM905
_JOINS = frozenset("of for on in as the a an your their our my all any per each every".split())  # noqa: SIM905
_ENDS = re.compile(r"[,;:.!?()](?=\s|$)")

_LIMITS = {
    Comparator.AT_LEAST: re.compile(
        r"\b(?:minimum|min|least|or more|more than|over(?=\s+\W?\d)|above|exceed\w*)\b", re.I
    ),
    Comparator.AT_MOST: re.compile(
        r"\b(?:maximum|max|most|limit\w*|cap|caps|capped|ceiling|deadline|within|up to|in (?:\w+ )?first"
        r"|ha(?:ve|s)\s+\S+\s+\w+\s+(?:\w+\s+){0,4}?to)\b",
        re.I,
    ),
}
_BOUNDS = {
    Comparator.AT_LEAST: re.compile(r"\b(?:at least|minimum|or more|and more|and up(?!\s+to)|upwards of)\b", re.I),
    Comparator.AT_MOST: re.compile(r"\b(?:at (?:the )?most|maximum|max|tops|or less|or fewer)\b", re.I),
}
"""Words that bound a value wherever in a sentence they stand."""
_AS_BOUNDS = frozenset({"or more", "or less"})
"""Qualifiers that are words of bounds, too."""
_ANYBODY = re.compile(r"\b(?:any|every)(?:one|body)\b|\bwhoever\b|\ball\s+(?:staff|employees)\b", re.IGNORECASE)
_SOME_ONLY = re.compile(r"\b(?:only|solely|exclusively|reserved|restricted)\b", re.IGNORECASE)
_NOT = r"\b(?:no|not|never)\s+(?:\w+\s+){0,2}?"
_NEGATED = {
    Comparator.AT_LEAST: re.compile(rf"{_NOT}(?:less|fewer|shorter|earlier|lower|below)\b", re.IGNORECASE),
    Comparator.AT_MOST: re.compile(rf"{_NOT}(?:more|longer|later|higher|exceed\w*)\b", re.IGNORECASE),
}
_TOWARDS = {
    Comparator.AT_LEAST: Comparator.AT_LEAST,
    Comparator.ABOVE: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.AT_MOST,
    Comparator.BELOW: Comparator.AT_MOST,
}


def bound_holds(said: TypedValue, held: TypedValue, text: str, whole: str) -> bool:
    """Whether what a sentence says of a value's bound, as in "at least 5", is what its passages say of it.

    A bound stands beside an exact value where the passages have words of limits, and a bounded value without its bound
    where the sentence has. Dates and times are no part of this: "by" and "until" are close there.
    """
    bound = said.comparator
    if said.type in (ValueType.DATE, ValueType.TIME) or held.comparator is bound:
        return True
    if bound is Comparator.EXACT:
        return _LIMITS[_TOWARDS[held.comparator]].search(text) is not None
    return held.comparator is Comparator.EXACT and bound in _LIMITS and _LIMITS[bound].search(whole) is not None


def signs(text: str) -> frozenset[tuple[str, str]]:
    """The signs of a text with their numbers, a minus for each that looks so; a range such as "5 -10" has none."""
    return frozenset(
        (found["compared"] or found["sign"] or "-", found["number"] or found["than"] or found["after"])
        for found in _SIGNED.finditer(re.sub("[−–‐‑‒]", "-", text))
        if not _RANGED.search(text[: found.start()])
    )


def turned(text: str, whole: str, have: frozenset[str], values: Iterable[FoundValue]) -> bool:
    """Whether a sentence says something else than its passages, whose text is `whole` and whose stems `have`."""
    if not qualifiers(text) - _AS_BOUNDS <= qualifiers(whole) or any(
        said.search(text) and not (_LIMITS[bound].search(whole) or _NEGATED[bound].search(whole))
        for bound, said in _BOUNDS.items()
    ):
        return True
    if _ANYBODY.search(text) and _SOME_ONLY.search(whole) and not _ANYBODY.search(whole):
        return True
    known = have | _NEUTRAL
    words = {word.lower() for word in TOKEN.findall(whole)}
    for word in TOKEN.findall(text):
        if stem(word.lower()) in known or word.lower() in words:
            continue
        if stem(word.lower()) in WHOM | _REVERSES or _WITHOUT.fullmatch(word) or f"un{word.lower()}" in words:
            return True
    numbers = [each for each in values if each.value.type not in (ValueType.POLARITY, ValueType.NAMED)]
    return any(_turns_round(text, each, whole, words) or not _fits(text, each, known) for each in numbers)


def _turns_round(text: str, value: FoundValue, whole: str, words: Collection[str]) -> bool:
    """Whether a word beside a value makes a bound of it, or another one, that its passages do not have."""
    ahead = TOKEN.findall(text[max(0, value.start - 40) : value.start])[-2:]
    behind = TOKEN.findall(text[value.end : value.end + 40])[:1]
    other = {"from"} if value.value.high else set[str]()  # "From 15 to 20" is a range.
    if value.value.comparator is not Comparator.EXACT:
        other |= {"later", "earlier"}  # "No later than" was compared as a bound.
    if behind == ["after"] and f"{value.value.text.split()[-1]} of" in whole:
        behind = []  # "Within 30 days of the journey" are those after it.
    return not {word.lower() for word in (*ahead, *behind)} & _BESIDE <= {*words, *other}


def _fits(text: str, value: FoundValue, known: frozenset[str]) -> bool:
    """Whether the nearest content words about a value are known: whose it is, what is done with it, what it is of."""
    ahead = TOKEN.findall(_ENDS.split(text[: value.start])[-1])
    for word in reversed(ahead):
        if word.lower() in _LEADS:
            break
        if _tells(word):
            if stem(word.lower()) not in known and not known.intersection(content_stems(word)):
                return False
            break
    for word in TOKEN.findall(_ENDS.split(text[value.end :])[0]):
        if word.lower() in _JOINS or word == "s":
            continue
        return not _tells(word) or bool(known.intersection((stem(word.lower()), *content_stems(word))))
    return True


def _tells(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS | LIGHT_WORDS and bool(content_stems(word))
