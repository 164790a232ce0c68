"""From a passage to its claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from concord.authority.boilerplate import is_meant, is_stated
from concord.authority.claims import Attribute, BlockKey, Claim, Role, SourceText
from concord.authority.concepts import MatchConcepts, Mention, mentions, no_concepts
from concord.authority.facts import Facts
from concord.authority.scope import Scope, read_scope
from concord.authority.sentences import StatedSentence, stated_sentences
from concord.authority.values import Comparator, FoundValue, ValueType, extract_values, extract_worded
from concord.authority.values.numbers import NUMBER_WORDS
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, TOKEN, content_stems, light_stems, stem

EXTRACTOR_VERSION = "7"
"""Part of the fingerprint of derived claims; raised when the same passage gives other claims."""

_CLAUSE = re.compile(r"[;:]\s|\s[–—]\s|,\s(?=(?:but|and|or|while|whereas)\s)|\s(?=(?:but|while|whereas)\s)|\.\s")
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_ENDED = re.compile(r"\b(?:(?:quarter|half|year|month|period)s?|weeks)\s(?:ended|ending|to)\s(?:on\s)?$", re.IGNORECASE)
_DEADLINE = re.compile(r"\b(?:within|by|before|no later than|until|deadline|due|inside)\s(?:the\s)?$", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|had|received|recorded|paid out)\b", re.IGNORECASE)
_PERMISSION = re.compile(r"\b(?:may|can|allowed|permitted|entitled)\b", re.IGNORECASE)
_ROLES = {
    Comparator.AT_LEAST: Role.MINIMUM,
    Comparator.ABOVE: Role.MINIMUM,
    Comparator.AT_MOST: Role.MAXIMUM,
    Comparator.BELOW: Role.MAXIMUM,
}
_NAMES = r"(?:[A-Z][\w’'+#.-]*\s)"
_SUBJECT = re.compile(rf"(?:(?i:the|this|our|each|every)\s)?{_NAMES}{{0,3}}(?:(?i:version|release|v)\.?\s?)?")
_PREDICATE = re.compile(
    rf"(?:\s(?:of|for)\s(?:the\s|our\s)?{_NAMES}*[A-Z][\w’'+#.-]*)?(?:\s(?:and|or)\s(?:later|newer|above|up))?"
    r"\s(?:[a-z]+s|must|may|can|cannot|will|shall|should|do|have|had|are|were)\b(?!-)"
)
_FRAME = re.compile(
    rf"(?i:from|in|with|since|for|under|on|as of)\s(?:the\s)?{_NAMES}{{0,3}}(?:(?i:version|release|v)\.?\s?)"
)
_FRAMED = re.compile(r"[^,.;:\d]{0,40},\s")
_NUMBERED = re.compile(r"\b[A-Z][\w+#]*\s\d")
_ENOUGH = 2
MOST_VALUES = 64
"""Numbers of one sentence that are read, and as many values in words: a longer row of them is no statement."""
_WORD = re.compile(r"\S+")
# How one gets in touch says nothing of what about.
_REACHING = frozenset(
    content_stems(
        """contact email e-mail mail call phone telephone ring dial ask question query message send post write reach
        touch help support information info details team channel slack chat visit via line number address desk"""
    )
)
_COUNTED = NUMBER_WORDS | {"to", "and", "working", "business", "calendar"}


def extract_claims(source: SourceText, match_concepts: MatchConcepts = no_concepts) -> list[Claim]:
    """Return the claims of a passage, in the order in which they stand there."""
    around = _Around.of(source, match_concepts)
    facts = Facts.of(source.item)
    claims: list[Claim] = []
    for sentence in stated_sentences(source.text):
        named: tuple[Mention, ...] | None = None
        for values in _families(sentence):
            if any(each.start >= sentence.body for each in values):
                if named is None:
                    named = mentions(sentence.text, match_concepts, source.item.publisher)
                claims.extend(_Reader(sentence, values, named, around).claims(source, facts))
    return claims


def _families(sentence: StatedSentence) -> Iterator[list[FoundValue]]:
    """The values of a sentence that are read together: its numbers, then each kind of value in words for itself.

    Where a number is stated, "must" says no more than that it is a rule.
    """
    found = extract_values(sentence.text), extract_worded(sentence.text)
    if not any(found) or not is_stated(sentence.text):
        return
    read = (part[:MOST_VALUES] for part in found)
    numbers, worded = ([each for each in part if is_meant(sentence.text, each.start)] for part in read)
    yield numbers
    for kind in dict.fromkeys(each.value.type for each in worded):
        if kind is not ValueType.POLARITY or not numbers:
            yield [each for each in worded if each.value.type is kind]


def extract_all(sources: Iterable[SourceText], match_concepts: MatchConcepts = no_concepts) -> list[Claim]:
    """Return the claims of many passages; one stated twice by overlapping passages of an item counts once."""
    seen: dict[tuple[object, ...], Claim] = {}
    for source in sources:
        for claim in extract_claims(source, match_concepts):
            seen.setdefault((claim.identifier, claim.revision, claim.quote, claim.position, claim.value), claim)
    return list(seen.values())


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a passage's sentences: nearest heading first, then the title."""

    texts: tuple[str, ...]
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    path: str

    @classmethod
    def of(cls, source: SourceText, match: MatchConcepts) -> _Around:
        texts = tuple(dict.fromkeys((*reversed(source.heading_path), source.item.title)))
        concepts = [mention.concept for text in texts for mention in mentions(text, match, source.item.publisher)]
        concepts += source.concepts or source.item.subject
        words = [word for text in texts for word in content_stems(text)]
        return cls(texts, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(concepts)), source.item.identifier)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the claims of one sentence."""

    sentence: StatedSentence
    values: list[FoundValue]
    mentions: tuple[Mention, ...]
    around: _Around

    def claims(self, source: SourceText, facts: Facts) -> Iterator[Claim]:
        text = self.sentence.text
        scope = read_scope(
            _blank(text, self.values), around=(self.sentence.lead, *self.around.texts), path=self.around.path
        )
        if any(each.end <= self.sentence.body for each in self.values):
            scope = replace(scope, case=(self.sentence.case.casefold(),))
        template = " ".join(self._template())
        # What is said of Python 3.9 is not said of Python 3.12.
        named = {each.value.low for each in self.values if each.value.type is ValueType.VERSION}
        versions = tuple(sorted({*scope.version, *named})) if named else scope.version
        subjects = {each.value.low for each in self.values if self._is_subject(each)}
        if "version" not in scope.inherited:  # "Release 5.1 of the portal" is a subject wherever it stands
            subjects |= {*scope.version} - {text[each.start : each.end] for each in self.values}
        if ends := {f"to {each.value.low}" for each in self.values if self._ends_period(each)}:
            inherited = tuple(each for each in scope.inherited if each != "period")
            scope = replace(scope, period=tuple(sorted(ends)), inherited=inherited)
        stated = [each for each in self.values if each.start >= self.sentence.body]
        for found in stated:
            if self._is_subject(found) or self._ends_period(found):
                continue
            alike = [
                each
                for each in stated
                if each.value.dimension == found.value.dimension and each.value.type is found.value.type
            ]
            attribute = self._attribute(found, template, scope)
            yield Claim(
                identifier=source.item.identifier,
                revision=source.item.revision,
                ordinal=source.ordinal,
                span=(self.sentence.start, self.sentence.end),
                quote=text,
                value=found.value,
                block=BlockKey(self._concept(found), found.value.type, found.value.dimension),
                attribute=attribute,
                scope=replace(
                    scope, version=tuple(sorted(subjects)) if found.value.type is ValueType.VERSION else versions
                ),
                first_seen=self._first_seen(source),
                facts=facts,
                siblings=tuple(each.value for each in alike if each is not found),
                position=alike.index(found),
            )

    def _is_subject(self, found: FoundValue) -> bool:
        """Whether it is a version that the sentence is about, with another number to say of it.

        "Python 3.9 is supported until May", "Portal release 5.1 needs Java 11", "From release 6.0 on, …".
        """
        if found.value.type is not ValueType.VERSION:
            return False
        before, after = self.sentence.text[: found.start], self.sentence.text[found.end :]
        if len(self.values) == 1 and not _NUMBERED.search(after):
            return False
        if _SUBJECT.fullmatch(before) and _PREDICATE.match(after):
            return True
        if _FRAME.fullmatch(before) and _FRAMED.match(after):
            return True
        return len(self.values) > 1 and not before.count(" ", 0, -1)

    def _ends_period(self, found: FoundValue) -> bool:
        """Whether it is the end of the period that the sentence is about: "in the quarter ended 31 March 2024"."""
        return found.value.type is ValueType.DATE and bool(_ENDED.search(self.sentence.text[: found.start]))

    def _first_seen(self, source: SourceText) -> date | None:
        if self.sentence.line < len(source.line_dates):
            return source.line_dates[self.sentence.line]
        return source.claim_date

    def _concept(self, found: FoundValue) -> str | None:
        """The concept named nearest to the value, else the first around the sentence."""
        if self.mentions:
            nearest = min(
                self.mentions, key=lambda each: (max(each.start - found.end, found.start - each.end), each.start)
            )
            return nearest.concept
        return self.around.concepts[0] if self.around.concepts else None

    def _attribute(self, found: FoundValue, template: str, scope: Scope) -> Attribute:
        start, end = self._clause(found)
        words, concepts = self._words(start, end)
        if len(words) + 2 * len(concepts) < _ENOUGH + 1 and (start, end) != (0, len(self.sentence.text)):
            words, concepts = self._words(0, len(self.sentence.text))
        return Attribute(
            words=tuple(sorted(set(words))),
            light=tuple(sorted(set(light_stems(self.sentence.text[start:end])))),
            role=self._role(found, scope),
            concepts=tuple(sorted(set(concepts))),
            context=tuple(dict.fromkeys((*content_stems(self.sentence.lead), *self.around.words))),
            context_concepts=self.around.concepts,
            template=template,
            label_words=tuple(
                sorted(
                    {
                        word
                        for each in self.mentions
                        for word in content_stems(self.sentence.text[each.start : each.end])
                    }
                )
            ),
        )

    def _clause(self, found: FoundValue) -> tuple[int, int]:
        """The clause of a value: what is quoted, or a part of a sentence that states several; else the sentence."""
        text = self.sentence.text
        quoted = next((each.span(1) for each in _QUOTED.finditer(text) if _inside(found, each.span(1))), None)
        if quoted is not None:
            return quoted
        if len(self.values) == 1:
            return 0, len(text)
        start = max((match.end() for match in _CLAUSE.finditer(text, 0, found.start)), default=0)
        after = _CLAUSE.search(text, found.end)
        return start, after.start() if after else len(text)

    def _words(self, start: int, end: int) -> tuple[list[str], list[str]]:
        text = self.sentence.text
        spans = [(each.start, each.end) for each in self.mentions if start <= each.start and each.end <= end]
        for each in self.values:
            if each.value.type is ValueType.DURATION:
                spans += _ends(text, each)
            elif each.value.type is not ValueType.COUNT:
                spans.append((each.start, each.end))
        rest = text[start:end]
        reaching = _REACHING if any(each.value.type is ValueType.CONTACT for each in self.values) else frozenset()
        for left, right in spans:
            left, right = max(left - start, 0), max(right - start, 0)
            rest = rest[:left] + " " * len(rest[left:right]) + rest[right:]
        concepts = [
            each.concept
            for each in self.mentions
            # A label of light words only ("employee") names whoever is meant in general and tells no slots apart.
            if start <= each.start and each.end <= end and content_stems(text[each.start : each.end])
        ]
        return [word for word in content_stems(rest) if word not in reaching], concepts

    def _role(self, found: FoundValue, scope: Scope) -> Role:
        before = self.sentence.text[: found.start]
        if scope.period and "period" not in scope.inherited and _PAST.search(before):
            return Role.OBSERVED
        if found.value.type in {ValueType.DURATION, ValueType.DATE, ValueType.TIME} and _DEADLINE.search(before):
            return Role.DEADLINE
        role = _ROLES.get(found.value.comparator)
        if role is not None:
            return role
        if _PERMISSION.search(before):
            return Role.PERMISSION
        return Role.RATE if found.value.per else Role.STATED

    def _template(self) -> Iterator[str]:
        text = self.sentence.text
        spans = sorted(
            [
                (each.start, each.end, f"<{each.concept}>")
                for each in self.mentions
                if content_stems(text[each.start : each.end])
            ]
            + [(each.start, each.end, "#") for each in self.values]
        )
        position = 0
        for start, end, mark in [*spans, (len(text), len(text), "")]:
            for token in TOKEN.findall(text[position:start]):
                word = token.lower().replace("’", "'").removesuffix("'s")
                yield word if word in FUNCTION_WORDS or word in LIGHT_WORDS else stem(word)
            if mark:
                yield mark
            position = max(position, end)


def _inside(found: FoundValue, span: tuple[int, int]) -> bool:
    return span[0] <= found.start and found.end <= span[1]


def _ends(text: str, found: FoundValue) -> list[tuple[int, int]]:
    """A duration's words but those between number and unit: "84 more annual leave hours" keeps "annual leave"."""
    tokens = list(_WORD.finditer(text, found.start, found.end))
    kept = [token for token in tokens[1:-1] if token[0].lower() not in _COUNTED]
    return [token.span() for token in tokens if token not in kept]


def _blank(text: str, values: list[FoundValue]) -> str:
    """The sentence without its dates, whose years are no period of what it says, and names that are its value."""
    for found in values:
        if found.value.type in {ValueType.DATE, ValueType.MONEY, ValueType.CONTACT, ValueType.NAMED}:
            text = text[: found.start] + "#" * (found.end - found.start) + text[found.end :]
    return text
