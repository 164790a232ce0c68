"""Parse quality: how much of a document its Markdown keeps, and what a reader of it may miss.

A warning is a stable word, with a detail where there is one: `pages_without_text: 3 of 10`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much is kept: everything that is known to matter, most of it, or so little that answers may be wrong."""

    GOOD = "good"
    PARTIAL = "partial"
    POOR = "poor"


_REASONS = {
    "encoding_guessed_cp1252": (Level.PARTIAL, "it is not UTF-8 and was taken for Windows-1252"),
    "undecodable_characters": (Level.PARTIAL, "{detail} characters could not be decoded"),
    "no_main_part": (Level.PARTIAL, "the page marks no main part: navigation was told apart by tags and names"),
    "elements_not_converted": (Level.PARTIAL, "embedded objects or drawings have no text form and were left out"),
    "pages_without_text": (Level.PARTIAL, "the text layer is missing on {detail} pages"),
    "most_pages_without_text": (Level.POOR, "the text layer is missing on {detail} pages"),
    "hidden_slides": (Level.PARTIAL, "{detail} hidden slides were left out"),
    "hidden_sheets": (Level.PARTIAL, "hidden sheets were left out: {detail}"),
    "rows_cut": (Level.PARTIAL, "cut: {detail}"),
    "formulas_without_values": (Level.PARTIAL, "{detail} formulas hold no computed value: open and save it once"),
    "malformed_mail": (Level.PARTIAL, "the message breaks the rules of mail ({detail}); parts may be missing"),
}


@dataclass(frozen=True, slots=True)
class Quality:
    """The level of a document, and a sentence for each thing that lowers it."""

    level: Level
    reasons: tuple[str, ...] = ()


def warning(word: str, detail: object = "") -> str:
    """A warning as records keep it."""
    return f"{word}: {detail}" if detail else word


def quality(warnings: Iterable[str]) -> Quality:
    """What the warnings of a document come to: the worst level among them, and why."""
    levels, reasons = [Level.GOOD], []
    for each in warnings:
        word, _, detail = each.partition(": ")
        level, sentence = _REASONS.get(word, (Level.PARTIAL, each.replace("{", "{{").replace("}", "}}")))
        levels.append(level)
        reasons.append(sentence.format(detail=detail or "some"))
    return Quality(max(levels, key=list(Level).index), tuple(reasons))
