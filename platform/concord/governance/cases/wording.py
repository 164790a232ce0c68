"""Words of questions and answers: those that nothing knows, and sentences that nothing cited says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from concord.authority.values import extract_values, same_value
from concord.authority.words import TOKEN, content_stems

HOW = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
_MARK = re.compile(r"\s*\[\d+\]")


def unknown_words(question: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The words of a question, as asked, whose stems none of the texts has.

    What follows "how" asks for a measure, and names nothing.
    """
    known = {stem for text in texts for stem in content_stems(text)}
    asked = {stem: word for word in reversed(TOKEN.findall(HOW.sub(" ", question))) for stem in content_stems(word)}
    return tuple(reversed([word for stem, word in asked.items() if stem not in known]))


def in_other_words(question: str, word: str, label: str, without: Sequence[str] = ()) -> str:
    """The question with a label in place of a word, and without some others."""
    labels = iter([label])
    meant, left_out = set(content_stems(word)), {stem for each in without for stem in content_stems(each)}

    def other(found: re.Match[str]) -> str:
        stems = set(content_stems(found.group()))
        return next(labels, "") if stems & meant else "" if stems & left_out else found.group()

    return " ".join(TOKEN.sub(other, question).split())


def unsupported(text: str, quotes: Sequence[str]) -> Iterator[str]:
    """Sentences of an answer with a value that nothing cited states."""
    stated = [found.value for quote in quotes for found in extract_values(quote)]
    for sentence in _MARK.split(text):
        values = [found.value for found in extract_values(sentence)]
        if quotes and values and not any(same_value(one, each) for one in values for each in stated):
            yield sentence.strip()
