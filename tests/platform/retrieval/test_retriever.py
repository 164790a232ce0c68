"""Search leaves out what may not be read, whatever the index still holds, and nothing hidden moves a score."""

from dataclasses import dataclass
from datetime import date

import pytest

from concord.catalog.engine import writing
from concord.catalog.items import retract
from concord.catalog.schema import items
from concord.retrieval.question import Question, Scope
from concord.retrieval.retriever import by_item
from concord_taxonomy.standard import Principal

LEAVE = "people-handbook/leave.md"
HIDDEN = "people-handbook/restricted/zanzibar.md"
AT = date(2026, 11, 2)


def shown(retrieval):
    """Everything of a search that anyone may see, timings apart."""
    passages = [
        (each.id, each.score, each.cosine, each.sentence_cosines, dict(each.ranks)) for each in retrieval.passages
    ]
    return passages, retrieval.candidates, retrieval.expansion


def names(retrieval):
    return set(by_item(retrieval.passages))


def test_each_person_finds_what_they_may_read(house):
    assert HIDDEN in house.search("zanzibar office", "ann")
    assert HIDDEN not in house.search("zanzibar office", "pat")
    assert not any(each.startswith("people-handbook/restricted") for each in house.search("zanzibar office", "fay"))
    assert house.search("annual leave", "carl") == []


@pytest.mark.parametrize("tokens", [frozenset(), frozenset({"user:mallory", "group:unknown"})])
def test_without_a_token_in_use_nothing_is_found(house, tokens):
    found = house.concord.retriever.search(Question("annual leave", Principal("m", tokens), AT))
    assert not found.passages and found.candidates == 0


def stale(house, identifier, **changes):
    """Change an item in the catalog alone, as if the index had not followed yet."""
    with writing(house.concord.engine) as connection:
        row = connection.execute(items.select().where(items.c.identifier == identifier)).one()
        values = {"item": {**row.item, **changes}}
        connection.execute(items.update().where(items.c.identifier == identifier).values(**values))


@pytest.mark.parametrize(
    "change",
    [{"readers": ["group:people-leads"]}, {"readers": []}, {"status": "withdrawn"}, {"source": "people-handbook"}],
)
def test_an_index_that_is_behind_gives_nothing_that_the_catalog_forbids(house, change):
    before = names(house.concord.search("annual leave", house.principal("pat")))
    assert LEAVE in before
    stale(house, LEAVE, **change)
    now = house.concord.search("annual leave", house.principal("pat"))
    allowed = "source" in change
    assert (LEAVE in names(now)) == allowed
    assert house.concord.index.item_points(LEAVE)
    if not allowed:
        assert now.candidates == len(now.passages)
        assert LEAVE not in str(house.ask("How many days of annual leave?", "pat").to_json())


def test_an_item_that_is_gone_is_not_found_before_the_index_knows(house):
    from datetime import UTC, datetime

    with writing(house.concord.engine) as connection:
        retract(connection, LEAVE, datetime.now(UTC))
    assert house.concord.index.item_points(LEAVE)
    assert LEAVE not in house.search("annual leave", "pat")


def test_points_that_the_catalog_does_not_know_are_left_out(house):
    """As after a restored backup: an index that is ahead."""
    from concord.catalog.schema import chunks

    with writing(house.concord.engine) as connection:
        connection.execute(chunks.delete().where(chunks.c.identifier == LEAVE))
    assert LEAVE not in house.search("annual leave", "pat")


def found_passage(house, identifier=LEAVE):
    return by_item(house.concord.search("annual leave", house.principal("pat")).passages)[identifier][0]


def test_a_passage_is_read_once_and_used_again(house):
    first, again = found_passage(house), found_passage(house)
    assert again.reading is first.reading and again.chunk is first.chunk
    assert again == first


def test_what_changed_since_a_passage_was_read_is_seen_at_once(house):
    from concord.catalog.schema import chunks

    before = found_passage(house)
    stale(house, LEAVE, title="Renamed")
    assert found_passage(house).item.title == "Renamed"
    with writing(house.concord.engine) as connection:
        mine = chunks.c.identifier == LEAVE
        connection.execute(chunks.update().where(mine).values(changed="2001-02-03"))
    assert found_passage(house).chunk.changed == date(2001, 2, 3) != before.chunk.changed
    with writing(house.concord.engine) as connection:
        connection.execute(chunks.update().where(mine).values(read_by="another", text="Annual leave is over."))
    assert found_passage(house).reading.sentences == ["Annual leave is over."]


