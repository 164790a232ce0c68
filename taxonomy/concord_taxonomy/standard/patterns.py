"""Regular expressions that mapping files hold, bounded: refused when explosive, stopped when slow."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

MAX_PATTERN = 500
MAX_TEXT = 200_000
SECONDS = 1.0
_UNBOUNDED = 32
_PROBES = frozenset([*map(chr, range(128)), "é", "ß", "٣", "日", "\u00a0", "—"])


class SlowPattern(Exception):
    """A pattern ran longer than `SECONDS` on one value."""


def check_pattern(pattern: str) -> str:
    """Return `pattern`; raise `ValueError` where it is too long, no regular expression, or explosive."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"the pattern has {len(pattern)} characters and may have {MAX_PATTERN}: split it up")
    try:
        _compiled(pattern)
        tree = _parser().parse(pattern)
    except RecursionError:
        raise ValueError("the pattern is nested too deeply: simplify it") from None
    except Exception as error:  # two engines, each with error types of its own
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from None
    if _explodes(tree):
        raise ValueError(
            f"{pattern!r} repeats a repetition, which can take for ever on some texts: separate the repetitions by "
            "something that must stand between them"
        )
    return pattern


def search(pattern: str, text: str) -> str | None:
    """Return what `pattern` finds in the first `MAX_TEXT` characters: its group `value`, else group 1, else all.

    Raises `SlowPattern` after `SECONDS`.
    """
    try:
        match = _compiled(pattern).search(text[:MAX_TEXT], timeout=SECONDS)
    except TimeoutError:
        raise SlowPattern(f"the pattern {pattern!r} took more than {SECONDS:g} s: simplify it") from None
    if match is None:
        return None
    groups = match.re.groupindex
    found: str | None = match["value"] if "value" in groups else match[1] if match.re.groups else match[0]
    return found


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    regex = importlib.import_module("regex")  # the standard library's engine cannot be stopped
    re.compile(pattern)  # only what both engines know, so that patterns mean what the standard library says
    return regex.compile(pattern)


def _parser() -> Any:
    return importlib.import_module("re._parser")


def _explodes(nodes: Iterable[Any]) -> bool:
    """Whether an unbounded repetition can stand next to itself inside another one, as in `(a+)+` or `(a+b?)*`."""
    for op, argument in nodes:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, body = argument
            if int(most) >= _UNBOUNDED and _loops(_flat(body)):
                return True
        if any(_explodes(part) for part in _parts(name, argument)):
            return True
    return False


def _loops(body: Sequence[tuple[str, Any]]) -> bool:
    for position, (name, argument) in enumerate(body):
        if name == "BRANCH":
            # Each alternative loops with what stands around the choice.
            for alternative in argument[1]:
                if _loops([*body[:position], *_flat(alternative), *body[position + 1 :]]):
                    return True
        if name in ("MAX_REPEAT", "MIN_REPEAT") and int(argument[1]) >= _UNBOUNDED:
            own = _characters(argument[2])
            others = [*body[:position], *body[position + 1 :]]
            if all(_optional(node) or own & _characters([node]) for node in others):
                return True
    return False


def _flat(nodes: Iterable[Any]) -> list[tuple[str, Any]]:
    """The nodes with their groups opened: `(?:a)b` and `ab` are one."""
    flat: list[tuple[str, Any]] = []
    for op, argument in nodes:
        if str(op) == "SUBPATTERN":
            flat.extend(_flat(argument[-1]))
        else:
            flat.append((str(op), argument))
    return flat


def _parts(name: str, argument: Any) -> list[Any]:
    match name:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [argument[2]]
        case "SUBPATTERN":
            return [argument[-1]]
        case "BRANCH":
            return list(argument[1])
        case "ASSERT" | "ASSERT_NOT":
            return [argument[1]]
        case "ATOMIC_GROUP":
            return [argument]
        case "GROUPREF_EXISTS":
            return [part for part in argument[1:] if part is not None]
        case _:
            return []


def _optional(node: tuple[str, Any]) -> bool:
    name, argument = str(node[0]), node[1]
    if name in ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS"):
        return True
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return int(argument[0]) == 0
    if name == "BRANCH":
        return any(all(_optional(part) for part in alternative) for alternative in argument[1])
    return False


def _characters(nodes: Iterable[Any]) -> frozenset[str]:
    """Which of some probe characters the nodes can hold anywhere."""
    found: frozenset[str] = frozenset()
    for op, argument in nodes:
        name = str(op)
        match name:
            case "LITERAL":
                found |= {chr(argument)}
            case "NOT_LITERAL":
                found |= _PROBES - {chr(argument)}
            case "ANY":
                found |= _PROBES
            case "IN":
                found |= _members(argument)
            case _:
                for part in _parts(name, argument):
                    found |= _characters(part)
    return found


_CATEGORIES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S", "NOT_WORD": r"\W"}


def _members(items: Iterable[Any]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    negated = False
    for op, argument in items:
        match str(op):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found |= {chr(argument)}
            case "RANGE":
                low, high = argument
                found |= {probe for probe in _PROBES if low <= ord(probe) <= high} | {chr(low), chr(high)}
            case "CATEGORY":
                category = _CATEGORIES[str(argument).removeprefix("CATEGORY_")]
                found |= {probe for probe in _PROBES if re.match(category, probe)}
    return _PROBES - found if negated else found
