"""Pronouns of a follow-up, replaced by what they mean in the question before; in doubt a pronoun means nothing there.

"It" is a dummy, or means what its own question says further on, where a clause follows it ("Is it possible to …?",
"How long does it take to …?", "Do I report it when …?"), and with verbs of the weather, of time and of some idioms.
"""

from __future__ import annotations

import re

from concord.answering.phrases import OF_THINGS, PERSONS, PLACE, Phrases, nouns, replaced

_BOUNDARY = re.compile(
    r"[,;:.!?]|\b(?:if|when|while|after|before|because|and|or|but|that|which|who|whose|once|until|unless|since|where|though)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:some|any|every)(?:body|one)\b", re.IGNORECASE)
_BE = r"(?:am|is|are|was|were|be|been|being|become|becomes)"

_PERSONAL = re.compile(r"\b(?P<word>it|its|they|them|their)\b")
_FIRST_THAT = re.compile(
    r"^(?:and\s+)?(?:(?:how|why|when|where|what|who|whom)\s+)?(?:is|are|does|do|did|can|could|will|would|should|must|"
    r"was|were|has|have)\s+(?P<word>that|this|these|those)"
    r"(?=$|\s+(?:per|for|from|during|until|since|also|really|still|only|always|even|not|too|paid|due|mandatory|free|"
    r"(?!need\b)\w+ed|mean|hold|"
    rf"{'|'.join(sorted(OF_THINGS))})\b)",
    re.IGNORECASE,
)
_LAST_THAT = re.compile(
    r"\b(?:about|for|of|on|to|with|by|from|after|before|than|approves?|signs?|pays?|claim|do|get|use|say|says)\s+"
    r"(?P<word>that|this|these|those)$",
    re.IGNORECASE,
)
_DO_THAT = re.compile(
    r"\b(?:do\s+(?:that|this|it)|(?<=\b(?:need|have)\s)(?P<what>(?:an?\s+)?[a-z]+)\s+for\s+(?:that|this|it))$", re.I
)
_ONE = re.compile(
    r"\b(?:apply for|get|gets|need|needs|have|has|want|order|request|book|claim|use|buy|replace|return)\s+"
    r"(?P<word>one|ones)$",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!['’]s)(?<!\bfrom)(?<!\bto)(?<!\bup)(?<!\bout)(?<!\bin)(?<!\byou)\s"
    r"(?P<word>there)$"
)

_GOVERNED = re.compile(
    r"^\s*(?:still\s+|also\s+|only\s+)?(?:have|has|need|needs|going|get|gets)\s+to\b"
    r"|\b(?:apply|applies|available|open|belong|belongs|limited|subject|related|extended|paid|given|sent|up|due)\s+to\b",
    re.IGNORECASE,
)
"""Where "to" belongs to the words ahead of it, and begins no clause."""
_LEADS_ON = re.compile(
    r"\b(?:that|whether|which|who|whom|whose|what|how|where|why|if|when|while|once|unless|because|although|than)\b"
    r"|\bor\s+(?:do|does|is|are|can|should|will|as|at|by|in|on|to|with)\b"
    r"|\bto\s+(?!(?:the|an?|my|our|your|their|his|her|this|these|next|all|any|every|each|another|me|us|them|him|some\w+|"
    rf"{PERSONS}|[A-Z]\w*|\d\S*|\w*[^\Ws]s)\b)\w",
)
"""A clause after "it", which it may stand for: by its conjunction, or by "to" and no phrase for people or things."""
_JUDGED = r"(?!(?:the|an?|part|about|for|in|on|at|during|after|before|still|also|always|not|really|already)\b)\w+"
_WEATHER = r"(?:hot|cold|warm|dark|late|early|icy|windy|sunny|stormy|\w+day|noon|midnight|spring|summer|autumn|winter)"
_IDLE = re.compile(
    "|".join(
        (
            r"\b(?:what (?:time|day|date)|how (?:late|early|hot|cold|warm))\s+(?:is|was|will)\s+it\b",
            r"\bhow far\s+(?:is|was)\s+it\s+.*\b(?:to|from)\b",
            rf"\b{_BE}\s+it\s+(?:(?:too|so|very|really|still|already|a|public|bank)\s+)*{_WEATHER}\b",
            rf"\bit\s+(?:{_BE}|gets?)\s+(?:(?:too|so|very|really|still|already|a|public|bank)\s+)*{_WEATHER}\b",
            r"\bit\s+(?:\w+\s+)?(?:matters?|(?:rain|snow|hail|freez|thunder)\w*)\b",
            r"\bit\s+says?\b(?!\s+about\b)",
            r"\bit\s+(?:helps?|happens?|makes?|seems?|appears?|looks?|turns?)\s+\w",
            r"\bit\s+(?:be|been|takes?|lasts?)\s+(?:\w+\s+){0,2}(?:until|till|before|since)\b",
            rf"\bit\s+(?:{_BE}\s+)?(?:\w+\s+)?"
            r"(?:worth|true|right|correct|best|better|like|time|just me|(?:no|any) (?:use|good))\b",
            rf"\b(?:{_BE}\s+it|it\s+{_BE})\s+{_JUDGED}\s+\w+ing\b",
            r"\b(?:make|makes|made|making)\s+it\s+\w",
            r"\b(?:find|finds|found|think|thinks|consider|considers|deem|deems|believe|feel|feels)\s+it\s+"
            r"(?!(?:in|on|at|by|from|for|under|with|via|again|online|here|now|later)\b)\w",
            r"\b(?:leave|leaves|left)\s+it\s+(?:to|at|up|open)\b",
            r"\b(?:get|gets|got|need|have|want)\s+it\s+(?:in writing|right|wrong|over|across|together|to|done)\b",
            r"\b(?:take|takes|took)\s+it\s+(?:upon|for granted|easy|personally|seriously|up with|out on|from here)\b",
            r"\b(?:put|puts)\s+it\s+(?:to|simply|mildly|differently|another)\b",
            r"\b(?:call it a|see to it|owe it to|in it for|what it takes|it comes (?:down )?to|it in for|it going$)\b",
            r"\b(?:say|repeat|forget|got)\s+it\b",
            r"\bhow (?:much|long)\s+(?:is|was|does|will)\s+it\s+(?:\w+\s+)?for\s+an?\b",
        )
    ),
    re.IGNORECASE,
)
"""Where "it" means nothing: time, weather, distance, judgements, idioms."""
_AHEAD_OF_ALL = re.compile(r"^(?:if|when|while|once|before|after|until|unless|as)\b[^,]*,(?P<main>.*)$", re.IGNORECASE)
_TO_PEOPLE = re.compile(
    r"\b(?:tell|told|ask|inform|help|contact|call|invite|hire|thank|convince|train|meet|pay|manage|supervise)\s+them\b"
    r"|\b(?:buy|give|send|show|bring|offer|get)\s+them\s+(?!(?:back|off|out|over|up|in|on|to|from|for|at|online|again)\b)\w",
    re.IGNORECASE,
)
_TO_THINGS = re.compile(
    r"\b(?:carry|roll|transfer|take|use|sell|approves?|claim|submit|keep|lose|save|book|request|cancel|spend|split|"
    r"extend|get|find|order|change|buy|send|give|show)\s+them\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:are|were)\s+they\s+\w+ing\b|\bthey\b.*\b(?:my|me)\b"
    r"|\bthey\s+(?!(?:get|receive|earn|claim)\b)\w+\s+(?:the|our|us)\b"
    r"|\bthey\s+(?:open|close|run|start|end|change)\s+(?:an?|in|at)\b",
    re.IGNORECASE,
)
"""Where "they" may be whoever runs a place."""
_DOES = re.compile(
    r"\b(?:do|does|did|can|could|may|might|must|should|will|would)\s+they\s+(?:(?:also|still|ever)\s+)?"
    r"(?P<verb>(?:have|need)\s+to|\w+)",
    re.IGNORECASE,
)
"""The verb of "they"; what things do, and what people do whom a question is about."""
_BY_THINGS = OF_THINGS - {"have", "need", "take"} | {"have to", "need to"}
_BY_PEOPLE = OF_THINGS.union(
    _BY_THINGS,
    """attend book choose claim drive earn expense get join keep leave lose park qualify receive register report request
    resign return save sign submit transfer travel use""".split(),  # noqa: SIM905
)


def resolved(said: str, before: Phrases) -> str | None:
    """A further question with its pronouns replaced, where they mean what is spoken of before; else None."""
    if before.act and (found := _DO_THAT.search(said)) and not _spoken_of(said, found):
        return replaced(said, *found.span(), f"{found['what']} to {before.act}" if found["what"] else before.act)
    if before.thing:
        found = _FIRST_THAT.search(said) or _LAST_THAT.search(said)
        if found and not _spoken_of(said, found) and not _LEADS_ON.search(_GOVERNED.sub("", said[found.end("word") :])):
            return replaced(said, *found.span("word"), before.thing)
    if before.place and (found := _THERE.search(said)) and not PLACE.search(said) and not _spoken_of(said, found):
        return replaced(said, *found.span("word"), f"in {before.place}")
    if before.thing[:4] not in ("", "the ") and (found := _ONE.search(said)) and not nouns(said[: found.start("word")]):
        return replaced(said, *found.span("word"), before.thing)
    found = _PERSONAL.search(said)
    if found is None or not _means_another(said, found):
        return None
    meant = _many(said, found["word"], before) if found["word"].startswith("the") else _single(said, found, before)
    if not meant:
        return None
    if found["word"] in ("its", "their"):
        meant += "’" if meant.endswith("s") else "’s"
    return replaced(said, *found.span("word"), meant)


def _single(said: str, found: re.Match[str], before: Phrases) -> str:
    """What "it" or "its" means; empty for a dummy, and for what its own question says after it."""
    after = _GOVERNED.sub("", said[found.end() :])
    dummy = found["word"] == "it" and (_IDLE.search(said) or _LEADS_ON.search(after))
    return "" if dummy else before.thing


def _many(said: str, word: str, before: Phrases) -> str:
    """What "they", "them" or "their" means: people or several things; empty where it could be either, or others."""
    if word == "them" and (before.several or not before.whom):
        if _TO_PEOPLE.search(said):
            return "" if _LEADS_ON.search(said) else before.whom
        return before.several if not before.whom or _TO_THINGS.search(said) else ""
    does = _DOES.search(said)
    if _OTHERS.search(said) or (does and does["verb"] not in (_BY_PEOPLE if before.whom else _BY_THINGS)):
        return ""
    return before.whom or ("" if word == "their" else before.several)


def _means_another(said: str, found: re.Match[str]) -> bool:
    """Whether a pronoun has nothing in its own question that it could mean.

    Within one clause a subject and its object are two things; a possessive, or what is had "with them", may be its
    subject's. A clause ahead of its main clause may speak of what that names.
    """
    ahead = said[: found.start()]
    if found["word"].startswith("the") and _SOMEBODY.search(ahead):
        return False
    if (opening := _AHEAD_OF_ALL.match(said)) and found.end() < opening.start("main") and nouns(opening["main"]):
        return False
    if found["word"] in ("its", "their") and _LEADS_ON.search(said, found.end()):
        return False
    if found["word"] in ("its", "their") or re.search(r"\b(?:with|on|behind|around)\s+$", ahead):
        return not nouns(ahead)
    return not _BOUNDARY.search(_opened(ahead)) or not nouns(ahead)


def _spoken_of(said: str, found: re.Match[str]) -> bool:
    """Whether a sentence or clause of the same question, ahead of a pronoun at its end, says what that means."""
    ahead = _opened(said[: found.start()])
    return _BOUNDARY.search(ahead) is not None and bool(nouns(ahead))


def _opened(ahead: str) -> str:
    """A question's beginning without the words that open it, which are no boundary of clauses."""
    return re.sub(r"^\s*(?:and|or|but|so|also)?,?\s*(?:who|which|when|where|what|how|why)?\b", "", ahead, flags=re.I)
