"""Whether a sentence states a value, name or statement as its own answer to a question, so that a machine may say so.

    "The kit is kept in room 12."                       of "room 12", asked where it is kept: yes
    "The kit is kept in room 14, next to room 12."      no: what is right stands there beside words of its own

With what it states left out, nothing else in the sentence may be an answer, and every word has to be one of the
question's or of the right answer's, or to stand in a sentence of the answer of before that says something else in the
very same place. No list of words that turn a sentence can be whole: here what is not known is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from concord.authority.values import extract_values
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, TOKEN, content_stems, stem

PLAIN = frozenset(
    """a an the is are be it its they their them you your we our i my he his she her this there has have do does
    get gets receive receives take takes lasts everyone everybody in on at for with via through as of to by
    per""".split()  # noqa: SIM905
)
"""Words that add nothing to what the others state."""
_BINDING = frozenset({"of", "to"})
"""Words that make what follows a part of what stands before: "the deputy of", "next to". That has to be asked for."""
BOUNDS = frozenset("up to at most least no not more less fewer later longer than within maximum minimum or".split())  # noqa: SIM905
"""Words that bound a value."""
_COMPARES = frozenset("less more fewer later longer earlier further too than".split())  # noqa: SIM905
"""Words that make another value of the one before."""
_AS_BEFORE = frozenset({"each", "every", "which"})
"""Words that lead to a value where they did so before."""
STRANGE = re.compile(r"[^\w\s.,;:!?()\[\]'’‘\"“”/&%€$£°@#+*_`|–—-]|\?\s*\W*$")
"""Signs that may mean anything, and the end of a question, which states nothing."""
_APART = re.compile(r"[,;:()–—]|\b(?:and|or|but|while|whereas|plus)\b", re.IGNORECASE)
_ENDS = re.compile(r"[,;:.()–—]")

Span = tuple[int, int]
"""Where something stands in a text: start and end."""


@dataclass(frozen=True)
class Word:
    """A word or number of a text, and where it stands."""

    text: str
    start: int
    end: int

    @cached_property
    def folded(self) -> str:
        """The word as it is compared; an "A" that begins no text is a name."""
        return self.text if self.text == "A" and self.start else folded(self.text)

    @property
    def light(self) -> bool:
        """Whether a rewording adds or drops it freely."""
        return self.text.lower() in LIGHT_WORDS

    @property
    def says(self) -> bool:
        """Whether it is a number or a word with a meaning of its own, rather than one of grammar."""
        return self.folded not in FUNCTION_WORDS and self.folded not in PLAIN


def folded(word: str) -> str:
    """A word as it is compared: a number without separators of thousands, a word by its stem where it has one."""
    if word[0].isdigit():
        return re.sub(r",(?=\d{3}\b)", "", word)
    lowered = word.lower().replace("’", "'")
    if lowered in PLAIN or lowered in FUNCTION_WORDS:
        return lowered
    return next(iter(content_stems(word)), stem(lowered))


def words_of(text: str) -> tuple[Word, ...]:
    """The words and numbers of a text, in order."""
    return tuple(Word(found.group(), found.start(), found.end()) for found in TOKEN.finditer(text))


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer, to a question, after sentences of an earlier answer to it.

    `known` are the folded words of the question and of what is right, `asked` those of the question in order. Where
    what it states is `bounded`, words of bounds lead to it as they did before. `counted` is what was asked how many of.
    """

    text: str
    asked: Sequence[str]
    known: frozenset[str]
    before: Sequence[str] = ()
    bounded: bool = False
    counted: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return words_of(self.text)

    def states(self, spans: Sequence[Span], rivals: Sequence[Span] = ()) -> bool:
        """Whether it states what stands at some places as its own answer.

        `rivals` are the places of other values of its kind: these may only be there where they stood before, in
        clauses of their own that have none of the words asked.
        """
        mine = frozenset(place for place, each in enumerate(self.words) if any(_in(each, span) for span in spans))
        kept = self._kept(mine)
        for place, each in enumerate(self.words):
            if place in mine or each.folded in self.known or each.folded in PLAIN:
                continue
            if place not in kept or self._may_answer(each, place, spans):
                return False
        if rivals and not (self._stood(rivals, kept) and self._apart(spans, rivals)):
            return False
        changed = not {*range(len(self.words))} <= mine | kept
        if changed and not (self.in_order(mine) and (self._measured(spans) or self._at_an_end(spans))):
            return False
        if changed and any(self._uncounted(place, mine) for place in range(len(self.words))):
            return False
        return all(self._leads(span, mine, kept) and self._follows(span, mine, kept) for span in spans)

    def in_order(self, mine: Collection[int] = ()) -> bool:
        """Whether it has the words asked in their order, so that whoever does it and to whom is not turned round.

        "By" right before mine does so to both: "business travel is approved by Anna".
        """
        said = [each for place, each in enumerate(self.words) if place not in mine]
        have = [each.folded for each in said if each.says and each.folded in self.asked]
        if [each for each in self.asked if each in have] == have:
            return True
        first = min(mine, default=0)
        last = all(not each.says or each.end <= self.words[first].start for each in said)
        return bool(first) and last and self.words[first - 1].folded == "by" and "by" not in self.known

    def _uncounted(self, place: int, mine: Collection[int]) -> bool:
        """Whether a word is what was asked how many of, and no number stands before it, as if it did something."""
        if place in mine or self.words[place].folded not in self.counted:
            return False
        return place == 0 or not (place - 1 in mine or self.words[place - 1].text[0].isdigit())

    def _at_an_end(self, spans: Sequence[Span]) -> bool:
        """Whether all that says something stands on one side of it: "visitors of lot C park" says not where they do."""
        said = [each for each in self.words if each.says and not any(_in(each, span) for span in spans)]
        first, last = min(spans)[0], max(spans)[1]
        return all(each.end <= first for each in said) or all(each.start >= last for each in said)

    def _measured(self, spans: Sequence[Span]) -> bool:
        return any(
            re.search(r"\d", self.text[start:end]) or extract_values(self.text[start:end]) for start, end in spans
        )

    def _kept(self, mine: Collection[int]) -> frozenset[int]:
        """The places of words that a sentence of before has too, with something else in place of mine."""
        now, best = [each.folded for each in self.words], frozenset[int]()
        for text in self.before:
            then = [each.folded for each in words_of(text)]
            kept: set[int] = set()
            replaced = added = False
            for tag, i1, i2, j1, j2 in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
                touched = any(place in mine for place in range(j1, j2))
                if tag == "equal":
                    kept |= {*range(j1, j2)}
                elif touched:
                    replaced, added = replaced or i2 > i1, added or i2 == i1
            if replaced and not added and len(kept) > len(best):
                best = frozenset(kept)
        return best

    def _may_answer(self, word: Word, place: int, spans: Sequence[Span]) -> bool:
        """Whether a word may be what was asked for as well: another name beside a name, a number, any other word."""
        stated = [each for each in self.words if any(_in(each, span) for span in spans)]
        if any(extract_values(self.text[start:end]) for start, end in spans):
            return False
        if any(each.text[0].isdigit() for each in stated):
            return word.text[0].isdigit()
        if all(each.text[0].isupper() for each in stated if each.says):
            return word.text[0].isupper() and (place > 0 or word.says)
        return word.says

    def _stood(self, rivals: Sequence[Span], kept: Collection[int]) -> bool:
        return all(place in kept for place, each in enumerate(self.words) if any(_in(each, rival) for rival in rivals))

    def _apart(self, spans: Sequence[Span], rivals: Sequence[Span]) -> bool:
        """Whether all that was asked for, as far as it has it, stands in the clause of what it states."""
        cuts = [0, *(found.start() for found in _APART.finditer(self.text)), len(self.text)]
        own = [each for each in pairwise(cuts) if any(each[0] <= start < each[1] for start, _ in spans)]
        if len(own) != 1 or any(own[0][0] <= start < own[0][1] for start, _ in rivals):
            return False
        asked = [
            each
            for each in self.words
            if each.says and each.folded in self.asked and not any(_in(each, span) for span in (*spans, *rivals))
        ]
        return bool(asked) and all(_in(each, own[0]) for each in asked)

    def _leads(self, span: Span, mine: Collection[int], kept: Collection[int]) -> bool:
        """Whether the words right before a place only lead to it: "kept in", not "next to" nor "an hour after"."""
        run: list[str] = []
        binding = _BINDING | {"by"} if self._measured([span]) else _BINDING
        binding -= BOUNDS if self.bounded else frozenset()
        for place, word in reversed(list(enumerate(self.words))):
            if word.end > span[0]:
                continue
            if place in mine:
                return True
            if word.says and not word.light:
                return bool(run and not binding.intersection(run)) or word.folded in self.known
            leads = word.folded in PLAIN or word.folded in self.known
            if not leads and not (place in kept and (word.light or word.folded in self._as_before)):
                return False
            run.append(word.folded)
        return True

    @property
    def _as_before(self) -> frozenset[str]:
        return _AS_BEFORE | BOUNDS if self.bounded else _AS_BEFORE

    def _follows(self, span: Span, mine: Collection[int], kept: Collection[int]) -> bool:
        """Whether the word right after a place leaves it as it is: "of annual leave", and not "less than"."""
        for place, word in enumerate(self.words):
            if word.start < span[1]:
                continue
            if place in mine or _ENDS.search(self.text, span[1], word.start) or word.folded in self.known:
                return True
            if word.says and not word.light:
                return False
            return word.folded in PLAIN or (place in kept and word.folded not in _COMPARES)
        return True


def in_order(words: Sequence[str], text: str) -> Iterator[Span]:
    """Where a text has these words in their order, with nothing but plain words between them."""
    if not words:
        return
    held = words_of(text)
    for first, word in enumerate(held):
        if word.folded != words[0]:
            continue
        place, last = 0, word
        for each in held[first:]:
            if place < len(words) and each.folded == words[place]:
                place, last = place + 1, each
            elif each.folded not in PLAIN or place == len(words):
                break
        if place == len(words):
            yield word.start, last.end


def _in(word: Word, span: Span) -> bool:
    return span[0] <= word.start and word.end <= span[1]
