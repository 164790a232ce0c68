"""What a case's page shows of changes: those that are suggested, what one would do, and the proposal it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from concord.bootstrap import Concord
from concord.bootstrap.accepting import proposal_of
from concord.bootstrap.suggesting import Asked, Suggestion, suggestions
from concord.catalog.engine import reading
from concord.catalog.items import readable
from concord.governance import NoSuchProposal
from concord.governance.preview import Items, Preview, Questions, Undetermined
from concord.service.web.pages import item_path
from concord_feedback.cases import Case, State
from concord_taxonomy.changes import CannotChange, concept_called
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import Principal


class ChangeForm(BaseModel):
    """The kind of a change, and its fields under their own names."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)

    kind: str = Field(min_length=1, max_length=40)


def waiting(concord: Concord, who: Principal, case: Case) -> dict[str, Any] | None:
    """The proposal that a case's fix is, as it stands; whether there is a page of it for `who`."""
    held = proposal_of(concord, case) if case.state is State.FIX_SUBMITTED else None
    if held is None:
        return None
    told = {"id": held.id, "state": held.state.value, "decided_at": held.decided_at}
    try:
        concord.proposals.find(held.id, who)
    except NoSuchProposal:
        return {**told, "readable": False}
    return {**told, "readable": True}


def offered(concord: Concord, who: Principal, case_id: int, given: ChangeForm | None = None) -> list[Suggestion]:
    """What a case suggests, concepts by their labels; the kind of `given` with what was given."""
    found = suggestions(concord, who, case_id)
    vocabulary = concord.foundation.vocabulary
    return [
        _filled(each, given_to(each, given) if given and given.kind == each.kind else None, vocabulary)
        for each in found
    ]


def given_to(suggestion: Suggestion, given: ChangeForm) -> dict[str, str]:
    """What a form says: browsers leave out what is empty, which says that nothing stands there."""
    return {each.name: "" for each in suggestion.fields} | (given.model_extra or {})


def _filled(suggestion: Suggestion, given: Mapping[str, str] | None, vocabulary: Vocabulary) -> Suggestion:
    fields = (each if given is None else replace(each, value=given.get(each.name, "")) for each in suggestion.fields)
    return replace(suggestion, fields=tuple(_named(each, vocabulary) for each in fields))


def _named(asked: Asked, vocabulary: Vocabulary) -> Asked:
    """A concept by its label where that means it alone."""
    if asked.form != "concept" or asked.value not in vocabulary.concepts:
        return asked
    label = vocabulary.concepts[asked.value].label()
    try:
        return replace(asked, value=label) if concept_called(vocabulary, label) == asked.value else asked
    except CannotChange:
        return asked


def previewed(concord: Concord, who: Principal, preview: Preview) -> dict[str, Any]:
    """A preview for its page: items with links, questions, use cases; a part that is not known says why."""
    items, questions, uses = preview.items, preview.questions, preview.use_cases
    concepts = concord.foundation.vocabulary.concepts

    def labels(iris: tuple[str, ...]) -> list[str]:
        return [concepts[iri].label() if iri in concepts else iri for iri in iris]

    changed = items.changed if isinstance(items, Items) else ()
    answers = questions.changed if isinstance(questions, Questions) else ()
    named = {each for answer in answers for each in (*answer.cited_before, *answer.cited_after)}
    with reading(concord.engine) as connection:
        titles = {key: each.title for key, each in readable(connection, who, sorted(named)).items()}
    parts = (items, questions, uses)
    return {
        "items": [(each, item_path(each.identifier), labels(each.added), labels(each.removed)) for each in changed],
        "answers": answers,
        "titles": titles,
        "asked": questions if isinstance(questions, Questions) else None,
        "uses": () if isinstance(uses, Undetermined) else uses,
        "warnings": (),
        "unknown": [each.reason for each in parts if isinstance(each, Undetermined)],
    }
