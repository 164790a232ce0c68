"""The past of a source: numbered in order of time, embedded once, found on its day, and never today."""

import time
from datetime import date

import pytest

from concord.catalog import history as past_of
from concord.catalog.engine import reading
from concord.catalog.schema import chunks, outbox
from concord.ingestion import sync as syncing

LEAVE = "handbook/leave.md"


def test_past_versions_are_revisions_before_the_current_one(past):
    assert past.revisions() == [
        (1, "2020-03-01", "2022-05-01"),
        (2, "2022-05-01", "2024-01-01"),
        (3, "2024-01-01", None),
    ]
    for day, said in (
        ("2020-03-01", 25),
        ("2022-04-30", 25),
        ("2022-05-01", 26),
        ("2023-12-31", 26),
        ("2024-01-01", 27),
    ):
        assert [each.endswith(f"{said} days") for each in past.says(day)] == [True], day
    assert past.says("2020-02-29") == set()


def test_today_finds_no_past_revision(past):
    found = past.concord.search("annual leave 25 days", past.principal("pat")).passages
    assert {each.item.revision for each in found} == {3} and {each.period for each in found} == {None}


def test_a_sync_without_changes_writes_nothing(past):
    before = past.rows()
    outcome, encoded = past.sync()
    assert not outcome.touched and encoded == 0 and past.rows() == before


def test_what_did_not_change_is_not_embedded_again(past):
    page = past.page(27)
    for day, note in (("2024-02-01", "One."), ("2024-03-01", "Two."), ("2024-04-01", "Two. Three.")):
        past.repository.commit(day, {"leave.md": f"{page}\n## Notes\n\n{note}\n"})
    outcome, encoded = past.sync()
    # Six passages in three revisions, of which the page's own is held already.
    assert len(past.revisions()) == 6 and encoded == outcome.drained.embedded == 3
    with reading(past.concord.engine) as connection:
        assert len(connection.execute(chunks.select()).all()) == 9


def test_a_later_sync_adds_what_is_new_behind_what_was_recorded(past):
    before = past.revisions()
    past.repository.commit("2024-06-01", {"leave.md": past.page(28)})
    past.repository.commit("2024-07-01", {"leave.md": past.page(29)})
    past.repository.commit("2024-08-01", {"other.md": "# Other\n\nAnother page.\n"})
    past.sync()
    assert past.revisions() == [
        *before[:2],
        (3, "2024-01-01", "2024-06-01"),
        (4, "2024-06-01", "2024-07-01"),
        (5, "2024-07-01", None),
    ]
    assert past.says("2024-06-15") == {f"{LEAVE}@4: Everyone receives 28 days"}


def test_the_last_of_a_day_counts_for_it_and_days_are_utc(past):
    past.repository.commit("2024-06-01T08:00:00+00:00", {"leave.md": past.page(28)})
    past.repository.commit("2024-06-01T20:00:00+00:00", {"leave.md": past.page(29)})
    past.repository.commit("2024-06-30T23:30:00-05:00", {"leave.md": past.page(30)})
    past.sync()
    assert [day for _, day, _ in past.revisions()][3:] == ["2024-06-01", "2024-06-01", "2024-07-01"]
    assert past.says("2024-06-01") == past.says("2024-06-30") == {f"{LEAVE}@5: Everyone receives 29 days"}
    assert past.says("2024-07-01") == {f"{LEAVE}@6: Everyone receives 30 days"}


def test_a_rule_announced_in_advance_holds_from_its_own_day(past):
    past.repository.commit("2024-06-01", {"leave.md": past.page(28, "valid_from: 2025-01-01")})
    past.repository.commit("2025-06-01", {"leave.md": past.page(29, "valid_from: 2025-01-01")})
    past.sync()
    assert past.says("2024-12-31") == {f"{LEAVE}@3: Everyone receives 27 days"}
    assert past.says("2025-01-01") == {f"{LEAVE}@4: Everyone receives 28 days"}
    assert past.says("2025-06-01") == {f"{LEAVE}@5: Everyone receives 29 days"}


def test_how_it_stood_is_known_where_its_text_did_not_change(past):
    past.repository.commit("2024-06-01", {"leave.md": past.page(27, "status: withdrawn")})
    past.repository.commit("2024-09-01", {"leave.md": past.page(27, "status: approved")})
    past.repository.commit("2025-01-01", {"leave.md": past.page(27, "status: withdrawn")})
    past.sync()
    assert past.revisions()[-1] == (3, "2024-01-01", None)
    stands = {day: bool(past.says(day)) for day in ("2024-05-31", "2024-06-01", "2024-09-01", "2025-01-01")}
    assert stands == {"2024-05-31": True, "2024-06-01": False, "2024-09-01": True, "2025-01-01": False}


def test_a_later_change_of_its_description_is_not_told_of_an_earlier_day(past):
    past.repository.commit("2024-06-01", {"leave.md": past.page(27, "note: a longer description")})
    past.sync()
    told = {}
    for day in (date(2024, 5, 1), date(2024, 6, 1)):
        with reading(past.concord.engine) as connection:
            item = past_of.readable_at(connection, past.principal("pat"), [LEAVE], day)[LEAVE].item
        told[str(day)] = f"{item.modified:%Y-%m-%d}"
    assert told == {"2024-05-01": "2024-01-01", "2024-06-01": "2024-06-01"}


