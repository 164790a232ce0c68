from __future__ import annotations

from concord_connectors.parsers.quality import Level, Quality, quality, warning


def test_nothing_to_say_is_good() -> None:
    assert quality(()) == Quality(Level.GOOD)


def test_the_worst_level_wins_and_every_reason_is_told() -> None:
    found = quality((warning("hidden_slides", 2), warning("most_pages_without_text", "8 of 10")))
    assert found.level is Level.POOR
    assert found.reasons == ("2 hidden slides were left out", "the text layer is missing on 8 of 10 pages")


def test_older_and_unknown_warnings_are_told_too() -> None:
    assert quality(("pages_without_text",)).reasons == ("the text layer is missing on some pages",)
    assert quality(("other {thing}",)) == Quality(Level.PARTIAL, ("other {thing}",))
    assert quality((warning("rows_cut", "rows behind {the} first"),)).reasons == ("cut: rows behind {the} first",)
