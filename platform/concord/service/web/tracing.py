"""How an answer came to be: every stage of one's own question, as its trace keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.traced import shown_trace
from concord.catalog.engine import reading
from concord.service.web.evidenced import Given
from concord.service.web.pages import item_path, pages
from concord.service.web.viewer import Looking, Viewer
from concord.service.web.words import day
from concord_feedback import Trace
from concord_taxonomy.standard import Principal

_WIDTH = 1000
"""Units of the time line."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage on the time line, from `start` on for `width` of 1,000 units."""

    name: str
    ms: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the answer could stand on: its place, its scores, and its rank by each way of searching."""

    place: int
    title: str
    heading: str
    path: str
    text: str
    score: float | None
    cosine: float | None
    ranks: Mapping[str, int]
    stated: tuple[str, ...]
    cited: tuple[int, ...]


@router.get("/traces/{trace_id}")
async def trace(trace_id: str, request: Request, asker: Looking) -> Response:
    """The trace of a question of one's own, or of another's where a policy permits it; any other is not there."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        viewer = Viewer(concord, who)
        held = shown_trace(concord.engine, who, trace_id, others=asker.may(concord, Action.READ_OTHERS_TRACES))
        found = held.trace
        expand = _data(found, "expand")
        with reading(concord.engine) as connection:
            corrections = [(each, Given.of(connection, who, each)) for each in held.corrections]
        concepts = concord.foundation.vocabulary.concepts
        return {
            "viewer": viewer,
            "history": viewer.conversations,
            "use_case": found.use_case,
            "held": held,
            "corrections": corrections,
            "trace": found,
            "bars": list(_bars(found)),
            "total": sum(stage.ms for stage in found.stages),
            "concepts": [concepts[iri].label() for iri in expand.get("concepts", ()) if iri in concepts],
            "terms": expand.get("terms", ()),
            "said": _data(found, "rewrite").get("said"),
            "filters": _filters(viewer, found),
            "searched": _data(found, "search"),
            "candidates": list(_candidates(found)),
            "composed": _data(found, "compose"),
            **{stage: _data(found, name) for stage, name in _MODEL.items()},
            "others": {each.name: each.data for each in found.stages if each.name not in _TOLD and each.data},
            "kept_until": _kept_until(concord, found.at),
        }

    return await pages(request).show(request, "trace.html", **await asker.read(Action.READ_TRACES, made))


_MODEL = {"model": "answer", "prompt": "prompt", "check": "check"}
_TOLD = ("rewrite", "expand", "embed", "search", "rank", "decide", "compose", *_MODEL.values())
"""Stages that have a place of their own on the page; what any other holds is shown as it is."""


def _data(found: Trace, name: str) -> Mapping[str, Any]:
    stage = found.stage(name)
    return stage.data if stage else {}


def _bars(found: Trace) -> Iterator[Bar]:
    total = max((stage.started + stage.ms for stage in found.stages), default=0) or 1
    for stage in found.stages:
        start = _WIDTH * stage.started / total
        yield Bar(stage.name, stage.ms, round(start, 1), round(max(2, _WIDTH * stage.ms / total), 1))


def _filters(viewer: Viewer, found: Trace) -> list[tuple[str, str]]:
    """What narrowed the search before anything was compared, in words."""
    filters = _data(found, "search").get("filters") or {}
    concepts = viewer.concord.foundation.vocabulary.concepts
    sources = [viewer.source_title(each) for each in filters.get("sources") or ()]
    about = [concepts[each].label() for each in filters.get("concepts") or () if each in concepts]
    return [
        ("Readers", f"only pages that {viewer.name_of(f'user:{found.principal}')} could read"),
        ("Day", f"what held on {day(found.as_of)}" if found.past else f"what is current on {day(found.as_of)}"),
        ("Sources", ", ".join(sources) or "all"),
        ("Subjects", ", ".join(about) or "all"),
    ]


def _candidates(found: Trace) -> Iterator[Candidate]:
    ranked: Any = _data(found, "rank").get("passages", ())
    cited: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for citation in found.citations:
        cited.setdefault((citation.identifier, citation.revision), []).append((citation.number, citation.quote))
    stated: dict[tuple[str, int], list[str]] = {}
    for claim in _data(found, "decide").get("claims", ()):
        stated.setdefault((claim["identifier"], claim["ordinal"]), []).append(claim["text"])
    whole = len(ranked) == len(found.evidence)
    for place, passage in enumerate(found.evidence, start=1):
        scores = ranked[place - 1] if whole else {}
        quotes = cited.get((passage.identifier, passage.revision), ())
        yield Candidate(
            place=place,
            title=passage.title or passage.identifier,
            heading=passage.heading,
            path=item_path(passage.identifier, passage.revision, passage.text),
            text=passage.text,
            score=passage.score,
            cosine=scores.get("cosine"),
            ranks=scores.get("ranks", {}),
            stated=tuple(stated.get((passage.identifier, passage.ordinal), ())),
            cited=tuple(number for number, quote in quotes if _letters(quote) in _letters(passage.text)),
        )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _kept_until(concord: Concord, at: datetime) -> datetime:
    return at + timedelta(days=concord.settings.traces.retention_days)
