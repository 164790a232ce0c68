"""Money: $2000, $2,000.00, £1.2m, 40 EUR, between $7 and $8.25."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue, before
from concord.authority.values.numbers import DIGITS, SCALE, WORDS, is_range, parse_number, plain
from concord.authority.values.typed import TypedValue, ValueType

_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "pence": "GBX", "p": "GBX",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "¥": "JPY", "jpy": "JPY", "yen": "JPY", "chf": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
}  # fmt: skip
_SIGN = r"(?:US\$|[$£€¥]|\b(?:USD|GBP|EUR|JPY|CHF|SEK|NOK|DKK)\b)"
_NAME = r"(?:€|£|(?<=\d)p\b|(?:euros?|dollars?|pounds?(?:\ssterling)?|pence|USD|GBP|EUR|JPY|yen|CHF|SEK|NOK|DKK)\b)"
_HINTS = ("$", "£", "€", "¥", "usd", "gbp", "eur", "jpy", "chf", "sek", "nok", "dkk", "dollar", "pound", "pence", "yen")
_PENCE = re.compile(r"\dp\b", re.IGNORECASE)
_JOINT = r"\s?(?P<joint>-|–|—|\bto\b|\band\b)\s?"
_SIGNED = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<low>{DIGITS})(?P<lowscale>{SCALE})?"
    rf"(?:{_JOINT}(?:{_SIGN})?\s?(?P<high>{DIGITS})(?P<highscale>{SCALE})?(?![\w%]|\s?(?:days?|hours?|weeks?|months?)))?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?<![\w.,£$€-])(?P<low>{DIGITS}|{WORDS})(?P<lowscale>{SCALE})?"
    rf"(?:{_JOINT}(?P<high>{DIGITS})(?P<highscale>{SCALE})?)?\s?(?P<sign>{_NAME})",
    re.IGNORECASE,
)


def find_money(text: str) -> Iterator[FoundValue]:
    """Yield the amounts of money in `text`; the currency code is the unit, pence become pounds."""
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS) and not _PENCE.search(text):
        return
    for pattern in (_SIGNED, _NAMED):
        for match in pattern.finditer(text):
            yield _read(match, text)


def _read(match: re.Match[str], text: str) -> FoundValue:
    currency = _CURRENCIES[match["sign"].lower().split()[0]]
    scale = match["lowscale"]
    ranged = match["high"] is not None and is_range(match["joint"], before(text, match.start()))
    low = parse_number(match["low"], scale or (match["highscale"] if ranged else None))
    high = parse_number(match["high"], match["highscale"]) if ranged else None
    if currency == "GBX":
        currency, low, high = "GBP", low / 100, high / 100 if high is not None else None
    end = match.end()
    if match["high"] is not None and not ranged:
        end = match.end("lowscale") if scale else match.end("low")
    value = TypedValue(ValueType.MONEY, plain(low), plain(high) if high is not None else None, currency)
    return FoundValue(value, match.start(), end)
