"""What a question asks for: the kind of answer, the words that lead to it, and whom or what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from concord.authority.answers.candidate import Kind
from concord.authority.answers.classes import CATEGORIES, Category
from concord.authority.answers.lexicon import ASIDE, DATED, MADE_BY, RELATED
from concord.authority.words import FUNCTION_WORDS, TOKEN

_DATE = re.compile(
    r"^when\b|\b(?:what|which)\s(?:year|date|day)\b|\b(?:birth|release|start|founding|opening)\s?date\b|\bdate of\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow\s(?:many|much|long|big|large|high|tall|deep|old|far)\b|\b(?:population|length|height|depth|area|income|age|capacity|elevation"
    r"|number\sof|size|distance|weight|speed|price|cost|amount)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^where\b|\b(?:what|which)\s(?:city|town|state|country|county|region|province|place)\b"
    r"|\blocation of\b|\bthe region of\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A question that can be anchored: `cues` match the words beside its answer, `subject` are words of its subject."""

    kind: Kind
    cues: re.Pattern[str]
    subject: frozenset[str]
    category: Category | None = None
    relation: str = ""
    last: str = ""

    @property
    def short(self) -> str:
        """The word that alone names a person: the family name; empty where the question is not about one."""
        person = self.kind is Kind.CATEGORY or self.relation.startswith(("born", "die"))
        return self.last if person else ""

    @classmethod
    def read(cls, text: str) -> AskedFor | None:
        """Read a question; None where its kind of answer is not known."""
        lowered = text.lower()
        quoted = _QUOTED.search(text)
        named = _subject(quoted[1] if quoted else text, whole=quoted is not None)
        if not named:
            return None
        subject, last = frozenset(named), named[-1]
        rest = lowered.replace(quoted[0].lower(), " ") if quoted else lowered
        if _DATE.search(rest):
            return cls(Kind.DATE, _cues(rest, subject, DATED), subject, relation=_relation(rest, DATED), last=last)
        for category in CATEGORIES:
            if category.asked.search(rest):
                return cls(Kind.CATEGORY, category.words, subject, category, last=last)
        if _NUMBER.search(rest) and not rest.startswith("who"):
            return cls(Kind.NUMBER, _cues(rest, subject, RELATED), subject)
        if _PLACE.search(rest):
            return cls(Kind.PLACE, _cues(rest, subject, DATED), subject, relation="born" if "born" in rest else "")
        for relation, cue in MADE_BY.items():
            if re.search(rf"\b(?:{relation})\b", rest):
                return cls(Kind.NAME, cue, subject, relation=relation)
        return None


def _subject(text: str, *, whole: bool) -> tuple[str, ...]:
    tokens = list(TOKEN.finditer(text))
    chosen = [
        match[0].lower().removesuffix("'s").removesuffix("’s")
        for index, match in enumerate(tokens)
        if match[0].lower() not in FUNCTION_WORDS
        and match[0].lower() not in ASIDE
        and (whole or match[0][0].isdigit() or (match[0][0].isupper() and index > 0))
    ]
    return tuple(chosen)


def _relation(question: str, table: dict[str, str]) -> str:
    return next((name for name in table if re.search(rf"\b(?:{name})\b", question)), "")


def _cues(question: str, subject: frozenset[str], table: dict[str, str]) -> re.Pattern[str]:
    """The words that stand beside an answer: the table's for the question's relation, else its own."""
    relation = _relation(question, table)
    if relation:
        return re.compile(rf"\b(?:{table[relation]})", re.IGNORECASE)
    own = [
        re.escape(word[: max(4, len(word) - 2)])
        for word in TOKEN.findall(question)
        if word not in FUNCTION_WORDS and word not in subject and word not in ASIDE and not word[0].isdigit()
    ]
    return re.compile(rf"\b(?:{'|'.join(own) or '(?!)'})\w*", re.IGNORECASE)
