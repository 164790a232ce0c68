from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from concord.bootstrap import Concord
from concord.catalog.engine import writing
from concord.catalog.schema import eval_runs, eval_scores
from concord.governance import activation


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Concord]]:
    """Opens a copy of a workspace, applied and synced; its index process is stopped at the end."""
    made: list[tuple[Concord, Path]] = []

    def open_copy(workspace: Path) -> Concord:
        # Making an engine's folder syncs many small files: memory is kinder to it than a busy disk.
        shared = Path("/dev/shm")
        base = shared if os.access(shared, os.W_OK) else tmp_path_factory.mktemp("workspaces")
        folder = base / f"concord-{workspace.name}-{os.getpid()}"
        shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns(".concord", "authoring"))
        concord = Concord.open(folder)
        made.append((concord, folder))
        activation.apply(concord.engine, concord.desired().declarations, "test")
        outcome = concord.sync_sources(concord.foundation.sources.values())
        assert not outcome.failed
        assert not outcome.busy
        return concord

    yield open_copy
    for concord, folder in made:
        concord.index.stop()  # type: ignore[attr-defined]
        concord.close()
        shutil.rmtree(folder)


WORDS = {
    "concord.yaml": "name: Words\nembedding: {runtime: hashing}\nanswer: {min_confidence: 0}\n",
    "principals.yaml": "users:\n  - {id: pat, department: People}\n",
    "sources/hr.yaml": (
        "title: HR\nconnector: files\noptions: {path: content}\n"
        "mapping: {fields: {publisher: {const: Finance}, readers: {const: [everyone]}}}\n"
    ),
    "taxonomy/shared.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:s> a skos:ConceptScheme .
<urn:s:leave> a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:inScheme <urn:s> .
""",
    "taxonomy/people.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:p> a skos:ConceptScheme ; <http://purl.org/dc/terms/publisher> "People" .
<urn:p:furlough> a skos:Concept ; skos:prefLabel "furlough"@en ; skos:inScheme <urn:p> ; skos:exactMatch <urn:s:leave> .
""",
    "content/leave.md": "# Annual leave\n\nEverybody has 25 days of annual leave.\n",
    "content/pay.md": "# Pay\n\nSalaries are paid on the last Friday.\n",
}


@pytest.fixture(scope="module")
def words_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace of two pages and two vocabularies, applied and synced; its index process is stopped at the end."""
    yield from _synced(tmp_path_factory.mktemp("once") / "words")


@pytest.fixture
def words_copy(tmp_path: Path) -> Iterator[Path]:
    """The same, for a test that changes what is synced."""
    yield from _synced(tmp_path / "words")


def _synced(folder: Path) -> Iterator[Path]:
    for path, text in WORDS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    concord = Concord.open(folder)
    activation.apply(concord.engine, concord.desired().declarations, "test")
    assert not concord.sync_sources(concord.foundation.sources.values()).failed
    yield folder
    concord.index.stop()  # type: ignore[attr-defined]
    concord.close()


@pytest.fixture
def synced_words(words_once: Path) -> Path:
    """The same workspace with its settings as they were, no golden sets and no runs."""
    (words_once / "concord.yaml").write_text(WORDS["concord.yaml"], "utf-8")
    shutil.rmtree(words_once / "evals", ignore_errors=True)
    concord = Concord.open(words_once)
    with writing(concord.engine) as connection:
        connection.execute(delete(eval_scores))
        connection.execute(delete(eval_runs))
    concord.close()
    return words_once
