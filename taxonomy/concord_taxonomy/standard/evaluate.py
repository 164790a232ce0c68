"""Evaluating expressions on a record: a value with its origin, a failure, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concord_taxonomy.standard.dates import PartialDate, parse_date
from concord_taxonomy.standard.durations import parse_duration
from concord_taxonomy.standard.expression import Expression
from concord_taxonomy.standard.fields import is_missing
from concord_taxonomy.standard.item import Origin
from concord_taxonomy.standard.paths import look_up
from concord_taxonomy.standard.patterns import SlowPattern, search
from concord_taxonomy.standard.text import as_text, clean, shown


@dataclass(frozen=True, slots=True)
class Found:
    """A value and who gave it: the record (connector), a `const` (rule) or a `default`."""

    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Failed:
    """A value that was given and cannot be used."""

    value: str
    message: str


class _Bad(Exception):
    def __init__(self, value: Any, message: str) -> None:
        self.failure = Failed(shown(value), message)
        super().__init__(message)


def evaluate(alternatives: Sequence[Expression], record: Mapping[str, Any]) -> Found | Failed | None:
    """Return what the first alternative yields that yields any; a given but unusable value is not passed over."""
    for expression in alternatives:
        try:
            found = _one(expression, record)
        except _Bad as bad:
            return bad.failure
        if found is not None:
            return found
    return None


def _one(expression: Expression, record: Mapping[str, Any]) -> Found | None:
    if expression.const is not None:
        return Found(expression.const, Origin.RULE)
    raw = look_up(record, expression.path or "")
    value = None if is_missing(raw) else _shape(expression, raw)
    if value is not None and expression.reads_date:
        value = _dated(expression, value, record)
    if is_missing(value):
        return None if expression.default is None else Found(expression.default, Origin.DEFAULT)
    return Found(value, Origin.CONNECTOR)


def _shape(expression: Expression, raw: Any) -> Any:
    if isinstance(raw, set | frozenset):
        raw = sorted(raw, key=str)
    many = isinstance(raw, list | tuple) or expression.split is not None
    pieces = [
        piece for value in (raw if isinstance(raw, list | tuple) else [raw]) for piece in _pieces(expression, value)
    ]
    if expression.map is not None:
        pieces = [mapped for piece in pieces for mapped in _mapped(expression, piece)]
        many = many or len(pieces) > 1
    pieces = [piece for piece in pieces if not is_missing(piece)]
    return (pieces or None) if many else (pieces[0] if pieces else None)


def _pieces(expression: Expression, value: Any) -> list[Any]:
    if is_missing(value):
        return []
    if not (expression.pattern or expression.split or expression.strip or expression.lower or expression.map):
        return [value]
    text = as_text(value)
    if text is None:
        raise _Bad(value, f"a {type(value).__name__} where text is needed: name the part, as in author.name")
    if expression.pattern is not None:
        try:
            text = search(expression.pattern, text) or ""
        except SlowPattern as slow:
            raise _Bad(value, str(slow)) from None
    pieces = [clean(piece) for piece in (text.split(expression.split) if expression.split else [text])]
    if expression.strip is not None:
        pieces = [clean(piece.strip(expression.strip)) for piece in pieces]
    if expression.lower:
        pieces = [piece.lower() for piece in pieces]
    return [piece for piece in pieces if piece]


def _mapped(expression: Expression, text: str) -> tuple[Any, ...]:
    table = expression.map or {}
    if text in table:
        value = table[text]
    else:
        # A source that writes both "Final" and "FINAL" means the same.
        folded = text.casefold()
        key = next((key for key in table if key.casefold() == folded), None)
        if key is not None:
            value = table[key]
        elif expression.map_default == "keep":
            value = text
        elif expression.default is not None:
            value = expression.default
        else:
            raise _Bad(text, f"{shown(text)!r} is not in the map: add it, or give the expression a default")
    return value if isinstance(value, tuple) else (value,)


def _dated(expression: Expression, value: Any, record: Mapping[str, Any]) -> Any:
    values = value if isinstance(value, list | tuple) else [value]
    dates = [_date(expression, element) for element in values]
    if expression.plus is not None:
        length = expression.plus
        if isinstance(length, Expression):
            found = evaluate([length], record)
            if isinstance(found, Failed):
                raise _Bad(found.value, found.message)
            if found is None:
                return None
            length = clean(as_text(found.value) or "")
        dates = [_later(moment, length) for moment in dates]
    return dates if isinstance(value, list | tuple) else dates[0]


def _date(expression: Expression, value: Any) -> PartialDate:
    try:
        return parse_date(value, day_first=expression.day_first)
    except ValueError as error:
        raise _Bad(value, str(error)) from None


def _later(moment: PartialDate, length: str) -> PartialDate:
    duration = parse_duration(length)
    if duration is None:
        raise _Bad(length, f"{shown(length)!r} is no duration: write one as in 6 months, 1 year or P6M")
    try:
        return moment.plus(duration)
    except OverflowError:
        raise _Bad(length, f"{shown(length)!r} leads beyond the year 9999") from None
