"""What a report says is right, which texts tell it, and whether an answer does: by typed values, else by words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from concord.answering.qualifiers import denials, qualifiers, rates
from concord.authority.values import FoundValue, TypedValue, ValueType, extract_values
from concord.authority.values.numbers import NUMBER as ANY_NUMBER
from concord.authority.words import TOKEN, content_stems
from concord.governance.cases.contrasts import without_contrasts
from concord.governance.cases.frequency import frequencies, mere
from concord.governance.cases.given import Given, Said, parts_of, without_values
from concord.governance.cases.marks import displaced, kept, without_marks
from concord.governance.cases.sameness import (
    Match,
    comparable,
    denies,
    equal,
    match_rules,
    match_stances,
    match_values,
    says_no,
    takes_a_stance,
)
from concord_taxonomy.markdown import plain, sentences

MOST = 64
"""Values and parts of a right answer that are read, as of a sentence of a page."""
_WORDS_TOLD = 0.8
"""Share of the words of a right answer without values that a text has to have."""
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_A_QUOTE = 3
"""Content words of a part that is a quote rather than a value."""
_PARTS = re.compile(r"\s*[;\n]\s*")
_CLAUSES = re.compile(r"[;:,]\s|\s[–—]\s|\s(?=(?:but|and|or|while|whereas)\s)")
_UNITS = frozenset(content_stems("second minute hour day week month year"))
_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?:[\w-]+\s+)?(seconds|minutes|hours|days|nights|weeks|months|years)\b", re.IGNORECASE
)
_BARE = re.compile(ANY_NUMBER, re.IGNORECASE)
_COUNTED = {ValueType.MONEY, ValueType.PERCENT}
_YES_OR_NO = frozenset({"yes", "no"})
POLAR = re.compile(
    r"\W*(?:is|are|am|do|does|can|could|may|must|should|shall|will|has|have|need)\b(?!.*\bor\b)", re.IGNORECASE
)
"""How a question begins that is answered by yes or no."""
_PERSON = r"(?:I|we|you|they|he|she|it|one|people|staff|employees|everyone|everybody|anyone)"
_STANCE = (
    r"(?:allow(?:ed)?|permit(?:ted)?|required?|entitled|eligible|prohibited|forbidden|banned|mandatory|compulsory"
    r"|obliged|optional|voluntary|need(?:ed)?|able|supposed)"
)
_ASKED_OF = re.compile(
    rf"^\W*(?:can|may|must|should|shall|could|will)\s+{_PERSON}\s+\w+|^\W*(?:do|does)\s+{_PERSON}\s+(?:have|need)\s+to\s+\w+"
    rf"|^\W*(?:am|are|is)\s+{_PERSON}\s+{_STANCE}\s+to\s+\w+|\b{_STANCE}\b",
    re.IGNORECASE,
)
"""What a question asks to be allowed, demanded or denied by, and what is done: "may I bring a cat" is of cats."""
_FIRST_WORD = re.compile(r"\W*(\w+)(\s*(?:[.,!;:–—]|-\s|$))?")
DIALLED = re.compile(r"[+(]?\d[\d\s()./–-]{4,}\d")
"""A number that is told by its digits, however these are set apart: of a telephone, an account, a contract."""


@dataclass(frozen=True)
class Right:
    """A right answer: each of its values, or each of its parts (apart by `;`) where it has none.

    `asked` are the words of the question where it is answered by yes or no, and the text says no more than that.
    """

    text: str
    asked: frozenset[str] = frozenset()

    @classmethod
    def to(cls, question: str, text: str) -> Right:
        """A right answer to a question: "30", or "thirty", to how many days is 30 days."""
        if _yes_or_no(text) and POLAR.match(question) and not denials(question):
            return cls(text, frozenset(content_stems(_ASKED_OF.sub(" ", question))))
        unit, number = _HOW_MANY.search(question), text.strip(" .")
        return cls(f"{number} {unit[1]}" if unit and _BARE.fullmatch(number) else text)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What has to be told, one by one, as far as it is read: what is only contrasted with it is not."""
        return tuple(_read(self._whole))

    @property
    def longer(self) -> bool:
        """Whether it states more than is read of it."""
        return self.parts != self._whole

    @cached_property
    def _whole(self) -> tuple[str, ...]:
        return tuple(without_contrasts(each) for each in _PARTS.split(self.text.strip()) if each)

    @cached_property
    def values(self) -> tuple[TypedValue, ...]:
        """Every value that it states."""
        return tuple(found.value for part in self.parts for found in extract_values(part))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its parts that are mere numbers: what they count is left to the question."""
        return frozenset(part.replace(",", "") for part in self.parts if NUMBER.fullmatch(part))

    @property
    def worded(self) -> bool:
        """Whether it is told by its words: it states no value, or states them in several words, as a quote does."""
        if self.asked:
            return False
        return not self.values or all(len(content_stems(part)) >= _A_QUOTE for part in self.parts)

    @property
    def quoted(self) -> bool:
        """Whether each part has so many words that it hardly stands anywhere in another matter."""
        return all(len(content_stems(part)) >= _A_QUOTE for part in self.parts)

    @property
    def wanted(self) -> int:
        """How many things have to be told."""
        return len(self.parts)

    def told(self, text: str) -> int:
        """How many of them a text tells, or may tell, wherever they stand in it."""
        if self.asked:
            return int(any(self._ruled(each) is Match.SAME for each in _sentences(text)))
        said = [Said(each) for each in _sentences(text)]
        return sum(_stated(part, said, text) >= Match.UNSURE for part in self.parts)

    def given(self, answer: Given) -> list[Match]:
        """What an answer makes of each of them, to its question."""
        return [min(self._given(each, answer) for each in _sentences(part)) for part in self.parts]

    def literally(self, text: str) -> bool:
        """Whether a text tells them in the very words, or as the very numbers."""
        return all(_stands(part, text) or _numbers_in(part, text) for part in self.parts)

    def otherwise(self, text: str) -> bool:
        """Whether a text states another value of the same kind, and none that is right.

        A mere number is any count, amount or share. Or, of what has no value, whether it says that it is not so.
        """
        if self.asked:
            ruled = {self._ruled(each) for each in _sentences(text)}
            return Match.OTHERWISE in ruled and Match.SAME not in ruled
        sentences = [Said(each) for each in _sentences(text)]
        often = [_as_often(each, sentences) for each in self.parts]
        if any(each is not None for each in often):
            return Match.OTHERWISE in often and Match.SAME not in often
        stated = [found.value for each in sentences for found in each.values]
        same = [each for each in stated if any(comparable(each, mine) for mine in self.values)]
        if same:
            return not any(match_values(mine, each) > Match.OTHERWISE for each in same for mine in self.values)
        if self.numbers and (said := {number for each in stated for number in _numbers_of(each)}):
            return not self.numbers & said
        worded = [part for part in self.parts if not extract_values(part) and part not in self.numbers]
        return any(_stated(part, sentences, text) is Match.OTHERWISE for part in worded)

    def displaced(self, text: str, asked: str) -> bool:
        """Whether a sentence answers a question with another number, identifier, name or address than a right one."""
        return not self.told(text) and any(
            displaced(part, each, asked) for part in self.parts for each in _sentences(text)
        )

    def contradicts(self, other: Right) -> bool:
        """Whether both cannot be right answers to one question: of one kind, and neither tells any of the other."""
        if not self.parts or not other.parts:
            return False
        mine, others = ("; ".join(each.parts) if each.longer else each.text for each in (self, other))
        if self.told(others) or other.told(mine):
            return False
        if self.values or other.values:
            return any(comparable(mine, each) for mine in self.values for each in other.values)
        return True

    def _ruled(self, sentence: str) -> Match:
        """What a sentence in the words of the question makes of yes or no: "dogs are not allowed" is a no."""
        if not self.asked <= set(content_stems(sentence)) or sentence.rstrip().endswith("?"):
            return Match.NOTHING
        return Match.OTHERWISE if self.ruled_otherwise(sentence) else Match.SAME

    def ruled_otherwise(self, sentence: str) -> bool:
        """Whether a sentence about what was asked allows, demands or denies otherwise than yes or no does."""
        return says_no(sentence) is not (_bare(self.text) == "no")

    def _given(self, part: str, answer: Given) -> Match:
        often = _as_often(part, (each for each in answer.said if answer.met(each)))
        if often is not None:
            return often
        values = extract_values(part)
        if not values:
            found = answer.best(_about(part), partial(_plainly, part, answer.question, partial(_worded, part)))
            whole = " ".join(each.text for each in answer.said)
            return Match.UNSURE if found is Match.NOTHING and (_has_words(part, whole) or _yes_or_no(part)) else found
        others = [each for each in (*self.values, *answer.asked) if not any(equal(each, m.value) for m in values)]
        ways = (partial(_valued, part, mine, asked=answer.question, others=others) for mine in values)
        found = min(answer.best(_about(part), partial(_plainly, part, answer.question, way)) for way in ways)
        return min(found, Match.OTHERWISE) if _swapped(part, answer.sentences, answer.question) else found


def _read(parts: Sequence[str]) -> Iterator[str]:
    """The first parts, up to the last value that is read."""
    left = MOST
    for part in parts[:MOST]:
        whole = plain(part)
        for each in sentences(whole):
            found = extract_values(whole[each.start : each.end])
            if len(found) > left:
                yield from filter(None, [whole[: each.start + found[left].start].strip()])
                return
            left -= len(found)
        yield part


def _plainly(
    part: str, asked: str, way: Callable[[Said], Iterable[tuple[str, Match, bool]]], said: Said
) -> list[tuple[str, Match, bool]]:
    """What a sentence makes of one; where it has the right one and turns what it says of it, only a person can tell."""
    held = list(way(said))
    if any(match is Match.SAME for _, match, _ in held) and turned(said.text, part, asked):
        return [(words, Match.UNSURE, chosen) for words, _, chosen in held]
    return held


def turned(text: str, part: str, asked: str) -> bool:
    """Whether a sentence qualifies what it states in a way that neither the right answer nor the question does.

    A bare value or name completes the question, and is denied where that is; a statement stands for itself.
    """
    if qualifiers(text) - qualifiers(part) - qualifiers(asked):
        return True
    per = rates(part) | rates(asked)
    if per and not rates(text) <= per:
        return True
    whole = denials(part) or len(content_stems(part)) >= _A_QUOTE or takes_a_stance(part)
    return not _yes_or_no(part) and denials(text) != denials(part if whole else asked)


def _stated(part: str, said: Sequence[Said], text: str) -> Match:
    """The most that a text makes of it, in any of its sentences."""
    return min((_most(each, said, text) for each in _sentences(part)), default=Match.NOTHING)


def _as_often(part: str, said: Iterable[Said]) -> Match | None:
    """What sentences make of how often something is done; None where that is not all that is right."""
    mine = mere(part)
    found = [often for each in said if (often := frequencies(each.text))] if mine else []
    if not found:
        return None
    return Match.SAME if mine in found else Match.OTHERWISE


def _most(part: str, said: Sequence[Said], text: str) -> Match:
    often = _as_often(part, said)
    if often is not None:
        return often
    values = extract_values(part)
    if values:
        found = min(
            max((match for each in said for _, match, _ in _valued(part, mine, each)), default=Match.NOTHING)
            for mine in values
        )
        return min(found, Match.OTHERWISE) if _swapped(part, [each.text for each in said]) else found
    found = max((match for each in said for _, match, _ in _worded(part, each)), default=Match.NOTHING)
    return Match.UNSURE if found is Match.NOTHING and _has_words(part, text) else found


def _valued(
    part: str, mine: FoundValue, said: Said, asked: str = "", others: Sequence[TypedValue] = ()
) -> Iterator[tuple[str, Match, bool]]:
    """What each value of a sentence that is of the same kind makes of mine; `others` are looked for by themselves."""
    kind = [each for each in said.values if comparable(mine.value, each.value)]
    if not kind and _stands(part, said.text):
        yield said.text, Match.SAME, False
    rivals = [each for each in kind if not any(equal(each.value, other) for other in others)]
    # "How many days": weeks are no rival of days.
    units = _units(asked) & _units(mine.value.text)
    rivals = [each for each in rivals if units <= _units(each.value.text) or equal(each.value, mine.value)]
    for found, words in parts_of(said.text, rivals):
        match = match_values(mine.value, found.value, said.text, asked)
        if match > Match.OTHERWISE:
            match = min(match, match_rules(part, mine, said.text, found))
        yield words, match, found.value.text in said.chosen


def _worded(part: str, said: Said) -> Iterator[tuple[str, Match, bool]]:
    """What a sentence makes of one that states no value, or of a mere number."""
    text = said.text
    if _yes_or_no(part):
        first = _FIRST_WORD.match(text)
        if first and first[1].casefold() in _YES_OR_NO:
            # "No fine is due" is no answer of no.
            said_so = Match.SAME if first[1].casefold() == _bare(part) else Match.OTHERWISE
            yield text, said_so if first[2] else Match.UNSURE, False
    elif NUMBER.fullmatch(part.strip()):
        yield from _numbered(part.strip().replace(",", ""), said)
    elif DIALLED.fullmatch(part.strip()):
        dialled = [digits(each) for each in DIALLED.findall(text)]
        if dialled:
            yield text, Match.SAME if digits(part) in dialled else Match.OTHERWISE, False
    elif content_stems(part):
        if _quoted(part, text):
            yield text, Match.SAME, False
        elif _has_words(part, text):
            clause = next((each for each in _CLAUSES.split(text) if _has_words(part, each)), text)
            yield text, match_stances(part, clause, whole=len(content_stems(part)) >= _A_QUOTE), False
    elif takes_a_stance(part) and not _long(part):
        if takes_a_stance(text):
            yield text, match_stances(part, text), False
    elif _stands(part, text):
        yield text, Match.SAME, False


def _numbered(number: str, said: Said) -> Iterator[tuple[str, Match, bool]]:
    values = said.values
    have = [
        each
        for each in values
        if number in {n.replace(",", "") for n in NUMBER.findall(each.value.text)}
        or (each.value.type is ValueType.COUNT and each.value.low == number and each.value.high is None)
    ]
    if not have and _stands(number, said.text.replace(",", "")):
        yield said.text, Match.SAME, False
    else:
        kind = [each for each in values if _kind(each, have)]
        for found, words in parts_of(said.text, kind):
            yield words, Match.SAME if found in have else Match.OTHERWISE, found.value.text in said.chosen


def _numbers_of(value: TypedValue) -> set[str]:
    """What a mere number may stand for: the count, or the number of an amount or a share, as nobody writes its unit."""
    if value.type is ValueType.COUNT:
        return {value.low}
    return {each.replace(",", "") for each in NUMBER.findall(value.text)} if value.type in _COUNTED else set()


def digits(text: str) -> str:
    """The digits of a number, however they are set apart."""
    return re.sub(r"\D", "", text)


def _units(text: str) -> set[str]:
    return {word for word in content_stems(text) if word in _UNITS}


def _kind(found: FoundValue, have: Sequence[FoundValue]) -> bool:
    if not have:
        return found.value.type is ValueType.COUNT
    return any(comparable(found.value, each.value) for each in have)


def _has_words(part: str, text: str) -> bool:
    if not content_stems(part):
        return False
    words = set(content_stems(without_marks(part)))
    return len(words & set(content_stems(text))) >= _WORDS_TOLD * len(words) and kept(part, text)


def _swapped(part: str, said: Sequence[str], asked: str = "") -> bool:
    """Whether sentences name other things than a right answer does beside its values: "room 14 until 8:00"."""
    return not kept(part, " ".join(said)) and any(displaced(part, each, asked) for each in said)


def _about(part: str) -> frozenset[str]:
    """The words of a right answer that say what it is of: none, where it is a bare value or name."""
    words = content_stems(without_values(part))
    quote = len(words) >= _A_QUOTE or (_long(part) and not extract_values(part))
    return frozenset(words) if quote else frozenset()


def _long(part: str) -> bool:
    return len(TOKEN.findall(part)) >= _A_QUOTE


def _quoted(part: str, text: str) -> bool:
    """Whether a text has several words exactly as they are, and does not deny them."""
    found = _very(part, text) if _long(part) else None
    return found is not None and not denies(found.string[: found.start()])


def _yes_or_no(part: str) -> bool:
    return _bare(part) in _YES_OR_NO


def _bare(part: str) -> str:
    return part.casefold().strip(" .!")


def _stands(part: str, text: str) -> bool:
    """Whether a text has the very words: "27 days" does not stand in "127 days"."""
    return _very(part, text) is not None


def _very(part: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w.,]){re.escape(_squeezed(part).rstrip('.'))}(?!\w)", _squeezed(text))


def _numbers_in(part: str, text: str) -> bool:
    numbers = re.findall(r"\d+(?:[.,]\d+)*", part)
    return bool(numbers) and all(re.search(rf"(?<![\d.,]){re.escape(each)}(?![\d])", text) for each in numbers)


def _sentences(text: str) -> list[str]:
    whole = plain(text)
    return [whole[each.start : each.end] for each in sentences(whole)] or [whole]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text)).casefold()
