"""`ContentItem`, the one metadata standard: every field of an item, whatever source it came from.

Names follow DCTERMS, DCAT, PROV, ADMS, SKOS and schema.org; a name without a standard term is marked † below.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from concord_taxonomy.standard.tokens import ReaderToken
from concord_taxonomy.standard.version import STANDARD_VERSION as STANDARD_VERSION


class Status(StrEnum):
    """Life cycle of an item (after ADMS status)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DEPRECATED = "deprecated"
    WITHDRAWN = "withdrawn"


class AccessRights(StrEnum):
    """Classification of an item (`dcterms:accessRights`); it never grants anything: `readers` does."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class AuthorityTier(StrEnum):
    """Rank of an item's kind of text, highest first; each is a concept of the SKOS scheme of tiers."""

    REGULATION = "regulation"
    POLICY = "policy"
    STANDARD = "standard"
    PROCEDURE = "procedure"
    GUIDANCE = "guidance"
    DISCUSSION = "discussion"


class Origin(StrEnum):
    """Who gave a field its value; a later origin in this list is never overwritten by an earlier one."""

    DEFAULT = "default"
    CONNECTOR = "connector"
    RULE = "rule"
    TAGGER = "tagger"
    CURATOR = "curator"


class Derivation(BaseModel):
    """The native record an item was derived from (`prov:wasDerivedFrom`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    native_id: str = Field(min_length=1)
    version: str = ""


class Activity(BaseModel):
    """What generated an item (`prov:wasGeneratedBy`): the connector and the mapping's fingerprint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connector: str = Field(min_length=1)
    mapping: str = ""


NonEmpty = Annotated[str, Field(min_length=1, max_length=2_000)]


class ContentItem(BaseModel):
    """One piece of content, described in the standard's terms.

    Dates of events are timezone-aware datetimes, dates of validity and review are calendar dates (inclusive
    `valid_from`, exclusive `valid_until`). An empty `readers` means nobody, whatever `access_rights` says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    # identity
    identifier: NonEmpty
    revision: int = Field(default=1, ge=1)  # †
    source: NonEmpty
    landing_page: str | None = None
    title: NonEmpty
    description: str | None = None
    type: str | None = None
    format: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")

    # provenance
    was_derived_from: Derivation
    generated_at: AwareDatetime | None = None
    generated_by: Activity | None = None
    invalidated_at: AwareDatetime | None = None
    checksum: str | None = None
    field_origin: dict[str, Origin] = Field(default_factory=dict)  # †

    # ownership
    creator: str | None = None
    publisher: str | None = None
    contact_point: str | None = None
    steward: str | None = None  # †

    # life cycle
    status: Status = Status.APPROVED
    created: AwareDatetime | None = None
    modified: AwareDatetime | None = None
    issued: AwareDatetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    last_reviewed: date | None = None
    review_due: date | None = None  # †
    version: str | None = None
    replaces: tuple[str, ...] = ()
    is_replaced_by: tuple[str, ...] = ()

    # access
    access_rights: AccessRights = AccessRights.INTERNAL
    readers: tuple[ReaderToken, ...] = ()  # †
    license: str | None = None

    # scope
    audience: tuple[str, ...] = ()
    spatial: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()

    # subject
    subject: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()

    # authority
    authority_tier: AuthorityTier | None = None  # †

    @field_validator(
        "replaces", "is_replaced_by", "readers", "subject", "keyword", "audience", "spatial", "conforms_to"
    )
    @classmethod
    def _unique(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in values if value))

    @model_validator(mode="after")
    def _consistent(self) -> ContentItem:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            # `field` lets `validation_problems` name the field that a check over several of them is about.
            raise PydanticCustomError(
                "not_after",
                "valid_until ({until}) is not after valid_from ({start}); it is the first day on which the item no "
                "longer holds",
                {"field": "valid_until", "until": str(self.valid_until), "start": str(self.valid_from)},
            )
        for name in ("replaces", "is_replaced_by"):
            if self.identifier in getattr(self, name):
                raise PydanticCustomError("own_link", "an item cannot replace itself", {"field": name})
        return self

    def in_force(self, at: date) -> bool:
        """Whether the item is valid on the date `at` by its own dates and status (links apart)."""
        if self.status is Status.WITHDRAWN or self.invalidated_at is not None:
            return False
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )


def modified_date(item: ContentItem) -> date | None:
    """The calendar date on which the item's content last changed, as far as its source tells."""
    moment: datetime | None = item.modified or item.issued or item.created
    return moment.date() if moment else None
