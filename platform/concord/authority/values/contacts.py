"""Contacts: e-mail addresses, telephone numbers, web addresses and chat channels (#travel)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concord.authority.values.found import FoundValue
from concord.authority.values.typed import TypedValue, ValueType

_HINT = re.compile(
    r"@|#[a-z]|://|www\.|\b(?:phone|telephone|call|dial|ring|hotline|helpline|fax|tel|mobile|extension)\b", re.I
)
_EMAIL = re.compile(r"(?<![\w.+-])(?:mailto:)?(?P<local>[\w.+-]{1,64})@(?P<host>[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_URL = re.compile(r"\b(?:https?://|www\.)(?P<rest>[^\s<>\"'`|()\[\]]+)", re.IGNORECASE)
# A channel has a letter, and is no heading, colour, issue number, anchor or hashtag in the middle of a word.
_CHANNEL = re.compile(r"(?<![\w/#&=?.])#(?P<name>[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)\b(?![\w(])")
_CHANNEL_WORDS = re.compile(
    r"\b(?:slack|channel|chat|teams|ask|post|join|message|contact|raise|report|in|on|via)\b", re.IGNORECASE
)
_COLOUR = re.compile(r"(?=[a-f0-9]*\d)(?:[a-f0-9]{3}|[a-f0-9]{6})")
_PHONE = re.compile(
    r"\b(?:phone|telephone|call|dial|ring|hotline|helpline|fax|tel|mobile|extension)\b(?:\s?(?:us|number|line|desk|on|at|is|no)\b"
    r"|[\s.:(]|\b[a-z]+\b){0,6}?[\s:(](?P<number>\+?\(?\d[\d\s().-]{2,18}\d)(?![\d%]|\s?(?:days?|hours?|minutes?|weeks?|times?)\b)",
    re.IGNORECASE,
)
# A page is linked to for further reading everywhere; only where something is to be done there is the address a rule.
_ERRAND = re.compile(
    r"\b(?:submit|appl(?:y|ies)|book|report|register|sign up|log(?: in| on)?|file|claim|raise|send|request|order"
    r"|enroll?)\b",
    re.IGNORECASE,
)
# RFC 2606, and names that stand for the reader's own.
_SAMPLE_HOST = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu)|localhost|(?:your|my)?(?:domain|company)\.\w+)$", re.IGNORECASE
)
_SAMPLE_LOCAL = re.compile(
    r"(?:(?:your|first|last|user|full)?[._-]?names?|you|user|username|me|someone|somebody|x+|first[._-]?last)(?:[._-](?:sur|last)?name)?",
    re.IGNORECASE,
)
_END = ".,;:!?'’*_"


def find_contacts(text: str) -> Iterator[FoundValue]:
    """Yield the contacts in `text`; the kind (`email`, `phone`, `url`, `channel`) is the unit.

    Sample addresses ("your.name@example.com") are none. A web address counts where something is done there ("apply at
    …"): links for further reading state nothing.
    """
    if not _HINT.search(text):
        return
    for match in _EMAIL.finditer(text):
        local, host = match["local"].strip("."), match["host"].rstrip(_END)
        if not _SAMPLE_HOST.search(host) and not _SAMPLE_LOCAL.fullmatch(local):
            yield _found("email", f"{local}@{host}".lower(), match.start(), match.start("host") + len(host))
    if "]:" not in text and _ERRAND.search(text):
        for match in _URL.finditer(text):
            rest = match["rest"].rstrip(_END)
            address = re.sub(r"^www\.", "", rest, flags=re.IGNORECASE).rstrip("/")
            host = re.split(r"[/:?#]", address, maxsplit=1)[0]
            if "." in host and not _SAMPLE_HOST.search(host) and not re.search(r"[{}$%*]|\.\.\.|…", address):
                yield _found("url", host.lower() + address[len(host) :], match.start(), match.start("rest") + len(rest))
    if _CHANNEL_WORDS.search(text):
        for match in _CHANNEL.finditer(text):
            if len(match["name"]) > 1 and not _COLOUR.fullmatch(match["name"]):
                yield _found("channel", f"#{match['name']}", match.start(), match.end())
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match["number"])
        if 4 <= len(digits) <= 15 and not re.fullmatch(r"(?:19|20)\d\d", digits) and "55501" not in digits:
            yield _found("phone", _dialled(digits, match["number"]), match.start("number"), match.end("number"))


def _dialled(digits: str, written: str) -> str:
    """Digits as dialled abroad where a country code is written; "(0)" after it is not dialled."""
    if written.startswith("+"):
        return "+" + re.sub(r"\D", "", written.replace("(0)", ""))
    return digits


def _found(kind: str, low: str, start: int, end: int) -> FoundValue:
    return FoundValue(TypedValue(ValueType.CONTACT, low, unit=kind), start, end)
