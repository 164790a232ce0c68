"""Past answers that cited a page: whether their words still stand there, who is shown them, and who is told."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from concord.authority.sentences import stated_sentences
from concord.catalog import items
from concord.catalog.cases import CatalogCases
from concord.catalog.chunks import current_chunks
from concord.catalog.engine import reading, writing
from concord.catalog.traces import store_trace
from concord.governance.cases.blast import Radius, Wording, blast_radius
from concord.governance.errors import NotAllowed
from concord_feedback import Trace
from concord_feedback.cases import About, Case, Proof
from concord_feedback.causes import RootCause
from concord_feedback.errors import NoSuchCase
from concord_feedback.traces import Citation
from concord_taxonomy.markdown import plain, sentences

PAGE = "people-handbook/allowances.md"
FILE = "content/people/allowances.md"
NOW = datetime.now(UTC)
ALLOWANCES = """\
# Allowances

Everyone receives **27 days** of [annual leave](leave.md) a year. Meals &amp; drinks are paid up to *30 pounds*.

- Half-timers receive **14 days** a year.
- `VPN` access takes __two__ days.

| Grade | Days | Hotel |
|---|---|---|
| A | **25** | 90 pounds |
| B | 28 | 140&nbsp;pounds |

The canteen opens at noon.
"""
CHANGED = (
    ("**14 days**", "**15 days**"),
    ("| A | **25**", "| A | **26**"),
    ("at noon.", "at noon on weekdays."),
    ("VPN` access takes", "VPN` access takes up to"),
)
STILL = {
    "Everyone receives 27 days of annual leave a year.",
    "Meals &amp; drinks are paid up to 30 pounds.",
    "Meals & drinks are paid up to 30 pounds.",
    "Grade: B; Days: 28; Hotel: 140&nbsp;pounds",
    "A, Hotel: 90 pounds",
    "B, Days: 28",
    "B, Hotel: 140\u00a0pounds",
}


@pytest.fixture
def page(house):
    house.workspace.write(FILE, ALLOWANCES)
    house.sync()
    return house


def quotes(house):
    """Everything that answers may quote of the page, as it is made from its passages."""
    with reading(house.concord.engine) as connection:
        texts = [each.text for each in current_chunks(connection, [PAGE])[PAGE]]
    return {each.text for text in texts for each in (*sentences(text), *stated_sentences(text))}


def keep(house, principal, said, revision=1, at=NOW):
    cited = [
        Citation(number=number, identifier=PAGE, revision=revision, quote=quote)
        for number, quote in enumerate(said, start=1)
    ]
    name = f"{principal}-{revision}-{len(said)}"
    with writing(house.concord.engine, renews=False) as connection:
        store_trace(
            connection,
            Trace(id=name, at=at, principal=principal, question="How?", as_of=date(2026, 11, 2), citations=cited),
        )


def case_of(house, fixed: bool | None = True, cause=RootCause.CONTENT_ERROR):
    with writing(house.concord.engine, renews=False) as connection:
        made = CatalogCases(connection).add(Case(About(cause, PAGE), NOW, NOW, owner="user:ann"))
        if fixed is not None:
            CatalogCases(connection).save(replace(made, proof=Proof(fixed, NOW, NOW)))
    return made.id


def radius(house, number, who="ann"):
    return list(house.concord.desk.blast_radius(house.principal(who), number).answers)


def told(house, who):
    return [each.kind for each in house.concord.desk.news(house.principal(who)) if each.kind.startswith("answer")]


def test_words_are_compared_in_the_form_in_which_they_were_quoted(page):
    before = quotes(page)
    keep(page, "pat", sorted(before))
    for old, new in CHANGED:
        page.workspace.replace(FILE, old, new)
    page.sync()
    number = case_of(page)
    assert {each.quote for each in radius(page, number)} == before - quotes(page) == before - STILL
    assert all(each.stands is False for each in radius(page, number))
    for fixed, cause in ((None, RootCause.STALE_CONTENT), (False, RootCause.SOURCE_CONFLICT)):
        everything = radius(page, case_of(page, fixed, cause))
        assert {each.quote for each in everything if each.stands} == STILL


def test_whoever_got_what_stands_is_not_told_that_it_was_corrected(page):
    keep(page, "pat", ["Everyone receives 27 days of annual leave a year.", "A, Hotel: 90 pounds"])
    keep(page, "fay", ["Half-timers receive 14 days a year."])
    number = case_of(page, fixed=None)
    assert page.concord.desk.tell_answered(page.principal("ann"), number) == 0
    page.workspace.replace(FILE, "**14 days**", "**15 days**")
    page.sync()
    assert [page.concord.desk.tell_answered(page.principal("ann"), number) for _ in range(2)] == [1, 0]
    assert told(page, "fay") == ["answer.corrected"] and told(page, "pat") == []


def test_a_sentence_that_says_more_now_does_not_stand_and_a_part_of_a_long_one_does():
    then, now = (
        Wording.of("Leave is 27 days.\n\nOne *long* sentence, cut in two"),
        Wording.of("From May leave is 27 days.\n\nAnother line. One *long* sentence, cut in two"),
    )
    assert now.still_says("Leave is 27 days.", then) is False
    assert now.still_says("long sentence, cut", then) is True
    assert Wording.of("Something else").still_says("long sentence, cut", then) is False
    assert now.still_says(plain("One *long* sentence, cut in two"), None) is True


def test_what_was_not_kept_is_not_known_to_stand(page):
    keep(page, "pat", ["[left out]"])
    number = case_of(page)
    (found,) = radius(page, number)
    assert found.stands is None and found.to_json()["stands"] is None
    assert page.concord.desk.tell_answered(page.principal("ann"), number) == 0


def restrict(house, readers):
    source = "sources/people-handbook.yaml"
    rule = f'  rules:\n    - match: {{path: "allowances.md"}}\n      set: {{readers: {readers}}}'
    house.workspace.replace(source, "  rules:", rule)
    house.apply()
    house.sync()


def test_who_may_not_read_the_page_any_more_is_shown_and_tells_nothing(page):
    keep(page, "fay", ["Half-timers receive 14 days a year."])
    page.workspace.replace(FILE, "**14 days**", "**15 days**")
    page.sync()
    number = case_of(page)
    assert [each.principal for each in radius(page, number)] == ["fay"]
    restrict(page, '["user:fay"]')
    desk, ann = page.concord.desk, page.principal("ann")
    with reading(page.concord.engine) as connection:
        assert not items.readable(connection, ann, [PAGE])
        case = CatalogCases(connection).load(number)
        assert blast_radius(connection, ann, case, desk.places.may_read) == Radius()
        fay = blast_radius(connection, page.principal("fay"), case, desk.places.may_read)
    assert [each.principal for each in fay.answers] == ["fay"]
    for call in (desk.blast_radius, desk.tell_answered):
        assert shown(call, ann, number) in (Radius(), 0, "not there")
    assert told(page, "fay") == []


def shown(call, who, number):
    """What a call gives; "not there" where the case itself is not theirs any more."""
    try:
        return call(who, number)
    except (NoSuchCase, NotAllowed):
        return "not there"


def test_only_who_may_read_the_page_is_told_of_it(page):
    keep(page, "fay", ["Half-timers receive 14 days a year."])
    keep(page, "pat", ["Half-timers receive 14 days a year."])
    keep(page, "who left", ["Half-timers receive 14 days a year."])
    page.workspace.replace(FILE, "**14 days**", "**15 days**")
    page.sync()
    restrict(page, '["group:people"]')
    number = case_of(page)
    assert {each.principal for each in radius(page, number)} == {"fay", "pat", "who left"}
    assert page.concord.desk.tell_answered(page.principal("ann"), number) == 1
    assert told(page, "pat") == ["answer.corrected"] and told(page, "fay") == []


def test_a_revision_that_one_may_not_read_is_not_quoted_though_the_page_was_opened_since(page):
    source = "sources/people-handbook.yaml"
    restrict(page, '["group:finance"]')
    page.workspace.replace(FILE, "**14 days**", "**15 days** for project Zanzibar")
    page.sync()
    keep(page, "fay", ["Half-timers receive 15 days for project Zanzibar a year."], revision=2)
    page.workspace.replace(FILE, "**15 days** for project Zanzibar", "**15 days**")
    page.workspace.replace(source, '["group:finance"]', '["group:staff"]')
    page.apply()
    page.sync()
    number = case_of(page)
    assert radius(page, number) == []
    with reading(page.concord.engine) as connection:
        assert items.readable(connection, page.principal("ann"), [PAGE])


SAID = "Half-timers receive 14 days a year."


def test_who_got_an_answer_of_a_page_that_is_gone_is_listed_for_its_last_owner(page):
    """Removed on the day that it came, it has no passage that a date could reach."""
    keep(page, "pat", [SAID])
    page.workspace.remove(FILE)
    page.sync()
    number = case_of(page)
    (found,) = radius(page, number)
    assert (found.principal, found.quote, found.stands) == ("pat", SAID, False)
    assert page.concord.desk.tell_answered(page.principal("ann"), number) == 1
    assert told(page, "pat") == ["answer.corrected"]


def gone_for(house, who):
    """What somebody is shown of the page's past answers, whatever their part in the case is."""
    case = Case(About(RootCause.CONTENT_ERROR, PAGE), NOW, NOW)
    with reading(house.concord.engine) as connection:
        return blast_radius(connection, house.principal(who), case, house.concord.desk.places.may_read)


