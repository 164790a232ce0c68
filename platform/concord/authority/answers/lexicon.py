"""Words that lead to answers: relations, and how texts put them. General English: a new relation is a row."""

from __future__ import annotations

import re

ASIDE = frozenset(
    """what when where which who whom whose how is was the a many much year date day city state country region
    population estimated total current film album song book series game work type name known called associated primary
    main location located place sport profession""".split()  # noqa: SIM905
)
"""Words of questions that name no subject."""

DATED = {
    "born|birth": r"born|birth|b\.\s",
    "die|died|death": r"died|death|dies",
    (
        "establish(?:ed)?|found(?:ed)?|form(?:ed)?|creat(?:ed|e)|introduced|start(?:ed)?|begin|incorporated|open(?:ed)?"
        "|launched"
    ): (
        r"establish\w*|found(?:ed|ing|ation)|form(?:ed|ation)|creat(?:ed|ion)|incorporat\w*|organi[sz]ed"
        r"|open(?:ed|ing|s)\b|introduced|launch\w*|beg[aiu]n\w*|start(?:ed|ing|s)?\b|inception|proclaimed"
        r"|instituted|since|construction"
    ),
    "built|constructed|construction|completed|erected": r"built|construct\w*|complet\w*|erected|build\w*|dat(?:es|ing)",
    "released?|published|issued": r"releas\w*|publish\w*|issued",
    "take place|took place|held|fought": r"took place|fought|held|occurred|battle",
    "elected": r"elect(?:ed|ion)",
}
"""Relations that have a date, and the words beside it."""

RELATED = {
    "population": r"people|inhabitants|residents|population|persons|pop\b",
    "median age": r"median age",
    "length|long": r"length|long\b",
    "height|tall|high": r"height|tall\b|high\b|elevation",
    "area|size|big|large": r"area|size|large|acres",
}
"""Quantities, and the words beside them."""

_NAME_WORK = (
    r"(?:album|single|song|ep|record|recorded|release|track|mixtape|work|painting|sculpture|performed|released"
    r"|soundtrack)"
)
MADE_BY = {
    "artist|band|singer|performer": re.compile(
        rf"\b(?P<by>{_NAME_WORK}\s(?:\([^)]*\)\s)?by)|\b(?P<role>artist|performer)s?\b", re.I
    ),
    "direct(?:ed|or|ors)": re.compile(
        r"\b(?P<by>(?:directed|film)(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>directors?)\b", re.I
    ),
    "produced|producer": re.compile(r"\b(?P<by>produced(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>producers?)\b", re.I),
    "compos(?:ed|er)": re.compile(
        r"\b(?P<by>(?:composed|written|composition|work|symphony|quintet)(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>composers?)\b",
        re.I,
    ),
    "wr(?:ote|itten|iter)|author": re.compile(
        r"\b(?P<by>(?:written|novel|book|play|story)(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>authors?|writers?)\b", re.I
    ),
    "architect|design(?:ed|er)": re.compile(
        r"\b(?P<by>(?:designed|work|built)(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>architects?|designers?)\b", re.I
    ),
    "creat(?:ed|or)|found(?:ed|er)": re.compile(
        r"\b(?P<by>(?:created|founded|established|developed)(?:[\s,]+[\w-]+){0,3}\sby)|\b(?P<role>creators?|founders?)\b",
        re.I,
    ),
    "owner|owned|operat(?:ed|or)": re.compile(
        r"\b(?P<by>(?:owned|operated|run|built)(?:[\s,]+[\w-]+){0,3}\s(?:by|for))|\b(?P<role>owners?|operators?)\b",
        re.I,
    ),
    "husband|wife|spouse|married": re.compile(
        r"\b(?P<by>married(?:\sto)?|(?:wife|queen|widow|consort|husband)\sof)|\b(?P<role>husband|wife|spouse)\b", re.I
    ),
    "father|mother|parents?": re.compile(r"\b(?P<by>(?:son|daughter|child)\sof)|\b(?P<role>father|mother)\b", re.I),
    "approv(?:e|es|ed|er)|authori[sz]es?": re.compile(
        r"\b(?P<by>(?:approved|authori[sz]ed|signed off)\sby)|\b(?P<role>approver)\b", re.I
    ),
}
"""Who made, owns or is related to something; `by` comes before the name, `role` stands beside it."""
MAKERS = frozenset(name for name in MADE_BY if not re.search("husband|father|owner|approv", name))
"""The relations of makers: what they made is called theirs."""
