"""What may be made one case, and what not."""

from datetime import UTC, datetime

import pytest

from concord_feedback.cases import About, Report, diagnosed, merge, report
from concord_feedback.cases.memory import MemoryCases
from concord_feedback.causes import RootCause
from concord_feedback.errors import CaseNotPossible

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_case_of_access_is_merged_with_none_of_another_cause():
    store = MemoryCases()
    one, other, third = (
        report(
            store,
            About(RootCause.UNDETERMINED, place),
            Report(f"r/{place}", "correction", AT, f"What of {place}?", "pat", "t", right_answer="27 days"),
        ).id
        for place in ("p/a.md", "p/b.md", "p/c.md")
    )
    for number, place in ((one, "p/a.md"), (third, "p/c.md")):
        diagnosed(store, number, About(RootCause.ACCESS_FILTERED, place), [], "system:feedback", AT)
    for pair in ((one, other), (other, one)):
        with pytest.raises(CaseNotPossible, match="one of the two is about access"):
            merge(store, *pair, "user:ann", AT)
    assert merge(store, third, one, "user:ann", AT).id == one
    assert {each.key for each in store.reports(one)} == {"r/p/a.md", "r/p/c.md"}
