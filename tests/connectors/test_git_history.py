from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from concord_connectors.conformance import crawl, entries_of, versions
from concord_connectors.contract import Failure, PastVersion, SourceRecord
from concord_connectors.errors import OptionError
from concord_connectors.git import GitConnector

PAGE = "".join(f"Line {number} of a page that stays what it is.\n" for number in range(20))


def connect(path: Path, **options: Any) -> GitConnector:
    return GitConnector(base=path.parent, repository=path.name, history=True, **options)


def day(number: int) -> datetime:
    """The time of the repository's n-th commit."""
    return datetime.fromtimestamp(1_700_000_000 + number * 86_400, UTC)


def told(entries: Any) -> list[tuple[str, Any, bool]]:
    """Each past version and record: text, since when, and whether the past begins there."""
    found = []
    for each in entries:
        past = isinstance(each, PastVersion)
        record = each.content if past else each
        text = record.content.decode() if isinstance(record, SourceRecord) else record.reason
        found.append((text, each.since if past else record.history.since, past and each.first))
    return found


def test_every_step_of_the_branch_is_given_oldest_first(repository: Any) -> None:
    for text in ("one\n", "two\n", "three\n"):
        repository.write("a.md", text)
        repository.write("b.md", "stays\n")
        repository.commit()
    entries = entries_of(crawl(connect(repository.path)))
    assert told(entries) == [
        ("one\n", day(1), True),
        ("two\n", day(2), False),
        ("three\n", day(3), False),
        ("stays\n", day(1), False),
    ]
    first = entries[0].content  # type: ignore[union-attr]
    assert first.native_id == "a.md" and first.history.modified == day(1) and first.history.created == day(1)
    assert first.history.line_dates == () and len({entry.version for entry in entries}) == 4


def test_without_the_option_there_is_no_past(repository: Any) -> None:
    for text in ("one\n", "two\n"):
        repository.write("a.md", text)
        repository.commit()
    connector = GitConnector(base=repository.path.parent, repository=repository.path.name)
    assert told(entries_of(crawl(connector))) == [("two\n", None, False)]


def test_a_later_crawl_gives_the_new_steps_alone(repository: Any) -> None:
    for text in ("one\n", "two\n"):
        repository.write("a.md", text)
        repository.commit()
    before = crawl(connect(repository.path))
    known = versions(entries_of(before))
    assert entries_of(crawl(connect(repository.path), before[-1].checkpoint, known)) == []
    for text in ("three\n", "two\n", "five\n"):
        repository.write("a.md", text)
        repository.commit()
    after = crawl(connect(repository.path), before[-1].checkpoint, known)
    assert told(entries_of(after)) == [("three\n", day(3), False), ("two\n", day(4), False), ("five\n", day(5), False)]
    # Nothing is held of the source any more: its past is given from the beginning.
    again = told(entries_of(crawl(connect(repository.path), None, {"a.md": ""})))
    assert [text for text, _, _ in again] == ["one\n", "two\n", "three\n", "two\n", "five\n"] and again[0][2]


def test_a_crawl_resumes_inside_the_past_of_a_record(repository: Any) -> None:
    for number in range(7):
        repository.write("a.md", f"{number}\n")
        repository.write("b.md", f"b {number}\n")
        repository.commit()
    whole = crawl(connect(repository.path, batch_size=2))
    assert whole[0].total == 14 and len(whole) == 8
    for stop in range(1, len(whole)):
        held = versions(entries_of(whole[:stop]))
        rest = crawl(connect(repository.path, batch_size=2), whole[stop - 1].checkpoint, held)
        assert entries_of(whole[:stop]) + entries_of(rest) == entries_of(whole)


def test_an_interrupted_crawl_whose_branch_moved_on_keeps_what_was_new(repository: Any) -> None:
    repository.write("a.md", "one\n")
    repository.commit()
    first = crawl(connect(repository.path))
    known = versions(entries_of(first))
    repository.write("a.md", "two\n")
    repository.commit()
    repository.write("a.md", "three\n")
    repository.commit()
    stopped = crawl(connect(repository.path, batch_size=1), first[-1].checkpoint, known)[0]
    repository.write("a.md", "four\n")
    repository.commit()
    rest = crawl(connect(repository.path), stopped.checkpoint, known)
    assert [text for text, _, _ in told(entries_of(rest))] == ["two\n", "three\n", "four\n"]


def test_a_rename_is_followed_under_the_present_name(repository: Any) -> None:
    repository.write("old.md", PAGE)
    repository.commit()
    repository.git("mv", "old.md", "new.md")
    repository.commit()
    repository.write("new.md", PAGE + "More.\n")
    repository.commit()
    entries = entries_of(crawl(connect(repository.path, url_template="https://x/{path}")))
    assert {entry.native_id for entry in entries} == {"new.md"}
    assert [(each[0], each[1]) for each in told(entries)] == [
        (PAGE, day(1)),
        (PAGE, day(2)),
        (PAGE + "More.\n", day(3)),
    ]
    assert entries[0].content.url == "https://x/old.md"  # type: ignore[union-attr]


def test_a_merge_is_one_step_at_its_own_time(repository: Any) -> None:
    repository.write("a.md", "one\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "side")
    for text in ("draft\n", "two\n"):
        repository.write("a.md", text)
        repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("b.md", "b\n")
    repository.commit()
    repository.commits += 1
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    repository.git(*who, "merge", "--quiet", "--no-ff", "-m", "merge", "side")
    entries = [entry for entry in entries_of(crawl(connect(repository.path))) if entry.native_id == "a.md"]
    assert told(entries) == [("one\n", day(1), True), ("two\n", day(5), False)]


def test_a_side_car_that_changed_is_a_step_of_its_page(repository: Any) -> None:
    repository.write("a.md", "text\n")
    repository.write("a.md.meta.yaml", "title: First\n")
    repository.commit()
    repository.write("a.md.meta.yaml", "title: Second\n")
    repository.commit()
    past, record = entries_of(crawl(connect(repository.path)))
    assert past.content.metadata == {"title": "First"} and record.metadata == {"title": "Second"}  # type: ignore[union-attr]
    assert record.history.since == day(2)  # type: ignore[union-attr]


def test_how_far_back_is_bounded_and_what_stood_then_is_part_of_it(repository: Any) -> None:
    for number in range(1, 6):
        repository.write("a.md", f"{number}\n")
        repository.commit()
    since = day(3).date()
    texts = [text for text, _, _ in told(entries_of(crawl(connect(repository.path, history_since=since))))]
    assert texts == ["3\n", "4\n", "5\n"]
    between = told(entries_of(crawl(connect(repository.path, history_since=str(day(9).date())))))
    assert between == [("5\n", day(5), False)]
    assert len(told(entries_of(crawl(connect(repository.path, history_since=date(1990, 1, 1)))))) == 5


def test_a_version_that_cannot_be_read_is_a_failure_in_its_place(repository: Any) -> None:
    for text in ("one\n", "x" * 200, "three\n"):
        repository.write("a.md", text)
        repository.commit()
    entries = entries_of(crawl(connect(repository.path, max_bytes=100)))
    assert [text for text, _, _ in told(entries)] == ["one\n", "too_large", "three\n"]
    assert isinstance(entries[1].content, Failure)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"history": "yes"}, "true or false"),
        ({"history": True, "history_since": "last year"}, "2020-01-31"),
        ({"history_since": "2020-01-01"}, "needs history: true"),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        GitConnector(base=tmp_path, repository="r", **options)
