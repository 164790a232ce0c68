"""Logged questions are asked again as their principals, of what is in force and of what is proposed, and no more."""

from datetime import UTC, datetime, timedelta

from concord.bootstrap import Foundation
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since
from concord.governance.replay import cited, replay
from concord.workspace import Declarations

QUESTION = "How many days of time away do I get?"


def asked(house, limit=100):
    with reading(house.concord.engine) as connection:
        return asked_since(connection, datetime.now(UTC) - timedelta(days=1), limit)


def changed(house, **files):
    held = house.concord.foundation.declarations.files
    return Foundation(Declarations({**held, **{path.replace("__", "/"): text for path, text in files.items()}}))


def test_each_question_is_replayed_once_newest_first_and_a_limit_that_was_reached_is_told(house):
    for question in (QUESTION, "Who pays expenses?", QUESTION):
        house.ask(question, "pat")
    house.ask(QUESTION, "fay")
    traces, more = asked(house)
    assert [(each.principal, each.question) for each in traces] == [
        ("fay", QUESTION),
        ("pat", QUESTION),
        ("pat", "Who pays expenses?"),
    ]
    assert not more
    assert [len(part) for part in asked(house, 2)[:1]] == [2] and asked(house, 2)[1]
    assert not asked(house, 3)[1]


def test_what_is_in_force_changes_no_answer_and_nothing_is_written_or_embedded(house):
    for who in ("ann", "pat", "fay"):
        house.ask("How many days of annual leave do I get?", who)
    traces, _ = asked(house)
    before, embedded = house.rows(), house.concord.encoder.encoded
    ask = house.concord.supposing
    done = list(replay(traces, ask(house.concord.foundation), ask(house.concord.foundation)))
    assert len(done) == 3 and all(each.determined and each.changes == () for each in done)
    assert house.rows() == before
    assert house.concord.encoder.encoded == embedded + 2 * len(done)  # the questions, and nothing else


def test_another_policy_changes_the_answer_that_rests_on_it(house):
    house.ask("How many days of annual leave does everyone receive?", "ann")
    traces, _ = asked(house)
    fewer = house.concord.foundation.declarations.files["usecases/ask-people.yaml"]
    same = changed(house, usecases__other_yaml=fewer)
    rules = changed(house, **{"authority.yaml": "rules: [status, tier, effective_date]\n"})
    ask = house.concord.supposing
    now = ask(house.concord.foundation)
    assert [each.changes for each in replay(traces, now, ask(same))] == [()]
    [done] = replay(traces, now, ask(rules))
    assert done.before.conflicts[0].decision.rule != done.after.conflicts[0].decision.rule
    assert done.changes == ("conflicts",)
    assert done.touches >= set(cited(done.before)) and "people-handbook/restricted/zanzibar.md" in done.touches


def test_people_who_are_gone_are_undetermined_and_those_who_lose_access_are_told_of(house):
    house.ask(QUESTION, "carl")
    traces, _ = asked(house)
    files = house.concord.foundation.declarations.files
    gone = changed(
        house,
        **{
            "principals.yaml": files["principals.yaml"].replace(
                "  - {id: carl, name: Carl Ray, department: Contractors}\n", ""
            )
        },
    )
    ask = house.concord.supposing
    [lost] = replay(traces, ask(house.concord.foundation), ask(gone))
    assert lost.determined and lost.changes == ("access",)
    [unknown] = replay(traces, ask(gone), ask(house.concord.foundation))
    assert not unknown.determined and unknown.changes == ()


def test_a_new_label_of_a_concept_is_compared_though_no_sync_has_embedded_it(house):
    house.ask(QUESTION, "pat")
    traces, _ = asked(house)
    text = house.concord.foundation.declarations.files["taxonomy/shared.ttl"]
    named = changed(house, **{"taxonomy/shared.ttl": text.replace('"holiday"@en', '"holiday"@en, "time away"@en')})
    before, ask = house.rows(), house.concord.supposing
    [done] = replay(traces, ask(house.concord.foundation), ask(named))
    assert done.determined and house.rows() == before
