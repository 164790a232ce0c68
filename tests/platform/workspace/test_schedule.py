"""Schedules: what crontab(5) says, in UTC, and one line for what is none."""

from datetime import UTC, datetime, timedelta

import pytest

from concord.workspace import Declarations, FileProblem
from concord.workspace.schedule import parse_schedule
from concord.workspace.sources import read_sources


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "moment", "following"),
    [
        ("*/15 * * * *", "2026-03-01T10:07:30", "2026-03-01T10:15"),
        ("*/15 * * * *", "2026-03-01T10:15", "2026-03-01T10:30"),
        ("30 6 * * 1-5", "2026-03-06T06:30", "2026-03-09T06:30"),  # Friday to Monday
        ("0 0 29 2 *", "2024-02-29T00:00", "2028-02-29T00:00"),
        ("0 0 29 2 *", "2096-03-01T00:00", "2104-02-29T00:00"),  # 2100 has none
        ("0 8 1 * 0", "2026-03-02T00:00", "2026-03-08T08:00"),  # the 1st, or a Sunday
        ("0 8 * * 7", "2026-03-02T00:00", "2026-03-08T08:00"),
        ("59 23 31 12 *", "2026-12-31T23:59", "2027-12-31T23:59"),
        ("5,10 1,3 * * *", "2026-03-01T01:10", "2026-03-01T03:05"),
    ],
)
def test_cron_is_due_at_the_next_minute_that_fits(cron, moment, following):
    assert parse_schedule({"cron": cron}).after(at(moment)) == at(following)


def test_an_interval_counts_from_the_beginning():
    assert parse_schedule({"every": "15m"}).after(at("2026-03-01T10:07:30")) == at("2026-03-01T10:22:30")
    assert parse_schedule({"every": "1d"}).interval == timedelta(days=1)


@pytest.mark.parametrize(
    "wrong",
    [None, "15m", {}, {"every": "15m", "cron": "* * * * *"}, {"every": 15}, {"every": "0m"}, {"every": "15s"}]
    + [{"cron": each} for each in ("* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "x * * * *", "0 0 31 2 *")],
)
def test_what_is_no_schedule_is_said_to_be_none(wrong):
    with pytest.raises(ValueError, match=r"must|takes|is no|no day"):
        parse_schedule(wrong)


def test_a_source_names_its_schedule():
    text = "connector: files\nschedule: {every: 6h}\n"
    assert read_sources(Declarations({"sources/a.yaml": text}))["a"].schedule == parse_schedule({"every": "6h"})
    with pytest.raises(FileProblem, match=r"sources/a\.yaml.*schedule.*every takes"):
        read_sources(Declarations({"sources/a.yaml": text.replace("6h", "often")}))
