"""The scope of a claim: for whom, where, when and under what condition it holds.

Read from the sentence; what it leaves open is inherited from headings, title and path. Tables of words stand in
`concord.authority.scope_words`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType

from concord.authority.scope_words import (
    ACTS,
    ALIASES,
    ALTERNATIVES,
    BODIES,
    NO_ORGANISATION,
    NO_PLACE,
    PEOPLE,
    ROLES,
)
from concord.authority.values.numbers import NUMBER_WORDS
from concord.authority.words import FUNCTION_WORDS, TOKEN, stem

_NAME = r"[A-Z][\w’'&.-]*[\w]"
_NAMES = rf"{_NAME}(?:\s(?:(?:of|and|de|&)\s)?{_NAME})*"
_PLACED = re.compile(rf"\b(?i:(?P<by>in|at|of|for|within|across)\s(?:the\s|all\s|our\s)?)(?P<names>{_NAMES})")
_ORGANISATION = re.compile(rf"\b(?P<name>{_NAME})\s(?P<who>{'|'.join(PEOPLE)})\b")
_ROLE = re.compile(
    rf"\b(?:(?P<kind>[a-z]+|[A-Z][a-z]+)[\s-])?(?P<role>{'|'.join(sorted(ROLES, key=len, reverse=True))})s?\b",
    re.IGNORECASE,
)
_ACTING = re.compile(
    rf"\b(?:by|(?:{'|'.join(ACTS)})\s(?:of|from|by))\s(?:either\s)?(?:an?\s|the\s|your\s|their\s)?$", re.IGNORECASE
)
_BODY = re.compile(rf"\b(?:{'|'.join(BODIES)})\s$")
_GRADE = re.compile(r"\b(?P<what>[Gg]rade|[Bb]and|GS|[Ll]evel)[\s-]?(?P<value>[A-Z]?\d{1,2}[A-Z]?|[A-Z])\b")
_TIER = re.compile(
    r"\b(?P<what>tier|priority|severity|class|category|sev|P(?=\d))[\s-]?(?P<value>\d|[A-Z])\b", re.IGNORECASE
)
_SHORT = {"p": "priority", "sev": "severity"}
_FISCAL = re.compile(
    r"\bFY\s?(?:20)?(?P<year>\d\d)(?:/\d\d)?\b|\b20(?P<split>\d\d)[/-](?:20)?(?P<next>\d\d)\b(?!-)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\w.,-])(?P<year>(?:19|20)\d\d)(?![\w,]|\.\d|-\d\d-)")
_QUARTER = re.compile(r"\bQ(?P<digit>[1-4])\b|\b(?P<word>first|second|third|fourth)\squarter\b", re.IGNORECASE)
_QUARTERS = {"first": "q1", "second": "q2", "third": "q3", "fourth": "q4"}
_ARCHITECTURE = re.compile(r"\b\d+-bit\b", re.IGNORECASE)
_CONDITIONS = tuple(
    (word, re.compile(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])"))
    for word in dict.fromkeys(word for group in ALTERNATIVES.values() for word in group)
)
_VERSION = re.compile(r"\b(?:version|release|v)\s?(?P<number>\d+(?:\.\d+)*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The facets of a scope, each a sorted tuple of words (lower case); an empty facet leaves it open.

    `case` is the row of a table that stands for a range of values ("1 to 5 years"). `inherited` names the facets that
    the sentence itself does not state, or not as whom it holds for ("approved by a director").
    """

    organisation: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()

    def facet(self, name: str) -> frozenset[str]:
        """The words of a facet."""
        return frozenset(getattr(self, name))

    def words(self) -> frozenset[str]:
        """The stems of the words that state the scope, inherited facets aside."""
        phrases = [phrase for name in FACETS if name not in self.inherited for phrase in getattr(self, name)]
        return frozenset(stem(word) for phrase in phrases for word in TOKEN.findall(phrase))

    def describe(self) -> str:
        """The scope in words, such as "engineering, FY26"; empty when everything is open."""
        return ", ".join(word for name in FACETS for word in getattr(self, name) if name not in self.inherited)


OPEN = Scope()
"""The scope that leaves everything open."""
FACETS = tuple(field.name for field in fields(Scope) if field.name != "inherited")
"""The facets by name."""
_APART = tuple(name for name in FACETS if name not in ("organisation", "region", "product"))


def compatible(left: Scope, right: Scope, *, ignore: frozenset[str] = frozenset()) -> bool:
    """Whether both scopes can hold at once: no facet that both state without a word in common.

    Names are one facet here: whether "Rotterdam" is a region or an organisation does not matter. A table's case is
    compatible with itself alone.
    """
    if left.case != right.case:
        return False
    for name in _APART:
        one, other = getattr(left, name), getattr(right, name)
        if one and other and name not in ignore and _apart(name, frozenset(one), frozenset(other)):
            return False
    mine = {*left.organisation, *left.region, *left.product}
    theirs = {*right.organisation, *right.region, *right.product}
    return not (mine - theirs and theirs - mine)


def narrower(left: Scope, right: Scope) -> bool:
    """Whether `left` states everything that `right` states, and more (periods and inherited facets aside)."""
    mine, theirs = _stated(left), _stated(right)
    return mine > theirs


_IN_PATHS = frozenset({"organisation", "role", "grade", "region", "period"})
"""Facets that a file's name can tell: `policy-v2` names the document's own version, not a product's."""


