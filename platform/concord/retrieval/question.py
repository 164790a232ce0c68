"""A question as retrieval sees it: the words, who asks, for which date, and inside which scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from concord_taxonomy.standard import Principal

MAX_QUESTION = 2_000
"""Characters of a question that are read."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a use case draws on: any of `sources`, about any of `concepts` or narrower; None leaves it open."""

    sources: tuple[str, ...] | None = None
    concepts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question. There is no way to ask without a principal and a date.

    `past` asks for the wording that held on `at`; otherwise it is asked of what is current, and the rules of authority
    use the date alone. Access is that of now in either case. Without `expand` the vocabulary is left out, as far as the
    question is concerned. `use_case` is the id of the one asked in. `said` are the words of a follow-up question, where
    `text` is what it asks with the words of the earlier ones.
    """

    text: str
    principal: Principal
    at: date
    scope: Scope = Scope()
    past: bool = False
    expand: bool = True
    use_case: str | None = None
    said: str | None = None
