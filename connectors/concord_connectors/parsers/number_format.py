"""Numbers as a spreadsheet shows them: the number format codes of ECMA-376 part 1, section 18.8.30, in short."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_UNSEEN = re.compile(r"\[[^\]]*\]|_.|\*.")
_DIGITS = re.compile(r"[#0?](?:[#0?,.]*[#0?])?")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')


def shown(value: Any, code: str) -> str:
    """The text of a cell's value under a number format; dates in ISO form, whatever the format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, int | float):
        return _number(value, code)
    return str(value)


def plain_number(value: float) -> str:
    """A number without a format, as spreadsheets show it: at most 15 digits, no trailing zeros."""
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.15g}"


def _number(value: float, code: str) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if code == "General":
        return plain_number(value)
    sections = _SECTION.split(code)
    negative = value < 0 and len(sections) > 1 and sections[1].strip() != ""
    section = sections[1] if negative else sections[0]
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] if match[1] is not None else match[2])
        return "\0"

    section = _QUOTED.sub(keep, _CURRENCY.sub(lambda match: f'"{match[1]}"', section))
    section = _UNSEEN.sub("", section)
    digits = _DIGITS.search(section)
    if digits is None or re.search(r"[eE][+-]|/", section):
        return plain_number(value)
    after = section[digits.end() :]
    number = (abs(value) if negative else value) / 1000 ** (len(after) - len(after.lstrip(",")))
    if "%" in section:
        number *= 100
    whole, _, fraction = digits[0].partition(".")
    places = len(re.sub(r"[^#0?]", "", fraction))
    text = f"{number:{',' if ',' in whole else ''}.{places}f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    sign = "-" if text.startswith("-") else ""
    whole_text = sign + section[: digits.start()] + text.removeprefix("-") + after.lstrip(",")
    kept = iter(literals)
    return re.sub("\0", lambda _: next(kept), whole_text).strip()
