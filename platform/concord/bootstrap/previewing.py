"""Previews of changes: what they would do to items, answers and use cases, as far as somebody may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import PurePath
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from concord.access import AccessError, Directory
from concord.bootstrap.deciding import changed_concepts
from concord.bootstrap.describing import Describing, compared
from concord.bootstrap.foundation import Foundation
from concord.catalog import items
from concord.catalog.engine import reading
from concord.catalog.errors import CatalogError
from concord.catalog.traces import asked_since
from concord.embedding.errors import EmbeddingError
from concord.governance import Change
from concord.governance.preview import (
    AffectedUseCase,
    ChangedAnswer,
    Items,
    Preview,
    Questions,
    Undetermined,
)
from concord.governance.replay import Ask, Replayed, cited, replay
from concord.index.errors import VectorIndexError
from concord.ingestion.derive import Deriver
from concord.retrieval.supposed import Describe
from concord.usecases import UseCase
from concord.workspace import FileProblem, Settings
from concord_taxonomy.standard import Principal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a preview looks at: questions and items at most; the items of `first` before any other."""

    questions: int
    items: int
    first: tuple[str, ...] = ()


class Supposing(Protocol):
    """Gives what answers logged questions as if a foundation were in force, its items described by it."""

    def __call__(self, foundation: Foundation, described: Describe | None = None) -> Ask:
        """Answer by `foundation`; `described` gives items as it would describe them."""
        ...


@dataclass(frozen=True)
class Previewer:
    """Previews a change for `who`; `decides` says that they answer for what it changes.

    Having proposed it is not enough: everybody may propose something, and would so read what others asked. `derivers`
    gives what would derive the items of each source under a foundation.
    """

    engine: Engine
    settings: Settings
    derivers: Callable[[Foundation], Mapping[str, Deriver]]
    supposing: Supposing
    change: Change
    who: Principal
    decides: bool
    bounds: Bounds

    @cached_property
    def before(self) -> Foundation:
        """What is in force."""
        return Foundation(self.change.before)

    @cached_property
    def after(self) -> Foundation:
        """What would be in force."""
        return Foundation(self.change.after)

    @cached_property
    def held(self) -> Describing:
        """Items as what is in force describes them, whether or not a sync has followed it."""
        return Describing(self.engine, self.derivers(self.before))

    @cached_property
    def wanted(self) -> Describing:
        """Items as they would be described."""
        return Describing(self.engine, self.derivers(self.after))

    def preview(self, progress: Callable[[int, int], None]) -> Preview:
        """Everything; a part that cannot be worked out says why."""
        return Preview(
            _determined(self.items),
            _determined(lambda: self.questions(progress)),
            _determined(lambda: tuple(self.use_cases())),
        )

    def items(self) -> Items:
        """The items that `who` may read and that would be described otherwise."""
        return compared(self.held, self.wanted, self.who, self.bounds.items, self.bounds.first)

    def questions(self, progress: Callable[[int, int], None]) -> Questions | Undetermined:
        """Logged questions whose answers would change; words are shown to who asked, and to who decides."""
        settings, kept = self.settings.governance, self.settings.traces.retention_days
        if kept == 0:
            return Undetermined("questions are not logged here (traces.retention_days is 0)")
        days = min(settings.preview_days, kept)
        with reading(self.engine) as connection:
            since = datetime.now(UTC) - timedelta(days=days)
            traces, more = asked_since(connection, since, self.bounds.questions)
        before, after = self.supposing(self.before, self.held), self.supposing(self.after, self.wanted)
        done = list(replay(traces, before, after, lambda: progress(1, len(traces))))
        with reading(self.engine) as connection:
            touched = {identifier for each in done for identifier in each.touches}
            readable = items.readable(connection, self.who, touched).keys()
        seen = [each for each in done if each.touches <= readable]
        changed = tuple(self._answer(each) for each in seen if each.changes)
        unknown = sum(not each.determined for each in seen)
        return Questions(days, len(seen), changed, unknown, more)

    def _answer(self, done: Replayed) -> ChangedAnswer:
        words = done.trace.question if self.decides or done.trace.principal == self.who.id else None
        before, after = (() if each is None else cited(each) for each in (done.before, done.after))
        return ChangedAnswer(words, done.trace.use_case, done.changes, before, after)

    def use_cases(self) -> Iterator[AffectedUseCase]:
        """The use cases that are touched, of those that `who` may use or owns; of all for who decides."""
        old, new = self.before.use_cases, self.after.use_cases
        concepts = changed_concepts(self.before, self.after)
        paths = [path for _, path in self.change.before.changes(self.change.after)]
        sources = {PurePath(path).stem for path in paths if path.startswith("sources/")}
        for name in sorted({*old, *new}):
            held = [each for each in (old.get(name), new.get(name)) if each is not None]
            if not (self.decides or any(self._sees(each) for each in held)):
                continue
            was = _admitted(old.get(name), self.before.directory)
            will = _admitted(new.get(name), self.after.directory)
            affected = AffectedUseCase(
                name,
                held[-1].title,
                _declaration(old.get(name), new.get(name)),
                tuple(sorted(concepts & self._covered(held))),
                tuple(sorted(each for each in sources if any(not use.sources or each in use.sources for use in held))),
                len(will - was),
                len(was - will),
            )
            if affected != AffectedUseCase(name, held[-1].title):
                yield affected

    def _sees(self, use_case: UseCase) -> bool:
        return use_case.admits(self.who) or bool(use_case.owner and self.who.may_read([use_case.owner]))

    def _covered(self, held: list[UseCase]) -> set[str]:
        """The concepts that a use case is about, before and after; all of them where it names none."""
        vocabularies = (self.before.vocabulary, self.after.vocabulary)
        if any(not each.concepts for each in held):
            return {iri for vocabulary in vocabularies for iri in vocabulary.concepts}
        return {
            covered
            for each in held
            for iri in each.concepts
            for vocabulary in vocabularies
            for covered in vocabulary.narrower_closure(iri)
        }


def _determined(work: Callable[[], T]) -> T | Undetermined:
    """What a piece of work gives; where it fails for the machinery's sake, or the files', why it is not known."""
    try:
        return work()
    except (AccessError, CatalogError, EmbeddingError, FileProblem, VectorIndexError, OSError) as error:
        return Undetermined(" ".join(str(error).split()))


def _admitted(use_case: UseCase | None, directory: Directory) -> set[str]:
    """The ids of the people who may use a use case."""
    if use_case is None:
        return set()
    return {user.id for user in directory.users if use_case.admits(directory.principal(user.id))}


def _declaration(old: UseCase | None, new: UseCase | None) -> str | None:
    if old == new:
        return None
    return "added" if old is None else "removed" if new is None else "changed"