def test_only_the_first_cut_is_read_and_every_candidate_counts(house):
    from dataclasses import replace

    settings = house.concord.settings.retrieval.model_copy(update={"passages": 2})
    asked = Question("annual leave", house.principal("ann"), AT)
    whole, cut = (
        house.concord.retriever.search(asked),
        replace(house.concord.retriever, settings=settings).search(asked),
    )
    assert len(whole.passages) == whole.candidates > 2
    assert [each.id for each in cut.passages] == [each.id for each in whole.passages[:2]]
    assert cut.candidates == whole.candidates
    assert cut.terms.having("leav").sum() == whole.terms.having("leav").sum() > 2


def test_a_use_case_keeps_to_its_sources_and_concepts(house):
    everything = names(house.concord.search("expenses and annual leave", house.principal("fay")))
    assert {LEAVE, "finance-policies/travel.md", "people-handbook/bonus.md"} <= everything
    inside = names(house.concord.search("expenses and annual leave", house.principal("fay"), "ask-people"))
    assert inside == {LEAVE, "people-handbook/leave-2024.md"}


@pytest.mark.parametrize(
    "scope", [Scope(sources=("no-such-source",)), Scope(concepts=("https://no.example/x",)), Scope(())]
)
def test_a_scope_that_nothing_meets_finds_nothing(house, scope):
    found = house.concord.retriever.search(Question("annual leave", house.principal("pat"), AT, scope))
    assert not found.passages and found.candidates == 0


QUESTIONS = [
    "How many days of annual leave does everyone receive?",
    "hotels and expenses",
    "holiday",
    "nothing of this",
]


def test_unreadable_documents_move_no_score_and_no_count(house):
    people = ("pat", "fay", "carl")

    def seen():
        return {
            (who, text): shown(house.concord.search(text, house.principal(who))) for who in people for text in QUESTIONS
        }

    before = seen()
    for number in range(20):
        text = f"# Annual leave {number}\n\nEveryone receives {number} days of annual leave, hotels and expenses.\n"
        house.workspace.write(f"content/people/restricted/zanzibar-{number}.md", text)
    outcome, _ = house.sync()
    assert outcome.drained.items == 20
    assert len(house.search(QUESTIONS[0], "ann")) > 20
    assert seen() == before


def test_unreadable_documents_change_no_answer(house):
    def told():
        answer = house.ask(QUESTIONS[0], "pat").to_json()
        return {name: value for name, value in answer.items() if name not in ("trace_id", "timings_ms")}

    before = told()
    assert before["answer"]
    for number in range(20):
        house.workspace.write(
            f"content/people/restricted/zanzibar-{number}.md",
            f"# Annual leave\n\nEveryone receives {30 + number} days of annual leave a year.\n",
        )
    house.sync()
    assert told() == before


def test_the_same_search_gives_the_same(house):
    first = shown(house.concord.search(QUESTIONS[0], house.principal("ann")))
    assert first == shown(house.concord.search(QUESTIONS[0], house.principal("ann")))
    house.close()
    assert first == shown(house.concord.search(QUESTIONS[0], house.principal("ann")))


def test_a_department_finds_by_the_words_of_another(house):
    expansion = house.concord.search("How long is my holiday?", house.principal("pat")).expansion
    assert "https://small.example/id/leave" in expansion.concepts and "annual leave" in expansion.terms


def test_an_index_that_cannot_be_reached_is_no_empty_result(house):
    from concord.index.errors import IndexUnavailable

    house.concord.index.close()
    with pytest.raises(IndexUnavailable):
        house.concord.search("annual leave", house.principal("pat"))


def test_what_an_index_claims_is_not_believed(house):
    """An index that ignores its filter and answers with everything gives away nothing."""

    @dataclass
    class Lying:
        index: object

        def tokens_in_use(self):
            return self.index.tokens_in_use()

        def search(self, request):
            from dataclasses import replace

            everyone = frozenset(self.index.tokens_in_use())
            return self.index.search(replace(request, filter=type(request.filter)(everyone)))

    from dataclasses import replace

    retriever = replace(house.concord.retriever, index=Lying(house.concord.index))
    honest = names(house.concord.search("zanzibar office annual leave", house.principal("pat")))
    found = retriever.search(Question("zanzibar office annual leave", house.principal("pat"), AT))
    assert names(found) == honest and HIDDEN not in honest
    assert found.candidates == len(found.passages)
