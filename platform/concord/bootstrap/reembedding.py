"""Another recipe for the index: embedded beside the one in use, tried by the gates, and then put to use."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concord.catalog.engine import writing
from concord.catalog.recipe import InUse, Recipe, put_to_use
from concord.governance.gates import pass_recipe
from concord.ingestion.errors import RecipeInUse, Untriable
from concord.ingestion.indexing import Drained, IndexProgress, fill

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord


@dataclass(frozen=True, slots=True)
class Reembedded:
    """What came of it: the recipe before and the one in use now, what was filled, and the gates that it passed."""

    before: Recipe
    after: Recipe
    filled: Drained
    gates: tuple[str, ...]


def reembed(
    concord: Concord, actor: str, anyway: str | None = None, progress: IndexProgress | None = None
) -> Reembedded:
    """Put the recipe of the settings to use, if every gate lets it through, or for the reason `anyway` without asking.

    Its index is filled beside the one in use, which goes on answering until then; a sync waits. Raises `RecipeInUse`,
    `GateRefused`, and `Untriable` where documents would be cut otherwise or the model in use is gone.
    """
    before, after, replaced = concord.recipe, Recipe.of(concord.settings), concord.model_replaced()
    if before == after and not replaced:
        raise RecipeInUse(str(after))
    if anyway is None and replaced:
        raise Untriable(f"the files of {before.model} are others than those that the index was filled by")
    if anyway is None and not before.cuts_like(after):
        raise Untriable(f"documents would be cut otherwise ({before} -> {after})")
    candidate, filled = concord.by(after), Drained()
    with closing(candidate.index), concord.locks.index():
        if replaced or candidate.encoder.model != concord.encoder.model:
            filled = fill(concord.engine, candidate.index, candidate.cached_encoder, progress)
            candidate.embed_labels(concord.foundation.vocabulary, lambda _step, _all: None)
        passed = pass_recipe(concord.recipe_gates if anyway is None else (), candidate)
        told = {"before": before.model, "gates": passed, "anyway": anyway}
        with writing(concord.engine) as connection:
            put_to_use(connection, InUse(after, candidate.encoder.model), actor, told)
    return Reembedded(before, after, filled, tuple(passed))
