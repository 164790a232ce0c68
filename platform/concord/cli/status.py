"""`concord status`: what one person may read, what waits for them, and whether the index follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, print_json, row, say, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from concord.bootstrap import Concord
    from concord.bootstrap.running import Job
    from concord.catalog.quarantine import Quarantined
    from concord_taxonomy.standard import ContentItem, Principal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


@dataclass(slots=True)
class _Source:
    """A source as one person sees it."""

    id: str
    title: str
    checked: datetime | None
    job: Job | None = None
    statuses: Counter[str] = field(default_factory=Counter)
    qualities: Counter[str] = field(default_factory=Counter)


def status(ctx: typer.Context, as_: AsUser = None, as_json: AsJson = False) -> None:
    """Show the workspace as a person sees it.

    Items are counted among those that they may read, by status and by parse quality; quarantined records are shown to
    those who answer for them.
    """
    from concord.bootstrap.running import jobs_of
    from concord.catalog.engine import reading
    from concord.catalog.runs import SYNC

    with opened(ctx) as concord:
        who = principal(concord, as_)
        with reading(concord.engine) as connection:
            linked: list[ContentItem] = []
            sources = _sources(concord, connection, who, linked)
            circles = _circles(concord, connection, who, linked)
            held = _theirs(concord, connection, who)
        facts = {
            "policy_version": concord.foundation.declarations.digest,
            "files_differ": concord.files_differ(),
            "index": {"model": concord.encoder.model, "behind": concord.index_behind()},
            "replaces_circles": [list(ring) for ring in circles],
            "worker": [_job(each) for each in jobs_of(concord, who, 1) if not each.name.startswith(SYNC)],
        }
        name = concord.settings.name
    if as_json:
        print_json(_as_json(name, who, facts, sources, held))
    else:
        _show(name, who, facts, sources, held)


def _sources(concord: Concord, connection: Connection, who: Principal, linked: list[ContentItem]) -> list[_Source]:
    """The sources of which `who` may read something, or for which they answer; `linked` gets items with links."""
    from concord.bootstrap.running import job_of
    from concord.catalog import records
    from concord.catalog.items import all_readable
    from concord.catalog.runs import SYNC
    from concord_connectors.parsers.quality import quality

    counted: dict[str, Counter[str]] = {}
    levels: dict[str, Counter[str]] = {}
    warned: dict[str, dict[str, tuple[str, ...]]] = {}
    for item in all_readable(connection, who):
        if item.replaces or item.is_replaced_by:
            linked.append(item)
        if item.source not in warned:
            warned[item.source] = records.warnings_of(connection, item.source)
        level = quality(warned[item.source].get(item.was_derived_from.native_id, ())).level
        levels.setdefault(item.source, Counter())[level.value] += 1
        counted.setdefault(item.source, Counter())[item.status.value] += 1
    shown = []
    for source in concord.foundation.sources.values():
        if source.id in counted or concord.foundation.answers_for(who, source.id):
            checked = concord.locks.last_read(source.id)
            statuses, qualities = (each.get(source.id, Counter()) for each in (counted, levels))
            job = job_of(concord, f"{SYNC}{source.id}", 1)
            shown.append(_Source(source.id, source.title, checked, job, statuses, qualities))
    return shown


def _circles(
    concord: Concord, connection: Connection, who: Principal, linked: list[ContentItem]
) -> tuple[tuple[str, ...], ...]:
    """The items that replace each other in a circle, of those that `who` may read."""
    from concord.authority.facts import Facts
    from concord.authority.links import cycles, replaces_links
    from concord.catalog.items import readable

    known = {item.identifier: item for item in linked}
    ends = {each for item in linked for each in (*item.replaces, *item.is_replaced_by)} - known.keys()
    others = readable(connection, who, sorted(ends)) if ends else {}
    facts = [Facts.of(item) for item in (*known.values(), *others.values())]
    return cycles(replaces_links(facts, concord.foundation.policy))


def _theirs(concord: Concord, connection: Connection, who: Principal) -> list[Quarantined]:
    """Quarantined records that `who` owns, or for whose owner they stand in."""
    from concord.catalog import quarantine

    entries = quarantine.entries(connection)
    return [each for each in entries if concord.foundation.answers_for(who, each.source, each.native_id)]


def _as_json(
    name: str, who: Principal, facts: dict[str, Any], sources: list[_Source], held: list[Quarantined]
) -> dict[str, Any]:
    return {
        "workspace": name,
        "principal": f"user:{who.id}",
        **facts,
        "sources": [
            {
                "source": each.id,
                "title": each.title,
                "items": each.statuses.total(),
                "by_status": dict(sorted(each.statuses.items())),
                "by_parse_quality": dict(sorted(each.qualities.items())),
                "last_checked": each.checked.isoformat(timespec="seconds") if each.checked else None,
                "due": each.job.due.isoformat(timespec="seconds") if each.job else None,
                "last_run": _run(each.job),
            }
            for each in sources
        ],
        "quarantine": [
            {
                "identifier": f"{each.source}/{each.native_id}",
                "stage": each.stage,
                "reason": each.reason,
                "detail": each.detail,
                "owner": each.owner,
                "since": each.since.isoformat(timespec="seconds"),
            }
            for each in held
        ],
    }


def _show(name: str, who: Principal, facts: dict[str, Any], sources: list[_Source], held: list[Quarantined]) -> None:
    differ = "; the files differ from it: `concord apply` puts them in force" if facts["files_differ"] else ""
    behind = "it is behind: `concord sync` brings it up to date" if facts["index"]["behind"] else "it is up to date"
    say(f"{name}, as {who.name or who.id} sees it")
    say(f"policy {facts['policy_version']}{differ}", f"index of {facts['index']['model']}; {behind}")
    shown = table("source", "title", "items", "by status", "parse quality", "last checked", "worker")
    for each in sources:
        statuses = ", ".join(f"{word} {count}" for word, count in sorted(each.statuses.items()))
        qualities = ", ".join(f"{word} {count}" for word, count in sorted(each.qualities.items()))
        row(
            shown, each.id, each.title, each.statuses.total(), statuses, qualities, _moment(each.checked), _worker(each)
        )
    console().print(shown)
    for ring in facts["replaces_circles"]:
        say(f"{', '.join(ring)} replace each other in a circle: correct replaces or is_replaced_by in one of them")
    for job in facts["worker"]:
        last = job["last_run"]
        ran = f"{last['state']} at {last['started_at']}" if last else "never ran"
        say(f"worker: {job['job']} {ran}, due {job['due']}")
    if held:
        say("In quarantine, and yours to mend:")
        for entry in held:
            say(f"  {entry.source}/{entry.native_id}: {entry.reason}: {entry.detail}")


def _job(job: Job) -> dict[str, Any]:
    """What is done for all, for leads."""
    return {"job": job.name, "due": job.due.isoformat(timespec="seconds"), "last_run": _run(job)}


def _run(job: Job | None) -> dict[str, str | None] | None:
    """The last run of a job; its words may name what few may read, so only whether it went well is told."""
    if job is None or not job.runs:
        return None
    run = job.runs[0]
    ended = run.ended_at.isoformat(timespec="seconds") if run.ended_at else None
    return {"state": run.state, "started_at": run.started_at.isoformat(timespec="seconds"), "ended_at": ended}


def _worker(source: _Source) -> str:
    if source.job is None:
        return "no schedule"
    return ", ".join([*(each.state for each in source.job.runs), f"due {_moment(source.job.due)}"])


def _moment(checked: datetime | None) -> str:
    return f"{checked:%Y-%m-%d %H:%M} UTC" if checked else "never"
