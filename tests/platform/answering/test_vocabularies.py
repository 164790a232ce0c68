"""Questions in one department's words: whose pages they find, and words that mean two things."""

from datetime import date

import pytest

from concord.catalog.engine import reading
from concord.catalog.traces import load_trace
from concord.cli.ask import ambiguity
from concord.retrieval.question import Question

PREFIXES = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix s: <https://small.example/id/> .
@prefix p: <https://small.example/people/> .
@prefix f: <https://small.example/finance/> .
"""
SHARED = (
    PREFIXES
    + """\
s:small a skos:ConceptScheme ; skos:prefLabel "Small"@en .
s:leave a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:inScheme s:small .
s:accident a skos:Concept ; skos:prefLabel "accident at work"@en ; skos:inScheme s:small .
s:mispayment a skos:Concept ; skos:prefLabel "wrong payment"@en ; skos:inScheme s:small .
"""
)
PEOPLE = (
    PREFIXES
    + """\
p:people a skos:ConceptScheme ; dcterms:publisher "People" .
p:furlough a skos:Concept ; skos:prefLabel "furlough"@en ; skos:exactMatch s:leave ; skos:inScheme p:people .
p:incident a skos:Concept ; skos:prefLabel "incident"@en ; skos:exactMatch s:accident ; skos:inScheme p:people .
"""
)
FINANCE = (
    PREFIXES
    + """\
f:finance a skos:ConceptScheme ; dcterms:publisher "Finance" .
f:incident a skos:Concept ; skos:prefLabel "incident"@en ; skos:exactMatch s:mispayment ; skos:inScheme f:finance .
"""
)
ACCIDENT, PAYMENT = "https://small.example/id/accident", "https://small.example/id/mispayment"
USE_CASE = 'title: Payments\naudience: [group:staff]\nconcepts: ["https://small.example/id/mispayment"]\n'
PAGES = {
    "policies/accident.md": "# Accident at work\n\nTell your manager of an accident at work within two days.\n",
    "wiki/payment.md": "# Wrong payment\n\nTell the treasurer of a wrong payment within one hour.\n",
    "closed/payment.md": "# Wrong payment in secret\n\nA wrong payment of the zanzibar fund goes to the regulator.\n",
    "wiki/leave.md": "# Annual leave\n\nEveryone receives 25 days of annual leave a year.\n",
}
ASKED = "Whom do I tell of an incident?"
TODAY = date(2026, 10, 1)


@pytest.fixture
def house(answering, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    house = answering(PAGES)
    for path, text in {
        "taxonomy/shared.ttl": SHARED,
        "taxonomy/people.ttl": PEOPLE,
        "taxonomy/finance.ttl": FINANCE,
        "usecases/payments.yaml": USE_CASE,
    }.items():
        house.workspace.write(path, text)
    house.apply()
    house.sync()
    return house


def found(house, text, who, **more):
    principal = house.concord.foundation.directory.principal(who)
    retrieval = house.concord.retriever.search(Question(text, principal, TODAY, **more))
    return [passage.item.identifier for passage in retrieval.passages], retrieval.expansion


def test_one_departments_word_finds_anothers_page(house):
    pages, expansion = found(house, "How much furlough do I get?", "pat")
    assert pages[0] == "wiki/leave.md"
    assert expansion.terms == ("annual leave",)
    _, plain = found(house, "How much furlough do I get?", "pat", expand=False)
    assert plain.concepts == plain.terms == ()


def test_the_expansion_stands_in_the_trace(house):
    answer = house.ask("How much furlough do I get?", "pat", TODAY)
    with reading(house.concord.engine) as connection:
        trace = load_trace(connection, answer.trace_id, "pat")
    assert trace.stage("expand").data == {
        "concepts": ["https://small.example/id/leave"],
        "terms": ["annual leave"],
        "spans": [{"start": 9, "end": 17, "concepts": ["https://small.example/id/leave"], "terms": ["annual leave"]}],
        "ambiguous": [],
    }


@pytest.mark.parametrize(
    ("who", "page", "chosen", "other", "department"),
    [
        ("pat", "policies/accident.md", ACCIDENT, PAYMENT, "Finance"),
        ("fay", "wiki/payment.md", PAYMENT, ACCIDENT, "People"),
    ],
)
def test_a_homonym_is_read_as_the_askers_department_does_and_that_is_said(house, who, page, chosen, other, department):
    answer = house.ask(ASKED, who, TODAY)
    assert answer.citations[0].item.identifier == page
    [told] = answer.to_json()["ambiguous"]
    assert (told["words"], told["by"], told["undecided"]) == ("incident", "department", False)
    assert [each["concept"] for each in told["chosen"]] == [chosen]
    assert [(each["concept"], each["used_by"]) for each in told["others"]] == [(other, [department])]
    assert "as your department uses it" in ambiguity(answer.ambiguous[0])[0]


def test_who_is_of_no_such_department_is_asked_which_is_meant(house):
    answer = house.ask(ASKED, "carl", TODAY)
    [told] = answer.to_json()["ambiguous"]
    assert (told["by"], told["undecided"], told["others"]) == (None, True, [])
    assert {each["concept"] for each in told["chosen"]} == {ACCIDENT, PAYMENT}
    assert ambiguity(answer.ambiguous[0])[0] == (
        "“incident” can mean accident at work (People) or wrong payment (Finance): all are searched. "
        "Which one do you mean?"
    )


def test_the_use_case_decides_where_the_department_does_not(house):
    house.workspace.replace("usecases/payments.yaml", "group:staff", "user:carl")
    house.apply()
    answer = house.concord.ask(ASKED, house.concord.foundation.directory.principal("carl"), "payments")
    [told] = answer.ambiguous
    assert (told.by, [each.concept for each in told.chosen]) == ("use_case", [PAYMENT])


def test_what_is_said_of_words_does_not_depend_on_what_one_may_read(house):
    before = house.ask(ASKED, "pat", TODAY).to_json()["ambiguous"]
    house.workspace.remove("content/closed/payment.md")
    house.sync()
    assert house.ask(ASKED, "pat", TODAY).to_json()["ambiguous"] == before
    assert "zanzibar" not in str(before)
