"""The scope that an item declares for all that it says: for whom, and by which standard it holds.

`spatial` is no part of it: sources declare that as a whole, and what one of another country says of the same thing
would not be told any more (of six contradictions seeded between real handbooks, four).
"""

from __future__ import annotations

from functools import lru_cache

from concord.authority.facts import Facts
from concord.authority.words import FUNCTION_WORDS, TOKEN, stem

_EMPLOYEES = frozenset(map(stem, ("employee", "staff")))
_SAYS_NOTHING = FUNCTION_WORDS | {"everyone", "everybody", "anyone", "anybody", "all"}


def apart(left: Facts, right: Facts) -> bool:
    """Whether both items declare an audience, or a standard, and not one of the same.

    Who says more ("Employees in Rotterdam") is a part of who says less ("Staff"); an item that declares nothing holds
    for everybody.
    """
    return _apart(left.audience, right.audience) or _apart(left.conforms_to, right.conforms_to)


def describe(facts: Facts) -> str:
    """The declared scope in words, such as "Contractors"; empty where nothing is declared."""
    return ", ".join((*facts.audience, *facts.conforms_to))


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one and other) and not any(
        mine <= theirs or theirs <= mine for mine in map(_words, one) for theirs in map(_words, other)
    )


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    """The stems by which two declarations are compared; none of what is for everybody."""
    stems = {stem(word) for word in TOKEN.findall(text.casefold()) if word not in _SAYS_NOTHING}
    return frozenset("employee" if each in _EMPLOYEES else each for each in stems)
