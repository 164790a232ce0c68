"""Words as they come from a model, cut into whole sentences with their citations; what it thinks aloud is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.answering.support import LONGEST

_THINK = re.compile(r"<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_ENDING = 100
"""Characters at the end of a sentence that tell whether it has ended."""
_LONGEST_TAG = len("</reasoning>")
# A number of a citation that follows the full stop belongs before it.
_MARKED_AFTER = re.compile(r"([.!?])([\"”’)*_]*)[ \t]*((?:\[[\d ,;]{1,20}\][ \t]*)+)")
_END = re.compile(r"(?<=[.!?])[\"”’)*_]*[ \t]+(?=\S)|[\"”’)*_]{0,9}[ \t]{0,9}\n+[ \t]*")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|mr|mrs|ms|dr|st|inc|ltd|sec|fig)|\b[A-Z])\.$", re.I)


class Arriving:
    """Takes words piece by piece and gives sentences, each with the separator before it: a space, or a line's end."""

    def __init__(self) -> None:
        self._held = ""
        """Words as they came, of which it is not known yet whether they are said."""
        self._said = ""
        """What is said and no whole sentence yet."""
        self._thinking = ""
        self._between = ""

    def feed(self, words: str) -> Iterator[tuple[str, str]]:
        """The sentences that are whole by now."""
        self._held += words
        yield from self._sentences(final=False)

    def end(self) -> Iterator[tuple[str, str]]:
        """What is left as the last sentence, after the last word has come."""
        yield from self._sentences(final=True)

    def _sentences(self, *, final: bool) -> Iterator[tuple[str, str]]:
        spoken, self._held = self._spoken(final=final)
        ready = self._said + spoken
        ready = _MARKED_AFTER.sub(lambda found: f" {found[3].strip()}{found[1]}{found[2]} ", ready)
        start = 0
        # What ends no sentence was looked at as it came, but for its last words.
        for found in _END.finditer(ready, max(0, len(self._said) - _ENDING)):
            sentence = ready[start : found.start()].strip()
            if "\n" not in found.group():
                if _ABBREVIATION.search(sentence[-_ENDING:]):
                    continue
                # The number of a citation may be on its way.
                if not final and ready.startswith("[", found.end()) and ready.find("]", found.end()) < 0:
                    break
            if sentence:
                yield self._between, sentence
            self._between = "\n" if "\n" in found.group() else " "
            start = found.end()
        self._said = "" if final else _bounded(ready[start:])
        if final and ready[start:].strip():
            yield self._between, ready[start:].strip()

    def _spoken(self, *, final: bool) -> tuple[str, str]:
        """What is said, thoughts left out, and what has to wait: a tag may be on its way."""
        said = ""
        text = self._held
        while True:
            if self._thinking:
                end = text.lower().find(self._thinking)
                if end < 0:
                    return said, "" if final else text[-_LONGEST_TAG:]
                text, self._thinking = text[end + len(self._thinking) :], ""
            found = _THINK.search(text)
            if found is None:
                cut = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
                keep = len(text) if final or cut < 0 or ">" in text[cut:] else cut
                return said + text[:keep], text[keep:]
            said += text[: found.start()]
            text, self._thinking = text[found.end() :], f"</{found[1].lower()}>"


def _bounded(sentence: str) -> str:
    """The beginning and the last words of what is too long for a sentence already, and stays so."""
    return sentence if len(sentence) <= LONGEST + 2 * _ENDING else f"{sentence[: LONGEST + 1]} {sentence[-_ENDING:]}"
