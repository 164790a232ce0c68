"""The faults by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from concord.bootstrap import Concord
from faults import machinery, pages, rules
from faults.sample import Asked, Sample

Seeder = Callable[[Sample, Sequence[Asked]], list[Asked]]


@dataclass(frozen=True)
class Seed:
    """How a fault is put in: `seed` does it, `around` holds while questions are asked and diagnosed.

    `says` is the reason that a person would give. `rightly` says that the answer is right all the same, and the
    correction mistaken. `sample_only` are faults that the formats of the handbooks have no words for.
    """

    seed: Seeder
    says: str = "wrong"
    rightly: bool = False
    sample_only: bool = False
    around: Callable[[Sample, Concord], AbstractContextManager[None]] = lambda sample, concord: nullcontext()


def synced(seed: Seeder) -> Seeder:
    """The seeder, with a sync behind it."""

    def then(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
        made = seed(sample, asked)
        sample.sync()
        return made

    return then


def _sorted_by_page(seed: Seeder) -> Seeder:
    return lambda sample, asked: seed(sample, sorted(asked, key=lambda each: each.page))


SEEDS: dict[str, Seed] = {
    "page_deleted": Seed(synced(pages.page_deleted), "missing"),
    "sync_stalled": Seed(pages.value_changed, "outdated"),
    "parser_wrong": Seed(machinery.parser_wrong, "missing"),
    "record_unreadable": Seed(synced(pages.record_unreadable), "missing"),
    "value_wrong": Seed(synced(pages.value_wrong), "wrong"),
    "review_overdue": Seed(synced(pages.review_overdue), "outdated"),
    "old_version_approved": Seed(synced(pages.old_version_approved), "outdated", sample_only=True),
    "sources_contradict": Seed(synced(pages.sources_contradict), "contradicts"),
    "authority_reversed": Seed(synced(rules.authority_reversed), "wrong", sample_only=True),
    "access_removed": Seed(synced(rules.access_removed), "missing"),
    "concept_tag_wrong": Seed(synced(rules.concept_tag_wrong), "missing"),
    "synonym_missing": Seed(synced(rules.synonym_missing), "missing"),
    "filter_too_narrow": Seed(synced(rules.filter_too_narrow), "missing"),
    "withdrawn_by_mistake": Seed(synced(pages.withdrawn_by_mistake), "missing"),
    "chunk_split": Seed(synced(pages.chunk_split), "wrong"),
    "top_k_too_small": Seed(synced(rules.top_k_too_small), "missing"),
    "points_lost": Seed(synced(machinery.points_lost), "missing", around=machinery.without_points),
    "extraction_bad": Seed(machinery.extraction_bad, "wrong"),
    "answer_cut": Seed(synced(_sorted_by_page(pages.answer_cut)), "missing"),
    "vote_mistaken": Seed(rules.nothing, rightly=True),
    "not_yet_in_force": Seed(synced(pages.not_yet_in_force), "missing", sample_only=True),
    "replaced_wrongly": Seed(synced(pages.replaced_wrongly), "missing", sample_only=True),
    "form_mistaken": Seed(rules.asked_in_another_form, rightly=True),
}
