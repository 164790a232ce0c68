"""What a message itself says: without the messages quoted below it, and without the signature.

Each quoted message is an item of its own where it is in the mailbox; left in, an old value would read as a new claim. A
quote that the text goes on after stays, as a Markdown quote, since the text answers it.
"""

from __future__ import annotations

import re

_SIGNATURE = "-- "
_ORIGINAL = re.compile(
    r"[-_]{5,}\s*(?:original message|ursprüngliche nachricht|message d'origine)\s*[-_]{5,}", re.IGNORECASE
)
_OUTLOOK = re.compile(r"(?:\*\*)?(?:From|Von|De):(?:\*\*)?\s.{1,300}")
_OUTLOOK_NEXT = re.compile(r"(?:\*\*)?(?:Sent|Date|Gesendet|Envoyé|To|An):(?:\*\*)?\s.{1,300}")
_ATTRIBUTION = re.compile(r"(?:On|Am|Le)\s.{4,300}(?:wrote|schrieb|a écrit)\s?.{0,200}:", re.IGNORECASE | re.DOTALL)


def own_text(text: str) -> str:
    """`text` up to its signature or the quoted rest of the thread; all of it where nothing would be left."""
    lines = text.split("\n")
    end = _end_of_own(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if end < len(lines):
        end = _without_attribution(lines, end)
    own = "\n".join(lines[:end]).strip()
    return own or text.strip()


def _end_of_own(lines: list[str]) -> int:
    """The line of the signature or of a reply's header block, else the end."""
    for index, line in enumerate(lines):
        if line == _SIGNATURE or _ORIGINAL.fullmatch(line.strip()):
            return index
        following = next((each for each in lines[index + 1 : index + 3] if each.strip()), "")
        before = lines[index - 1] if index else ""
        if index and not before.strip(" _-") and _OUTLOOK.fullmatch(line) and _OUTLOOK_NEXT.fullmatch(following):
            return index - 1 if before.strip() else index
    return len(lines)


def _without_attribution(lines: list[str], end: int) -> int:
    """Leave out "On Monday Ann wrote:", which may be wrapped, above the quote that was left out."""
    for length in (1, 2, 3):
        if end >= length and _ATTRIBUTION.fullmatch("\n".join(lines[end - length : end]).strip()):
            return end - length
    return end
