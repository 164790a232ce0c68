"""What a mapping does to a sample of records: coverage per field, origins, examples, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from concord_taxonomy.standard.apply import MappingResult
from concord_taxonomy.standard.fields import MAPPABLE
from concord_taxonomy.standard.problems import Problem
from concord_taxonomy.standard.text import shown

_EXAMPLES = 3
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """How a field came out: `given` of `total` mapped items hold a value; `origins` counts who gave it."""

    field: str
    given: int
    total: int
    share: float
    origins: dict[str, int]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One record in which something is wrong."""

    identifier: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class FieldProblems:
    """Everything that is wrong with one field over all records, with some samples, one per distinct value first."""

    field: str
    fatal: bool
    count: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class MappingReport:
    """What `concord mapping test` shows: `total` records, of which `mapped` became items."""

    total: int
    mapped: int
    quarantined: int
    fields: tuple[FieldCoverage, ...]
    failures: tuple[FieldProblems, ...]
    warnings: tuple[FieldProblems, ...]

    @classmethod
    def of(cls, results: Iterable[MappingResult]) -> MappingReport:
        """Build the report over the results of a sample, read once."""
        coverage = {name: _Coverage() for name in MAPPABLE}
        problems: dict[tuple[bool, str], _Problems] = {}
        total = mapped = 0
        for result in results:
            total += 1
            for problem in result.problems:
                problems.setdefault((problem.fatal, problem.field), _Problems()).add(result.identifier, problem)
            if result.item is None:
                continue
            mapped += 1
            for name, field in coverage.items():
                field.add(getattr(result.item, name), result.origins.get(name))
        grouped = [collected.closed(field, fatal) for (fatal, field), collected in problems.items()]
        grouped.sort(key=lambda group: (-group.count, group.field))
        return cls(
            total=total,
            mapped=mapped,
            quarantined=total - mapped,
            fields=tuple(field.closed(name, mapped) for name, field in coverage.items()),
            failures=tuple(group for group in grouped if group.fatal),
            warnings=tuple(group for group in grouped if not group.fatal),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return the report as lines of plain text; fields without any value come last, in one line."""
        lines = [f"{self.mapped} of {self.total} records mapped, {self.quarantined} quarantined"]
        given = [field for field in self.fields if field.given]
        width = max((len(field.field) for field in given), default=0)
        for field in given:
            origins = ", ".join(f"{name} {count}" for name, count in field.origins.items())
            lines.append(
                f"  {field.field:<{width}}  {field.given} of {field.total} ({field.share:.0%})  {origins}  "
                f"{' | '.join(field.examples)}"
            )
        if empty := [field.field for field in self.fields if not field.given]:
            lines.append(f"  no value: {', '.join(empty)}")
        for word, groups in (("failed", self.failures), ("warning", self.warnings)):
            for group in groups:
                lines.append(f"{word}: {group.field} in {group.count} records")
                lines.extend(f"  {sample.identifier}: {sample.message}" for sample in group.samples)
        return lines


class _Coverage:
    def __init__(self) -> None:
        self.given = 0
        self.origins: Counter[str] = Counter()
        self.values: Counter[str] = Counter()

    def add(self, value: Any, origin: str | None) -> None:
        if value is None or value == () or origin is None:
            return
        self.given += 1
        self.origins[str(origin)] += 1
        text = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        self.values[shown(text)] += 1

    def closed(self, field: str, total: int) -> FieldCoverage:
        common = sorted(self.values.items(), key=lambda entry: (-entry[1], entry[0]))[:_EXAMPLES]
        share = self.given / total if total else 0.0
        origins = dict(sorted(self.origins.items()))
        return FieldCoverage(field, self.given, total, share, origins, tuple(value for value, _ in common))


class _Problems:
    def __init__(self) -> None:
        self.count = 0
        self.distinct: dict[tuple[str, str], Sample] = {}
        self.others: list[Sample] = []

    def add(self, identifier: str, problem: Problem) -> None:
        self.count += 1
        sample = Sample(identifier, problem.value, problem.message)
        if (problem.value, problem.message) in self.distinct:
            if len(self.others) < _SAMPLES:
                self.others.append(sample)
        elif len(self.distinct) < _SAMPLES:
            self.distinct[problem.value, problem.message] = sample

    def closed(self, field: str, fatal: bool) -> FieldProblems:
        samples = [*self.distinct.values(), *self.others][:_SAMPLES]
        return FieldProblems(field, fatal, self.count, tuple(samples))
