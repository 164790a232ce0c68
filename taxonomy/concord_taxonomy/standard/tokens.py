"""Reader tokens (`user:…`, `group:…`, `everyone`) and the principals who hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator

EVERYONE = "everyone"
_TOKEN = re.compile(r"(?:user|group):[^\s:][^\s]{0,254}")


def check_token(token: str) -> str:
    """Return `token` if it is a reader token; raise `ValueError` saying what one looks like otherwise."""
    if token != EVERYONE and not _TOKEN.fullmatch(token):
        raise ValueError(f"{token!r} is no reader token: write user:<id>, group:<id> or {EVERYONE}")
    return token


def common_readers(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """The tokens that let somebody read by both lists: `everyone` stands for every token, and no common one for nobody.

    Whoever holds different tokens of the two is left out too: it is the nearest that one list can say, and closed.
    """
    first, second = frozenset(one), frozenset(other)
    if EVERYONE in first:
        return tuple(sorted(second))
    return tuple(sorted(first if EVERYONE in second else first & second))


ReaderToken = Annotated[str, AfterValidator(check_token)]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an id and the reader tokens held at this moment, groups already expanded.

    A principal without tokens reads nothing. Build one through `concord.access.Directory`, which expands groups.
    """

    id: str
    tokens: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    department: str | None = None

    def may_read(self, readers: tuple[str, ...] | frozenset[str] | list[str]) -> bool:
        """Whether any of an item's `readers` is held; no readers means nobody."""
        return not self.tokens.isdisjoint(readers)
