"""Follow-up questions: what one leaves out is taken from the earlier ones, by rules of English and without a model.

    "And for contractors?"  after  "How many days of annual leave do employees get?"
    "Does it carry over?"   after  "How many days of annual leave do I get?"

A question that stands alone is never changed; in doubt a question stands alone. Nothing that was asked is lost: the
words of a follow-up are in what becomes of it, except for the pronouns that are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from concord.answering.phrases import AUXILIARY, PERSONS, Phrases
from concord.answering.places import is_place
from concord.answering.pronouns import resolved
from concord.answering.variants import conditioned, is_circumstance, varied, whoever
from concord.retrieval.question import MAX_QUESTION

_EARLIER = 8
"""Earlier questions that are looked at."""

_OPENER = r"(?:and|or|but|so|also|ok(?:ay)?)\b,?\s+"
_ABOUT = re.compile(rf"^(?:{_OPENER})?(?:what|how) about\s+(?!(?:i|we|you|they)\s)(?P<rest>.+)$", re.IGNORECASE)
_SAME = re.compile(
    rf"^(?:{_OPENER})?(?:does|do|is|will|would)\s+(?:the same|that|this)\s+"
    r"(?:also\s+)?(?:apply|hold|count|true|valid|the same)\s+(?:also\s+)?(?:to|for|in|at)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_ALIKE = re.compile(rf"^(?:{_OPENER})?(?:the\s+)?same\s+(?P<rest>(?:for|in|at|with)\s+.+)$", re.IGNORECASE)
_JOINED = re.compile(r"^(?:and|or|but|also)\b,?\s+(?!thank|please)(?P<rest>.+)$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?:{_OPENER})?(?:why(?: not)?|(?:since |until |by |from )?when|who|where|how|how (?:much|many|long|often)|"
    r"for how long|for whom|which(?: one)?s?)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:am|is|are|was|were|be|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|need|who|"
    r"what|when|where|which|why|how|if)\b",
    re.IGNORECASE,
)
_NEEDS_OBJECT = re.compile(
    r"^(?P<all>(?:and\s+|but\s+)?(?:how|when|where|who|whom)(?:\s+(?:do|can|may|must|should|could|would|will|does))?"
    r"(?:\s+(?:i|we|you|one|they))?\s+(?:apply|request|claim|approves?|qualify|qualifies|book|submit|cancel|register|"
    r"extend|order|renew)(?:\s+(?:online|now|first))?)$",
    re.IGNORECASE,
)
_WHOM_TO_ASK = re.compile(
    rf"^(?:{_OPENER})?whom?\s+(?:do|can|may|must|should|could|would)\s+(?:i|we|you|one|they)\s+"
    r"(?:ask|contact|call|email|(?:talk|speak|turn|write)\s+to)$",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"^(?:{_OPENER})?what(?:['’]s|\s+is|\s+are)\s+the\s+(?P<part>maximum|minimum|limit|deadline|cap|rate|costs?|price|"
    r"amount|threshold|procedure|process|duration|penalty|reason|exceptions?|conditions?|requirements?)$",
    re.IGNORECASE,
)
"""A part of a thing, without the thing."""
_OPPOSITE = {"maximum": "minimum", "minimum": "maximum"}
_UNTIL_WHEN = re.compile(rf"^(?:{_OPENER})?(?P<word>since|until|by|from)\s+when$", re.IGNORECASE)
_BARE_FRAGMENT = re.compile(
    r"^(?:(?:for|during|without)\s+.+|(?:in|at|since|until|from)\s+(?:the\s|my\s|our\s|this\s|that\s|[A-Z\d]).*)$"
)
_FRAGMENT_WORDS = 6
_PEOPLE = re.compile(rf"(?:all\s+)?(?:{PERSONS})", re.IGNORECASE)
_ONLY = (
    r"(?:i|we|you|they)(?:['’]\w+|\s+(?:am|are|was|were|have|had))*\s+only\s+"
    r"(?:just\s+)?(?:\w+ed|been|came|work|part-?time|here|for|in|on|since)\b"
)
_IF = re.compile(
    rf"^(?:{_OPENER}(?:what\s+)?|what\s+(?=if\s+{_ONLY}))?(?P<word>if|(?<=\s)when(?=\s+(?:i|we|you|they|someone|somebody)\b))\s+"
    r"(?:there\s+(?:is|are)\s+)?(?P<rest>[^,;:.!?]+)$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{AUXILIARY}\s+(?:i|we|you|he|she|it|they|there|the|my|our|an?|any\w*|every\w*|someone|somebody)|then|"
    r"who|whom|whose|what|when|where|which|why|how)\b",
    re.IGNORECASE,
)
"""What a condition has beside it in a question that stands alone."""
_VERBS = re.compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"^(?:{_OPENER})?how\s+(?:many|much(?=\s+\w+\s+\w+\s+(?:carry|roll|transfer|keep|sell|take|use)\b))\s+"
    rf"(?P<rest>{AUXILIARY}\s+(?:i|we|you|they|one|people|employees)\s+[a-z]+(?:\s+(?:over|forward|up|out|off|back|on))?"
    r"(?:\s+(?:in(?:to)?|to|per|for|at|each|every|a|an|the|this|next|once|row|day|week|month|quarter|year))*)$",
    re.IGNORECASE,
)
"""A count without what is counted; "how much" may be money, and stands alone but with verbs of what is had."""


def standing_alone(question: str, earlier: Sequence[str]) -> str:
    """The question with what it leaves out of the earlier ones of its conversation, oldest first.

    It is returned as it is where it stands alone, where nothing fits, where the whole would be longer than a question
    may be, and where that would not stand alone either.
    """
    before = ""
    for each in earlier[-_EARLIER:]:
        if len(each) <= MAX_QUESTION and each.strip():
            before = _completed(each.strip(), before)
    made = _completed(question, before)
    return made if _completed(made, before) == made else question


def _completed(question: str, before: str) -> str:
    """One question completed from the one before it, which stands alone."""
    if not before.strip(" ?!.,"):
        return question
    made = _rewritten(" ".join(question.split()).rstrip(" ?!."), question, Phrases.of(before))
    return made if made is not None and len(made) <= MAX_QUESTION else question


def _rewritten(said: str, question: str, before: Phrases) -> str | None:
    """What a follow-up asks; None for a question that stands alone. `said` has no mark at its end."""
    asked = question.rstrip().endswith("?")
    if (found := _UNTIL_WHEN.match(said)) and before.said[:5].lower() == "when ":
        return f"{_capital(found['word'].lower())} when {before.said[5:]}?"
    if _BARE.match(said):
        rest = re.sub(rf"^{_OPENER}", "", said, flags=re.IGNORECASE)
        return f"{before.said}, and {rest[:1].lower()}{rest[1:]}?"
    if asked and (clause := _condition(said)):
        return f"{conditioned(before.said, resolved(clause, before) or clause)}?"
    if before.counted and (found := _COUNTED.match(said)):
        counted = f"{_capital(before.counted)} {found['rest']}"
        return f"{resolved(counted, before) or counted}?"
    if fragment := _fragment(said) or (_bare_fragment(said, before) if asked else ""):
        made = varied(before.said, fragment)
    else:
        made = _with_object(said, before) or resolved(said, before)
    return f"{made}?" if made else None


def _condition(said: str) -> str:
    """The clause of a follow-up that is a condition alone; else nothing."""
    found = _IF.match(said)
    if found is None or _ASKS.search(found["rest"]) or len(_VERBS.findall(found["rest"])) > 1:
        return ""
    return f"{found['word'].lower()}{said[found.end('word') :]}"


def _fragment(said: str) -> str:
    """The fragment of a follow-up that says it is one: "what about …", "the same for …", "and …"; else nothing."""
    for form in (_ABOUT, _SAME, _ALIKE):
        if (found := form.match(said)) and not _CLAUSE.search(whoever(found["rest"])):
            return found["rest"]
    found = _JOINED.match(said)
    return found["rest"] if found and _is_short(whoever(found["rest"])) else ""


def _bare_fragment(said: str, before: Phrases) -> str:
    """A fragment with nothing around it: a phrase of circumstance, or other people or another place; else nothing."""
    plain = re.sub(r",?\s+(?:too|as well|then)$", "", said, flags=re.IGNORECASE)
    if before.place and is_place(before.place) and is_place(plain):
        return plain
    if before.whom and _PEOPLE.fullmatch(plain):
        return plain.lower()
    circumstance = _BARE_FRAGMENT.match(said[:1].lower() + said[1:]) or is_circumstance(plain)
    return f"{said[:1].lower()}{said[1:]}" if circumstance and _is_short(said) else ""


def _is_short(fragment: str) -> bool:
    return len(fragment.split()) <= _FRAGMENT_WORDS and not _CLAUSE.search(fragment)


def _with_object(said: str, before: Phrases) -> str | None:
    """A question that lacks what it is about: "How do I apply", "Who do I ask", "What is the maximum"."""
    if (part := _PART.match(said)) and (other := _OPPOSITE.get(part["part"].lower())):
        swapped = re.sub(rf"\b{other}\b", part["part"], before.said, count=1, flags=re.IGNORECASE)
        if swapped != before.said:
            return swapped
    if not before.thing:
        return None
    if part and part["part"].lower() not in before.thing.lower():
        return f"{said} for {before.thing}"
    if _WHOM_TO_ASK.match(said):
        return f"{said} about {before.thing}"
    return f"{said} for {before.thing}" if _NEEDS_OBJECT.match(said) else None


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