def specificity(scope: Scope) -> int:
    """How many facets the sentence itself states (the period aside)."""
    return len({name for name, _ in _stated(scope)})


def read_scope(sentence: str, *, around: tuple[str, ...] = (), path: str = "") -> Scope:
    """Read a sentence's scope; what it leaves open is inherited from `around` (nearest first) and `path`."""
    stated = _read(sentence)
    facets: dict[str, tuple[str, ...]] = {name: tuple(sorted(words)) for name, words in stated.items()}
    # Whoever approves something is not whom it holds for; yet what one approves and another is not the same.
    inherited = ["role"] if stated["role"] and not _roles(sentence, acting=False) else []
    texts = [(text, FACETS) for text in around] + [(text, _IN_PATHS) for text in _path_texts(path)]
    for text, tellable in texts:
        for name, title_words in _read_title(text).items():
            if title_words and name in tellable and not facets.get(name):
                facets[name] = title_words
                inherited.append(name)
    return Scope(**facets, inherited=tuple(sorted(inherited)))


def _stated(scope: Scope) -> frozenset[tuple[str, str]]:
    names = [name for name in FACETS if name not in ("period", "case") and name not in scope.inherited]
    return frozenset((name, word) for name in names for word in scope.facet(name))


def _apart(name: str, one: frozenset[str], other: frozenset[str]) -> bool:
    if name == "condition":
        return any(
            one & group and other & group and not one & other & group for group in map(frozenset, ALTERNATIVES.values())
        )
    if name == "period":
        return _periods_apart(one, other)
    if name == "role":
        # "manager" is every manager: only roles of which neither names the other are apart.
        return not any(_same_role(mine, theirs) for mine in one for theirs in other)
    return not one & other


def _same_role(one: str, other: str) -> bool:
    mine, theirs = set(one.split()), set(other.split())
    return mine <= theirs or theirs <= mine


def _periods_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Periods differ when their fiscal years, calendar years, quarters or last days do, each kind for itself."""
    for kind in ("fy", "y", "q", "to "):
        mine = {word for word in one if re.match(rf"{kind}\d", word)}
        theirs = {word for word in other if re.match(rf"{kind}\d", word)}
        if mine and theirs and not mine & theirs:
            return True
    return False


@lru_cache(maxsize=4_096)
def _read_title(text: str) -> Mapping[str, tuple[str, ...]]:
    """The facets that a heading or title states; every sentence below it asks for them."""
    return MappingProxyType({name: tuple(sorted(words)) for name, words in _read(text, title=True).items()})


def _read(text: str, *, title: bool = False) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in FACETS}
    found["period"] = _periods(text)
    found["grade"] = {f"{match['what']} {match['value']}".lower() for match in _GRADE.finditer(text)}
    found["tier"] = {
        f"{_SHORT.get(match['what'].lower(), match['what'].lower())} {match['value'].lower()}"
        for match in _TIER.finditer(text)
    }
    lowered = f" {text.lower()} "
    if any(role in lowered for role in ROLES):
        found["role"] = _roles(text)
    found["condition"] = {word for word, pattern in _CONDITIONS if word in lowered and pattern.search(lowered)}
    if not title or not _title_case(text):
        _read_names(text, found)
    found["version"] = {match["number"] for match in _VERSION.finditer(text)}
    found["version"] |= {match[0].lower() for match in _ARCHITECTURE.finditer(text)}
    return found


def _read_names(text: str, found: dict[str, set[str]]) -> None:
    for match in _PLACED.finditer(text):
        name = match["names"].rstrip(".").lower()
        name = ALIASES.get(name, name)
        if match["by"].lower() == "of" and _BODY.search(text, 0, match.start()):
            continue
        if name not in NO_PLACE and not _FISCAL.match(match["names"]):
            found["region" if match["by"].lower() in {"in", "at", "within", "across"} else "product"].add(name)
    for match in _ORGANISATION.finditer(text):
        name = match["name"]
        if name.lower() not in NO_ORGANISATION and not _GRADE.fullmatch(name) and not _TIER.fullmatch(name):
            found["organisation"].add(name.lower())


def _roles(text: str, *, acting: bool = True) -> set[str]:
    """The roles that a text names; without those that approve or do something, where `acting` is false."""
    roles = set()
    for match in _ROLE.finditer(text):
        if not acting and _ACTING.search(text, 0, match.start()):
            continue
        kind = (match["kind"] or "").lower()
        plain = not kind or kind in FUNCTION_WORDS or kind in NUMBER_WORDS
        roles.add(match["role"].lower() if plain else f"{kind} {match['role'].lower()}")
    return roles


def _periods(text: str) -> set[str]:
    periods = set()
    for match in _FISCAL.finditer(text):
        if match["year"]:
            periods.add(f"fy{match['year']}")
        elif int(match["next"]) == int(match["split"]) + 1:
            periods.add(f"fy{match['next']}")
    if not periods:
        periods |= {f"y{match['year']}" for match in _YEAR.finditer(text)}
    for match in _QUARTER.finditer(text):
        periods.add(f"q{match['digit']}" if match["digit"] else _QUARTERS[match["word"].lower()])
    return periods


def _path_texts(path: str) -> tuple[str, ...]:
    """The file's name in words: a path tells periods and roles, as titles do."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return (re.sub(r"[-_]+", " ", name),) if name else ()


def _title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[A-Za-z]{4,}", text) if word]
    return len(words) > 2 and all(word[0].isupper() for word in words)
