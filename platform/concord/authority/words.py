"""Words of a sentence: tokens, stems, and which words carry no meaning of their own."""

from __future__ import annotations

import re
from functools import lru_cache

from concord_taxonomy.stems import stem as stem

TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[’'-][A-Za-z0-9]+)*|\d+(?:[.,]\d+)*")
"""A word or a number."""

FUNCTION_WORDS = frozenset(
    """a about above across after again against all also am among an and any are around as at be because been before
    being below between both but by can cannot could did do does doing down during each either else ever every for from
    further had has have having he her here hers him his how however i if in into is it its itself just least less
    may me might more most must my neither no nor not of off on once only onto or other our ours out over own per please
    same shall she should since so some such than that the their theirs them then there these they this those through to
    too toward towards under until unless up upon us very via was we were what when where whether which while who whom
    whose why will with within without would you your yours etc eg ie later no longer worth""".split()  # noqa: SIM905
)
"""Words of grammar; they never tell one slot from another."""

LIGHT_WORDS = frozenset(
    """get gets getting got receive receives received receiving give gives given have has entitle entitled entitlement
    offer offers offered provide provides provided need needs needed require requires required requirement set sets
    make makes made allow allows allowed permit permitted permits take takes taken use uses used using apply applies
    employee employees staff colleague colleagues everyone everybody anyone people person persons member members
    worker workers individual individuals total maximum minimum max min limit limited period duration currently
    normally usually typically generally new note example following""".split()  # noqa: SIM905
)
"""Words that a rewording adds or drops freely: light verbs, whoever is meant in general, and words of degree."""


def content_stems(text: str) -> tuple[str, ...]:
    """The stems of a text's content words, in order, without numbers, function words and light words."""
    return tuple([found for token in TOKEN.findall(text) if (found := _content_stem(token)) is not None])


@lru_cache(maxsize=32_768)
def _content_stem(token: str) -> str | None:
    """The stem of a content word, None for any other token."""
    word = token.lower().replace("’", "'").removesuffix("'s")
    if word[0].isdigit() or len(word) < 2 or word in FUNCTION_WORDS or word in LIGHT_WORDS:
        return None
    return stem(word)


def light_stems(text: str) -> tuple[str, ...]:
    """The stems of a text's light words, in order."""
    return tuple([stem(word) for token in TOKEN.findall(text) if (word := token.lower()) in LIGHT_WORDS])
