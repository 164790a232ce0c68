"""Mining the conflict register: what a changed item costs, in a corpus and in one of ten times its size.

    python benchmarks/authority.py [--seed 0] [--scale 1] [--json] [--check]

Documents are written from real prose (`corpus.py`), read, described and cut as a sync does; their vectors are empty,
for mining needs none. Then the same number of documents is written anew in both corpora, in turns, and only the mining
of these is measured, in CPU seconds of this process. The limit is on the ratio of the cost per changed item.
Resolving conflicts at a question is part of what `query.py` measures.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from corpus import Corpus

from concord.bootstrap import Concord, garbage
from concord.catalog import register
from concord.catalog.engine import reading
from concord.embedding.hashing_encoder import HashingEncoder
from concord.embedding.vectors import Embedded, Passage
from concord.governance import activation
from concord.ingestion.indexing import embed
from concord.ingestion.mining import Mined, mine
from concord_taxonomy.naming import naming_texts

DOCUMENTS = 500
SECTIONS = 5
CHANGED = 100
ROUNDS = 5
LIMIT = 0.3


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--scale", type=float, default=1.0, help=f"times {DOCUMENTS:,} and {DOCUMENTS * 10:,} documents"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the limit is missed")
    options = parser.parse_args()
    small = round(DOCUMENTS * options.scale)
    with TemporaryDirectory(prefix="concord-bench-") as folder, ExitStack() as open_until:
        sizes = [open_until.enter_context(mining(Path(folder), size, options.seed)) for size in (small, 10 * small)]
        for number in range(ROUNDS):
            for each in sizes:
                each.round(number)
        report = summary(*(each.report() for each in sizes))
    print(json.dumps(report, indent=2) if options.json else table(report))
    return int(options.check and not report["met"])


@dataclass
class Size:
    """A corpus of one size, read and mined, some of whose documents are then written anew and mined again."""

    corpus: Corpus
    concord: Concord
    read_seconds: float
    first: Mined
    first_seconds: float
    rounds: list[tuple[Mined, float]] = field(default_factory=list)

    def round(self, number: int) -> None:
        """Write some documents anew, sync, and mine these."""
        pages = sorted(self.corpus.folder.glob("content/**/*.md"))
        for page in pages[number :: len(pages) // CHANGED][:CHANGED]:
            writer = self.corpus.writer
            page.write_text(writer.document(SECTIONS, writer.readers()), "utf-8")
        sync(self.concord)
        self.rounds.append(mined(self.concord))

    def report(self) -> dict[str, Any]:
        """What was measured, as JSON values."""
        with reading(self.concord.engine) as connection:
            entries = len({each.entry for each in register.load(connection)})
        costs = [1000 * seconds / done.items for done, seconds in self.rounds]
        return {
            "documents": self.corpus.documents,
            "claims": self.first.claims,
            "entries": entries,
            "overflow": self.first.overflow,
            "read_seconds": round(self.read_seconds, 2),
            "first_seconds": round(self.first_seconds, 2),
            "first_ms_per_item": round(1000 * self.first_seconds / self.first.items, 3),
            "changed": [done.items for done, _ in self.rounds],
            "ms_per_changed_item": [round(each, 3) for each in costs],
            "median_ms": round(statistics.median(costs), 3),
        }


@contextmanager
def mining(folder: Path, documents: int, seed: int) -> Iterator[Size]:
    """Write a corpus, read it and mine it."""
    corpus = Corpus(folder / str(documents), documents, SECTIONS, seed)
    corpus.write()
    concord = Concord.open(corpus.folder)
    vars(concord)["encoder"] = Unread()
    garbage.look_seldom()  # as every command does
    try:
        activation.apply(concord.engine, concord.desired().declarations, "local:bench")
        began = time.process_time()
        sync(concord)
        read = time.process_time() - began
        gc.freeze()  # what the writer holds is searched for garbage no more: it would be a good part of the cost
        yield Size(corpus, concord, read, *mined(concord))
    finally:
        concord.close()


class Unread(HashingEncoder):
    """Gives passages no meaning, at no cost."""

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Vectors of zeros for passages and for their sentences."""
        nothing = np.zeros(self.dimension, np.float32)
        return [Embedded(nothing, np.tile(nothing, (len(each.sentences), 1))) for each in passages]


def sync(concord: Concord) -> None:
    """Take in what changed and read its claims, without indexing or mining it."""
    embed(concord.engine, concord.cached_encoder, map(Passage, naming_texts(concord.foundation.vocabulary)))
    for source in concord.foundation.sources.values():
        one = concord.sync(source)
        one.settle(one.run())


def mined(concord: Concord) -> tuple[Mined, float]:
    """Mine what waits, and the CPU seconds that it took."""
    reader = concord.subjects.reader
    began = time.process_time()
    done = mine(concord.engine, reader)
    return done, time.process_time() - began


def summary(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    """Both sizes, and the ratio of what a changed item costs."""
    ratios = [two / one for one, two in zip(small["ms_per_changed_item"], large["ms_per_changed_item"], strict=True)]
    ratio = statistics.median(ratios)
    return {
        "small": small,
        "large": large,
        "ratio": round(ratio, 3),
        "ratio_low": round(min(ratios), 3),
        "ratio_high": round(max(ratios), 3),
        "limit": LIMIT,
        "met": abs(ratio - 1) <= LIMIT,
    }


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{part['documents']:,} documents, {part['claims']:,} claims: {part['median_ms']} ms of CPU for a changed item "
        f"of {SECTIONS} passages ({min(part['ms_per_changed_item'])} to {max(part['ms_per_changed_item'])}); "
        f"{part['first_ms_per_item']} ms at first, when reading an item takes "
        f"{1000 * part['read_seconds'] / part['documents']:.1f} ms; {part['entries']} entries, "
        f"{part['overflow']} claims with too many candidates"
        for part in (report["small"], report["large"])
    ]
    verdict = "met" if report["met"] else "MISSED"
    spread = f"{report['ratio_low']} to {report['ratio_high']}"
    return "\n".join([*lines, f"ratio {report['ratio']} ({spread}), limit 1 ± {report['limit']}: {verdict}"])


if __name__ == "__main__":
    sys.exit(main())
