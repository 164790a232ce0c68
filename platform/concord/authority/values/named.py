"""Named values: "the approver is the director", "use Splunk", "submit in Concur". Conservative: fixed shapes only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.typed import TypedValue, ValueType

_SLOT = (
    r"(?:approver|owner|sponsor|supplier|provider|vendor|carrier|insurer|auditor|administrator|reviewer|signatory|lead"
    r"|tool|system|platform|service|product|database|framework|library|language|browser|editor|registry|font|format"
    r"|default|standard|method|location|venue|classification|(?:point\sof\s)?contact|contact\sperson)"
)
_ROLE = r"[a-z][\w’'-]*(?:\s(?:of\s)?[a-z][\w’'-]*){0,3}?"
_WORD = r"\b[A-Z][\w.+#-]{0,40}[\w+#]"
_PROPER = rf"{_WORD}(?:\s(?:{_WORD}|\d{{1,4}})){{0,5}}"
_LISTED = rf"(?P<names>{_PROPER}(?:(?:,|,?\s(?:or|and))\s{_PROPER}){{0,5}})"
_STOP = (
    r"(?=\s*(?:[.,;:()!]|$|\s(?:and|or|for|in|who|which|that|unless|if|when|before|after|on|at|by|to"
    r"|from|with|as|within)\b))"
)
_IS = re.compile(
    rf"\b(?:the|our|your)\s(?:[a-z][\w-]*\s){{0,3}}?{_SLOT}(?:\s(?:for|of)\s[\w\s-]{{2,40}}?)?\s(?:is|are)\s"
    rf"(?:now\s|always\s)?(?:(?:the|your|our)\s(?P<role>{_ROLE})|(?P<name>{_PROPER})){_STOP}",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:approved|authori[sz]ed|signed\soff|countersigned|granted|reviewed)\sby\s"
    rf"(?:the|your|their|a|an)\s(?P<role>{_ROLE}){_STOP}",
    re.IGNORECASE,
)
_APPROVES = re.compile(
    rf"^(?:the|your|a|an)\s(?P<role>{_ROLE})\s(?:approves|authori[sz]es|signs\soff|must\sapprove)\b", re.IGNORECASE
)
_ACTS = (
    r"(?:submit|file|book|log|record|raise|request|report|claim|track|store|register|enter|apply|document|manage|host"
    r"|deploy)"
)
_USE = re.compile(rf"(?:^\W{{0,3}}|\b(?:[Ww]e|teams?|must|should|[Pp]lease|[Aa]lways)\s)(?i:uses?)\s{_LISTED}")
_IN = re.compile(
    rf"(?:^\W{{0,3}}(?i:{_ACTS})|\b(?:must|should|please|to|and|can|may|always|you|then)\s{_ACTS}"
    rf"|\b(?:is|are|be)\s{_ACTS}(?:t?ed|ged|d))\b"
    r"(?:\s(?:all|the|your|their|an?|any|every|each|it|them|this|these))?(?:\s[a-z][\w-]*){0,5}?"
    rf"\s(?:in|through|via|using|with|on|into)\s{_LISTED}"
)
_ONE = re.compile(rf"(?!(?:and|or)\b){_PROPER}")
_WITH_NAME = re.compile(r"\s(?:in|through|via|using|with|on|into)\s[A-Z]")
# Neither times nor words that only begin with a capital, or say that anything will do, are names.
_NO_NAME = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december english it this that these those them your our their the a an all any each
    every we you i q1 q2 q3 q4 step section appendix table figure chapter""".split()  # noqa: SIM905
)
_VAGUE = frozenset(
    """same following responsible right best only first last one person case new team most main important available
    different required optional preferred recommended used based available""".split()  # noqa: SIM905
)


def find_named(text: str) -> Iterator[FoundValue]:
    """Yield named values; `unit` is the shape that was read (`is`, `by`, `use`, `in`), `low` the name in lower case."""
    lowered = text.lower()
    for pattern, unit, hints in (
        (_IS, "is", (" is ", " are ")),
        (_BY, "by", ("ed by ", " off by ")),
        (_APPROVES, "by", ("approve", "authori", "signs off")),
    ):
        if not any(hint in lowered for hint in hints):
            continue
        for match in pattern.finditer(text):
            groups = match.groupdict()
            group = "role" if groups["role"] else "name"
            name = groups[group]
            if group == "name" and not name[0].isupper():
                continue
            words = name.lower().split()
            if not _VAGUE.intersection(words) and words[0] not in _NO_NAME:
                yield _found(unit, name, match.start(group), match.end(group))
    for pattern, unit, hinted in ((_USE, "use", "use" in lowered), (_IN, "in", _WITH_NAME.search(text))):
        if not hinted:
            continue
        for match in pattern.finditer(text):
            for each in _ONE.finditer(text, match.start("names"), match.end("names")):
                if each[0].split()[0].lower() not in _NO_NAME:
                    yield _found(unit, each[0], each.start(), each.end())


def _found(unit: str, name: str, start: int, end: int) -> FoundValue:
    name = re.sub(r"['’]s$", "", " ".join(name.lower().split()))
    return FoundValue(TypedValue(ValueType.NAMED, name, unit=unit), start, end)
