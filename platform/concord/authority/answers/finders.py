"""Where a text answers: one function per kind of answer, each giving candidates with a weight."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

from concord.authority.answers.asked import AskedFor
from concord.authority.answers.candidate import Candidate, Kind
from concord.authority.answers.lexicon import MAKERS
from concord.authority.values.dates import find_dates
from concord.authority.values.numbers import DIGITS, SCALE, parse_number, plain
from concord.authority.words import TOKEN

_YEAR = re.compile(r"(?<![\w.,$£€-])(?:1[0-9]|20)\d\d(?![\w%]|,\d|\.\d)")
_NUMBER = re.compile(rf"(?<![\w.,])(?<!\[)(?<!\[\s)(?P<number>{DIGITS})(?P<scale>{SCALE})?(?![\w%]|\s?%|\.\d|,\d)")
# An initial ends no sentence ("S. M. Smith").
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]\"”’%][a-z0-9)\]\"”’%])\s?[.!?]\s+(?=[A-Z\"“])")
_NEAR = 70
"""Characters between an answer and the word that leads to it, at most."""
_COUNTED = 14
"""The same between a number and the noun that it counts."""
_BEFORE = 0.9
"""What a value before its word counts, next to one after it."""
_BETWEEN = re.compile(r"(?<![\w.,])(?!(?:1[0-9]|20)\d\d\b)\d|density|households|families|%|\bage\b")
_JOINT = re.compile(r"\s?(?:–|—|-|\bto\b|\buntil\b|\bthrough\b)\s?")
_PARENTHESES = re.compile(r"\((?P<all>[^()]{4,90})\)")
_PROPER = r"(?:\b(?:(?:[A-Z]\.){1,4}|(?:Jr|Sr|St|Dr|Mr|Mrs)\.|[A-Z][\w’'&-]{0,40}))"
_NAME = re.compile(
    rf"(?:the\s|The\s)?{_PROPER}(?:\s(?:(?:of|de|von|van|bin|al|del|di|da|and\sthe)\s)?{_PROPER}|\s\d{{1,4}}){{0,6}}"
)
_PLACE = re.compile(
    rf"\b(?P<by>(?:located|situated|based|headquartered|born|lies|stands|established|house|school|building|city|town|village"
    rf"|museum|fort|road|highway|airline|university|station)\b[^.;()]{{0,50}}?)\b(?:in|at|near)\s(?:the\s)?(?P<place>{_PROPER}(?:,?\s(?:of\s)?{_PROPER}){{0,6}})"
)
_BORN = re.compile(
    rf"\b(?P<by>born\b[^.;]{{0,40}}?|birthplace\s?:?|place of birth\s?:?)"
    rf"\s?(?:in|at|near)?\s(?P<place>{_PROPER}(?:\s?,?\s(?:of\s)?{_PROPER}){{0,6}})"
)
_BOUNDARY = re.compile(
    r"[.,;:()\"“”\[\]`]|\s(?:in|on|from|for|with|and|released|was|is|as|at|to|by|who|which|that|featuring|between|during)\s"
)
# Between a maker's mark and the name stands who they are: "by American rock band …".
_DESCRIBED = re.compile(
    r"(?:american|british|english|canadian|australian|south|north|korean|japanese|irish|scottish|welsh|german|french|italian"
    r"|swedish|norwegian|indian|russian|spanish|the|its|his|her|their)",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    """the a an in on at of and it he she they this that there american british english canadian australian irish german
    french italian indian january february march april may june july august september october november december mr mrs
    dr sir lord lady king queen prince princess emperor professor president minister united states new album single ep
    county city state street road school house national university notes hi hello songs reviews review references
    retrieved wikipedia archived history background released released album track listing main all for with from by
    his her its their our my your one two first second no yes""".split()  # noqa: SIM905
)


_LONG = 5
"""Words of a name, at most."""


Cue = tuple[int, int, str]


def find_candidates(text: str, asked: AskedFor) -> list[Candidate]:
    """The possible answers of a text, surest first."""
    found = _FINDERS[asked.kind](text, asked)
    return sorted(found, key=lambda each: (-each.weight, each.start))


def _dates(text: str, asked: AskedFor) -> Iterator[Candidate]:
    spans: list[tuple[tuple[str, ...], int, int]] = []
    for found in find_dates(text):
        joint = _JOINT.search(text, found.start, found.end) if found.value.high else None
        ends = (found.start, joint.start(), joint.end(), found.end) if joint else (found.start, found.end)
        for each, start, end in zip((found.value.low, found.value.high or ""), ends[::2], ends[1::2], strict=False):
            if not each.startswith("--"):
                spans.append((tuple(each.split("-")), start, end))
    dated = {position for _, start, end in spans for position in range(start, end)}
    for match in _YEAR.finditer(text):
        if match.start() not in dated:
            spans.append(((match[0],), *match.span()))
    spans.sort(key=lambda each: each[1])
    starts = [start for _, start, _ in spans]
    lifetimes = [
        (match, spans[bisect_left(starts, match.start()) : bisect_left(starts, match.end())])
        for match in _PARENTHESES.finditer(text)
    ]
    for match, dates in lifetimes:
        # "Ann Smith (8 February 1900 – 3 May 1971)": born and died.
        if dates and len(dates) <= 2 and _named_before(text, match.start(), asked):
            if asked.relation.startswith("born") and (len(dates) == 2 or "born" in match[0]):
                yield Candidate(dates[0][0], dates[0][1], dates[0][2], 3.0)
            if asked.relation.startswith("die") and len(dates) == 2:
                yield Candidate(dates[1][0], dates[1][1], dates[1][2], 3.0)
    if asked.relation.startswith("release"):
        titled = re.match(r"[^\n()]{1,80}\((?P<year>(?:19|20)\d\d)\s", text)
        if titled is not None:
            yield Candidate((titled["year"],), titled.start("year"), titled.end("year"), 1.5)
    yield from _near_cues(text, asked, spans)


def _named_before(text: str, position: int, asked: AskedFor, width: int = 60) -> bool:
    return bool({token.lower() for token in TOKEN.findall(text[max(0, position - width) : position])} & asked.subject)


def _numbers(text: str, asked: AskedFor) -> Iterator[Candidate]:
    """Numbers that a word of the question measures: "3,559 people", "the population was 319"; no other one between."""
    breaks = [match.start() for match in _SENTENCE.finditer(text)]
    cues = _cues(text, asked)
    for match in _NUMBER.finditer(text):
        written = match["number"]
        if _YEAR.fullmatch(written):
            continue
        start, end = match.span("number")
        known: dict[str, float] = {}
        for left, right, word in _around(cues, start, end):
            between = text[right:start] if right <= start else text[end:left]
            limit = _NEAR if right <= start else _COUNTED
            if (
                len(between) > limit
                or _BETWEEN.search(between)
                or not _together(breaks, min(end, right), max(start, left))
            ):
                continue
            weight = 1.0 - len(between) / (2 * limit)
            known[word] = max(known.get(word, 0.0), weight)
        if known:
            # Several words of the question beside a number ("median income for a family") say more than one.
            yield Candidate(
                (plain(parse_number(written, match["scale"])),),
                start,
                end,
                max(known.values()) + 0.5 * (len(known) - 1),
            )


def _cues(text: str, asked: AskedFor) -> list[Cue]:
    return [(match.start(), match.end(), match[0].lower()) for match in asked.cues.finditer(text)]


def _around(cues: list[Cue], start: int, end: int) -> list[Cue]:
    """The cues near enough to a value to be looked at."""
    return cues[bisect_left(cues, (start - 2 * _NEAR, 0, "")) : bisect_left(cues, (end + _NEAR, 0, ""))]


def _together(breaks: list[int], low: int, high: int) -> bool:
    return bisect_left(breaks, low) == bisect_left(breaks, high)


def _near_cues(text: str, asked: AskedFor, spans: list[tuple[tuple[str, ...], int, int]]) -> Iterator[Candidate]:
    """Values that stand beside the question's words in one sentence; the nearer, the surer."""
    breaks = [match.start() for match in _SENTENCE.finditer(text)]
    cues = _cues(text, asked)
    for key, start, end in spans:
        best = 0.0
        for left, right, _ in _around(cues, start, end):
            low, high = (right, start) if right <= start else (end, left)
            if 0 <= high - low <= _NEAR and _together(breaks, low, high):
                best = max(best, (1.0 if right <= start else _BEFORE) - (high - low) / (2 * _NEAR))
        if best:
            yield Candidate(key, start, end, best)


