"""Before a change is approved: items, answers and use cases that it would touch, as far as one may read them."""

import pytest

from concord.bootstrap import Foundation
from concord.bootstrap.previewing import Bounds
from concord.governance import Change, Proposals
from concord.governance.preview import Undetermined
from concord.governance.terms import TermOperation
from concord.workspace import Declarations
from concord_taxonomy.changes import ChangeConcept, MergeConcepts, Word

LEAVE, EXPENSES = "https://small.example/id/leave", "https://small.example/id/expenses"
PAY = ChangeConcept(
    iri=EXPENSES, add_label=(Word(text="hotels", language="en"), Word(text="project zanzibar", language="en"))
)
MERGE = MergeConcepts(lost=EXPENSES, kept=LEAVE)


def previewed(house, who, change, **files):
    concord = house.concord
    held = concord.foundation.declarations
    changed = {**(TermOperation(change).files(held) if change else {}), **files}
    after = Declarations({**held.files, **changed})
    return concord.preview(Change((), held, after), house.principal(who), lambda _done, _total: None)


def test_items_are_told_to_whom_they_may_be_read_by_and_their_number_to_nobody_else(house):
    house.sync()
    seen = {who: previewed(house, who, PAY).items for who in ("ann", "pat", "fay", "carl")}
    names = {who: {each.identifier.rpartition("/")[2] for each in items.changed} for who, items in seen.items()}
    assert names == {"ann": {"zanzibar.md"}, "pat": set(), "fay": set(), "carl": set()}
    assert all(not items.limited for items in seen.values())
    [found] = seen["ann"].changed
    assert found.added == (EXPENSES,) and found.retagged and not found.removed and not found.gone


def test_what_is_in_force_and_waits_for_a_sync_is_no_part_of_a_later_change(house):
    house.sync()
    held = house.concord.foundation.declarations
    for path, text in TermOperation(PAY).files(held).items():
        house.workspace.write(path, text)
    house.apply()
    later = ChangeConcept(iri=LEAVE, add_label=(Word(text="bonus", language="en"),))
    found = previewed(house, "ann", later).items.changed
    assert {each.identifier.rpartition("/")[2] for each in found} == {"bonus.md"}
    house.sync()
    assert previewed(house, "ann", later).items.changed == found


def test_a_merge_retags_and_changes_answers_and_touches_use_cases_without_writing_or_embedding(house):
    for who in ("ann", "pat", "fay"):
        house.ask("Who pays expenses of travel?", who)
    before, encoded = house.rows(), house.concord.encoder.encoded
    preview = previewed(house, "fay", MERGE)
    travel = {each.identifier: each for each in preview.items.changed}["finance-policies/travel.md"]
    assert travel.added == (LEAVE,) and travel.removed == (EXPENSES,)
    assert preview.questions.asked >= 1 and not preview.questions.limited
    assert house.rows() == before
    assert house.concord.encoder.encoded <= encoded + 2 * 3  # the questions alone: every label is known already
    assert [(each.id, each.concepts) for each in preview.use_cases] == [("ask-people", (LEAVE,))]
    assert previewed(house, "carl", MERGE).use_cases == ()


def test_questions_show_their_words_to_who_asked_and_to_who_decides_alone(house):
    house.ask("How many days of annual leave does everyone receive?", "pat")
    house.ask("Will Zanzibar close in June?", "ann")
    text = house.concord.foundation.declarations.files["sources/people-handbook.yaml"]
    closed = {"sources/people-handbook.yaml": text.replace('"group:staff"', '"group:people-leads"')}
    told = {who: previewed(house, who, None, **closed).questions for who in ("ann", "pat", "fay", "carl")}
    words = {who: [each.question for each in questions.changed] for who, questions in told.items()}
    asked = "How many days of annual leave does everyone receive?"
    assert words == {"ann": [asked], "pat": [asked], "fay": [None], "carl": []}
    assert told["fay"].changed[0].changes in (("abstains",), ("text",), ("citations",))
    assert told["ann"].asked == 2 and told["fay"].asked == 1 and told["carl"].asked == 0
    everything = str([told[who].to_json() for who in ("pat", "fay", "carl")]).lower()
    assert "zanzibar" not in everything


