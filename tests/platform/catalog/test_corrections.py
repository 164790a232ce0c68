"""What somebody has said of answers since a moment, on both databases."""

from datetime import UTC, date, datetime, timedelta

from concord.catalog.corrections import said_since, store_correction
from concord.catalog.engine import reading, writing
from concord.catalog.traces import store_trace
from concord_feedback import Correction, Rating, Trace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
UP = Rating(helpful=True)


def test_what_somebody_said_since_is_read_newest_first_with_the_question(engine):
    said = [("pat", 0, None), ("pat", 1, None), ("pat", 2, "ann"), ("fay", 3, None), ("pat", 4, None)]
    with writing(engine) as connection:
        for number, (who, hours, imported_by) in enumerate(said):
            asked = {"principal": who, "question": f"Question {number}?", "as_of": date(2026, 11, 2)}
            at = NOW + timedelta(hours=hours)
            store_trace(connection, Trace(id=f"t{number}", at=NOW, **asked))
            made = {"principal": who, "trace": f"t{number}", "imported_by": imported_by}
            store_correction(connection, Correction(id=f"c{number}", at=at, rating=UP, **made))
    with reading(engine) as connection:
        found = said_since(connection, "pat", NOW, 10)
        assert [(question, each.id) for question, each in found] == [("Question 4?", "c4"), ("Question 1?", "c1")]
        assert [each.id for _, each in said_since(connection, "pat", NOW, 1)] == ["c4"]
        assert said_since(connection, "nobody", NOW, 10) == []
