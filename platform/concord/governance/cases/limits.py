"""What stands around a sentence and bounds it: a heading that says for whom or until when, a line that takes it back.

    "## Drivers only"   "# Leave (withdrawn)"   "## Until 2025"   "The following is no longer true."

An answer quotes the sentence alone, so that these are looked at before a machine says that it is right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from concord.answering.turns import WHOM
from concord.authority.words import content_stems

_BOUNDS = re.compile(
    r"\b(?:only|drafts?|propos(?:al|als|ed)|archived?|withdrawn|superseded|obsolete|outdated|sample|template|example"
    r"|wrong|incorrect|former(?:ly)?|previous(?:ly)?|old|history|planned|future|until|before|as\s+of|from\s+20\d\d"
    r"|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:no\s+longer|not(?:\s+yet)?)\s+(?:valid|true|in\s+force|appl(?:y|ies|icable)|current|up\s+to\s+date)\b"
    r"|\bout\s+of\s+date\b|\b(?:is|are|was|were)\s+(?:wrong|withdrawn|obsolete|superseded|repealed)\b|\bsample\s+text\b"
    r"|\bdoes\s+not\s+hold\b",
    re.IGNORECASE,
)


def bounded(heads: Iterable[str], beside: Iterable[str], known: Collection[str]) -> bool:
    """Whether headings above a sentence, or other sentences of its passage, bound it or take it back.

    `known` are stems, and words in lower case, of the question, of what is right, and of what stood above before.
    """
    for head in heads:
        if any(each.lower() not in known for each in _BOUNDS.findall(head)):
            return True
        if any(each in WHOM and each not in known for each in content_stems(head)):
            return True
    return any(_TAKEN_BACK.search(each) for each in beside)