def _names(text: str, asked: AskedFor) -> Iterator[Candidate]:
    for match in asked.cues.finditer(text):
        by = match["by"] is not None
        rest = text[match.end() : match.end() + 110]
        if by:
            candidate = _maker(rest, match.end(), asked)
            if candidate is not None:
                yield candidate
        else:
            after = re.match(rf"\s?[:,=]?\s(?:was\s|is\s|[:=]\s)?(?P<name>{_NAME.pattern})", rest)
            if after is not None:
                yield from _named(after["name"], match.end() + after.start("name"), asked, 0.8)
            before = re.search(
                rf"(?P<name>{_NAME.pattern})(?:\s(?:is|was)|,)\s(?:the|its|an?)\s(?:[\w-]+\s){{0,3}}$",
                text[max(0, match.start() - 90) : match.start()],
            )
            if before is not None:
                yield from _named(before["name"], max(0, match.start() - 90) + before.start("name"), asked, 0.8)
    yield from _beside_subject(text, asked)
    if asked.relation.startswith("artist"):
        for match in re.finditer(
            rf"(?P<name>{_NAME.pattern})['’]s?\s(?:\w+\s){{0,4}}?(?:album|single|EP|song)\b", text
        ):
            yield from _named(match["name"], match.start(), asked, 0.6)
        titled = re.match(rf"[^\n(]{{1,80}}\((?P<name>{_NAME.pattern})\s(?:album|EP|song)\)", text)
        if titled is not None:
            yield from _named(titled["name"], titled.start("name"), asked, 1.5)


