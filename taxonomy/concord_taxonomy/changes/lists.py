"""Term lists changed by rows: a row that is not touched stays as it was typed, and so does a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from concord_taxonomy.changes.errors import CannotChange
from concord_taxonomy.skos.columns import Column, Columns, read_columns
from concord_taxonomy.skos.model import plain_text
from concord_taxonomy.skos.properties import RDF, SKOS
from concord_taxonomy.skos.statement import Limits, Statement
from concord_taxonomy.skos.terms import PROPERTIES, TEXTS, iri_of, term_statements

if TYPE_CHECKING:
    import pyoxigraph as ox


class _Value(NamedTuple):
    """What a cell says: a property by its name in a list, and an IRI, or a text with its language."""

    property: str
    iri: str
    text: str
    language: str


Said = dict[str, set[_Value]]
_DEPRECATED, _IN_USE = (_Value("deprecated", "", text, "") for text in ("true", "false"))
_IMPLIED = (f"{RDF}type", f"{SKOS}inScheme")
_NAMES = {iri: name for name, iri in PROPERTIES.items()}


def rewrite_list(
    files: Mapping[str, bytes], file: str, held: Collection[ox.Triple], wanted: Collection[ox.Triple]
) -> bytes:
    """The list `file` with the triples `wanted` in place of `held`; raises `CannotChange` for what no column holds."""
    beside = str(PurePath(file).with_suffix(".yaml"))
    columns = read_columns(files[beside], beside)
    before, after = _said(held, columns, file), _said(wanted, columns, file)
    made = _List(files[file], file, columns)
    changed = {iri for iri in before.keys() | after.keys() if before.get(iri) != after.get(iri)}
    for iri in sorted(changed):
        made.put(iri, after.get(iri, set()))
    data = made.data()
    read = _said_by(term_statements(data, file, columns, Limits()), columns)
    if read != after:
        odd = min(iri for iri in read.keys() | after.keys() if read.get(iri) != after.get(iri))
        raise made.refused(f"it cannot say this of {odd}{'' if made.with_ids else ' without a column of ids'}")
    return data


def _said(triples: Collection[ox.Triple], columns: Columns, file: str) -> Said:
    found: Said = {}
    for each in triples:
        subject, predicate, value = each.subject, each.predicate.value, each.object
        iri = getattr(subject, "value", "")
        if iri == columns.scheme:
            continue  # said by the file of the columns
        found.setdefault(iri, set())
        if predicate in _IMPLIED:
            if getattr(value, "value", "") not in (f"{SKOS}Concept", columns.scheme):
                raise CannotChange(f"{file} holds concepts of {columns.scheme} alone: add it to another file")
            continue
        language = getattr(value, "language", None)
        literal = hasattr(value, "datatype")
        name = _NAMES.get(predicate, predicate.removeprefix(SKOS))
        text = getattr(value, "value", "")
        if name == "deprecated":
            if text == "true":
                found[iri].add(_Value(name, "", text, ""))
        else:
            found[iri].add(_Value(name, "" if literal else text, text if literal else "", language or ""))
    return found


def _said_by(statements: Iterator[Statement], columns: Columns) -> Said:
    found: Said = {}
    for each in statements:
        if each.subject == columns.scheme:
            continue
        said = found.setdefault(each.subject, set())
        name = _NAMES.get(each.predicate, each.predicate.removeprefix(SKOS))
        value = _Value(name, each.object.iri, each.object.text or "", each.object.language)
        if each.predicate not in _IMPLIED and (name != "deprecated" or value.text == "true"):
            said.add(value)
    return found


class _List:
    """The lines of a list, which of them each concept stands on, and its cells."""

    def __init__(self, data: bytes, file: str, columns: Columns) -> None:
        self.file, self.columns = file, columns
        self.with_ids = any(column.property == "id" for column in columns.columns.values())
        text = data.decode("utf-8-sig")
        self._mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
        self._end = "\r\n" if "\r\n" in text else "\n"
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=columns.delimiter, strict=True)
        lines = io.StringIO(text, newline="").readlines()
        self._rows: list[tuple[list[str], str]] = []
        at = 0
        for cells in reader:
            self._rows.append((cells, "".join(lines[at : reader.line_num])))
            at = reader.line_num
        self._names = [cell.strip() for cell in self._rows[0][0]]
        self._at: dict[str, int] = {}
        starts = self._starts()
        for each in term_statements(data, file, columns, Limits()):
            if each.subject != columns.scheme:
                self._at.setdefault(each.subject, starts[each.position])
        self._ids = {iri: self._id(iri) for iri in self._at}

    def _starts(self) -> dict[int, int]:
        """For the line on which a row begins its number."""
        found, line = {}, 1
        for number, (_, raw) in enumerate(self._rows):
            found[line] = number
            line += len(io.StringIO(raw, newline="").readlines())
        return found

    def put(self, iri: str, wanted: set[_Value]) -> None:
        """Let the row of a concept, a new one at the end where there is none, say what is wanted."""
        number = self._at.get(iri)
        new = number is None
        cells = [""] * len(self._names) if number is None else list(self._rows[number][0])
        cells += [""] * (len(self._names) - len(cells))
        left = set(wanted)
        held: dict[str, list[tuple[str, _Value]]] = {}
        for name, column in self.columns.columns.items():
            held[name] = [] if new else list(self._values(column, cells[self._names.index(name)]))
        stays = wanted | {_IN_USE} if _DEPRECATED not in wanted else wanted
        kept = {name: [(text, value) for text, value in values if value in stays] for name, values in held.items()}
        left -= {value for values in kept.values() for _, value in values}
        for value in sorted(left):
            name = self._place(value, kept)
            kept[name].append((self._text(value), value))
        for name, column in self.columns.columns.items():
            if column.property == "id":
                if new:
                    cells[self._names.index(name)] = self._id(iri)
            elif kept[name] != held[name]:
                cells[self._names.index(name)] = self._joined(name, column, [text for text, _ in kept[name]])
        row = cells, self._line(cells)
        if number is None:
            if self._rows and not self._rows[-1][1].endswith(("\n", "\r")):
                self._rows[-1] = self._rows[-1][0], self._rows[-1][1] + self._end
            self._at[iri] = len(self._rows)
            self._ids[iri] = self._id(iri)
            self._rows.append(row)
        else:
            self._rows[number] = row
            old = {
                text.casefold() for values in held.values() for text, value in values if value.property == "prefLabel"
            }
            self._follow(
                old - {each.text.casefold() for each in wanted if each.property == "prefLabel"}, self._ids[iri]
            )

    def _follow(self, labels: set[str], name: str) -> None:
        """Let cells that name a term by a label that it has no more name it by its id."""
        links = [
            (self._names.index(header), column.separator)
            for header, column in self.columns.columns.items()
            if column.property not in (*TEXTS, "id", "notation", "deprecated")
        ]
        for number, (cells, _) in enumerate(self._rows[1:] if labels else (), 1):
            made = list(cells)
            for at, mark in links:
                parts = made[at].split(mark) if mark and at < len(made) else made[at : at + 1]
                if any(plain_text(part).casefold() in labels for part in parts):
                    made[at] = mark.join(name if plain_text(part).casefold() in labels else part for part in parts)
            if made != cells:
                self._rows[number] = made, self._line(made)

    def data(self) -> bytes:
        """The whole list."""
        return (self._mark + "".join(raw for _, raw in self._rows)).encode()

    def refused(self, problem: str) -> CannotChange:
        """The error for what the list cannot hold, with the ways out."""
        turtle, beside = (PurePath(self.file).with_suffix(ending) for ending in (".ttl", ".yaml"))
        return CannotChange(
            f"{self.file}: {problem}; add a column to it and to {beside}, or turn the "
            f"list into Turtle (`concord taxonomy convert {self.file} -o {turtle}`, then delete both)"
        )

    def _values(self, column: Column, cell: str) -> Iterator[tuple[str, _Value]]:
        """The values of a cell as they were typed, and what each says."""
        if column.property == "id":
            return
        for part in cell.split(column.separator) if column.separator else [cell]:
            if text := plain_text(part):
                yield text, self._value(column, text)

    def _value(self, column: Column, text: str) -> _Value:
        name = column.property
        if name in TEXTS:
            return _Value(name, "", text, self._language(column))
        if name == "notation":
            return _Value(name, "", text, "")
        if name == "deprecated":
            return _Value(name, "", "true" if text.lower() in ("true", "1", "yes", "x") else "false", "")
        return _Value(name, self._target(text), "", "")

    def _target(self, text: str) -> str:
        for iri, name in self._ids.items():
            if text in (name, iri):
                return iri
        labels = [name for name, column in self.columns.columns.items() if column.property == "prefLabel"]
        for iri, number in self._at.items():
            cells = dict(zip(self._names, self._rows[number][0], strict=False))
            if any(plain_text(cells.get(name, "")).casefold() == text.casefold() for name in labels):
                return iri
        return text

    def _language(self, column: Column) -> str:
        return (self.columns.language if column.language is None else column.language).lower()

    def _place(self, value: _Value, kept: Mapping[str, list[tuple[str, _Value]]]) -> str:
        """The column that takes a value more."""
        fitting = [
            name
            for name, column in self.columns.columns.items()
            if column.property == value.property
            and (value.property not in TEXTS or self._language(column) == value.language)
        ]
        if not fitting:
            language = f" in {value.language}" if value.language else ""
            raise self.refused(f"no column holds {value.property}{language}")
        for name in fitting:
            if self.columns.columns[name].separator or not kept[name]:
                return name
        raise self.refused(f"the column {fitting[0]!r} holds one value: give it a separator")

    def _text(self, value: _Value) -> str:
        return self._ids.get(value.iri, value.iri) if value.iri else value.text

    def _joined(self, name: str, column: Column, texts: list[str]) -> str:
        mark = column.separator
        if mark and (bad := [text for text in texts if mark in text]):
            raise self.refused(f"{bad[0]!r} holds what separates values in the column {name!r}")
        return f"{mark} ".join(texts) if mark.strip() else mark.join(texts)

    def _id(self, iri: str) -> str:
        name = unquote(iri.removeprefix(self.columns.base))
        return name if name != iri and iri_of(name, self.columns) == iri else iri

    def _line(self, cells: list[str]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.columns.delimiter, lineterminator=self._end).writerow(cells)
        return text.getvalue()
