"""Applying a mapping to a record: a `ContentItem`, or the problems that keep it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from concord_taxonomy.standard.defaults import FROM_RECORD, fallback
from concord_taxonomy.standard.evaluate import Failed, Found, evaluate
from concord_taxonomy.standard.fields import LIST_FIELDS, MAPPABLE, Place, convert
from concord_taxonomy.standard.item import Activity, ContentItem, Derivation, Origin
from concord_taxonomy.standard.mapping import Mapping as SourceMapping
from concord_taxonomy.standard.mapping import Rule
from concord_taxonomy.standard.patterns import SlowPattern
from concord_taxonomy.standard.problems import Problem, validation_problems
from concord_taxonomy.standard.text import shown


@dataclass(frozen=True, slots=True)
class MappingResult:
    """What came of one record: `item` is None where a problem is fatal. `origins` says who gave each field."""

    identifier: str
    item: ContentItem | None
    problems: tuple[Problem, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)


def apply_mapping(
    mapping: SourceMapping,
    record: Mapping[str, Any],
    *,
    identifier: str,
    source: str,
    derivation: Derivation,
    activity: Activity | None = None,
    revision: int = 1,
    checksum: str | None = None,
    generated_at: datetime | None = None,
    readers: Sequence[str] | None = None,
    sources: Collection[str] = (),
) -> MappingResult:
    """Map a record to the standard; pure, and bad data never raises.

    `record` holds what the paths of a mapping read (`RECORD_ROOTS`). `readers` are the source's own grants where it
    knows them; they stand unless the mapping says where readers come from. `sources` are the ids of all sources of
    the workspace, so that links to their items are told from native ids of this one. Whatever is wrong with a value
    that the mapping asks for is fatal: the record belongs into quarantine, not half-described into the index.
    """
    work = _Record(mapping, record, Place(source, derivation.native_id, sources), readers)
    values = work.values()
    item: ContentItem | None = None
    if not any(problem.fatal for problem in work.problems):
        described = {
            "identifier": identifier,
            "revision": revision,
            "source": source,
            "was_derived_from": derivation,
            "generated_by": activity,
            "generated_at": generated_at,
            "checksum": checksum,
            "field_origin": work.origins,
        }
        try:
            item = ContentItem.model_validate(described | values)
        except ValidationError as error:
            work.problems.extend(validation_problems(error))
    return MappingResult(identifier, item, tuple(work.problems), dict(work.origins))


class _Record:
    """One record on its way: collects values, origins and problems, field by field."""

    def __init__(
        self, mapping: SourceMapping, record: Mapping[str, Any], place: Place, readers: Sequence[str] | None
    ) -> None:
        self.mapping = mapping
        self.record = record
        self.place = place
        self.readers = readers
        self.problems: list[Problem] = []
        self.origins: dict[str, Origin] = {}
        self.rules = self._applying()

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in MAPPABLE:
            value, origin = self._value(name)
            if value is not None:
                values[name] = value
            if value is not None and value != ():
                self.origins[name] = origin
        return values

    def _applying(self) -> list[Rule]:
        applying: list[Rule] = []
        for number, rule in enumerate(self.mapping.rules):
            try:
                if rule.match.applies(self.record):
                    applying.append(rule)
            except SlowPattern as slow:
                # A rule may be the one that keeps readers out: where it cannot be decided, nothing may be.
                self.problems.append(Problem(f"rules[{number}].match", "", str(slow)))
        return applying

    def _value(self, name: str) -> tuple[Any, Origin]:
        value, origin, since = self._base(name)
        added: list[Any] = []
        if name in LIST_FIELDS:
            for rule in self.rules[since:]:
                if name in rule.add:
                    more, _ = self._usable(name, evaluate(rule.add[name], self.record))
                    added.extend(more or ())
        if added:
            return tuple(dict.fromkeys([*(value or ()), *added])), Origin.RULE
        return value, origin

    def _base(self, name: str) -> tuple[Any, Origin, int]:
        """The value before any `add`, and the number of rules that came before it."""
        for number in range(len(self.rules), 0, -1):
            alternatives = self.rules[number - 1].set.get(name)
            if alternatives is None:
                continue
            if not alternatives:
                return None, Origin.RULE, number
            outcome = evaluate(alternatives, self.record)
            # A rule that speaks of readers and names none means nobody, never whoever stood there before.
            if outcome is not None or name == "readers":
                value, _ = self._usable(name, outcome)
                return value, Origin.RULE, number
        return *self._unruled(name), 0

    def _unruled(self, name: str) -> tuple[Any, Origin]:
        alternatives = self.mapping.fields.get(name)
        if alternatives is None:
            value, origin = self._unmapped(name)
        else:
            outcome = evaluate(alternatives, self.record)
            value, origin = self._usable(name, outcome)
            if outcome is not None:
                return value, origin
        if value is not None:
            return value, origin
        value = fallback(name, self.record)
        if value is not None and alternatives is not None:
            self._problem(name, "", f"the mapping yields nothing, so {shown(value)!r} stands in", fatal=False)
        return value, Origin.DEFAULT

    def _unmapped(self, name: str) -> tuple[Any, Origin]:
        if name == "readers" and self.readers is not None:
            return self._usable(name, Found(tuple(self.readers), Origin.CONNECTOR))
        for expression in FROM_RECORD.get(name, ()):
            value, origin = self._usable(name, evaluate([expression], self.record), fatal=False)
            if value is not None:
                return value, origin
        return None, Origin.DEFAULT

    def _usable(self, name: str, outcome: Found | Failed | None, *, fatal: bool = True) -> tuple[Any, Origin]:
        if outcome is None:
            return None, Origin.DEFAULT
        if isinstance(outcome, Failed):
            self._problem(name, outcome.value, outcome.message, fatal=fatal)
            return None, Origin.DEFAULT
        try:
            return convert(name, outcome.value, self.place), outcome.origin
        except (ValueError, OverflowError) as error:
            self._problem(name, shown(outcome.value), str(error), fatal=fatal)
            return None, outcome.origin

    def _problem(self, name: str, value: str, message: str, *, fatal: bool) -> None:
        self.problems.append(Problem(name, value, message, fatal))
