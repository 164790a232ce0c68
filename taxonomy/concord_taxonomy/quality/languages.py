"""Whether a language tag is valid: well formed (RFC 5646, 2.1), and of subtags that IANA has registered (2.2.9).

The registry is the copy that the package `language-tags` carries. Deprecated subtags are valid, as are private ones and
the grandfathered tags, such as `i-klingon`, that fit no pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

_TAG = re.compile(
    r"(?P<language>[a-z]{2,8})(?P<extlang>(?:-[a-z]{3}(?![a-z0-9])){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<variant>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extension>(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*)(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_SINGLETON = re.compile(r"(?<=-)[a-z0-9](?=-)")
_KINDS = ("language", "extlang", "script", "region", "variant")


@cache
def fault_of(tag: str) -> str:
    """What is wrong with a lower-case language tag; empty for a valid one.

    >>> fault_of("en-gb"), fault_of("en-uk")
    ('', "'uk' is no registered region")
    """
    registry = _registry()
    if tag in registry["grandfathered"] or _PRIVATE.fullmatch(tag):
        return ""
    found = _TAG.fullmatch(tag)
    if found is None:
        return "it is not formed as BCP 47 says, such as en or pt-br"
    parts = {kind: [part for part in (found[kind] or "").split("-") if part] for kind in _KINDS}
    for kind in _KINDS:
        for part in parts[kind]:
            if part not in registry[kind]:
                return f"{part!r} is no registered {kind}"
    for part in parts["extlang"]:
        if found["language"] not in registry["extlang"][part]:
            return f"{part!r} does not belong to {found['language']!r}"
    for repeated in (parts["variant"], _SINGLETON.findall(found["extension"])):
        if len(repeated) > len(set(repeated)):
            return "it names a variant or extension twice"
    return ""


@cache
def _registry() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """For each kind of subtag those that there are, in lower case, with their prefixes; some tags are whole."""
    from language_tags import data

    held: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for entry in data.get("registry"):
        prefixes = frozenset(each.lower() for each in entry.get("Prefix", ()))
        for name in _each((entry.get("Subtag") or entry["Tag"]).lower()):
            held[entry["Type"]][name] = prefixes
    return held


def _each(name: str) -> Iterator[str]:
    """The subtags of a range such as `qaa..qtz`, or the one that it is."""
    first, dots, last = name.partition("..")
    if not dots:
        yield first
        return
    letters = [first]
    while letters[-1] != last:
        head, end = letters[-1].rstrip("z"), len(letters[-1]) - len(letters[-1].rstrip("z"))
        letters.append(head[:-1] + chr(ord(head[-1]) + 1) + "a" * end)
    yield from letters
