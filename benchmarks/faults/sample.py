"""A copy of a workspace to be corrupted, and the questions that are asked of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from concord.bootstrap import Concord

EDITABLE = (".md", ".html", ".erb")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def stands(value: str) -> re.Pattern[str]:
    """Where a value stands by itself: "27 days" is no part of "127 days"."""
    return re.compile(rf"(?<![\w.,-]){re.escape(value)}(?![\w-])")


@dataclass(frozen=True)
class Asked:
    """A question with the values that are right, and the page that states them."""

    id: str
    question: str
    principal: str
    use_case: str | None
    values: tuple[str, ...]
    page: str

    @property
    def right(self) -> str:
        """The right answer, as somebody would write it into a correction."""
        return "; ".join(self.values)


@dataclass(frozen=True)
class Place:
    """Where a page may be added, and its front matter by title and day (`2026-01-12`)."""

    source: str
    folder: str
    suffix: str
    head: Callable[[str, str], str]

    def page(self, name: str) -> str:
        """The page of a name."""
        return f"{self.source}/{self.folder}/{name}{self.suffix}"


@dataclass(frozen=True)
class Style:
    """How a workspace's pages are written: places of two sources, and how a page says that it is withdrawn.

    Pages of the places have the tier `tier`, where the policy leaves it to tiers which page wins. `begins` are the
    fields, with the format of their date, by which the pages of a source say when they begin to hold.
    """

    places: tuple[Place, Place]
    withdrawn: Sequence[tuple[str, str]]
    reviewed: tuple[str, ...]
    begins: Mapping[str, tuple[str, str]]
    concepts: str
    tier: str | None = None

    def elsewhere(self, page: str) -> Place:
        """The place whose source is another than that of a page."""
        return next(each for each in self.places if each.source != page.partition("/")[0])


@dataclass
class Sample:
    """A copy of a workspace to be corrupted."""

    folder: Path
    style: Style
    rng: random.Random

    def file(self, page: str) -> Path:
        """The file of a page."""
        return self.folder / "content" / page

    def editable(self, asked: Sequence[Asked], *, one: bool = True, apart: bool = True) -> list[Asked]:
        """The questions whose page is a text with their value in it; `apart` leaves one for each page."""
        found, pages = list[Asked](), set[str]()
        for each in asked:
            file = self.file(each.page)
            if file.suffix not in EDITABLE or not file.is_file() or (apart and each.page in pages):
                continue
            text = file.read_text("utf-8")
            if all(value in text for value in each.values) and (len(each.values) == 1 or not one):
                if one and not NUMBER.search(each.values[0]):
                    continue
                pages.add(each.page)
                found.append(each)
        return found

    def edit(self, page: str, change: Callable[[str], str]) -> bool:
        """Change the text of a page; whether that changed anything."""
        file = self.file(page)
        text = file.read_text("utf-8")
        changed = change(text)
        file.write_text(changed, "utf-8")
        return changed != text

    def add(self, page: str, text: str) -> None:
        """Write a page that was not there."""
        file = self.file(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def yaml(self, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one of the workspace's YAML files."""
        file = self.folder / path
        data = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
        change(data)
        file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")

    def other(self, value: str) -> str:
        """A value of the same kind that is another."""
        number = NUMBER.search(value)
        assert number is not None, value
        plain = number.group().replace(",", "")
        step = self.rng.randint(2, 9)
        made = f"{float(plain) + step:.2f}".rstrip("0").rstrip(".") if "." in plain else f"{int(plain) + step}"
        if ":" in value:
            made = f"{(int(plain) + step) % 24:02d}"
        return value[: number.start()] + made + value[number.end() :]

    def sync(self) -> None:
        """Put the files in force, and let catalog and index follow."""
        concord = Concord.open(self.folder)
        try:
            problems = concord.review(concord.desired())
            assert not problems, problems[:3]
            if concord.files_differ():
                concord.proposals.apply(concord.desired().declarations, "system:benchmark", "a seeded fault")
        finally:
            concord.close()
        concord = Concord.open(self.folder)
        try:
            concord.sync_sources(concord.foundation.sources.values())
        finally:
            concord.close()
