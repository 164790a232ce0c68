"""Phrases of a question: what it is about, who it is about, where, how many of what, and what is to be done."""

from __future__ import annotations

import re
from dataclasses import dataclass

AUXILIARY = r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would)"
PARTICIPLE = r"(?:[a-z]{2,}ed|paid|sold|bought|given|taken|held|kept|sent|due)"
PERSONS = (
    "employees?|contractors?|managers?|interns?|apprentices?|trainees?|freelancers?|consultants?|temps?|workers?|staff|"
    "directors?|engineers?|students?|volunteers?|visitors?|suppliers?|vendors?|customers?|colleagues|starters?|"
    "joiners?|leavers?|part-timers?|parents?|mothers?|fathers?|drivers?|agents?"
)
OF_THINGS = frozenset(
    """accrue add apply arrive be been begin belong carry change close come contain cost count cover depend differ end
    exist expire go have include lapse last matter need open renew require roll run start take vary work""".split()  # noqa: SIM905
)
"""Verbs, as they follow an auxiliary, of which a thing may be the subject."""

_PRONOUNS = frozenset(
    """i we you he she it they one me us him her them someone anyone anybody everyone everybody people""".split()  # noqa: SIM905
)
_FRAME = _PRONOUNS | frozenset(
    """am is are was were do does did has have had can could may might must shall should will would who whom whose what
    which when where why how many much long often soon far there be been being not if to get gets got receive receives
    need needs take takes give given please tell know say says entitled that this these those than while because so and
    or but also my our your their its his allowed possible permitted required happens happen mean means apply
    applies""".split()  # noqa: SIM905
)
"""Words that frame a question, and are no part of a thing that it is about."""
ARTICLES = frozenset({"the", "a", "an"})
_DETERMINERS = ARTICLES | {"my", "our"}
_LINKING = ARTICLES | {"of", "for", "in", "on", "at", "per", "with", "to", "by", "from", "about", "under", "during"}
_DO = frozenset({"do", "does", "did", "can", "could", "may", "might", "must", "should", "will", "would"})
_BE = frozenset({"is", "are", "was", "were"})
_UNITS = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years".split()  # noqa: SIM905
)
_PEOPLE = re.compile(rf"\b(?:{PERSONS})$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_][\w’'./%€£$-]*[\w%]|[\w€£$%]")
SUBJECT = re.compile(
    r"\b(?:do|does|did|can|could|may|might|must|shall|should|will|would)\s+"
    rf"(?P<who>(?:(?:all|every|the|our)\s+)?(?:[a-z][\w-]*\s+)??(?:{PERSONS}|i|we|you|they|people|every(?:one|body)))\b",
    re.IGNORECASE,
)
"""Whoever a question is about, where it stands between an auxiliary and a verb."""
PLACE = re.compile(
    r"\b(?:in|at|to|from|within)\s+(?P<name>(?:the\s+)?"
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|Q\d)\b)"
    r"[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)"
)
_COUNTED = re.compile(
    rf"\b(?P<all>how\s+(?:many|much)\s+(?!{AUXILIARY}\b)(?P<what>[^,;.?!]+?))\s+{AUXILIARY}\b", re.IGNORECASE
)
_ACT = re.compile(
    r"^(?:can|could|may)\s+(?:i|we|you|one|someone|people|employees)\s+(?P<act>[a-z][^,;]*?)(?=\s+(?:if|when)\b|[,;]|$)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(
    r"\b(?P<word>what|where|when|who|how|why|which|that|there|it|he|she|i|you|we|they)['’](?P<verb>s|re|m|ve)\b"
    r"(?P<has>\s+(?:been|got)\b)?",
    re.IGNORECASE,
)
_AFTER_HEAD = re.compile(r"\s(?:of|in|for|at|on|per|with|to|from|within|above|below|under|over)\s")
_PLURAL = re.compile(r"(?<![sui])s$")
_VERB_OF = {"s": "is", "re": "are", "m": "am", "ve": "have"}


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a question that stands alone speaks of; each is empty where the question has none.

    `said` is the question itself, contractions expanded and without a mark at its end; `thing` what it is about, and
    `several` what "they" may be that are no people; `whom` it is about; `place` where; `counted` the "how many …" that
    it asks for; `act` what it asks whether one may do.
    """

    said: str
    thing: str
    several: str
    whom: str
    place: str
    counted: str
    act: str

    @classmethod
    def of(cls, question: str) -> Phrases:
        """Read a question. Its thing is the longest run of words that frame nothing, verbs after a subject left out."""
        said = expanded(" ".join(question.split()).rstrip(" ?!.,"))
        last = re.split(r"(?<=[.!?])\s+", said)[-1]
        subject = SUBJECT.search(last)
        whom = subject["who"] if subject and is_people(subject["who"]) else ""
        places = PLACE.findall(last)
        counted = _COUNTED.search(said)
        act = _ACT.match(last)
        runs = _runs(last, whom)
        thing = max(runs, key=_weight, default="")
        return cls(
            said=said,
            thing=thing,
            several=_several(counted["what"] if counted else "", thing, runs),
            whom=whom,
            place=places[-1] if places else "",
            counted=counted["all"] if counted else "",
            act=act["act"] if act else "",
        )


def expanded(text: str) -> str:
    """A text without the contractions of a question word or a pronoun and a verb: "What is" for "What's"."""

    def whole(found: re.Match[str]) -> str:
        verb, has = found["verb"].lower(), found["has"] or ""
        return f"{found['word']} {'has' if has and verb == 's' else _VERB_OF[verb]}{has}"

    return _CONTRACTED.sub(whole, text)


def replaced(said: str, start: int, end: int, phrase: str) -> str:
    """A question with a phrase in the place of what stands between two places."""
    return f"{said[:start]}{phrase}{said[end:]}"


def is_people(phrase: str) -> bool:
    """Whether a phrase ends in a word for people by what they are to an organisation."""
    return _PEOPLE.search(phrase) is not None


def frames(word: str) -> bool:
    """Whether a word, in lower case, frames a question or links its phrases."""
    return word in _FRAME or word in _LINKING


def nouns(ahead: str) -> list[str]:
    """Words before a pronoun that it could mean: none that frame the question, and no verb right before it."""
    tokens = [token.lower() for token in _TOKEN.findall(ahead)]
    verb = len(tokens) - 1 if tokens and tokens[-1] not in _LINKING else len(tokens) - 2
    return [
        token
        for place, token in enumerate(tokens)
        if place != verb and not frames(token) and not _follows_subject(tokens, place)
    ]


def _follows_subject(tokens: list[str], place: int) -> bool:
    """Whether a word is the verb of "do I …", "who …" or "to …"."""
    return place > 0 and (tokens[place - 1] in _PRONOUNS or tokens[place - 1] in ("to", "who"))


def _is_verb(words: list[str], place: int) -> bool:
    """Whether a word is a verb by where it stands.

    It is one after "do I" or "to", after "does the insurance", after "which suppliers" or after "is overtime".
    """
    if _follows_subject(words, place):
        return True
    if place < 2 or frames(words[place - 1]):
        return False
    ahead, after = words[: place - 1], words[place + 1] if place + 1 < len(words) else ""
    if words[place] in OF_THINGS and not _DO.isdisjoint(ahead):
        return True
    if re.fullmatch(PARTICIPLE, words[place]) and not _BE.isdisjoint(ahead) and (not after or frames(after)):
        return True
    agrees = words[1].endswith("s") != words[place].endswith("s")
    return place == 2 and words[0] in ("which", "what") and agrees and after != "" and after not in _FRAME


def _runs(question: str, whom: str) -> list[str]:
    """The runs of words that may name a thing, in their order."""
    tokens = list(_TOKEN.finditer(question))
    words = [token.group().lower() for token in tokens]
    skipped = {place for place in range(len(words)) if words[place] in _FRAME - _DETERMINERS or _is_verb(words, place)}
    if whom:  # the subject, and the verb after it
        start = question.find(whom)
        inside = [place for place, token in enumerate(tokens) if start <= token.start() < start + len(whom)]
        skipped.update(inside, [inside[-1] + 1] if inside else [])
    runs: list[list[int]] = [[]]
    for place, token in enumerate(tokens):
        run = runs[-1]
        begins = words[place] in _DETERMINERS and words[place - 1] not in _LINKING
        if run and (begins or question[tokens[run[-1]].end() : token.start()].strip()):
            runs.append([])
        if place in skipped:
            runs.append([])
        else:
            runs[-1].append(place)
    named = (_named(run, words) for run in runs)
    return [question[tokens[run[0]].start() : tokens[run[-1]].end()] for run in named if run]


def _named(run: list[int], words: list[str]) -> list[int]:
    """What a run of words names: "annual leave" of "days of annual leave"; nothing in "from home", or in "days"."""
    if run and words[run[0]] in _LINKING - ARTICLES:
        return []
    if len(run) > 2 and words[run[0]] in _UNITS and words[run[1]] == "of":
        run = run[2:]
    while run and words[run[-1]] in _LINKING:
        run = run[:-1]
    return run if any(words[place] not in _UNITS | _DETERMINERS for place in run) else []


def _weight(run: str) -> int:
    return sum(token.lower() not in _LINKING | _DETERMINERS for token in _TOKEN.findall(run))


def _several(counted: str, thing: str, runs: list[str]) -> str:
    """What is spoken of in the plural: what is counted, or the thing, or another."""
    if not set(counted.lower().split()) <= _UNITS and _is_plural(counted):
        return "" if is_people(counted) else counted
    return next((run for run in (thing, *runs) if _is_plural(run) and not is_people(run)), "")


def _is_plural(phrase: str) -> bool:
    return _PLURAL.search(_AFTER_HEAD.split(phrase)[0]) is not None
