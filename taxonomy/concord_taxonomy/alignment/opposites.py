"""Labels that say they are not the same: alike but for a negation, a number, a letter, or two words of a pair."""

from __future__ import annotations

import re
from collections.abc import Set

from concord_taxonomy.words import fold, normal_words

_NEGATIONS = frozenset(["no", "non", "not", "without"])
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")
_NUMBER = re.compile(r"\d+|[ivx]+|[a-z]|one|two|three|four|five|six|first|second|third|fourth|fifth")
_PAIRS = frozenset(
    frozenset(pair.split("/"))
    for pair in """active/former adult/child after/before analogue/digital annual/monthly annual/weekly
    approval/rejection arrival/departure asset/liability automatic/manual borrower/lender bottom/top
    buyer/seller capital/revenue closed/open closing/opening compulsory/voluntary credit/debit current/former
    customer/supplier day/night debtor/creditor decrease/increase demand/supply direct/indirect domestic/foreign
    domestic/international download/upload east/west employee/contractor employee/employer ending/starting
    entry/exit expenditure/income expense/income export/import external/internal female/male final/initial
    final/interim fixed/variable full/part gross/net hardware/software high/low inbound/outbound
    incoming/outgoing indoor/outdoor inner/outer inpatient/outpatient input/output joint/single junior/senior
    landlord/tenant left/right long/short loss/profit lower/upper major/minor mandatory/optional
    maternity/paternity maximum/minimum new/old north/south offline/online parent/child payable/receivable
    permanent/temporary post/pre primary/secondary private/public purchase/sale retail/wholesale rural/urban
    start/end student/teacher vendor/customer""".split()  # noqa: SIM905
)
"""Words of which a thing is one or the other."""


def opposed(one: str, other: str) -> bool:
    """Whether two labels tell two things apart by what they differ in, and in nothing else.

    >>> opposed("taxable benefits", "non-taxable benefit"), opposed("Level 1 support", "Level 2 support")
    (True, True)
    >>> opposed("full-time employee", "part-time employee"), opposed("annual review", "yearly appraisal")
    (True, False)
    """
    words = [frozenset(map(fold, normal_words(label))) for label in (one, other)]
    mine, theirs = words[0] - words[1], words[1] - words[0]
    if not mine or not theirs:
        return bool(mine ^ theirs) and mine | theirs <= _NEGATIONS
    if all(map(_NUMBER.fullmatch, mine | theirs)):
        return bool(words[0] & words[1])
    return len(mine) == len(theirs) == 1 and _are_opposite(mine, theirs)


def _are_opposite(mine: Set[str], theirs: Set[str]) -> bool:
    (one,), (other,) = mine, theirs
    short, long = sorted((one, other), key=len)
    negated = len(short) > 3 and any(long == prefix + short for prefix in _PREFIXES)
    return negated or frozenset((one, other)) in _PAIRS
