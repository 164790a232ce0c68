"""Characters that no database keeps stop nothing, and derived again nothing has changed."""

from concord.catalog import items, records
from concord.catalog.engine import reading
from concord.catalog.traces import load_trace

ODD = """\
---
modified: 2026-02-01
note: "half \\ud83d and \\0 nul"
tags: ["a\\0b"]
---
# Annual leave

Everyone receives 29 days of annual leave a year.
"""


def test_a_document_that_holds_them_is_found_and_stays_what_it_is(house):
    house.workspace.write("content/people/leave.md", ODD)
    outcome, encoded = house.sync()
    assert not outcome.failed and encoded == 1
    assert "people-handbook/leave.md" in house.search("29 days of annual leave", "pat")
    with reading(house.concord.engine) as connection:
        body = items.item_body(connection, "people-handbook/leave.md")
        before = items.readable(connection, house.principal("pat"), ["people-handbook/leave.md"])
        metadata = records.load(connection, "people-handbook", "leave.md").fields["metadata"]
    assert "29 days" in body
    assert metadata["tags"] == ["a\ufffdb"]
    assert metadata["note"] == "half \ufffd and \ufffd nul"
    house.workspace.replace("sources/people-handbook.yaml", "{const: policy}", "{const: standard}")
    house.apply()
    _, encoded = house.sync()
    assert encoded == 0
    with reading(house.concord.engine) as connection:
        after = items.readable(connection, house.principal("pat"), ["people-handbook/leave.md"])
    assert [each.revision for each in after.values()] == [each.revision for each in before.values()] == [2]


def test_a_question_may_hold_them(house):
    answer = house.ask("How many \0 days of \ud83d annual leave?", "pat")
    with reading(house.concord.engine) as connection:
        kept = load_trace(connection, answer.trace_id, "pat")
    assert kept.question == "How many \ufffd days of \ufffd annual leave?"
