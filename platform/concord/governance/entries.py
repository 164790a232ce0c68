"""Changes of one entry of a list in a file, as operations: a rule for one item, its tags, a ranking of sources.

    DescribeItem(identifier="people-handbook/leave.md", values={"review_due": "2027-05-01"}).files(declarations)

Who answers for an item may say of it what its source does not. Who may read it, how confidential it is and how high it
stands are no such things: `GIVEN` has everything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from concord.governance.changes import Files
from concord.workspace import Declarations
from concord.workspace.tags import TAGS_FILE, CuratedTags, read_tags
from concord.workspace.yaml import read_yaml
from concord.workspace.yaml_edits import CannotEdit, insert, replace
from concord_taxonomy.changes.model import Iri
from concord_taxonomy.skos.model import tail
from concord_taxonomy.standard import ContentItem, Origin
from concord_taxonomy.standard.fields import DATES, LIST_FIELDS, MAPPABLE, Place, convert

AUTHORITY_FILE = "authority.yaml"
ADDED = frozenset({"replaces", "is_replaced_by", "keyword"})
"""Fields to whose values others are added; those of any other are written over."""
GIVEN = (
    "title",
    "description",
    "language",
    "status",
    "issued",
    "valid_from",
    "valid_until",
    "last_reviewed",
    "review_due",
    "version",
    "replaces",
    "is_replaced_by",
    "audience",
    "spatial",
    "conforms_to",
    "keyword",
)
"""Fields that may be given to one item: none that says who reads it, who owns it, or how high it stands."""

Label = Callable[[str], str]
"""From a concept's IRI to words for it."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """The values that a proposal keeps."""
        return self.model_dump(mode="json")