def test_history_that_is_switched_on_later_renumbers_nothing(past):
    past.workspace.replace("sources/handbook.yaml", ", history: true", "")
    plain = past.repository.path.parent / "sources/plain.yaml"
    plain.write_text(past.declared.replace(", history: true", ""), "utf-8")
    past.apply()
    past.sync()
    assert past.revisions("plain/leave.md") == [(1, "2024-01-01", None)]
    plain.write_text(past.declared, "utf-8")
    past.apply()
    assert past.sync()[1] == 0  # every text of it is known
    assert past.revisions("plain/leave.md") == [
        (2, "2020-03-01", "2022-05-01"),
        (3, "2022-05-01", "2024-01-01"),
        (4, "2024-01-01", None),
    ]
    with reading(past.concord.engine) as connection:
        first = past_of.readable_history(connection, past.principal("pat"), "plain/leave.md")[0]
    assert first.revision == 1 and "27 days" in first.body and first.reread
    assert past.says("2021-01-01") == {
        f"{LEAVE}@1: Everyone receives 25 days",
        "plain/leave.md@2: Everyone receives 25 days",
    }
    # Read anew for another reason, it is known already.
    before = past.revisions("plain/leave.md")
    plain.write_text(past.declared.replace("history: true", "history: true, max_bytes: 1000000"), "utf-8")
    past.apply()
    past.sync()
    assert past.revisions("plain/leave.md") == before


def test_without_history_a_changed_page_keeps_its_former_wording(past):
    past.workspace.write("content/pages/fee.md", "---\nmodified: 2021-01-01\n---\n# Fee\n\nThe fee is 10 pounds.\n")
    source = past.declared.replace("git", "files").replace(
        "repository: repository, history: true", "path: content/pages"
    )
    past.workspace.write("sources/pages.yaml", source)
    past.workspace.write("content/pages/stays.md", "# Stays\n\nThis page stays.\n")
    past.apply()
    past.sync()
    past.workspace.write("content/pages/fee.md", "---\nmodified: 2023-01-01\n---\n# Fee\n\nThe fee is 12 pounds.\n")
    past.sync()
    assert past.revisions("pages/fee.md") == [(1, "2021-01-01", "2023-01-01"), (2, "2023-01-01", None)]
    assert "pages/fee.md@1: The fee is 10 pounds." in past.says("2022-01-01", "What is the fee?")
    # A deletion ends what held; it does not undo that it held.
    past.workspace.remove("content/pages/fee.md")
    past.sync()
    assert "pages/fee.md@2: The fee is 12 pounds." in past.says("2024-01-01", "What is the fee?")
    assert "pages/fee.md" not in past.search("What is the fee?", "pat")
    past.workspace.write("content/pages/fee.md", "---\nmodified: 2023-01-01\n---\n# Fee\n\nThe fee is 12 pounds.\n")
    past.sync()
    assert past.revisions("pages/fee.md")[-1] == (2, "2023-01-01", None)


def test_a_rename_keeps_the_past_under_the_present_name(past):
    past.repository.git("mv", "leave.md", "holidays.md", when="2024-06-01T12:00:00+00:00")
    past.repository.commit("2024-06-01")
    past.sync()
    assert past.says("2021-01-01") == {"handbook/holidays.md@1: Everyone receives 25 days"}
    assert past.says("2025-01-01") == {"handbook/holidays.md@3: Everyone receives 27 days"}
    assert past.revisions() == []


def test_a_version_that_cannot_be_described_is_a_gap(past):
    past.repository.commit("2024-06-01", {"leave.md": "\n"})
    past.repository.commit("2024-09-01", {"leave.md": past.page(28)})
    past.sync()
    assert past.revisions()[2:] == [
        (3, "2024-01-01", "2024-06-01"),
        (4, "2024-06-01", "2024-09-01"),
        (5, "2024-09-01", None),
    ]
    assert past.says("2024-05-31") and past.says("2024-07-01") == set() and past.says("2024-09-01")


def test_a_change_of_description_reaches_the_past_without_embedding(past):
    past.workspace.replace("taxonomy/shared.ttl", '"holiday"@en', '"holiday"@en, "sabbatical"@en')
    past.apply()
    outcome, encoded = past.sync()
    assert encoded == 0 and outcome.sources[0].report.past == 2
    found = past.concord.search("sabbatical", past.principal("pat"), at=date(2021, 1, 1)).passages
    assert found[0].ranks.get("label") == 1


@pytest.mark.parametrize("stop", range(4))
def test_an_interrupted_backfill_goes_on_where_it_stood(past, monkeypatch, stop):
    whole = past.revisions()
    other = past.workspace.folder / "sources/again.yaml"
    other.write_text(past.declared.replace("history: true", "history: true, batch_size: 1"), "utf-8")
    past.apply()
    write, left = syncing.SourceSync._store, [stop]

    def stopping(self, *given):
        if self.deriver.source.id == "again":
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
        write(self, *given)

    monkeypatch.setattr(syncing.SourceSync, "_store", stopping)
    with pytest.raises(KeyboardInterrupt):
        past.sync()
    monkeypatch.undo()
    # A parser's process that was under way holds the source's lock until it ends: here the interrupted one lives on.
    for _ in range(100):
        outcome, _ = past.sync()
        if not outcome.busy:
            break
        time.sleep(0.1)
    assert [each.error for each in outcome.sources] == [None, None]
    assert past.revisions("again/leave.md") == whole
    with reading(past.concord.engine) as connection:
        assert connection.execute(outbox.select()).all() == []
    assert past.says("2021-01-01") == {
        f"{each}/leave.md@1: Everyone receives 25 days" for each in ("handbook", "again")
    }
