"""What another authority policy would change: questions asked again, and the conflict register decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from concord.authority.policy import Policy
from concord.bootstrap.foundation import Foundation
from concord.catalog import items
from concord.catalog.activations import once_active
from concord.catalog.engine import reading
from concord.catalog.traces import asked_since
from concord.governance.replay import replay
from concord.governance.winners import WinnerChange, readable_changes, winner_changes, with_register
from concord.workspace import Declarations, FileProblem
from concord.workspace.files import read_text
from concord_feedback import parse_questions
from concord_feedback.traces import Trace
from concord_taxonomy.standard import Principal

if TYPE_CHECKING:
    from concord.bootstrap.concord import Concord

POLICY_FILE = "authority.yaml"
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Replays:
    """Questions of one kind: how many were asked again, of how many nobody can tell, and whether a limit left some."""

    asked: int
    undetermined: int
    limited: bool

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {"asked": self.asked, "undetermined": self.undetermined, "limited": self.limited}


@dataclass(frozen=True, slots=True)
class Impact:
    """What changes, of what the viewer may read, and what was asked to find out.

    `entries` counts those of the conflict register that were decided again. `words` are questions by the ids in
    `WinnerChange.questions`: golden ones, and the viewer's own.
    """

    changes: tuple[WinnerChange, ...]
    logged: Replays
    golden: Replays
    entries: int
    words: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values: what `concord authority diff --json` prints."""
        return {
            "changes": [
                {
                    **each.to_json(),
                    "asked": len(each.questions),
                    "questions": [self.words[name] for name in each.questions if name in self.words],
                }
                for each in self.changes
            ],
            "logged": self.logged.to_json(),
            "golden": self.golden.to_json(),
            "register": {"entries": self.entries},
        }


def policy_of(concord: Concord, name: str) -> Foundation:
    """What is in force, with the policy of `name`: a file, `active`, or the digest of what was once in force.

    Raises `FileProblem` for a file that is no policy, or where there is none of that name.
    """
    files = concord.foundation.declarations.files
    if name == ACTIVE:
        return concord.foundation
    path = Path(name)
    if path.is_file():
        text = read_text(path.resolve().parent, path.resolve())
    else:
        with reading(concord.engine) as connection:
            held = once_active(connection, name)
        if held is None:
            raise FileProblem(name, "no such file, and no policy version that was ever in force: name one, or active")
        text = held.files.get(POLICY_FILE, "")
    made = Foundation(Declarations({**files, POLICY_FILE: text}))
    try:
        assert isinstance(made.policy, Policy)  # noqa: S101 - read now, so that what is wrong is told before replays
    except FileProblem as error:
        raise FileProblem(name, str(error).removeprefix(f"{POLICY_FILE}: ")) from None
    return made


def impact(
    concord: Concord,
    old: Foundation,
    new: Foundation,
    who: Principal,
    limit: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Impact:
    """Ask at most `limit` logged and `limit` golden questions again, each as who asked it, and compare the winners.

    Every entry of the conflict register is decided again that `who` may read, however certain. They get to know of what
    they may read alone. `progress` gets the questions done in a step, and in all.
    """
    logged, more_logged = _logged(concord, limit)
    golden, more_golden = _golden(concord, limit)
    every = [*logged, *golden]
    before, after = concord.supposing(old), concord.supposing(new)
    done = list(replay(every, before, after, lambda: progress(1, len(every))))
    changes = winner_changes(done)
    with reading(concord.engine) as connection:
        readable = items.readable(connection, who, {name for each in changes for name in each.items})
    named = {each.id for each in golden}
    held, then = (concord.register_of(each).entries(who, everything=True) for each in (old, new))
    return Impact(
        tuple(with_register(readable_changes(changes, readable.keys()), held, then)),
        Replays(len(logged), sum(not each.determined and each.trace.id not in named for each in done), more_logged),
        Replays(len(golden), sum(not each.determined and each.trace.id in named for each in done), more_golden),
        len(held),
        {each.id: each.question for each in every if each.id in named or each.principal == who.id},
    )


def _logged(concord: Concord, limit: int) -> tuple[list[Trace], bool]:
    days = concord.settings.traces.retention_days
    with reading(concord.engine) as connection:
        return asked_since(connection, datetime.now(UTC) - timedelta(days=days), limit)


def _golden(concord: Concord, limit: int) -> tuple[list[Trace], bool]:
    """The questions of the workspace's golden sets as if they had been asked now."""
    found: list[Trace] = []
    for path in sorted((concord.folder / "evals").glob("*.jsonl")):
        found += _asked(path.stem, read_text(concord.folder, path), path.name)
        if len(found) > limit:
            break
    return found[:limit], len(found) > limit


def _asked(stem: str, text: str, name: str) -> Iterable[Trace]:
    now = datetime.now(UTC)
    for each in parse_questions(text, name):
        yield Trace(
            id=f"golden/{stem}/{each.id}",
            at=now,
            principal=each.principal.removeprefix("user:"),
            use_case=each.use_case,
            question=each.question,
            as_of=each.as_of or now.date(),
        )
