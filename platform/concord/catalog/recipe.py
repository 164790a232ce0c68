"""By what passages are cut and embedded: which recipe is in use, by the last entry of the audit log about it.

Settings name the recipe that is wanted. In a workspace whose gates look at recipes, the one in use stays until they
have let the other through (docs/decisions/0035-recipes.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from concord.catalog.audit import AuditEvent, events_of
from concord.workspace import Settings

SUBJECT = "recipe"
PUT_TO_USE = "recipe.put_to_use"
HASHING = "hashing"
"""What stands for the model where the runtime of the settings is the stand-in without meaning."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The embedding model by its name or folder, and the sizes to which documents are cut. What runs it is no part."""

    model: str
    max_tokens: int
    max_table_tokens: int

    @classmethod
    def of(cls, settings: Settings) -> Recipe:
        """The one that settings name."""
        embedding, chunking = settings.embedding, settings.chunking
        model = HASHING if embedding.runtime == HASHING else embedding.model
        return cls(model, chunking.max_tokens, chunking.max_table_tokens)

    def __str__(self) -> str:
        return f"{self.model}, passages of {self.max_tokens} tokens, tables of {self.max_table_tokens}"

    def cuts_like(self, other: Recipe) -> bool:
        """Whether documents are cut to the same sizes."""
        return (self.max_tokens, self.max_table_tokens) == (other.max_tokens, other.max_table_tokens)


@dataclass(frozen=True, slots=True)
class InUse:
    """The recipe in use, and the fingerprint of its model when it was put to use."""

    recipe: Recipe
    fingerprint: str


def recipe_in_use(connection: Connection) -> InUse | None:
    """The recipe in use; None before anything was indexed."""
    held = events_of(connection, SUBJECT)
    if not held:
        return None
    data = held[-1].data
    return InUse(Recipe(data["model"], data["max_tokens"], data["max_table_tokens"]), data["fingerprint"])


def put_to_use(connection: Connection, used: InUse, actor: str, told: Mapping[str, Any] | None = None) -> None:
    """Use this recipe from now on; `told` is what the audit log says besides."""
    data = {**asdict(used.recipe), "fingerprint": used.fingerprint, **(told or {})}
    AuditEvent(PUT_TO_USE, actor, SUBJECT, data).append(connection)
