"""A question with another phrase in the place of what it varies: its people, its place, its bound, its condition."""

from __future__ import annotations

import re

from concord.answering.phrases import ARTICLES, PARTICIPLE, PERSONS, PLACE, SUBJECT, frames, is_people, replaced
from concord.answering.places import is_place

_WHOEVER = re.compile(
    rf"^(?:for\s+)?(?:(?:all|every|the|our)\s+)?(?:{PERSONS}|people|those|some(?:one|body)|any(?:one|body)|"
    r"every(?:one|body))\s+(?:who|that)\s+.+$",
    re.IGNORECASE,
)
_LED = re.compile(
    r"^(?P<word>for|in|at|during|since|until|with|without|from|as|on|after|before|under|over|by)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_SPAN = r"(?:day|week|month|quarter|year)"
_UNIT = r"(?:%|€|percent|euros?|eur|dollars?|usd|pounds?|gbp|people|km|miles|(?:hour|day|week|month|year)s?)"


def _kind(lead: str, core: str) -> re.Pattern[str]:
    """A kind of phrase, of which one stands in for another, with what may lead it and a unit."""
    return re.compile(
        rf"(?<![\w-])(?P<lead>(?:{lead})\s+)?(?P<core>{core})(?P<tail>\s?{_UNIT})?(?![\w%-])", re.IGNORECASE
    )


_BOUND = _kind(
    "for|of",
    r"(?:above|below|over|under|beyond|exceeding|up to|(?:more|less|fewer) than|at (?:least|most))\s+"
    r"[€£$]?\d(?:[\d.,]*\d)?k?",
)
_DAYS = _kind(
    "on|at|during",
    r"(?:the\s+)?(?:weekdays?|weekends?|(?:working|business) days|(?:bank|public) holidays|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)",
)
_DATE = _kind("from|for", rf"today|tomorrow|yesterday|tonight|(?:this|next|last)\s+{_SPAN}")
_RATE = _kind("", rf"(?:per|an?|each|every)\s+{_SPAN}")
_CLOCK = _kind(
    "",
    r"(?:before|after|until|till|since|from|by|at)\s+"
    r"(?:\d{1,2}(?:[:.]\d\d)?(?:\s?(?:[ap]m|h|o['’]clock))?|noon|midnight|lunch)",
)
_KINDS = (_BOUND, _DAYS, _DATE, _RATE, _CLOCK)
_AWAY = re.compile(r"(?:(?:from|in)\s+)?\b(?:abroad|overseas)\b", re.IGNORECASE)
_ADVERB = re.compile(
    r"^(?:abroad|overseas|on-?site|off-?site|online|outside|inside|elsewhere|everywhere|now|later|afterwards|part-time|"
    r"full-time|above|below|beyond|between|within|across|via|through|near|up to|at (?:least|most)|per|"
    r"(?:more|less|fewer) than|(?:this|next|last|each|every)\s+\w+$|\w+ly$)",
    re.IGNORECASE,
)
"""How a fragment begins that no preposition leads."""
_ENDS = "in|at|for|during|since|until|with|without|from|on|after|before|under|by|do|does|is|are|can|if|when|a year|per"
_LAST_PHRASE = re.compile(r"\b(?:for|in|at|on|to|from|with)\s+(?P<what>(?P<article>the|my|our|a|an)\s[^,;?]+)$", re.I)
_THING_ASKED = re.compile(
    rf"\b(?:is|are|was|were)\s+(?P<what>(?P<article>the|an?)\s[^,;?]+?)(?=\s+(?:{_ENDS})\b|[,;]|$)", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(rf"\w.*?(?P<verb>\s+{PARTICIPLE})$")
_BEFORE_NOUN = ARTICLES | {"all", "any", "every", "each", "my", "our", "your", "their", "this", "that"}


def varied(said: str, fragment: str) -> str | None:
    """A question with a fragment in the place of what it varies, or after everything else; None for no words."""
    fragment = re.sub(r",?\s+(?:then|too|as well|instead)$", "", fragment.strip(" ,"), flags=re.IGNORECASE)
    if not re.search(r"\w", fragment):
        return None
    if made := _same_kind(said, fragment) or _on_another_side(said, fragment):
        return made
    led = _LED.match(fragment)
    word, rest = (led["word"].lower(), led["rest"]) if led else ("", fragment)
    if made := swapped(said, word, rest):
        return made
    return f"{said} {word or 'for'} {rest}" if led or not is_adverbial(fragment) else f"{said} {fragment}"


def _on_another_side(said: str, fragment: str) -> str | None:
    """A question with another side of the same place: "outside London" for "in London"."""
    side = r"(?:in|inside|within|outside|near|around|beyond|at)"
    led = re.fullmatch(rf"{side}(?:\s+of)?\s+(?P<place>.+)", fragment, re.IGNORECASE)
    found = led and re.search(rf"\b{side}\s+{re.escape(led['place'])}\b", said, re.IGNORECASE)
    return replaced(said, *found.span(), fragment) if found else None


def swapped(said: str, word: str, rest: str) -> str | None:
    """A question with `rest` in the place of what it varies; None where nothing of its kind is there.

    What is varied stands after the same preposition; or is another year, number, name or kind of the same thing; or is
    whoever a question is about.
    """
    if word and (led := list(re.finditer(rf"\b{word}\s+(?P<what>[^,;?]+?)(?=\s+(?:{_ENDS})\b|[,;]|$)", said, re.I))):
        return replaced(said, led[-1].start("what"), _phrase_end(said, led[-1]), rest)
    if re.fullmatch(r"(?:19|20)\d\d", rest) and (years := list(re.finditer(r"\b(?:19|20)\d\d\b", said))):
        return replaced(said, *years[-1].span(), rest)
    named = is_place(rest)
    if (named or rest[:1].isupper()) and word in ("", "in", "at") and (places := list(PLACE.finditer(said))):
        return replaced(said, *places[-1].span("name"), rest)
    if named:
        return None
    if is_people(whoever(rest)) and word in ("", "for"):
        if subject := SUBJECT.search(said):
            return re.sub(r"\bdoes (?=\S)", "do ", replaced(said, *subject.span("who"), rest), count=1)
        return None
    if not word and (found := _LAST_PHRASE.search(said)) and rest.split()[0].lower() == found["article"].lower():
        return replaced(said, found.start("what"), _phrase_end(said, found), rest)
    return None if word else _same_head(said, rest) or _same_article(said, rest)


def conditioned(said: str, clause: str) -> str:
    """A question with another condition ("if …") in the place of its own, or after everything else."""
    if ahead := re.match(r"if\s[^,;]+(?=,)", said, re.IGNORECASE):
        return f"{clause[:1].upper()}{clause[1:]}{said[ahead.end() :]}"
    if last := re.search(r"\s+if\s[^,;]+$", said, re.IGNORECASE):
        said = said[: last.start()]
    return f"{said} {clause}"


def whoever(fragment: str) -> str:
    """A fragment without the clause that says which people it means: "for employees" of "for people who travel"."""
    found = _WHOEVER.match(fragment)
    return f"{'for ' if fragment[:4].lower() == 'for ' else ''}employees" if found else fragment


def is_adverbial(fragment: str) -> bool:
    """Whether a fragment says when, where, how or how much by itself: "abroad", "at weekends", "below 500"."""
    return _ADVERB.match(fragment) is not None or is_circumstance(fragment)


def is_circumstance(fragment: str) -> bool:
    """Whether a fragment with nothing around it says when, where or up to what bound; "Sundays" could be a topic."""
    days = _DAYS.fullmatch(fragment)
    return bool(days["lead"]) if days else any(kind.fullmatch(fragment) for kind in (*_KINDS, _AWAY))


def _same_kind(said: str, fragment: str) -> str | None:
    """A fragment in the place of a phrase of its kind, which keeps its preposition or unit where there is no other."""
    if made := _elsewhere(said, fragment):
        return made
    for kind in _KINDS:
        new, old = kind.fullmatch(fragment), list(kind.finditer(said))
        if new and old:
            start = old[-1].start() if new["lead"] else old[-1].start("core")
            end = old[-1].end() if new["tail"] else old[-1].end("core")
            return replaced(said, start, end, fragment)
    return None


def _elsewhere(said: str, fragment: str) -> str | None:
    """Put "abroad" in the place of a country or a city, and the other way round."""
    if _AWAY.fullmatch(fragment):
        places = [found for found in PLACE.finditer(said) if is_place(found["name"])]
        old = places or list(_AWAY.finditer(said))
    else:
        named = PLACE.fullmatch(fragment)
        old = list(_AWAY.finditer(said)) if named and is_place(named["name"]) else []
    return replaced(said, *old[-1].span(), fragment) if old else None


def _phrase_end(said: str, found: re.Match[str]) -> int:
    """Where a phrase (`what`) ends, without the verb of a passive: "is a hotel in London reimbursed"."""
    what = found["what"]
    verb = _PARTICIPLE.match(what)
    if verb is None or not _PASSIVE.search(said, 0, found.start("what")):
        return found.end("what")
    if what[: verb.start("verb")].split()[-1].lower() in _BEFORE_NOUN:
        return found.end("what")
    return found.start("what") + verb.start("verb")


def _same_head(said: str, rest: str) -> str | None:
    """Another kind of the same thing: "sick leave" for "annual leave", "grade 8" for "grade 7"."""
    words = rest.split()
    if len(words) < 2:
        return None
    if words[-1].isdigit() and (found := re.search(rf"\b{re.escape(words[-2])}\s+\d+\b", said, re.IGNORECASE)):
        return replaced(said, *found.span(), rest)
    found = re.search(rf"\b(?P<kind>[\w-]+)\s+{re.escape(words[-1])}\b", said, re.IGNORECASE)
    if found is None or frames(found["kind"].lower()):
        return None
    return replaced(said, *found.span(), rest)


def _same_article(said: str, rest: str) -> str | None:
    """Another thing in the place of what a question is about: "a taxi" for "a hotel" of "is a hotel reimbursed"."""
    article = rest.split()[0].lower()
    found = _THING_ASKED.search(said)
    if found is None or article not in ARTICLES or (article == "the") != (found["article"].lower() == "the"):
        return None
    return replaced(said, found.start("what"), _phrase_end(said, found), rest)
