"""The JSON of an answer is a contract: exactly these keys, and values of these types."""

import json
from datetime import date

ASKED = "How many days of annual leave does everyone receive?"
POLICY = "---\nmodified: 2026-01-10\n---\n# Annual leave\n\nEveryone receives 27 days of annual leave a year.\n"
WIKI = "# Annual leave\n\nEveryone receives 25 days of annual leave a year.\n"

ANSWER = {
    "answer",
    "asked",
    "as_of",
    "abstained",
    "reason",
    "citations",
    "conflicts",
    "ambiguous",
    "by_scope",
    "composed_by",
    "fallback",
    "policy_version",
    "trace_id",
    "timings_ms",
}
CITATION = {
    "n",
    "identifier",
    "revision",
    "title",
    "landing_page",
    "quote",
    "source",
    "publisher",
    "status",
    "modified",
    "authority_tier",
    "held",
}
CONFLICT = {"attribute", "concept", "verdict", "rule", "explanation", "winner", "losers", "abstained", "sent_to"}
SIDE = {"identifier", "value", "quote", "citation", "title", "authority_tier", "modified"}


def told(house, who="pat", question=ASKED):
    answer = house.ask(question, who, date(2026, 11, 2)).to_json()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    return answer


def test_an_answer(answering):
    answer = told(answering({"policies/leave.md": POLICY, "wiki/leave.md": WIKI}))
    assert answer.keys() == ANSWER
    assert answer["abstained"] is False and answer["reason"] is None
    [citation] = answer["citations"]
    assert citation.keys() == CITATION
    assert citation["n"] == citation["revision"] == 1 and citation["modified"].startswith("2026-01-10")
    assert (citation["source"], citation["publisher"], citation["status"]) == ("policies", "People", "approved")
    assert citation["authority_tier"] == "policy" and citation["landing_page"] is None
    [conflict] = answer["conflicts"]
    assert conflict.keys() == CONFLICT
    assert conflict["winner"] == {
        "identifier": "policies/leave.md",
        "value": "27 days",
        "quote": "Everyone receives 27 days of annual leave a year.",
        "citation": 1,
        "title": "Annual leave",
        "authority_tier": "policy",
        "modified": "2026-01-10",
    }
    assert [side.keys() for side in conflict["losers"]] == [SIDE]
    assert (conflict["verdict"], conflict["rule"]) == ("resolved", "tier") and conflict["explanation"]
    assert set(answer["timings_ms"]) >= {"retrieve", "decide", "compose", "total"}
    assert all(isinstance(value, float) for value in answer["timings_ms"].values())


def test_a_tie(answering):
    house = answering({"policies/one.md": POLICY, "policies/two.md": POLICY.replace("27", "26")})
    [conflict] = told(house)["conflicts"]
    assert conflict.keys() == CONFLICT and conflict["winner"] is None and conflict["rule"] is None
    assert [side.keys() for side in conflict["losers"]] == [SIDE, SIDE]


def test_an_abstention(answering):
    answer = told(answering({"closed/leave.md": POLICY}))
    assert answer.keys() == ANSWER
    assert answer["answer"] is None and answer["abstained"] is True and answer["reason"] == "no_evidence"
    assert answer["citations"] == answer["conflicts"] == []
