"""Answers quote literally, number what they quote, abstain rather than guess, and never quote what does not stand."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concord.retrieval.question import Question
from concord_taxonomy.standard import Principal

ASKED = "How many days of annual leave does everyone receive?"
POLICY = "---\nmodified: 2026-01-10\n---\n# Annual leave\n\nEveryone receives 27 days of annual leave a year.\n"
WIKI = "---\nmodified: 2026-01-01\n---\n# Annual leave\n\nEveryone receives 25 days of annual leave a year.\n"


def cited(answer):
    return [citation.item.identifier for citation in answer.citations]


def test_an_answer_is_made_of_literal_quotes_in_order(answering):
    body = (
        "# Annual leave\n\nEveryone receives 27 days of annual leave a year. Annual leave that everyone receives is "
        "counted in days. The canteen opens at noon.\n"
    )
    house = answering({"policies/leave.md": body, "wiki/travel.md": "# Travel\n\nTrains are preferred.\n"})
    answer = house.ask(ASKED, "pat")
    assert 1 <= len(answer.citations) <= 3
    for citation in answer.citations:
        assert citation.quote in body
    parts = re.findall(r"(.+?) \[(\d+)\] ?", answer.text)
    assert [int(number) for _, number in parts] == list(range(1, len(answer.citations) + 1))
    assert [text for text, _ in parts] == [citation.quote for citation in answer.citations]
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.citations[0].quote == "Everyone receives 27 days of annual leave a year."
    assert "canteen" not in answer.text


def test_a_sentence_without_its_full_stop_is_closed_in_the_answer_and_literal_in_the_citation(answering):
    house = answering({"policies/leave.md": "# Annual leave\n\nEveryone receives 27 days of annual leave\n"})
    answer = house.ask(ASKED, "pat")
    assert answer.text == "Everyone receives 27 days of annual leave. [1]"
    assert answer.citations[0].quote == "Everyone receives 27 days of annual leave"


def test_the_limit_on_citations_holds(answering):
    pages = {
        f"policies/leave-{name}.md": f"# Annual leave\n\nEveryone in {name} receives days of annual leave.\n"
        for name in ("Oslo", "Rome", "Bonn", "Graz")
    }
    house = answering(pages)
    asked = Question(ASKED, house.principal("pat"), date(2026, 11, 2))
    for limit in (1, 2):
        answer = house.concord.answerer.answer(asked, max_citations=limit, min_confidence=0.0)
        assert len(answer.citations) <= limit and f"[{limit + 1}]" not in answer.text


def test_without_anything_readable_it_abstains_with_no_evidence(answering):
    house = answering({"closed/leave.md": POLICY})
    answer = house.ask(ASKED, "pat")
    assert answer.abstained and answer.reason == "no_evidence" and answer.text is None
    assert answer.citations == answer.conflicts == () and answer.confidence == 0.0
    assert house.ask(ASKED, "ann").text


def test_with_nothing_near_enough_it_abstains_with_weak_evidence(answering):
    house = answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})
    asked = Question("Where may bicycles stand overnight?", house.principal("pat"), date(2026, 11, 2))
    answer = house.concord.answerer.answer(asked)
    assert answer.abstained and answer.reason == "weak_evidence"
    assert answer.citations == answer.conflicts == ()


def test_below_the_least_confidence_nothing_is_answered_where_sources_disagree_either(answering):
    house = answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})
    asked, answerer = Question(ASKED, house.principal("pat"), date(2026, 11, 2)), house.concord.answerer
    sure = answerer.answer(asked, min_confidence=0.0)
    assert sure.conflicts and 0 < sure.confidence < 1
    assert answerer.answer(asked, min_confidence=sure.confidence).text == sure.text
    unsure = answerer.answer(asked, min_confidence=sure.confidence + 1e-9)
    assert unsure.reason == "weak_evidence" and unsure.citations == unsure.conflicts == ()


def test_someone_without_tokens_gets_no_evidence(answering):
    house = answering({"policies/leave.md": POLICY})
    asked = Question(ASKED, Principal("nobody"), date(2026, 11, 2))
    answer = house.concord.answerer.answer(asked, min_confidence=0.0)
    assert answer.reason == "no_evidence"


def test_a_draft_is_never_quoted(answering):
    draft = POLICY.replace("---\n", "---\nstatus: draft\n", 1).replace("27 days", "40 days")
    house = answering({"policies/leave-next.md": draft, "wiki/leave.md": WIKI})
    answer = house.ask(ASKED, "pat")
    assert cited(answer) == ["wiki/leave.md"] and "40 days" not in answer.text
    alone = answering({"policies/leave-next.md": draft})
    assert alone.ask(ASKED, "pat").reason == "no_evidence"


def test_what_is_withdrawn_or_not_valid_on_the_date_is_never_quoted(answering):
    over = POLICY.replace("---\nmodified", "---\nvalid_until: 2026-06-30\nmodified", 1)
    house = answering({"policies/leave.md": over, "wiki/leave.md": WIKI})
    assert cited(house.ask(ASKED, "pat", date(2026, 6, 1)))[0] == "policies/leave.md"
    assert cited(house.ask(ASKED, "pat", date(2026, 7, 1))) == ["wiki/leave.md"]
    withdrawn = answering({"policies/leave.md": POLICY.replace("---\n", "---\nstatus: withdrawn\n", 1)})
    assert withdrawn.ask(ASKED, "pat").reason == "no_evidence"


def test_what_is_superseded_is_never_quoted(answering):
    newer = POLICY.replace("---\n", "---\nreplaces: leave-2024.md\n", 1)
    older = WIKI.replace("Annual leave\n", "Annual leave in 2024\n")
    house = answering({"policies/leave.md": newer, "policies/leave-2024.md": older})
    answer = house.ask(ASKED, "pat")
    assert cited(answer) == ["policies/leave.md"] and "25 days" not in answer.text
    # Even when everything asked is about the older page.
    assert "policies/leave-2024.md" not in cited(house.ask("Annual leave in 2024: how many days?", "pat"))


def test_the_loser_of_a_conflict_is_not_quoted(answering):
    house = answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})
    answer = house.ask(ASKED, "pat")
    assert cited(answer) == ["policies/leave.md"]
    [conflict] = answer.conflicts
    assert (conflict.decision.verdict, conflict.decision.rule) == ("resolved", "tier")
    assert [claim.identifier for claim in conflict.losers] == ["wiki/leave.md"]
    assert conflict.concept == "https://small.example/id/leave"


def test_both_sides_of_a_tie_are_stated(answering):
    house = answering({"policies/one.md": POLICY, "policies/two.md": POLICY.replace("27", "26")})
    answer = house.ask(ASKED, "pat")
    assert not answer.abstained and {"27 days", "26 days"} <= set(re.findall(r"\d\d days", answer.text))
    [conflict] = answer.conflicts
    assert conflict.decision.verdict == "unresolved" and conflict.decision.winner is None
    assert {claim.identifier for claim in conflict.losers} == {"policies/one.md", "policies/two.md"}


def test_a_conflict_with_an_unreadable_side_is_not_reported(answering):
    house = answering({"closed/leave.md": POLICY, "wiki/leave.md": WIKI})
    seen = house.ask(ASKED, "ann")
    assert [conflict.decision.winner.identifier for conflict in seen.conflicts] == ["closed/leave.md"]
    blind = house.ask(ASKED, "pat")
    assert blind.conflicts == () and cited(blind) == ["wiki/leave.md"]
    assert "closed" not in str(blind.to_json()) and "27 days" not in str(blind.to_json())


def test_of_three_sides_the_unreadable_one_is_left_out(answering):
    house = answering(
        {"closed/leave.md": POLICY.replace("27", "31"), "policies/leave.md": POLICY, "wiki/leave.md": WIKI}
    )
    [conflict] = house.ask(ASKED, "pat").conflicts
    assert conflict.decision.winner.identifier == "policies/leave.md"
    assert {claim.identifier for claim in conflict.decision.claims} == {"policies/leave.md", "wiki/leave.md"}


@pytest.mark.parametrize("who", ["pat", "ann"])
def test_a_replacement_that_may_not_be_read_neither_hides_nor_marks_the_older_item(answering, who):
    """Both are of one source, so that the link takes effect; only `ann` may read the replacement."""
    house = answering({"policies/leave-2027.md": POLICY, "policies/leave.md": WIKI})
    house.workspace.replace("content/policies/leave-2027.md", "---\n", "---\nreplaces: leave.md\n")
    house.workspace.write(
        "sources/policies.yaml",
        (house.workspace.folder / "sources/policies.yaml").read_text("utf-8")
        + '  rules:\n    - match: {path: "leave-2027.md"}\n      set: {readers: ["group:people-leads"]}\n',
    )
    house.apply()
    house.sync()
    answer = house.ask(ASKED, who)
    if who == "ann":
        assert cited(answer) == ["policies/leave-2027.md"]
        return
    assert cited(answer) == ["policies/leave.md"] and answer.conflicts == ()
    assert answer.text == "Everyone receives 25 days of annual leave a year. [1]"
    assert "2027" not in str(answer.to_json())
    assert "2027" not in kept_trace(house, answer, who).to_json()


def kept_trace(house, answer, who):
    from concord.catalog.engine import reading
    from concord.catalog.traces import load_trace

    with reading(house.concord.engine) as connection:
        return load_trace(connection, answer.trace_id, who)


def test_a_trace_holds_what_led_to_the_answer_by_value(answering):
    house = answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI, "closed/leave.md": POLICY})
    before = datetime.now(UTC)
    answer = house.ask(ASKED, "pat", date(2026, 10, 1))
    trace = kept_trace(house, answer, "pat")
    assert (trace.question, trace.principal, trace.as_of) == (ASKED, "pat", date(2026, 10, 1))
    assert trace.policy_version == answer.policy_version == house.concord.foundation.declarations.digest
    assert before <= trace.at <= datetime.now(UTC)
    assert [stage.name for stage in trace.stages] == ["expand", "embed", "search", "rank", "decide", "compose"]
    everything = {"sources": [], "concepts": [], "past": False}
    assert trace.stage("search").data == {"candidates": 2, "filters": everything}
    assert [stage.started for stage in trace.stages] == sorted(stage.started for stage in trace.stages)
    assert {each.identifier for each in trace.evidence} == {"policies/leave.md", "wiki/leave.md"}
    assert "Everyone receives 25 days" in " ".join(each.text for each in trace.evidence)
    assert trace.answer == answer.text and not trace.abstained
    assert [(each.number, each.quote) for each in trace.citations] == [(c.n, c.quote) for c in answer.citations]
    assert trace.conflicts[0]["verdict"] == "resolved"
    decided = trace.stage("decide").data
    assert decided["conflicts"] == 1
    assert {(each["identifier"], each["text"]) for each in decided["claims"]} <= {
        ("policies/leave.md", "27 days"),
        ("wiki/leave.md", "25 days"),
    }
    assert decided["claims"][0]["type"] == "duration" and decided["claims"][0]["scope"] == {}
    # What is edited later does not change it.
    house.workspace.replace("content/policies/leave.md", "27 days", "99 days")
    house.sync()
    assert kept_trace(house, answer, "pat") == trace


def test_an_abstention_is_traced_with_its_reason(answering):
    house = answering({"closed/leave.md": POLICY})
    trace = kept_trace(house, answer := house.ask(ASKED, "pat"), "pat")
    assert trace.abstained and trace.reason == answer.reason == "no_evidence"
    assert trace.evidence == () and trace.citations == ()


def test_no_trace_is_kept_where_the_retention_is_nothing(answering, monkeypatch):
    monkeypatch.setenv("CONCORD_TRACES__RETENTION_DAYS", "0")
    house = answering({"policies/leave.md": POLICY})
    answer = house.ask(ASKED, "pat")
    assert answer.text and kept_trace(house, answer, "pat") is None
    assert house.rows()["traces"] == []


def test_the_same_question_gives_the_same_answer(answering):
    house = answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})

    def told():
        answer = house.ask(ASKED, "pat", date(2026, 11, 2)).to_json()
        return {name: value for name, value in answer.items() if name not in ("trace_id", "timings_ms")}

    first = told()
    house.close()
    assert told() == first


@pytest.fixture
def odd_house(answering):
    return answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
    | st.sampled_from(
        [
            "?",
            "\0",
            "' OR 1=1 --",
            "a" * 2000,
            "1/0 %",
            "👩‍👩‍👧 leave",
            "<script>",
            "AND OR NOT *",
            "2026-02-30 99 days",
        ]
    )
)
def test_no_question_breaks_it(odd_house, text):
    answer = odd_house.ask(text, "pat")
    assert answer.abstained == (answer.text is None) == (answer.reason is not None)
    assert answer.abstained == (not answer.citations)


def test_a_number_in_the_question_picks_its_row(answering):
    rows = "\n".join(f"| Grade {n} | £{n}2000 |" for n in range(1, 13))
    house = answering({"wiki/salaries.md": f"# Salaries\n\n| Grade | Salary |\n|---|---|\n{rows}\n"})
    answer = house.ask("What salary does grade 7 get?", "ann")
    assert answer.text is not None
    assert answer.citations[0].quote == "Grade: Grade 7; Salary: £72000"


def test_a_newer_version_of_a_page_contradicts_the_older_one(answering):
    house = answering(
        {
            "wiki/bike-policy-v1.md": "---\nmodified: 2023-01-01\n---\n# Bikes\n\nThe bike allowance is £200 a year.\n",
            "wiki/bike-policy-v2.md": "---\nmodified: 2026-01-01\n---\n# Bikes\n\nThe bike allowance is £300 a year.\n",
        }
    )
    answer = house.ask("How much is the bike allowance a year?", "ann")
    assert [each.decision.winner.value.text for each in answer.conflicts] == ["£300"]
    assert answer.citations[0].item.identifier == "wiki/bike-policy-v2.md"


@pytest.mark.parametrize(
    ("page", "question", "first"),
    [
        (
            "# Meal vouchers\n\nThey are worth 7 euros. Until 2025 a meal voucher was worth 6 euros.\n",
            "What is a meal voucher worth?",
            "They are worth 7 euros.",
        ),
        (
            "# Meal vouchers\n\nThey are worth 7 euros. Until 2025 a meal voucher was worth 6 euros.\n",
            "What was a meal voucher worth until 2025?",
            "Until 2025 a meal voucher was worth 6 euros.",
        ),
        (
            "# Annual leave\n\nIn 2023 annual leave was 26 days a year. Since 2024 all staff may take 28 days.\n",
            "How many days is annual leave?",
            "Since 2024 all staff may take 28 days.",
        ),
        (
            "# Service desk\n\nCall first. Until March 2025 the service desk opened at 9:00. It is in room 12.\n",
            "When does the service desk open?",
            "Until March 2025 the service desk opened at 9:00.",
        ),
        (
            "# Bonus\n\nThe bonus is 500 euros if you were hired before May. The bonus for others is 100 euros.\n",
            "How much is the bonus if you are hired before May?",
            "The bonus is 500 euros if you were hired before May.",
        ),
    ],
)
def test_what_holds_is_quoted_before_what_held(answering, page, question, first):
    house = answering({"policies/page.md": page})
    assert house.ask(question, "pat").citations[0].quote == first


def test_rows_that_differ_in_their_numbers_are_all_there_to_be_quoted(answering):
    rows = (
        "| Distance | Rate |\n|---|---|\n| first 10,000 miles | 45p per mile |\n| after 10,000 miles | 25p per mile |"
    )
    house = answering({"policies/mileage.md": f"# Mileage\n\n{rows}\n"})
    answer = house.ask("How much is paid per mile after 10,000 miles?", "pat")
    assert any("25p" in citation.quote for citation in answer.citations)
