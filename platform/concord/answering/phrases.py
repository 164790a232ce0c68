"""Phrases of a question: what it is about, who it is about, and where another may stand in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_ARTICLES = frozenset({"the", "a", "an"})
_LINKING = _ARTICLES | {"of", "for", "in", "on", "at", "per", "with", "to", "by", "from", "about", "under", "during"}
_UNITS = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years".split()  # noqa: SIM905
)
_PERSONS = (
    "employees?|contractors?|managers?|interns?|apprentices?|trainees?|freelancers?|consultants?|temps?|workers?|staff|"
    "directors?|engineers?|students?|volunteers?|visitors?|suppliers?|vendors?|customers?|colleagues|starters?|"
    "joiners?|leavers?|part-timers?|parents?|mothers?|fathers?|drivers?|agents?"
)
_PEOPLE = re.compile(rf"\b(?:{_PERSONS})$", re.IGNORECASE)
_WHOEVER = re.compile(
    rf"^(?:for\s+)?(?:(?:all|every|the|our)\s+)?(?:{_PERSONS}|people|those|some(?:one|body)|any(?:one|body)|"
    r"every(?:one|body))\s+(?:who|that)\s+.+$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_][\w’'./%€£$-]*[\w%]|[\w€£$%]")
_SUBJECT = re.compile(
    r"\b(?:do|does|did|can|could|may|might|must|shall|should|will|would)\s+"
    rf"(?P<who>(?:(?:all|every|the|our)\s+)?(?:[a-z][\w-]*\s+)??(?:{_PERSONS}|i|we|you|they|people|every(?:one|body)))\b",
    re.IGNORECASE,
)
"""Whoever a question is about, where it stands between an auxiliary and a verb."""

_BOUNDARY = re.compile(
    r"[,;.!?]|\b(?:if|when|while|after|before|because|and|or|but|that|which|who|whose|once|until|unless|since|where|though)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|would|will|make|makes|find)\s+it\s+(?:\w+\s+){1,3}(?:to|that|if|when|for|until)\b"
    r"|\bit(?:’s|'s| is| was| would be| will be)\s+(?:\w+\s+){1,3}(?:to|that|if|when|for)\b"
    r"|\bit\s+(?:take|takes|took|cost|costs|need|needs|matter|matters|rain|rains|snow|snows|seem|seems)\b.*"
    r"\b(?:to|for|until|before|if|when|that)\b",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"^(?:and\s+)?(?:(?:how|why|when|where|what|who|whom)\s+)?(?:is|are|does|do|did|can|could|will|would|should|must|"
    r"was|were|has|have)\s+(?P<first>that|this|these|those)(?!\s+(?:who|with|in|of|that|year|month|week|quarter|company|"
    r"summer|winter|spring|autumn|morning|evening|workspace|time)\b)\b"
    r"|\b(?:about|for|of|on|to|with|by|from|after|before|than|approves?|signs?|pays?|claim|do|get|use|say|says)\s+"
    r"(?P<last>that|this|these|those)$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?P<word>it|its|they|them|their)\b")
_ONE = re.compile(r"\b(?P<word>one|ones)$")
_THERE = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )\b(?P<word>there)$")
_PLACE = re.compile(r"\b(?:in|at|to|from)\s+(?P<name>(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)")

_SOMEBODY = re.compile(r"\b(?:some|any|every)(?:body|one)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """A question that stands alone (`said`, no mark at its end), the `thing` it is about, and `whom` it is about."""

    said: str
    thing: str
    whom: str
    place: str

    @classmethod
    def of(cls, question: str) -> Phrases:
        """Read a question. Its thing is the longest run of words that frame nothing, verbs after a subject left out."""
        said = " ".join(question.split()).rstrip(" ?!.,")
        last = re.split(r"(?<=[.!?])\s+", said)[-1]
        subject = _SUBJECT.search(last)
        whom = subject["who"] if subject and _PEOPLE.search(subject["who"]) else ""
        places = _PLACE.findall(last)
        return cls(said, _thing(last, whom), whom, places[-1] if places else "")

    def resolved(self, said: str) -> str | None:
        """A further question with its pronouns replaced, where they mean what is spoken of here; else None."""
        if self.thing and (found := _DEMONSTRATIVE.search(said)) and not _nouns(_sentences_before(said, found)):
            name = "first" if found["first"] else "last"
            return _replaced(said, *found.span(name), self.thing)
        if self.place and (found := _THERE.search(said)):
            return _replaced(said, *found.span("word"), f"in {self.place}")
        if self.thing and (found := _ONE.search(said)) and not _nouns(said[: found.start()]):
            return _replaced(said, *found.span("word"), self.thing)
        found = _PERSONAL.search(said)
        if found is None or _EXPLETIVE.search(said) or not self._means_another(said, found):
            return None
        word = found["word"]
        several = word.startswith("the")
        meant = (self.whom or (self.thing if self.thing.endswith("s") else "")) if several else self.thing
        if not meant:
            return None
        return _replaced(said, *found.span("word"), f"{meant}’s" if word in ("its", "their") else meant)

    def _means_another(self, said: str, found: re.Match[str]) -> bool:
        """Whether a pronoun has nothing in its own question that it could mean.

        Within one clause a subject and its object are two things; a possessive, or what is had "with them", may be its
        subject's.
        """
        ahead = said[: found.start()]
        if found["word"].startswith("the") and _SOMEBODY.search(ahead):
            return False
        if found["word"] in ("its", "their") or re.search(r"\b(?:with|on|behind|around)\s+$", ahead):
            return not _nouns(ahead)
        return not _BOUNDARY.search(_opened(ahead)) or not _nouns(ahead)


def swapped(said: str, word: str, rest: str) -> str | None:
    """A question with `rest` in the place of what it varies; None where nothing of its kind is there.

    What is varied stands after the same preposition; or is another year, number, name or kind of the same thing; or is
    whoever a question is about.
    """
    if word and (led := list(re.finditer(rf"\b{word}\s+(?P<what>[^,;?]+?)(?=\s+(?:{_ENDS})\b|[,;]|$)", said, re.I))):
        return _replaced(said, led[-1].start("what"), _phrase_end(said, led[-1]), rest)
    if re.fullmatch(r"(?:19|20)\d\d", rest) and (years := list(re.finditer(r"\b(?:19|20)\d\d\b", said))):
        return _replaced(said, *years[-1].span(), rest)
    if rest[:1].isupper() and word in ("", "in", "at") and (places := list(_PLACE.finditer(said))):
        return _replaced(said, *places[-1].span("name"), rest)
    if _PEOPLE.search(whoever(rest)) and word in ("", "for"):
        if subject := _SUBJECT.search(said):
            return re.sub(r"\bdoes (?=\S)", "do ", _replaced(said, *subject.span("who"), rest), count=1)
        return None
    if not word and (found := _LAST_PHRASE.search(said)) and rest.split()[0].lower() == found["article"].lower():
        return _replaced(said, found.start("what"), _phrase_end(said, found), rest)
    return None if word else _same_head(said, rest) or _same_article(said, rest)


def whoever(fragment: str) -> str:
    """A fragment without the clause that says which people it means: "for employees" of "for people who travel"."""
    found = _WHOEVER.match(fragment)
    return f"{'for ' if fragment[:4].lower() == 'for ' else ''}employees" if found else fragment


_LAST_PHRASE = re.compile(r"\b(?:for|in|at|on|to|from|with)\s+(?P<what>(?P<article>the|my|our|a|an)\s[^,;?]+)$", re.I)
_ENDS = "in|at|for|during|since|until|with|without|from|on|after|before|under|by|do|does|is|are|can|if|when|a year|per"


_THING_ASKED = re.compile(
    rf"\b(?:is|are|was|were)\s+(?P<what>(?P<article>the|an?)\s[^,;?]+?)(?=\s+(?:{_ENDS})\b|[,;]|$)", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w.*?(?P<verb>\s+(?:[a-z]{2,}ed|paid|sold|bought|given|taken|held|kept|sent|due))$")
_BEFORE_NOUN = _ARTICLES | {"all", "any", "every", "each", "my", "our", "your", "their", "this", "that"}


def _phrase_end(said: str, found: re.Match[str]) -> int:
    """Where a phrase (`what`) ends, without the verb of a passive: "is a hotel in London reimbursed"."""
    what = found["what"]
    verb = _PARTICIPLE.match(what)
    if verb is None or not _PASSIVE.search(said, 0, found.start("what")):
        return found.end("what")
    if what[: verb.start("verb")].split()[-1].lower() in _BEFORE_NOUN:
        return found.end("what")
    return found.start("what") + verb.start("verb")


def conditioned(said: str, clause: str) -> str:
    """A question with another condition ("if …") in the place of its own, or after everything else."""
    if ahead := re.match(r"if\s[^,;]+(?=,)", said, re.IGNORECASE):
        return f"{clause[:1].upper()}{clause[1:]}{said[ahead.end() :]}"
    if last := re.search(r"\s+if\s[^,;]+$", said, re.IGNORECASE):
        said = said[: last.start()]
    return f"{said} {clause}"


def _same_head(said: str, rest: str) -> str | None:
    """Another kind of the same thing: "sick leave" for "annual leave", "grade 8" for "grade 7"."""
    words = rest.split()
    if len(words) < 2:
        return None
    if words[-1].isdigit() and (found := re.search(rf"\b{re.escape(words[-2])}\s+\d+\b", said, re.IGNORECASE)):
        return _replaced(said, *found.span(), rest)
    found = re.search(rf"\b(?P<kind>[\w-]+)\s+{re.escape(words[-1])}\b", said, re.IGNORECASE)
    if found is None or found["kind"].lower() in _FRAME | _LINKING:
        return None
    return _replaced(said, *found.span(), rest)


def _same_article(said: str, rest: str) -> str | None:
    """Another thing in the place of what a question is about: "a taxi" for "a hotel" of "is a hotel reimbursed"."""
    article = rest.split()[0].lower()
    found = _THING_ASKED.search(said)
    if found is None or article not in _ARTICLES or (article == "the") != (found["article"].lower() == "the"):
        return None
    return _replaced(said, found.start("what"), _phrase_end(said, found), rest)


def _replaced(said: str, start: int, end: int, phrase: str) -> str:
    return f"{said[:start]}{phrase}{said[end:]}"


def _opened(ahead: str) -> str:
    """A question's beginning without the words that open it, which are no boundary of clauses."""
    return re.sub(r"^\s*(?:and|or|but|so|also)?,?\s*(?:who|which|when|where|what|how|why)?\b", "", ahead, flags=re.I)


