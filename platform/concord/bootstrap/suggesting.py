"""Changes that a case suggests: proposed as any other change is, so that they are reviewed, gated and written back."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from concord.embedding.errors import EmbeddingError
from concord.governance.errors import NotAllowed
from concord.governance.proposals import Outcome
from concord.governance.terms import KIND, TermOperation
from concord_feedback.cases import Case
from concord_feedback.causes import RootCause
from concord_taxonomy.changes import ChangeConcept, Word

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord

_UNKNOWN = re.compile(r"no label covers ([^;,]+)")


@dataclass(frozen=True, slots=True)
class NewWord:
    """That people say `word` for a concept (`label`), which its labels do not know; `word` may have to be written."""

    concept: str
    label: str
    word: str


def suggestion(concord: Concord, case: Case) -> NewWord | None:
    """The change that a case suggests; None where it suggests none that can be made here."""
    concept = concord.foundation.vocabulary.concepts.get(case.about.concept)
    if case.about.cause is not RootCause.TAXONOMY_GAP or concept is None:
        return None
    failed = next((each for each in case.diagnosis if each["outcome"] == "failed"), None)
    if failed is None or failed["probe"] != "vocabulary":
        return None
    unknown = _UNKNOWN.search(str(failed.get("saw", "")))
    return NewWord(case.about.concept, concept.label(), unknown[1] if unknown else "")


def accept(concord: Concord, case: Case, word: str, by: str) -> Outcome:
    """Propose the change with a person's word; a development workspace puts it in force at once.

    Raises `NotAllowed` for a case that suggests none and for a word that cannot be one, and whatever proposing raises.
    """
    found = suggestion(concord, case)
    if found is None:
        raise NotAllowed(by, "the case suggests no change")
    try:
        operation = TermOperation(ChangeConcept(iri=found.concept, add_label=(Word(text=word, language="en"),)))
    except ValidationError:
        raise NotAllowed(by, f"{word!r} is no word") from None
    why = f"case {case.id}: people say {word!r} for {found.label!r}"
    files = operation.files(concord.foundation.declarations)
    outcome = concord.proposals.propose(KIND, files, by, why, operation.to_json())
    if outcome.change is not None:
        concord.write_back(outcome.change)
        fresh = concord.renewed()
        with suppress(EmbeddingError):  # the next sync does it
            fresh.embed_labels(fresh.foundation.vocabulary, lambda _done, _all: None)
    return outcome
