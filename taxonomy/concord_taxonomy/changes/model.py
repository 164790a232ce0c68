"""What can be done with a term, as values that can be kept: add, change, merge, split, deprecate, align.

Concepts are named by their IRIs, which never change: what is given up is deprecated (`owl:deprecated`) and says what to
use (`dcterms:isReplacedBy`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from concord_taxonomy.alignment.decisions import Decision, Relation

Iri = Annotated[str, Field(pattern=r'^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>"{}|\\^`]+$', max_length=2_000)]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(_Value):
    """A text in a language, a tag of BCP 47 such as `en`; empty where none is stated."""

    text: str = Field(min_length=1, max_length=20_000)
    language: str = Field(default="", pattern=r"^([a-z]{2,8}(-[a-z0-9]{1,8})*)?$")


class AddConcept(_Value):
    """A new concept of a scheme; without `broader` it is a top concept."""

    operation: Literal["add"] = "add"
    iri: Iri
    scheme: Iri
    pref_label: tuple[Word, ...] = Field(min_length=1)
    alt_label: tuple[Word, ...] = ()
    definition: tuple[Word, ...] = ()
    broader: tuple[Iri, ...] = ()
    related: tuple[Iri, ...] = ()


class ChangeConcept(_Value):
    """Other words for a concept, or another place for it.

    A preferred label takes the place of that in its language, which stays as an alternative one; a definition takes the
    place of that in its language.
    """

    operation: Literal["change"] = "change"
    iri: Iri
    pref_label: tuple[Word, ...] = ()
    definition: tuple[Word, ...] = ()
    add_label: tuple[Word, ...] = ()
    remove_label: tuple[Word, ...] = ()
    add_broader: tuple[Iri, ...] = ()
    remove_broader: tuple[Iri, ...] = ()
    add_related: tuple[Iri, ...] = ()
    remove_related: tuple[Iri, ...] = ()


class MergeConcepts(_Value):
    """Two concepts of a scheme that are one: `lost` is deprecated, and its words and place go to `kept`."""

    operation: Literal["merge"] = "merge"
    lost: Iri
    kept: Iri


class Part(_Value):
    """A concept that a split makes."""

    iri: Iri
    label: Word


class SplitConcept(_Value):
    """A concept that is several: narrower ones of it, or (`replace`) ones in its place, while it is deprecated."""

    operation: Literal["split"] = "split"
    iri: Iri
    into: tuple[Part, ...] = Field(min_length=2)
    replace: bool = False


class DeprecateConcept(_Value):
    """A concept that should not be used any more, and what to use instead, if anything."""

    operation: Literal["deprecate"] = "deprecate"
    iri: Iri
    replaced_by: Iri | None = None


class AlignConcepts(_Value):
    """How concepts of two schemes relate, in place of any mapping between the two; None: they do not match.

    Who says so, why and when is kept with the mapping.
    """

    operation: Literal["align"] = "align"
    iri: Iri
    relation: Relation | None
    target: Iri
    by: str = ""
    why: str = ""
    at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def decision(self) -> Decision:
        """The decision on the pair."""
        accepted = self.relation is not None
        return Decision(self.iri, self.target, self.relation or Relation.CLOSE, accepted, self.by, self.why, self.at)


TermChange = AddConcept | ChangeConcept | MergeConcepts | SplitConcept | DeprecateConcept | AlignConcepts
_ADAPTER: TypeAdapter[TermChange] = TypeAdapter(Annotated[TermChange, Field(discriminator="operation")])


def parse_change(data: Mapping[str, Any]) -> TermChange:
    """A change from the values that `model_dump(mode="json")` gave; raises `pydantic.ValidationError`."""
    return _ADAPTER.validate_python(dict(data))
