"""The scope that an item declares for all that it says: for whom, where, and by which standard it holds."""

from __future__ import annotations

import re
from functools import lru_cache

from concord.authority.facts import Facts
from concord.authority.scope_words import ALIASES
from concord.authority.words import FUNCTION_WORDS, TOKEN, stem

_ALIASES = tuple((re.compile(rf"\b{re.escape(name)}\b"), short) for name, short in ALIASES.items())
_EMPLOYEES = frozenset(map(stem, ("employee", "staff")))
_SAYS_NOTHING = (FUNCTION_WORDS | {"everyone", "everybody", "anyone", "anybody", "all"}) - set(ALIASES.values())


def apart(left: Facts, right: Facts) -> bool:
    """Whether both items declare an audience, a place or a standard, and not one of the same.

    What says more ("London, United Kingdom") is a part of what says less ("UK"); an item that declares nothing holds
    for everybody, everywhere.
    """
    facets = ((left.audience, right.audience), (left.spatial, right.spatial), (left.conforms_to, right.conforms_to))
    return any(_apart(one, other) for one, other in facets)


def describe(facts: Facts) -> str:
    """The declared scope in words, such as "Contractors, Rotterdam"; empty where nothing is declared."""
    return ", ".join((*facts.audience, *facts.spatial, *facts.conforms_to))


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one and other) and not any(
        mine <= theirs or theirs <= mine for mine in map(_words, one) for theirs in map(_words, other)
    )


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    """The stems by which two declarations are compared; none of what is for everybody."""
    lowered = text.casefold()
    for name, short in _ALIASES:
        lowered = name.sub(short, lowered)
    stems = {stem(word) for word in TOKEN.findall(lowered) if word not in _SAYS_NOTHING}
    return frozenset("employee" if each in _EMPLOYEES else each for each in stems)
