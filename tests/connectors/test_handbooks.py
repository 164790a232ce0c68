"""The four real handbooks: what is crawled and parsed from them, counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.git import GitConnector
from concord_connectors.parsers import parse


@pytest.mark.parametrize(
    ("name", "records", "failures", "unparsed"),
    [
        ("gds-way", 66, {}, {}),
        ("homeoffice-standards", 69, {}, {"empty": 3}),
        ("moj-technical-guidance", 18, {}, {}),
        ("18f-handbook", 253, {"symlink": 1}, {"empty": 8}),
    ],
)
def test_a_handbook_is_read_whole(
    handbooks: Path, tmp_path: Path, name: str, records: int, failures: dict[str, int], unparsed: dict[str, int]
) -> None:
    connector = GitConnector(base=tmp_path, repository=str(handbooks / f"{name}.bundle"))
    batches = list(connector.pull(None, {}))
    entries = [entry for batch in batches for entry in batch.entries]
    read = [entry for entry in entries if isinstance(entry, SourceRecord)]
    parsed = [(record, parse(record)) for record in read]
    assert len(read) == records
    assert count(entry for entry in entries if isinstance(entry, Failure)) == failures
    assert count(document for _, document in parsed if isinstance(document, Failure)) == unparsed
    for record, document in parsed:
        assert record.history.created and record.history.modified and record.history.revision
        assert record.history.created <= record.history.modified
        if isinstance(document, Failure) or document.first_line is None:
            continue
        assert "<!--" not in document.markdown.replace("`<!--", "")
        last_line = document.first_line + document.markdown.count("\n")
        assert last_line < len(record.history.line_dates)


def test_line_dates_agree_with_those_read_by_eye(handbooks: Path, tmp_path: Path) -> None:
    """`cross_page.jsonl` names the date of every line it cites, at a revision of the past."""
    lines = (handbooks.parent / "conflicts" / "cross_page.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines]
    assert cases
    for case in cases:
        paths = {source["path"] for source in case["sources"]}
        connector = GitConnector(
            base=tmp_path,
            repository=str(handbooks / f"{case['repo']}.bundle"),
            revision=case["revision"],
            include=[f"/{path}" for path in paths],
        )
        entries = [entry for batch in connector.pull(None, {}) for entry in batch.entries]
        records = {entry.native_id: entry for entry in entries if isinstance(entry, SourceRecord)}
        for source in case["sources"]:
            record = records[source["path"]]
            assert record.history.line_dates[source["line"] - 1].isoformat() == source["line_date"]
            assert record.history.modified is not None
            assert record.history.modified.date().isoformat() == source["file_date"]


def count(failures: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for failure in failures:  # type: ignore[attr-defined]
        found[failure.reason] = found.get(failure.reason, 0) + 1
    return found
