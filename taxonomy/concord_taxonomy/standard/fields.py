"""The fields of the standard as a table: what kind of value each holds, and which a mapping may give."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from concord_taxonomy.standard.dates import PartialDate, parse_date
from concord_taxonomy.standard.item import AccessRights, AuthorityTier, Status
from concord_taxonomy.standard.text import as_text, clean, one_line, shown
from concord_taxonomy.standard.tokens import check_token


class Kind(StrEnum):
    """What a field holds."""

    LINE = "line"
    TEXT = "text"
    MOMENT = "moment"
    DAY = "day"
    END = "end"
    WORD = "word"
    LINES = "lines"
    IRIS = "iris"
    LINKS = "links"
    TOKENS = "tokens"


LISTS = frozenset({Kind.LINES, Kind.IRIS, Kind.LINKS, Kind.TOKENS})
DATES = frozenset({Kind.MOMENT, Kind.DAY, Kind.END})

# The order is the standard's own; everything that a mapping may give, and nothing that the platform sets itself.
MAPPABLE: MappingProxyType[str, Kind] = MappingProxyType(
    {
        "landing_page": Kind.LINE,
        "title": Kind.LINE,
        "description": Kind.TEXT,
        "type": Kind.LINE,
        "format": Kind.LINE,
        "language": Kind.LINE,
        "creator": Kind.LINE,
        "publisher": Kind.LINE,
        "contact_point": Kind.LINE,
        "steward": Kind.LINE,
        "status": Kind.WORD,
        "created": Kind.MOMENT,
        "modified": Kind.MOMENT,
        "issued": Kind.MOMENT,
        "valid_from": Kind.DAY,
        "valid_until": Kind.END,
        "last_reviewed": Kind.DAY,
        "review_due": Kind.DAY,
        "version": Kind.LINE,
        "replaces": Kind.LINKS,
        "is_replaced_by": Kind.LINKS,
        "access_rights": Kind.WORD,
        "readers": Kind.TOKENS,
        "license": Kind.LINE,
        "audience": Kind.LINES,
        "spatial": Kind.LINES,
        "conforms_to": Kind.LINES,
        "subject": Kind.IRIS,
        "keyword": Kind.LINES,
        "authority_tier": Kind.WORD,
    }
)
PLATFORM = frozenset(
    {
        "identifier", "revision", "source", "was_derived_from", "generated_at", "generated_by", "invalidated_at",
        "checksum", "field_origin",
    }
)  # fmt: skip
"""Fields that the platform sets and a mapping may not."""

LIST_FIELDS = frozenset(name for name, kind in MAPPABLE.items() if kind in LISTS)
_WORDS: dict[str, tuple[str, ...]] = {
    "status": tuple(Status),
    "access_rights": tuple(AccessRights),
    "authority_tier": tuple(AuthorityTier),
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lives: what its links are relative to. `sources` are the ids of all sources."""

    source: str
    native_id: str = ""
    sources: Collection[str] = ()


def convert(field: str, value: Any, place: Place) -> Any:
    """Return a value, or a list of them, as the field holds it; raise `ValueError` with a plain sentence otherwise."""
    kind = MAPPABLE[field]
    values = [element for element in _elements(value) if not is_missing(element)]
    if kind in LISTS:
        return tuple(dict.fromkeys(_element(kind, element, place) for element in values))
    if not values:
        return None
    if len(values) > 1:
        raise ValueError(f"{len(values)} values where the standard has one: name which, as in authors[0]")
    return _scalar(field, kind, values[0])


def is_missing(value: Any) -> bool:
    """Whether a value says nothing: null, blank text, an empty list."""
    match value:
        case None:
            return True
        case str():
            return not clean(value)
        case list() | tuple() | set() | frozenset():
            return all(is_missing(element) for element in value)
        case _:
            return False


def _elements(value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, set | frozenset):  # YAML's !!set has no order of its own
        return sorted(value, key=str)
    return (value,)


def _scalar(field: str, kind: Kind, value: Any) -> Any:
    if kind in DATES:
        moment = value if isinstance(value, PartialDate) else parse_date(value)
        if kind is Kind.MOMENT:
            return moment.start
        return moment.end() if kind is Kind.END else moment.day()
    if kind is Kind.TEXT:
        return clean(_text(value))
    text = one_line(_text(value))
    if kind is Kind.WORD and text not in _WORDS[field]:
        raise ValueError(
            f"{shown(text)!r} is not one of {', '.join(_WORDS[field])}: translate it with `map`, or correct the source"
        )
    return text


def _element(kind: Kind, value: Any, place: Place) -> str:
    text = one_line(_text(value))
    if kind is Kind.TOKENS:
        return check_token(text)
    if kind is Kind.IRIS and not _IRI.fullmatch(text):
        raise ValueError(f"{shown(text)!r} is no concept: write its IRI, or translate the word with `map`")
    if kind is Kind.LINKS:
        return _link(text, place)
    return text


def _text(value: Any) -> str:
    text = value.day().isoformat() if isinstance(value, PartialDate) else as_text(value)
    if text is None:
        raise ValueError(f"a {type(value).__name__} where a single value is needed: name the part, as in author.name")
    return text


def _link(text: str, place: Place) -> str:
    """An identifier from a native id of the same source; `./` and `../` are relative to the record's folder."""
    first = text.split("/", 1)[0]
    if "/" in text and (first == place.source or first in place.sources):
        return text
    native = text.removeprefix("/")
    if text.startswith(("./", "../")):
        native = posixpath.join(posixpath.dirname(place.native_id), text)
    native = posixpath.normpath(native)
    if native.startswith("../") or native in ("..", "."):
        raise ValueError(f"{shown(text)!r} leads out of the source: write the native id of the page meant")
    return f"{place.source}/{native}"
