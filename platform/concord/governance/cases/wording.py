"""Words of questions and answers: those that nothing knows, and sentences that nothing cited says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from concord.authority.values import extract_values, same_value
from concord.authority.words import TOKEN, content_stems

HOW = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
_MARK = re.compile(r"\s*\[\d+\]")


def unknown_words(question: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The stems of a question that none of the texts has; what follows "how" asks for a measure, and names nothing."""
    known = {stem for text in texts for stem in content_stems(text)}
    return tuple(each for each in dict.fromkeys(content_stems(HOW.sub(" ", question))) if each not in known)


def in_other_words(question: str, unknown: Sequence[str], label: str) -> str:
    """The question with a label in place of the first unknown word, and without the others."""
    labels = iter([label])

    def other(found: re.Match[str]) -> str:
        word = found.group()
        return next(labels, "") if set(content_stems(word)) & set(unknown) else word

    return " ".join(TOKEN.sub(other, question).split())


def unsupported(text: str, quotes: Sequence[str]) -> Iterator[str]:
    """Sentences of an answer with a value that nothing cited states."""
    stated = [found.value for quote in quotes for found in extract_values(quote)]
    for sentence in _MARK.split(text):
        values = [found.value for found in extract_values(sentence)]
        if quotes and values and not any(same_value(one, each) for one in values for each in stated):
            yield sentence.strip()