def test_of_a_page_that_is_gone_the_last_grants_decide(page):
    keep(page, "pat", [SAID])
    restrict(page, '["user:fay"]')
    page.workspace.remove(FILE)
    page.sync()
    assert gone_for(page, "ann") == Radius()
    assert [each.principal for each in gone_for(page, "fay").answers] == ["pat"]
    assert gone_for(page, "fay").to_tell == ()  # pat could not read it any more


def test_of_a_page_that_is_gone_a_revision_is_listed_for_whom_that_one_let(page):
    restrict(page, '["group:finance"]')
    page.workspace.replace(FILE, "**14 days**", "**15 days** for project Zanzibar")
    page.sync()
    keep(page, "fay", ["Half-timers receive 15 days for project Zanzibar a year."], revision=2)
    page.workspace.replace(FILE, "**15 days** for project Zanzibar", "**15 days**")
    page.workspace.replace("sources/people-handbook.yaml", '["group:finance"]', '["group:staff"]')
    page.apply()
    page.sync()
    page.workspace.remove(FILE)
    page.sync()
    assert gone_for(page, "ann") == Radius()


def test_a_page_that_waits_in_quarantine_or_whose_text_others_hold_closed_is_listed_for_nobody(page):
    keep(page, "pat", [SAID])
    page.workspace.write(FILE, "")
    page.sync()
    assert gone_for(page, "ann") == Radius()
    page.workspace.write(FILE, ALLOWANCES)
    page.sync()
    assert gone_for(page, "ann").answers
    page.workspace.write("content/people/restricted/allowances.md", ALLOWANCES)
    page.workspace.replace("principals.yaml", "department: People, groups: [people-leads]", "department: People")
    page.workspace.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    page.workspace.remove(FILE)
    page.apply()
    page.sync()
    assert gone_for(page, "ann") == Radius()
