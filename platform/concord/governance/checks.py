"""What files name that other files declare: a table of places, and whether each name is known.

A place is a path into the YAML of a file: `rules[].owner` is the owner of every rule. One that ends in `=` holds an
expression of a mapping, of which the constants count.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from concord.governance.problems import Problem

Kind = Literal["connector", "concept", "principal", "source"]


@dataclass(frozen=True, slots=True)
class Mention:
    """In the files of this pattern, this place names something of this kind."""

    files: str
    place: str
    kind: Kind


_MAPPED: tuple[tuple[str, Kind], ...] = (
    ("readers", "principal"),
    ("contact_point", "principal"),
    ("steward", "principal"),
    ("subject", "concept"),
)

MENTIONS = (
    Mention("sources/*.yaml", "connector", "connector"),
    *(
        Mention("sources/*.yaml", f"mapping.{part}.{field}=", kind)
        for part in ("fields", "rules[].set", "rules[].add")
        for field, kind in _MAPPED
    ),
    Mention("ownership.yaml", "rules[].match.source", "source"),
    Mention("ownership.yaml", "rules[].match.concept", "concept"),
    Mention("ownership.yaml", "rules[].owner", "principal"),
    Mention("ownership.yaml", "rules[].steward", "principal"),
    Mention("ownership.yaml", "rules[].backup", "principal"),
    *(
        Mention("ownership.yaml", f"roles.{role}", "principal")
        for role in ("access", "authority", "taxonomy", "engineering", "triage")
    ),
    Mention("ownership.yaml", "away[].who", "principal"),
    Mention("ownership.yaml", "away[].delegate", "principal"),
    Mention("authority.yaml", "rankings[].concept", "concept"),
    Mention("authority.yaml", "rankings[].sources[]", "source"),
    Mention("authority.yaml", "delegations[].concept", "concept"),
    Mention("authority.yaml", "delegations[].source", "source"),
    Mention("tags.yaml", "tags[].add[]", "concept"),
    Mention("tags.yaml", "tags[].remove[]", "concept"),
    Mention("authority.yaml", "freshness[].concept", "concept"),
    Mention("authority.yaml", "freshness[].source", "source"),
    Mention("usecases/*.yaml", "owner", "principal"),
    Mention("usecases/*.yaml", "audience[]", "principal"),
    Mention("usecases/*.yaml", "stakeholders[].owner", "principal"),
    Mention("usecases/*.yaml", "sources[]", "source"),
    Mention("usecases/*.yaml", "concepts[]", "concept"),
)

_UNKNOWN: Mapping[Kind, str] = {
    "connector": "no connector {name!r} is installed",
    "concept": "no concept {name!r} in the files of taxonomy/",
    "principal": "no {name!r} in principals.yaml",
    "source": "no source {name!r}: there is no sources/{name}.yaml",
}

Known = Mapping[Kind, Collection[str]]
"""What is declared, by kind; a kind that is left out is not checked."""


def unknown_names(data: Mapping[str, Mapping[str, Any]], known: Known) -> list[Problem]:
    """Names that nothing declares, in the parsed files `data` (path to YAML)."""
    return [
        Problem(path, place, _told(mention.kind, name, known[mention.kind]))
        for path, content in data.items()
        for mention in MENTIONS
        if mention.kind in known and fnmatchcase(path, mention.files)
        for place, name in _names(content, mention)
        if name not in known[mention.kind]
    ]


def _names(content: Mapping[str, Any], mention: Mention) -> Iterator[tuple[str, str]]:
    for place, value in _at(content, mention.place.rstrip("=").split("."), ""):
        found = _constants(value, place) if mention.place.endswith("=") else [(place, value)]
        for where, name in found:
            # An owner given by a mapping may be an address; only reader tokens name someone of the directory.
            if isinstance(name, str) and (mention.kind != "principal" or name.startswith(("user:", "group:"))):
                yield where, name


def _at(value: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield place, value
        return
    name, each, _ = steps[0].partition("[]")
    if not isinstance(value, Mapping) or name not in value:
        return
    here = f"{place}.{name}".lstrip(".")
    if not each:
        yield from _at(value[name], steps[1:], here)
    elif isinstance(value[name], list):
        for number, entry in enumerate(value[name]):
            yield from _at(entry, steps[1:], f"{here}[{number}]")


def _constants(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key in ("const", "default"):
            yield from _constants(value.get(key), f"{place}.{key}")
        if isinstance(value.get("map"), Mapping):
            for key, mapped in value["map"].items():
                yield from _constants(mapped, f"{place}.map.{key}")
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _constants(entry, f"{place}[{number}]")
    else:
        yield place, value


def _told(kind: Kind, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; add it, or correct the name"
    return _UNKNOWN[kind].format(name=name) + hint