def _beside_subject(text: str, asked: AskedFor) -> Iterator[Candidate]:
    """Whoever made the subject: "<subject> by Ann Smith", "Ann Smith's <subject>"."""
    if asked.relation not in MAKERS:
        return
    for match in re.finditer(r"\sby\s(?=[A-Z])", text):
        if _named_before(text, match.start(), asked, 30):
            candidate = _maker(text[match.end() : match.end() + 110], match.end(), asked)
            if candidate is not None:
                yield replace(candidate, weight=0.8)
    for match in re.finditer(rf"(?P<name>{_NAME.pattern})['’]s?\s", text):
        after = {
            token.lower() for token in TOKEN.findall(text[match.end() : match.end() + 25]) if not token[0].islower()
        }
        if after & asked.subject:
            yield from _named(match["name"], match.start(), asked, 0.7)


def _maker(rest: str, offset: int, asked: AskedFor) -> Candidate | None:
    """The name after "by": the last one before the phrase ends, past what describes it."""
    last: re.Match[str] | None = None
    for name in _NAME.finditer(rest):
        boundary = _BOUNDARY.search(rest, last.end() - 1 if last else 0, name.start() + 1)
        if boundary is not None and boundary.start() < name.start() - 1 and last is not None:
            break
        if last is None and name.start() > 60:
            return None
        last = name
    if last is None:
        return None
    return next(_named(last[0], offset + last.start(), asked, 1.0), None)


def _named(name: str, start: int, asked: AskedFor, weight: float) -> Iterator[Candidate]:
    key = tuple(word.lower().removesuffix("'s").removesuffix("’s").strip(".") for word in re.findall(r"[^\s,]+", name))
    key = tuple(
        word
        for word in key
        if word not in _NO_NAME and len(word) > 1 and not word.isdigit() and not _DESCRIBED.fullmatch(word)
    )
    if key and len(key) <= _LONG and not set(key) & asked.subject:
        yield Candidate(key, start, start + len(name), weight)


def _places(text: str, asked: AskedFor) -> Iterator[Candidate]:
    if not asked.relation:
        yield from _beside_places(text, asked)
    for pattern in (_BORN,) if asked.relation else (_PLACE,):
        for match in pattern.finditer(text):
            key = tuple(word.lower() for word in TOKEN.findall(match["place"]) if word.lower() not in _NO_NAME)
            key = tuple(word for word in key if word not in asked.subject)
            if key:
                yield Candidate(
                    key, match.start("place"), match.end("place"), 1.0 - (match.start("place") - match.start()) / 200
                )


_BESIDE = re.compile(
    rf"(?P<word>\b[\w’'-]{{1,40}})\s?(?:,\s|\sin\s|\sof\s|\s\()(?:the\s)?(?P<place>{_PROPER}(?:\s?,?\s(?:of\s)?{_PROPER}){{0,6}})"
)


def _beside_places(text: str, asked: AskedFor) -> Iterator[Candidate]:
    """Where the subject is: "<subject>, Iowa", "<subject> of Lyon"."""
    for match in _BESIDE.finditer(text):
        if match["word"].lower() in asked.subject:
            key = tuple(word.lower() for word in TOKEN.findall(match["place"]) if word.lower() not in _NO_NAME)
            key = tuple(word for word in key if word not in asked.subject)
            if key:
                yield Candidate(key, match.start("place"), match.end("place"), 0.7)


_DEFINED = re.compile(
    r"\b(?:is|was|were|are)\s(?:an?|the)\s[^.;]{0,60}$|\bas\san?\s[^.;]{0,30}$|[(,]\s?$|:\s?$|(?:^|[.)]\s)An?\s$",
    re.IGNORECASE,
)


def _categories(text: str, asked: AskedFor) -> Iterator[Candidate]:
    category = asked.category
    if category is None:
        return
    weights: dict[str, float] = {}
    first: dict[str, tuple[int, int]] = {}
    for match in category.words.finditer(text):
        member = category.members[match["word"].lower()]
        defined = _DEFINED.search(text[max(0, match.start() - 80) : match.start()]) is not None
        weights[member] = weights.get(member, 0.0) + (2.0 if defined else 0.5)
        first.setdefault(member, match.span())
    sole = 1.0 if len(weights) == 1 else 0.0
    for member, weight in weights.items():
        yield Candidate((member,), *first[member], max(weight, sole))


_FINDERS: dict[Kind, Callable[[str, AskedFor], Iterator[Candidate]]] = {
    Kind.DATE: _dates,
    Kind.NUMBER: _numbers,
    Kind.NAME: _names,
    Kind.PLACE: _places,
    Kind.CATEGORY: _categories,
}
