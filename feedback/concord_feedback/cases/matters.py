"""What a report asks and says of what: by this later reports of the same find its case, whatever its cause is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from concord_feedback.cases.model import About, Report
from concord_feedback.causes import CONFIDENTIAL

ASKING = frozenset({"correction", "evaluation"})
"""Kinds of reports that are about one question; any other is a sign of what it is filed as."""
RECURRING = frozenset({"sync_failed"})
"""Kinds of signs of what works or does not: where it fails anew, that is the case of before, opened again."""
_A_QUOTE = 3
"""Words of a right answer that names no number, from which the same words say the same to another question."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Matter:
    """Hashes by which reports of one matter are found: of one place, in one use case.

    `asks` is the same where the same words ask (of no item: in any order), or where the same sign was found; `says`
    where the same words are said to be right. None where there is nothing to go by, as with a bare "yes".
    """

    asks: str | None
    says: str | None = None

    @classmethod
    def of(cls, about: About, given: Report) -> Matter:
        """The matter of a report that is filed as being about something, before anybody has diagnosed it."""
        if given.kind not in ASKING:
            return cls(about.fingerprint)
        asked, right = _words(given.question), _words(given.right_answer)
        if asked and not about.item:
            asked = (about.place,)  # what was asked is its place: the same before and after a diagnosis
        telling = len(right) >= _A_QUOTE or _NUMBER.search(given.right_answer)
        return cls(_hash("asks", about, asked) if asked else None, _hash("says", about, right) if telling else None)


def agrees(given: Report, others: Iterable[Report]) -> bool:
    """Whether a report says to be right what one of the others does: the same numbers, or else the same words."""
    right = _right(given)
    return bool(right) and any(_right(each) == right for each in others)


def objects(given: Report, others: Iterable[Report]) -> bool:
    """Whether a report says that something else is right than each of the others that says what is."""
    right, said = _right(given), {_right(each) for each in others} - {()}
    return bool(right and said) and right not in said


def _right(given: Report) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(given.right_answer)) or _words(given.right_answer)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _hash(what: str, about: About, words: tuple[str, ...]) -> str:
    parts = [what, about.place, about.scope, *words]
    # What is a matter of access from the first is never the same as what is not.
    parts += [about.cause.value] if about.cause in CONFIDENTIAL else []
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
