"""What tells one thing from another of its kind without a unit: numbers, identifiers, names and addresses.

    "room 12", "form B2", "1.06", "DE33 4444", "shop@bakery.example", "Anna Smith"

Two that differ are two things, however alike the words about them are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from concord.authority.values import extract_values
from concord.authority.values.numbers import NUMBER_WORDS, parse_number, plain
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, TOKEN, content_stems, stem

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>()]+|(?<!\w)#[a-z][\w-]+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w.,])(?:[A-Za-z]{1,6}[-/.]?)?\d[\w]*(?:[.,/-][A-Za-z]?\d\w*)*(?!\w)")
_LETTER = re.compile(r"(?<=[a-z]\s)[A-HJ-Z]\b(?!\.)")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:(?:de|der|van|von|of|la)\s+)*[A-Z][\w’'-]+)*")
_LABEL = re.compile(r"(?P<label>[A-Za-z][\w’'-]*)\.?\s+(?:no\.?\s+|number\s+)?$", re.IGNORECASE)
_LEADS = re.compile(r"(?:\b(?:by|is|are|ask|contact|call|to)|:)\s+$", re.IGNORECASE)
_LONG = 5
"""Digits and letters from which numbers are the same however they are set apart."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_KIND = re.compile(r"\b(?:which|what)\s+\w+", re.IGNORECASE)
_DOES = re.compile(
    r"\bwhom?\s+\w+|\b(?:do|does|did|can|may|must|should|shall)\s+(?:I|we|you|they|he|she|it)\s+\w+", re.IGNORECASE
)
"""What is done in a question: "who keeps", "where do I write". Told in other forms, and no matter of which it asks."""


class _Kind(StrEnum):
    ADDRESS = "address"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number, identifier, name or address in a text: its kind, how it is compared, and the noun right before it."""

    kind: _Kind
    text: str
    label: str
    start: int
    end: int

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def marks(text: str) -> tuple[Mark, ...]:
    """The marks of a text, in order, without values that have a unit; the first word of a sentence is no name."""
    taken = [(found.start, found.end) for found in extract_values(text)]
    made: list[Mark] = []
    for kind, start, end in _found(text):
        if any(start < other[1] and other[0] < end for other in taken):
            continue
        taken.append((start, end))
        label = _LABEL.search(text[:start])
        noun = stem(label["label"].lower()) if label and _names(label["label"]) else ""
        made.append(Mark(kind, _folded(kind, text[start:end]), noun, start, end))
    return tuple(sorted(made, key=lambda each: each.start))


def kept(part: str, text: str) -> bool:
    """Whether a text has every mark of a right answer."""
    have = {(each.kind, each.text) for each in marks(text)}
    words = {token.lower() for token in TOKEN.findall(text)}
    words |= {plain(parse_number(each, None)) for each in words if each in NUMBER_WORDS}
    mine = marks(part)
    if len(_run(mine)) >= _LONG and _run(mine) in _run(marks(text)):
        return True
    for mark in mine:
        named = mark.kind is _Kind.NAME and set(content_stems(mark.text)) <= set(content_stems(text))
        if not named and (mark.kind, mark.text) not in have and mark.text not in words:
            return False
    return True


def without_marks(text: str) -> str:
    """A text without its numbers, identifiers and addresses; names stay, for they are words."""
    for each in marks(text):
        if each.kind is not _Kind.NAME:
            text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def displaced(part: str, text: str, asked: str) -> bool:
    """Whether a sentence has another mark in the place of one of a right answer, which it has not.

    One of the question stands in no other's place, nor does one that is named as something else: "line 14" is no rival
    of "room 12", unless it is lines that the question asks for.
    """
    if kept(part, text):
        return False
    have = marks(text)
    mine = [each for each in marks(part) if not kept(part[each.start : each.end], text)]
    known, words = {each.text for each in (*marks(asked), *marks(part))}, set(content_stems(asked))
    others = [each for each in have if each.text not in known]
    return any(_in_place(mark, each, text, words) for mark in mine for each in others)


def subjects(asked: str) -> frozenset[str]:
    """The stems of a question's words that say what it is about: without the kind of what is asked, and what is done.

    All of them where nothing else is left.
    """
    rest = content_stems(_DOES.sub(" ", _KIND.sub(" ", asked)))
    return frozenset(rest or content_stems(asked))


def _run(found: Iterable[Mark]) -> str:
    """The numbers of a text as one: "DE33 4444" is "DE334444"."""
    return "".join(re.sub(r"\W", "", each.text) for each in found if each.kind is _Kind.NUMBER)


def _in_place(mine: Mark, other: Mark, text: str, asked: set[str]) -> bool:
    if mine.kind is not other.kind:
        return False
    if mine.kind is _Kind.ADDRESS:
        return True
    if mine.kind is _Kind.NAME:
        if asked & set(content_stems(other.text)):
            return False
        return mine.words == other.words or _LEADS.search(text[: other.start]) is not None
    if _YEAR.fullmatch(other.text) and not _YEAR.fullmatch(mine.text):
        return False
    return mine.label == other.label or not (mine.label and other.label) or other.label in asked


def _found(text: str) -> Iterator[tuple[_Kind, int, int]]:
    for each in _ADDRESS.finditer(text):
        yield _Kind.ADDRESS, each.start(), each.start() + len(each.group().rstrip(".,;:!?"))
    for pattern in (_NUMBERED, _LETTER):
        for each in pattern.finditer(text):
            yield _Kind.NUMBER, each.start(), each.end()
    for each in _NAME.finditer(text):
        start = each.start()
        alone = not re.search(r"\s", each.group())
        begins = re.search(r"(?:^|[.!?]\s)\W*$", text[:start]) is not None
        rest = text[each.end() :]
        if rest.startswith(":") or (alone and begins and rest.strip(" .!")):
            continue
        first = TOKEN.match(each.group())
        # Within a sentence "Max" is somebody; "Staff" begins one as any word does.
        if first and first.group().lower() in (FUNCTION_WORDS | LIGHT_WORDS if begins else FUNCTION_WORDS):
            start += len(first.group()) + 1
        if start < each.end():
            yield _Kind.NAME, start, each.end()


def _names(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS | LIGHT_WORDS


def _folded(kind: _Kind, text: str) -> str:
    if kind is _Kind.NUMBER:
        text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
        text = re.sub(r"^(\d+),(\d+)$", r"\1.\2", re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", text))
    return re.sub(r"\s+", " ", text).casefold()
