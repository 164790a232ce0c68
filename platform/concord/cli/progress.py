"""Progress of a sync on a terminal: records per source, then items indexed and texts embedded with their rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from concord.cli.output import clean, console

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, Task, TaskID
    from rich.text import Text

    from concord.ingestion.run import SyncWatch


@contextmanager
def sync_progress() -> Iterator[SyncWatch]:
    """What to watch a sync with; it shows nothing unless standard error is a terminal."""
    from concord.ingestion.indexing import IndexProgress
    from concord.ingestion.run import SyncWatch

    screen = console(stderr=True)
    if not screen.is_terminal:
        yield SyncWatch()
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), _rate_column())
    with Progress(*columns, TimeElapsedColumn(), console=screen, transient=True) as progress:
        bars = _Bars(progress)
        yield SyncWatch(bars.records, bars.indexing, IndexProgress(bars.embedded, bars.indexed))


@contextmanager
def counted(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar to be called once per step."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), _rate_column())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(clean(name), total=total)
        yield lambda: progress.advance(task)


@contextmanager
def counted_in_steps(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar to be called with what a step did, and the total."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), _rate_column(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(clean(name), total=None)
        yield lambda done, total: progress.update(task, advance=done, total=total)


class _Bars:
    """One bar per source, one for items and one for texts, each from its first step on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._indexed = 0

    def records(self, source: str, done: int, total: int | None) -> None:
        """Count records of a source."""
        self._advance(f"{source}: records", done, total)

    def indexing(self, waiting: int) -> None:
        """Begin with the index, behind a source or at the end."""
        if waiting:
            self._indexed += waiting
            self._advance("items indexed", 0, self._indexed)

    def embedded(self, texts: int) -> None:
        """Count texts embedded."""
        self._advance("texts embedded", texts, None)

    def indexed(self, items: int) -> None:
        """Count items indexed."""
        self._advance("items indexed", items, None)

    def _advance(self, name: str, done: int, total: int | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(clean(name), total=total)
        if total is not None:
            self._progress.update(self._tasks[name], total=total)
        self._progress.advance(self._tasks[name], done)


def _rate_column() -> ProgressColumn:
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done, and how many a second."""

        def render(self, task: Task) -> Text:
            count = f"{int(task.completed):,}" + (f" of {int(task.total):,}" if task.total else "")
            speed = task.finished_speed or task.speed
            return Text(f"{count}, {speed:,.0f}/s" if speed else count)

    return Rate()