def _sentences_before(said: str, found: re.Match[str]) -> str:
    """The sentences ahead of the one in which something was found: "that" means what they speak of."""
    ends = [end.end() for end in _SENTENCE_END.finditer(said, 0, found.start())]
    return said[: ends[-1]] if ends else ""


def _nouns(ahead: str) -> list[str]:
    """Words before a pronoun that it could mean: none that frame the question, and no verb right before it."""
    tokens = [token.lower() for token in _TOKEN.findall(ahead)]
    verb = len(tokens) - 1 if tokens and tokens[-1] not in _LINKING else len(tokens) - 2
    return [
        token
        for place, token in enumerate(tokens)
        if place != verb and token not in _FRAME and token not in _LINKING and not _follows_subject(tokens, place)
    ]


def _follows_subject(tokens: list[str], place: int) -> bool:
    """Whether a word is the verb of "do I …" or "to …"."""
    return place > 0 and (tokens[place - 1] in _PRONOUNS or tokens[place - 1] == "to")


def _thing(question: str, whom: str) -> str:
    tokens = list(_TOKEN.finditer(question))
    words = [token.group().lower() for token in tokens]
    skipped = {place for place in range(len(words)) if words[place] in _FRAME or _follows_subject(words, place)}
    if whom:  # the subject, and the verb after it
        start = question.find(whom)
        inside = [place for place, token in enumerate(tokens) if start <= token.start() < start + len(whom)]
        skipped.update(inside, [inside[-1] + 1] if inside else [])
    best: list[int] = []
    run: list[int] = []
    for place in range(len(words) + 1):
        gap = place == len(words) or place in skipped
        broken = gap or (run and question[tokens[run[-1]].end() : tokens[place].start()].strip() != "")
        if broken:
            best = max(best, _named(run, words), key=lambda each: sum(words[n] not in _LINKING for n in each))
            run = []
        if not gap:
            run.append(place)
    return question[tokens[best[0]].start() : tokens[best[-1]].end()] if best else ""


def _named(run: list[int], words: list[str]) -> list[int]:
    """What a run of words names: "annual leave" of "days of annual leave"; nothing in "from home", or in "days"."""
    if run and words[run[0]] in _LINKING - _ARTICLES:
        return []
    if len(run) > 2 and words[run[0]] in _UNITS and words[run[1]] == "of":
        run = run[2:]
    while run and words[run[-1]] in _LINKING:
        run = run[:-1]
    return run if any(words[place] not in _UNITS | _ARTICLES for place in run) else []
