"""Root causes of a wrong answer, after Barnett et al. 2024 (arXiv 2401.05856), extended."""

from __future__ import annotations

from enum import StrEnum


class RootCause(StrEnum):
    """Why an answer was not the right one; `undetermined` until a diagnosis says otherwise."""

    MISSING_CONTENT = "missing_content"
    INGESTION_ERROR = "ingestion_error"
    CONTENT_ERROR = "content_error"
    STALE_CONTENT = "stale_content"
    SOURCE_CONFLICT = "source_conflict"
    AUTHORITY_MISCONFIGURED = "authority_misconfigured"
    ACCESS_FILTERED = "access_filtered"
    ACCESS_TOO_WIDE = "access_too_wide"
    FILTER_EXCLUDED = "filter_excluded"
    TAXONOMY_GAP = "taxonomy_gap"
    CHUNK_SPLIT = "chunk_split"
    RETRIEVAL_MISS = "retrieval_miss"
    MISSED_TOP_RANK = "missed_top_rank"
    NOT_IN_CONTEXT = "not_in_context"
    NOT_EXTRACTED = "not_extracted"
    WRONG_FORMAT = "wrong_format"
    INCORRECT_SPECIFICITY = "incorrect_specificity"
    INCOMPLETE = "incomplete"
    HALLUCINATION = "hallucination"
    INVALID_FEEDBACK = "invalid_feedback"
    UNDETERMINED = "undetermined"


CONFIDENTIAL = frozenset({RootCause.ACCESS_FILTERED, RootCause.ACCESS_TOO_WIDE})
"""Causes that are told to those who mend them alone: others would learn that there is something to read."""
OF_REASONS = {"should_not_be_visible": RootCause.ACCESS_TOO_WIDE}
"""Causes that a report names by its reason, whatever is right: nothing has to be found out to know whose they are."""
