"""Claims: what a passage states, as slot, typed value and scope, with the words it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from concord.authority.facts import Facts
from concord.authority.scope import OPEN, Scope
from concord.authority.values import TypedValue, ValueType
from concord_taxonomy.standard.item import ContentItem


class Role(StrEnum):
    """What a value is to its subject."""

    STATED = "stated"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    DEADLINE = "deadline"
    RATE = "rate"
    PERMISSION = "permission"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A passage to read claims from: a chunk of an item.

    `claim_date` is the date on which the passage was first seen in this wording; `line_dates`, one per line of `text`,
    is finer where the source knows it. `concepts` are the item's tags; without any, its `subject` is taken.
    """

    item: ContentItem
    ordinal: int
    text: str
    heading_path: tuple[str, ...] = ()
    claim_date: date | None = None
    line_dates: tuple[date, ...] = ()
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockKey:
    """Claims are compared inside a block only: one concept (or none), one value type, one dimension."""

    concept: str | None
    value_type: ValueType
    dimension: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is said to have the value: stemmed content words without labels and values, concepts, and the role.

    `words` are sorted; `context` holds the words of headings, title and a list's opening sentence, for claims too
    short to tell their subject. `template` is the whole sentence in order, stemmed, with labels as concepts and values
    as `#`, a space between them; `label_words` are the words of those labels, `light` the light words that a
    rewording drops freely.
    """

    words: tuple[str, ...]
    role: Role = Role.STATED
    concepts: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    context_concepts: tuple[str, ...] = ()
    template: str = ""
    label_words: tuple[str, ...] = ()
    light: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that an item states, with everything needed to decide about it later.

    `span` is the sentence's in the passage, `quote` the sentence. `siblings` are the other values of this type that
    the sentence states, `position` is this one's place among them.
    """

    identifier: str
    revision: int
    ordinal: int
    span: tuple[int, int]
    quote: str
    value: TypedValue
    block: BlockKey
    attribute: Attribute
    scope: Scope = OPEN
    first_seen: date | None = None
    facts: Facts = field(kw_only=True)
    siblings: tuple[TypedValue, ...] = ()
    position: int = 0

    @property
    def claim_date(self) -> date | None:
        """When the claim was first seen, else when its item last changed."""
        return self.first_seen or self.facts.modified

    @property
    def key(self) -> tuple[str, int, int, tuple[int, int], int, str]:
        """What identifies the claim; sorts claims into one order whatever order they came in."""
        return (self.identifier, self.revision, self.ordinal, self.span, self.position, self.value.text)