def test_a_limit_that_was_reached_is_told(house, monkeypatch):
    for question in ("How long is leave?", "Who pays hotels?"):
        house.ask(question, "pat")
    settings = house.concord.settings.governance
    few = settings.model_copy(update={"preview_questions": 1, "preview_items": 1})
    monkeypatch.setattr(house.concord.settings, "governance", few)
    preview = previewed(house, "ann", PAY)
    assert preview.items.limited and preview.questions.limited and preview.questions.asked == 1


def test_what_a_change_is_about_is_looked_at_first_by_who_may_read_it(house):
    house.sync()
    held = house.concord.foundation.declarations
    hidden = "people-handbook/restricted/zanzibar.md"
    after = Declarations({**held.files, **TermOperation(PAY).files(held)})
    for who, seen in (("ann", [hidden]), ("fay", [])):
        bounds = Bounds(questions=1, items=0, first=(hidden, "people-handbook/nothing.md"))
        change = Change((), held, after)
        items = house.concord.preview(change, house.principal(who), lambda _done, _total: None, bounds).items
        assert [each.identifier for each in items.changed] == seen and items.limited


def test_what_cannot_be_worked_out_is_undetermined_and_not_empty(house, monkeypatch):
    from concord.index.errors import IndexUnavailable

    house.ask("How long is leave?", "pat")

    def down(*_):
        raise IndexUnavailable("here", "it is gone")

    monkeypatch.setattr(house.concord.index, "search", down)
    preview = previewed(house, "pat", PAY)
    assert isinstance(preview.questions, Undetermined) and "gone" in preview.questions.reason
    assert not isinstance(preview.items, Undetermined)
    monkeypatch.setattr(house.concord.settings.traces, "retention_days", 0)
    assert "not logged" in previewed(house, "pat", PAY).questions.reason


def test_a_mapping_that_no_longer_fits_says_which_items_it_would_lose(house):
    text = house.concord.foundation.declarations.files["sources/finance-policies.yaml"]
    broken = text.replace("default: approved", "default: nonsense") if "nonsense" in text else text
    lost = previewed(
        house,
        "fay",
        None,
        **{"sources/finance-policies.yaml": broken.replace("metadata.modified, date: true", "name, date: true")},
    )
    fields = {each.identifier: (each.fields, each.gone) for each in lost.items.changed}
    assert fields
    held = house.concord.foundation.declarations.files
    gone = Foundation(
        Declarations({path: text for path, text in held.items() if path != "sources/finance-policies.yaml"})
    )
    change = Change((), Declarations(held), gone.declarations)
    items = house.concord.preview(change, house.principal("fay"), lambda _done, _total: None).items
    assert {each.gone for each in items.changed} == {"its source would not be declared"}


def test_an_audience_that_changes_is_counted(house):
    text = house.concord.foundation.declarations.files["usecases/ask-people.yaml"]
    preview = previewed(house, "pat", None, **{"usecases/ask-people.yaml": text.replace("group:staff", "group:people")})
    [affected] = preview.use_cases
    assert (affected.declaration, affected.audience_added, affected.audience_removed) == ("changed", 0, 1)


@pytest.mark.parametrize("who", ["ann", "pat"])
def test_a_preview_of_nothing_is_empty(house, who):
    preview = previewed(house, who, None)
    assert preview.items.changed == () and preview.use_cases == () and preview.questions.changed == ()


def test_proposals_without_a_workspace_are_decided_on_by_nobody(house):
    assert not Proposals(house.concord.engine).decides(
        house.principal("ann"), Change((), Declarations({}), Declarations({}))
    )
