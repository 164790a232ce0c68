"""Faults in the machinery: what was parsed, extracted and indexed differs from what sources say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, update

from concord.bootstrap import Concord
from concord.catalog.chunks import load_chunks
from concord.catalog.engine import writing
from concord.catalog.items import live
from concord.catalog.schema import chunks
from concord.ingestion import sync
from concord.ingestion.read import read_record
from concord_connectors.contract import Failure
from faults.sample import NUMBER, Asked, Sample


def parser_wrong(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The parser loses the lines with the value, which the files keep."""
    lost: dict[str, tuple[str, ...]] = {}
    for each in sample.editable(asked):
        sample.edit(each.page, lambda text: text + "\n")
        lost[each.page] = each.values

    def losing(source: str, record: Any, parsed: Any) -> Any:
        read = read_record(source, record, parsed)
        values = lost.get(f"{source}/{record.native_id}")
        if values is None or isinstance(read, Failure):
            return read
        kept = [line for line in read.body.split("\n") if not any(value in line for value in values)]
        return replace(read, body="\n".join(kept))

    with patch.object(sync, "read_record", losing):
        sample.sync()
    return [each for each in asked if each.page in lost and each.values == lost[each.page]]


def points_lost(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Which pages the index is to lose."""
    chosen = list({each.page: each for each in asked}.values())[:40]
    (sample.folder / ".lost").write_text("\n".join(each.page for each in chosen))
    return chosen


@contextmanager
def without_points(sample: Sample, concord: Concord) -> Iterator[None]:
    """The index loses what it holds of the pages that are asked about."""
    for page in (sample.folder / ".lost").read_text("utf-8").split("\n"):
        concord.index.delete_item(page)
    concord.index.flush()
    yield


def extraction_bad(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """What was read of a passage lacks the sentences with the value."""
    sample.sync()
    chosen = list({each.page: each for each in asked if NUMBER.search(each.values[0])}.values())[:60]
    concord = Concord.open(sample.folder)
    try:
        reader = concord.subjects.reader
        with writing(concord.engine) as connection:
            known = live(connection, [each.page for each in chosen])
            for each in chosen:
                ids = connection.scalars(select(chunks.c.id).where(chunks.c.identifier == each.page)).all()
                for key, chunk in load_chunks(connection, list(ids)).items():
                    lines = [line for line in chunk.text.split("\n") if not any(v in line for v in each.values)]
                    kept = re.sub(
                        r"[^.!?]*(?:" + "|".join(map(re.escape, each.values)) + r")[^.!?]*[.!?]", "", chunk.text
                    )
                    cut = kept if len(kept) < len(chunk.text) else "\n".join(lines)
                    if each.page in known and any(value in chunk.text for value in each.values):
                        read = reader.read(known[each.page], replace(chunk, text=cut, reading=None, read_by=None))
                        connection.execute(update(chunks).where(chunks.c.id == key).values(reading=read.reading))
    finally:
        concord.close()
    return chosen
