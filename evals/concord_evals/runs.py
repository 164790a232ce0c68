"""A run: every question of golden sets asked once, kept with what it depends on, resumable at any question."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from concord.bootstrap import Concord
from concord.catalog import evaluations
from concord.catalog.engine import reading, writing
from concord.catalog.evaluations import StoredRun
from concord.usecases import Stakeholder
from concord_evals.errors import NoSuchRun, RunUnfinished
from concord_evals.scoring import Score, parse_score, score_all
from concord_feedback import GoldenQuestion

REGRESSION = "regression"
"""The tag of a question that an incident left behind: once right, it has to stay right."""

_MENDED = {"correction", "case"}

_TECHNOLOGY = {"catalog", "parsing", "service", "governance", "traces", "conversations", "oidc"}
"""Sections of the settings that change no answer."""


@dataclass(frozen=True, slots=True)
class Run:
    """Golden questions asked at one time of one state of a workspace.

    `as_` asks all of them, if given; `use_case` is the only one that was asked in, if any was chosen. `stakeholders`
    are those of the questions' use cases as they were declared then, `currency` is that of costs.
    """

    id: str
    at: datetime
    started_by: str
    suites: tuple[str, ...]
    questions: tuple[GoldenQuestion, ...]
    fingerprints: Mapping[str, str]
    as_: str | None = None
    finished_at: datetime | None = None
    stakeholders: Mapping[str, tuple[Stakeholder, ...]] = field(default_factory=dict)
    currency: str = ""
    use_case: str | None = None

    @property
    def verified(self) -> frozenset[str]:
        """Questions that have to stay right: those that a correction or a fixed case led to."""
        return frozenset(each.id for each in self.questions if each.source in _MENDED or REGRESSION in each.tags)

    def to_json(self) -> dict[str, Any]:
        """The run as JSON values, its questions counted."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "started_by": self.started_by,
            "suites": list(self.suites),
            "questions": len(self.questions),
            "as": self.as_,
            "use_case": self.use_case,
            "fingerprints": dict(self.fingerprints),
            "currency": self.currency,
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
        }


def fingerprints(concord: Concord) -> dict[str, str]:
    """What answers depend on: declarations in force, content as it is derived, index, models, settings, version.

    A run has that of its questions besides.
    """
    facts = concord.index_facts()
    llm, embedding = concord.settings.answer.llm, f"{concord.recipe.model} by {concord.settings.embedding.runtime}"
    with reading(concord.engine) as connection:
        content = evaluations.content_digest(connection)
    settings = concord.settings.model_dump(mode="json", exclude=_TECHNOLOGY)
    return {
        "policy": concord.foundation.declarations.digest,
        "content": content,
        "index": f"{facts.place}, {facts.points} points of {facts.wanted}",
        "models": ", ".join(filter(None, [embedding, f"{llm.model} words" if llm.base_url else None])),
        "settings": _digest(settings),
        "version": version("concord-rag"),
    }


def begin(
    concord: Concord,
    suites: Sequence[str],
    questions: Sequence[GoldenQuestion],
    started_by: str,
    as_: str | None = None,
    use_case: str | None = None,
) -> Run:
    """A new run, or the interrupted one that asks the same of the same state; `use_case` is the only one asked in."""
    asked = [each.model_dump(mode="json", exclude_defaults=True) for each in questions]
    in_use = {each.use_case for each in questions}
    data = {
        "suites": list(suites),
        "questions": asked,
        "fingerprints": fingerprints(concord) | {"questions": _digest(asked)},
        "as": as_,
        "use_case": use_case,
        "stakeholders": {
            name: [each.model_dump(mode="json") for each in use_case.stakeholders]
            for name, use_case in concord.foundation.use_cases.items()
            if name in in_use and use_case.stakeholders
        },
        "currency": concord.settings.answer.llm.currency,
    }
    made = StoredRun(str(uuid.uuid4()), datetime.now(UTC), started_by, _digest(data), data)
    with writing(concord.engine, renews=False) as connection:
        held = evaluations.unfinished_run(connection, made.inputs)
        if held is None:
            evaluations.add_run(connection, made)
    return _run(held or made)


def ask(concord: Concord, run: Run, progress: Callable[[], None] = lambda: None) -> list[Score]:
    """Ask what has no score yet, keep each score at once, and return all of them in order.

    `progress` is called for every question, those of an earlier attempt included.
    """
    held, asking = {each.id: each for each in scores(concord, run)}, concord.evaluating(run.id)
    for place, question in enumerate(run.questions):
        if question.id not in held:
            [held[question.id]] = score_all(asking, [question], run.as_)
            with writing(concord.engine, renews=False) as connection:
                evaluations.add_score(connection, run.id, place, question.id, as_kept(held[question.id]))
        progress()
    with writing(concord.engine, renews=False) as connection:
        evaluations.finish_run(connection, run.id, datetime.now(UTC))
    return [held[each.id] for each in run.questions]


def is_current(concord: Concord, run: Run) -> bool:
    """Whether the workspace is still what the run asked."""
    return all(run.fingerprints.get(name) == value for name, value in fingerprints(concord).items())


def scores(concord: Concord, run: Run) -> list[Score]:
    """The scores that a run has so far, in order."""
    with reading(concord.engine) as connection:
        return [parse_score(each) for each in evaluations.scores(connection, run.id)]


def find(concord: Concord, name: str, *, whole: bool = False) -> Run:
    """The run whose id begins with `name`, or the last one for `last`; raises `NoSuchRun`.

    With `whole` raises `RunUnfinished` where it has not every score.
    """
    with reading(concord.engine) as connection:
        found = evaluations.runs(connection, 1) if name == "last" else evaluations.find_runs(connection, name)
    if len(found) != 1:
        raise NoSuchRun(name, len(found))
    run = _run(found[0])
    if whole and run.finished_at is None:
        raise RunUnfinished(run.id[:8], len(scores(concord, run)), len(run.questions))
    return run


def listed(concord: Concord, limit: int) -> Iterator[Run]:
    """The last runs, newest first."""
    with reading(concord.engine) as connection:
        found = evaluations.runs(connection, limit)
    return map(_run, found)


def as_kept(score: Score) -> dict[str, Any]:
    """A score without its answer: whoever sees the run need not be allowed to read that."""
    return {name: value for name, value in asdict(score).items() if name != "answer"}


def _run(stored: StoredRun) -> Run:
    data = stored.data
    return Run(
        stored.id,
        stored.at,
        stored.started_by,
        tuple(data["suites"]),
        tuple(GoldenQuestion.model_validate(each) for each in data["questions"]),
        data["fingerprints"],
        data["as"],
        stored.finished_at,
        {
            name: tuple(Stakeholder.model_validate(each) for each in given)
            for name, given in data.get("stakeholders", {}).items()
        },
        data.get("currency", ""),
        data.get("use_case"),
    )


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