class DescribeItem(_Entry):
    """What holds for exactly one item: the last rule of its source's mapping. A value is a text, or a list of them."""

    kind = "source"
    operation: Literal["describe_item"] = "describe_item"
    identifier: str = Field(pattern=r"^[^/]+/.+$", max_length=2_000)
    values: dict[str, str | tuple[str, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _givable(self) -> DescribeItem:
        for name, value in self.values.items():
            if name not in GIVEN:
                raise ValueError(f"{name} is not given to one item: only {', '.join(GIVEN)} are")
            try:
                held = convert(name, value, Place(*self._place))
            except (ValueError, OverflowError) as error:
                raise ValueError(f"{name}: {error}") from None
            if held in (None, ()):
                raise ValueError(f"{name}: a value is needed and there is none")
        return self

    @property
    def path(self) -> str:
        """The file that it changes."""
        return f"sources/{self._place[0]}.yaml"

    @property
    def _place(self) -> tuple[str, str]:
        source, _, native_id = self.identifier.partition("/")
        return source, native_id

    def summary(self, _label: Label = tail) -> str:
        """What it does, in a line."""
        said = (f"{name} {', '.join(_listed(value))}" for name, value in self.values.items())
        return f"{self.identifier}: {'; '.join(said)}"

    def files(self, declarations: Declarations) -> Files:
        """The source's file with the rule; as it is where it says so already. Raises `FileProblem`."""
        text = self._text(declarations)
        if self._said(text):
            return {self.path: text}
        rule: dict[str, Any] = {"match": {"native_id": self._place[1]}}
        for name, value in self.values.items():
            rule.setdefault("add" if name in ADDED else "set", {})[name] = _written(name, value)
        return {self.path: insert(self.path, text, ("mapping", "rules"), rule)}

    def in_vain(self, item: ContentItem) -> dict[str, str]:
        """Of what it says, by field, what does not hold of the item as described with it, and what holds instead."""
        found = {}
        for name, value in self.values.items():
            wanted, held = convert(name, value, Place(*self._place)), getattr(item, name)
            if name not in ADDED and held != wanted:
                by = item.field_origin.get(name)
                who = "the page's own text says so" if by is Origin.TAGGER else f"given by {by}" if by else "by itself"
                told = ", ".join(map(str, held)) if isinstance(held, tuple) else str(held or "nothing")
                found[name] = f"the page stays {told}: {who}, and that counts before any rule"
        return found

    def touched(self, declarations: Declarations) -> str:
        """The rules that there are for the item alone."""
        text = declarations.files.get(self.path)
        return json.dumps(None if text is None else self._rules(text), default=str)

    def _text(self, declarations: Declarations) -> str:
        text = declarations.files.get(self.path)
        if text is None:
            raise CannotEdit(self.path, "there is no such file")
        return text

    def _rules(self, text: str) -> list[dict[str, Any]]:
        mapping = read_yaml(self.path, text).get("mapping")
        rules = mapping.get("rules") if isinstance(mapping, dict) else None
        only = {"native_id": self._place[1]}
        return [each for each in _mappings(rules) if each.get("match") == only]

    def _said(self, text: str) -> bool:
        rules = self._rules(text)
        for name, value in self.values.items():
            wanted = _written(name, value)
            if name in ADDED:
                held = [each for rule in rules for each in _listed((rule.get("add") or {}).get(name) or ())]
                if not set(_listed(wanted)) <= set(held):
                    return False
            elif (
                next((rule["set"][name] for rule in reversed(rules) if name in (rule.get("set") or {})), None) != wanted
            ):
                return False
        return True


class TagItem(_Entry):
    """Concepts that somebody gives to an item, or takes from it, in `tags.yaml`."""

    kind = "tags"
    operation: Literal["tag_item"] = "tag_item"
    identifier: str = Field(min_length=1, max_length=2_000)
    add: tuple[Iri, ...] = ()
    remove: tuple[Iri, ...] = ()
    by: str = ""
    why: str = ""

    @model_validator(mode="after")
    def _something(self) -> TagItem:
        if not self.add and not self.remove:
            raise ValueError("name a concept that it is about, or one that it is not")
        return self

    @property
    def path(self) -> str:
        """The file that it changes."""
        return TAGS_FILE

    def summary(self, label: Label = tail) -> str:
        """What it does, in a line."""
        parts = [f"is about {label(each)}" for each in self.add] + [
            f"is not about {label(each)}" for each in self.remove
        ]
        return f"{self.identifier} {', '.join(parts)}"

    def files(self, declarations: Declarations) -> Files:
        """`tags.yaml` with the decision, in place of the contrary where it says so; raises `FileProblem`."""
        text, held = declarations.files.get(TAGS_FILE, ""), read_tags(declarations)
        decided = held.get(self.identifier)
        if decided is None:
            said = {"identifier": self.identifier, "add": list(self.add), "remove": list(self.remove)}
            entry = {**said, "by": self.by, "why": self.why}
            return {TAGS_FILE: insert(TAGS_FILE, text, ("tags",), {name: each for name, each in entry.items() if each})}
        number = list(held).index(self.identifier)
        for name, wanted, there, contrary in (
            ("add", self.add, decided.add, decided.remove),
            ("remove", self.remove, decided.remove, decided.add),
        ):
            if not set(wanted).isdisjoint(contrary):
                kept = [each for each in contrary if each not in wanted]
                text = replace(TAGS_FILE, text, ("tags", number, "remove" if name == "add" else "add"), kept)
            for concept in wanted:
                if concept not in there:
                    text = insert(TAGS_FILE, text, ("tags", number, name), concept)
        return {TAGS_FILE: text}

    def touched(self, declarations: Declarations) -> str:
        """What was decided on the item."""
        held: CuratedTags | None = read_tags(declarations).get(self.identifier)
        return held.model_dump_json() if held else ""


class RankSources(_Entry):
    """Which sources go first for a concept, best first; others of its ranking keep their order after them."""

    kind = "authority"
    operation: Literal["rank_sources"] = "rank_sources"
    concept: Iri
    sources: tuple[str, ...] = Field(min_length=1)
    use_case: str | None = None

    @field_validator("sources")
    @classmethod
    def _once(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(sources)) < len(sources):
            raise ValueError("a source stands twice: keep one of them")
        return sources

    @property
    def path(self) -> str:
        """The file that it changes."""
        return AUTHORITY_FILE

    def summary(self, label: Label = tail) -> str:
        """What it does, in a line."""
        where = f" in the use case {self.use_case}" if self.use_case else ""
        return f"{label(self.concept)}{where}: {', '.join(self.sources)}"

    def files(self, declarations: Declarations) -> Files:
        """`authority.yaml` with the ranking in place of the one that held, or as a new one; raises `FileProblem`."""
        text = declarations.files.get(AUTHORITY_FILE, "")
        found = self._held(text)
        if found is None:
            conditions = {"use_case": self.use_case} if self.use_case else {}
            entry = {"concept": self.concept, **conditions, "sources": list(self.sources)}
            return {AUTHORITY_FILE: insert(AUTHORITY_FILE, text, ("rankings",), entry)}
        number, held = found
        wanted = [*self.sources, *(each for each in held if each not in self.sources)]
        if wanted == held:
            return {AUTHORITY_FILE: text}
        return {AUTHORITY_FILE: replace(AUTHORITY_FILE, text, ("rankings", number, "sources"), wanted)}

    def touched(self, declarations: Declarations) -> str:
        """The ranking that holds for the same."""
        return json.dumps(self._held(declarations.files.get(AUTHORITY_FILE, "")))

    def _held(self, text: str) -> tuple[int, list[str]] | None:
        """The first ranking that is set for the same, which is the one that holds, with its place."""
        mine = {"concept": self.concept} | ({"use_case": self.use_case} if self.use_case else {})
        for number, each in enumerate(_mappings(read_yaml(AUTHORITY_FILE, text).get("rankings"))):
            if {name: each[name] for name in each if name != "sources"} == mine:
                return number, list(each.get("sources") or ())
        return None


ENTRIES: Mapping[str, type[DescribeItem | TagItem | RankSources]] = {
    "describe_item": DescribeItem,
    "tag_item": TagItem,
    "rank_sources": RankSources,
}
"""The operations by their names."""


def _mappings(value: Any) -> list[dict[str, Any]]:
    """The entries of a list of mappings; empty ones in place of those that are none."""
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value]


def _written(name: str, value: str | tuple[str, ...]) -> Any:
    """A value as a file has it: lists where the standard has them, and whole dates as YAML's."""
    if name in LIST_FIELDS:
        return _listed(value)
    text = value if isinstance(value, str) else value[0]
    if MAPPABLE[name] not in DATES:
        return text
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text
