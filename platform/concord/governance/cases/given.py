"""What an answer tells to its question: a value counts where it answers, and not wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from concord.answering.neutral import in_round_brackets
from concord.answering.overlap import Wanted
from concord.authority.values import FoundValue, TypedValue, extract_values
from concord.authority.words import content_stems
from concord.governance.cases.sameness import Match
from concord.governance.cases.wording import HOW
from concord_taxonomy.markdown import plain, sentences

_MARK = re.compile(r"\s*\[(\d+)\]")
_NEAR = 0.1
"""How much less of what was asked an earlier sentence may have and still be the one that answers."""
_LITTLE = 0.3
"""Share of what was asked below which no sentence but the answer's first is taken to answer it."""
_APART = 0.1
"""How much nearer to the question one value of a sentence has to be than another."""
KIND = re.compile(r"\b(?:which|what)\s+\w+", re.IGNORECASE)
"""What names the kind of what is asked for: "which day"."""
_THIN = 2
"""Content words up to which a sentence leaves it to its page's title to say what it is about."""
_COMMAS = re.compile(r"[,;:(–—]")
_JOINTS = re.compile(r"\b(?:and|or|but|while|whereas|plus)\b", re.IGNORECASE)
_OF = re.compile(r"\b(?:an?|the)\s(?:[\w-]+\s){1,3}of\s$", re.IGNORECASE)
"""What a value is of that stands right after it: "a fee of"."""
_BACK = re.compile(r"^\W*(?:of|from)\s(?:which|these|those|them|that)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A sentence of an answer, the title of the page that it cites, and the values that authority chose in it."""

    text: str
    title: str = ""
    chosen: frozenset[str] = frozenset()

    @property
    def values(self) -> Sequence[FoundValue]:
        """Its values that are numbers."""
        return extract_values(self.text)


@dataclass(frozen=True)
class Given:
    """An answer to a question, sentence by sentence; `wanted` are the words asked."""

    question: str
    wanted: Wanted
    said: tuple[Said, ...]
    asked: tuple[TypedValue, ...] = field(default=())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words asked; "how many" asks for a measure, and names nothing."""
        return self.wanted.words.intersection(content_stems(HOW.sub(" ", self.question)))

    @classmethod
    def of(
        cls, question: str, wanted: Wanted, text: str, titles: Sequence[str], chosen: Iterable[tuple[str, str]]
    ) -> Given:
        """Read an answer; `titles` are those of its citations in order, `chosen` the quotes and values that won."""
        won: dict[str, set[str]] = {}
        for quote, value in chosen:
            won.setdefault(folded(quote), set()).add(value)
        values = tuple(found.value for found in extract_values(question))
        return cls(question, wanted, tuple(_sentences(text, titles, won)), values)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it says, sentence by sentence."""
        return tuple(each.text for each in self.said)

    def met(self, said: Said) -> frozenset[str]:
        """The words asked that a sentence, or the title of its page, has."""
        stems = frozenset(content_stems(f"{said.title}\n{said.text}"))
        return self.words & (stems | self.wanted.told(stems))

    def unmet(self, said: Said) -> frozenset[str]:
        """The words asked that neither a sentence nor the title of its page has; "which day" asks for a day."""
        named = frozenset(content_stems(KIND.sub(" ", self.question)))
        return self.words.intersection(named) - self.met(said)

    def best(self, about: frozenset[str], matches: Callable[[Said], Iterable[tuple[str, Match, bool]]]) -> Match:
        """What the sentence that answers makes of something right; `about` are further words of the latter.

        `matches` gives what stands in a sentence for it: the words that belong to it, what it makes of the right
        one, and whether authority chose it. Where several sentences have as much of what was asked, the first counts;
        where that is not enough to tell values apart, or none of the words is met, it is unsure.
        """
        found = [(self._share(each, about), each, held) for each in self.said if (held := list(matches(each)))]
        if not found:
            return Match.NOTHING
        top = max(share for share, _, _ in found)
        near = [(said, held) for share, said, held in found if share >= top - _NEAR]
        near.sort(key=lambda each: not any(chosen for _, _, chosen in each[1]))
        first = self._one(near[0][1], about)
        others = {match for _, held in near[1:] for _, match, _ in held}
        little = top == 0 or (top < _LITTLE and not about and near[0][0] is not self.said[0])
        if little or (first is Match.OTHERWISE and max(others, default=first) > first):
            return min(max([first, *others]), Match.UNSURE)
        return first

    def _one(self, held: Sequence[tuple[str, Match, bool]], about: frozenset[str]) -> Match:
        """What one sentence makes of it that may hold several values: by the words nearest to the question's."""
        if len({match for _, match, _ in held}) == 1:
            return held[0][1]
        likeness = [self._likeness(words, about) for words, _, _ in held]
        best = {m for (_, m, _), like in zip(held, likeness, strict=True) if like >= max(likeness) - _APART}
        if len(best) > 1:
            best = {match for _, match, chosen in held if chosen} or best
        return best.pop() if len(best) == 1 else Match.UNSURE

    def _share(self, said: Said, about: frozenset[str]) -> float:
        text = without_values(said.text)
        met, wanted = self._met(f"{said.title}\n{text}" if len(set(content_stems(text))) <= _THIN else text, about)
        return met / wanted if wanted else 0.0

    def _likeness(self, text: str, about: frozenset[str]) -> float:
        text = without_values(text)
        met, wanted = self._met(text, about)
        return 2 * met / ((wanted + len(set(content_stems(text)))) or 1)

    def _met(self, text: str, about: frozenset[str]) -> tuple[int, int]:
        """How many of the words asked, and of those of what is right, a text has; and how many there are."""
        words = self.words | about
        stems = frozenset(content_stems(text))
        return len(words & (stems | self.wanted.told(stems))), len(words)


def parts_of(text: str, values: Sequence[FoundValue]) -> Iterator[tuple[FoundValue, str]]:
    """Each value of a sentence with the words that belong to it rather than to the others.

    "25 days of annual leave, of which 5 days may be carried over": the second is of annual leave too, and so are those
    of "25 or 22 days"; in "after 10 years a leave of 12 weeks" the leave is that of the second. What has no words of
    its own has those of the value before, the first those of the next.
    """
    # What stands before the cell of a row belongs to all of its cells.
    head = text.rfind(";", 0, values[0].start) + 1 if values else 0
    cuts = [head, *(_cut(text, one.end, other.start) for one, other in pairwise(values)), len(text)]
    own = [text[start:end] for start, end in pairwise(cuts)] if values else []
    named = [bool(content_stems(without_values(each))) for each in own]
    before = next((each for each, names in zip(own, named, strict=True) if names), "")
    for found, words, names in zip(values, own, named, strict=True):
        before = words if names and not _BACK.match(words) else f"{before} {words}"
        yield found, before


def _cut(text: str, start: int, end: int) -> int:
    """Where the words of one value end and those of the next begin."""
    found = _COMMAS.search(text, start, end) or _JOINTS.search(text, start, end) or _OF.search(text[:end], start)
    return found.start() if found else end


def _sentences(text: str, titles: Sequence[str], won: Mapping[str, set[str]]) -> Iterator[Said]:
    pieces = _MARK.split(text)
    for piece, number in zip(pieces[::2], [*pieces[1::2], "0"], strict=False):
        place = int(number) - 1
        title = titles[place] if 0 <= place < len(titles) else ""
        whole = plain(piece)
        for each in sentences(whole):
            said = whole[each.start : each.end]
            yield Said(said, title, frozenset(won.get(folded(said), ())))


def without_values(text: str) -> str:
    """A text without its values: days are no matter of which "how many days" asks."""
    for found in extract_values(text):
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text


def folded(text: str) -> str:
    """The words as they are compared, a page's square brackets round, as an answer has them."""
    return " ".join(in_round_brackets(plain(text)).casefold().split()).rstrip(".")
