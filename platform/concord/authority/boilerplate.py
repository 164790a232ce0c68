"""What a text says without stating it: templates to fill in, examples, figures of speech."""

from __future__ import annotations

import re

# Forms to fill in: {{name}}, [your name], <amount>, "Dear …", "XX", lorem ipsum.
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\[(?:your|insert|enter|name|date|amount|number|team|company|add)\b[^\]]{0,40}\]"
    r"|<(?:your|insert|name|date|amount|number)\b[^>]{0,40}>|^\s?(?:dear|hi|hello)\s[\w\[{<]|\blorem ipsum\b"
    r"|\b(?:XX+|TBC|TBD|YYYY)\b|_{4,}",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"^\W{0,3}(?:for (?:example|instance)\b|e\.g\.|an? (?:\w+ )?example\b|examples?\s?:|imagine\b|suppose\b|say you\b"
    r"|let['’]s say\b)",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"\b(?:one of a kind|24/7|nine times out of ten|two sides of the same coin|eleventh hour"
    r"|(?:give|giving) (?:it )?110\s?%"
    r"|a million (?:times|dollar question|miles)|(?:one hundred percent|100\s?%) (?:sure|certain|behind|committed)"
    r"|back to square one|at first (?:glance|sight)|in a million years|killing two birds|zero[- ]sum|second nature"
    r"|first and foremost|once in a (?:lifetime|blue moon)|two cents|day one|a day or two"
    r"|a thousand words|one and only)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"(?:\be\.g\.,?|\bfor (?:example|instance),?|\bsuch as)\s(?:[^\s,.;()]+\s){0,3}\W?$", re.IGNORECASE)


def is_stated(sentence: str) -> bool:
    """Whether a sentence can state anything: no template to fill in, no sentence of an example, no figure of speech."""
    return not (_TEMPLATE.search(sentence) or _EXAMPLE.search(sentence) or _SPEECH.search(sentence))


def is_meant(sentence: str, start: int) -> bool:
    """Whether what stands at `start` is more than an instance: nothing like "such as" leads up to it."""
    return _GIVEN.search(sentence[max(0, start - 60) : start]) is None
