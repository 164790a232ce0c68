"""The port of diagnosis: a question asked again as the same principal, told stage by stage.

What is *right* is what the report says: the values or words of its right answer, and the items that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class CannotProbe(Exception):
    """A stage could not be looked at; its text says why. The diagnosis is undetermined then, and never healthy."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer next to what is right: that of the trace, or of now.

    `told` are how many of the `wanted` right things it tells, `literally` whether in the very words. `unsupported` are
    sentences that nothing cited says. `cited` are items. One that is `torn` tells two sides and takes none. `undecided`
    are how many right things it may tell or not: only a person can say.
    """

    abstained: bool
    told: int
    wanted: int
    literally: bool = True
    cited: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    torn: bool = False
    undecided: int = 0

    @property
    def right(self) -> bool:
        """Whether it tells all that is right, and nothing against it."""
        return not self.abstained and not self.torn and self.wanted > 0 and self.told == self.wanted

    @property
    def partly(self) -> bool:
        """Whether it tells some of it."""
        return not self.abstained and 0 < self.told < self.wanted

    @property
    def unsure(self) -> bool:
        """Whether it may tell all that is right, and only a person can say so."""
        return not self.abstained and not self.torn and self.undecided > 0 and self.told + self.undecided >= self.wanted


@dataclass(frozen=True, slots=True)
class Held:
    """Where the catalog has what is right, whoever may read it.

    `items` state it and are live, `sure` where one of them says by itself what it is about. `quarantined` and `gone`
    are items that the report names. `rivals` are cited items that state something else of the same kind; `overdue`
    those of them that are past their review or their validity.
    """

    items: tuple[str, ...]
    quarantined: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Doubted:
    """What is known against the cited items, where a report says that they do not hold, and neither why nor what does.

    `overdue` are past their review or validity. `replaced` and `contradicted` name cited items first, then what has
    taken their place, or says otherwise.
    """

    overdue: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sourced:
    """What sources hold now and the catalog does not: `states` are records that state what is right."""

    looked_at: int
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filtered:
    """Which of the right items the asker may read, and which of those the filters let through.

    `retagged` are items that the concepts of the use case leave out, though their own words are about them.
    """

    readable: tuple[str, ...]
    admitted: tuple[str, ...]
    retagged: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Worded:
    """How the question's words meet the vocabulary and the right items.

    `unknown` are words that neither the vocabulary nor a right item has; `named` says whether the question names a
    concept of a right item; `with_labels` what is answered where the `label` of such a concept stands for the first,
    and `suffices` whether it is too once that concept has the word as a label.
    """

    unknown: tuple[str, ...]
    named: bool
    with_labels: Answered | None = None
    label: str = ""
    suffices: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """How the right passage was cut: the shares of the question's words in it, headings left aside.

    `sentence` is of the sentence that tells what is right, `passage` of all of its passage, `section` of all passages
    under its heading; `cut` says that these are several. `beside` says that another of them is among the passages of
    which the answer is made, and the right one is not.
    """

    sentence: float
    passage: float
    section: float
    cut: bool
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Which right items were found: among the passages read, and where far more are read."""

    found: tuple[str, ...]
    found_wider: tuple[str, ...] = ()
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What authority made of the right items.

    `quotable` may be quoted; `superseded` are replaced by another. `against` are the items that say otherwise, `rule`
    the one by which they win, None where none decides. `older` says that these are earlier pages of the same source.
    """

    quotable: tuple[str, ...]
    superseded: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    rule: str | None = None
    older: bool = False
    by_scope: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """What of the right items the answer could be made of: in the context, and with the fact extracted from it."""

    in_context: tuple[str, ...]
    extracted: tuple[str, ...]


class Replay(Protocol):
    """A question asked again; every stage may raise `CannotProbe`, and is looked at once at most."""

    def traced(self) -> Answered:
        """The answer that was reported."""
        ...

    def answered(self) -> Answered:
        """The answer of now."""
        ...

    def doubted(self) -> Doubted:
        """What is known against the answer that was reported, where the report does not say what is right."""
        ...

    def held(self) -> Held:
        """Where the catalog has what is right."""
        ...

    def sourced(self) -> Sourced:
        """What sources have that the catalog does not."""
        ...

    def filtered(self) -> Filtered:
        """Access and filters."""
        ...

    def worded(self) -> Worded:
        """Expansion by the vocabulary."""
        ...

    def cut(self) -> Cut:
        """Passages."""
        ...

    def retrieved(self) -> Retrieved:
        """Search and ranking."""
        ...

    def weighed(self) -> Weighed:
        """Authority."""
        ...

    def composed(self) -> Composed:
        """Composing the answer."""
        ...
