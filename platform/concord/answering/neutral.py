"""Text of documents and models made harmless for whoever renders it as Markdown or HTML.

What is shown loads nothing and leads nowhere but to hosts that the workspace knows: images, HTML, reference links,
autolinks, `data:` and the like, and characters that nobody sees are gone; of a link to another host its words stay. An
image that a page or a model was made to write would otherwise carry what was asked to a stranger's server, without a
click (CVE-2025-32711). Text is read as a renderer shows it: character references and escapes stand for what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from html.entities import html5
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Hosts: TypeAlias = Collection[str]
"""Names of hosts, in lower case, that a link may lead to."""

REMOVED = "(link removed)"

# Every repetition is bounded or cannot be matched in two ways, so that no text takes long.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
"""Control, bidirectional, zero-width, variation and tag characters: they drive terminals, and hide instructions."""
_REFERENCE = re.compile(
    r"&(?:#(?P<decimal>\d{1,20});?|#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,16});?|(?P<name>[A-Za-z]\w{1,31};))"
)
_ESCAPE = re.compile(r"(?<!\\)\\++(?=[!-/:-@\[\]-`{-~])")
_PATH = r"[A-Za-z0-9._~:/?#@!$&'*+,;=%-]"
_KEPT = re.compile(
    rf"\[(?P<words>(?=[^\[\]]{{0,300}}[^\W\d_])[^\[\]<>!\n]{{1,300}})\]\((?P<target>https?://{_PATH}{{1,1000}})\)"
    rf"|(?<![\w/:@.])(?P<bare>https?://{_PATH}{{1,1000}}(?=[\s)\]\"”’»]|$))"
)
_HOST = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]{1,253})(?::\d{1,5})?(?=[/?#]|$)")
_LINK = re.compile(rf"(\[[^\[\]<>!\n]{{1,300}}\]\(https?://{_PATH}{{1,1000}}\))")
_OPENING, _CLOSING = "[［【〖〔〘〚⟦⦗❲⁅﹝", "]］】〗〕〙〛⟧⦘❳⁆﹞"
_SQUARE = re.compile(f"[{re.escape(_OPENING + _CLOSING)}]")
_ROUND = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_NAMES = frozenset(
    (
        *("identifier", "source", "readers", "subject", "concept", "replaces", "is_replaced_by"),
        *("was_derived_from", "generated_by", "field_origin", "checksum"),
    )
)
_STRIPPED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!--.{0,5000}?-->", re.DOTALL), ""),
    (re.compile(r"<(script|style|template|svg)\b.{0,5000}?</\1\s{0,5}>", re.DOTALL | re.IGNORECASE), ""),
    (re.compile(r"!\[([^\[\]]{0,500})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])"), r"\1"),
    (re.compile(r"\[([^\[\]]{0,500})\](?:\([^()]{0,2000}\)|\[(?!\d{1,3}\])[^\[\]]{0,200}\])"), r"\1"),
    (re.compile(r"^[ \t]{0,8}\[[^\[\]]{1,200}\]:[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"<([\w.+-]{1,64}@[\w.-]{1,253})>"), r"\1"),
    (re.compile(r"<[a-z][a-z0-9+.-]{1,31}:[^<>\s]{0,2000}>", re.IGNORECASE), REMOVED),
    (re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<[!?][^<>]{0,2000}>"), ""),
    (re.compile(r"\bmailto:(?=\S)", re.IGNORECASE), ""),
    (
        re.compile(
            r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,31}://[^\s<>\"\])]*"
            r"|//[^\s<>\"\])/?#]{1,253}\.[^\s<>\"\])]*"
            r"|\b(?:javascript|vbscript|data|file|blob|tel|sms|xmpp|about)\s?:(?=[^\s])[^\s<>\"\])]*"
            r"|www\.[^\s<>\"\])]+"
            r"|(?<![\w/.@-])(?:[\w-]{1,63}\.){1,40}[^\W\d_]{2,24}(?:/|\?(?=\w))[^\s<>\"\])]*",
            re.IGNORECASE,
        ),
        REMOVED,
    ),
)
_BROKEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\](?=[(\[:])"), "] "),
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r":(?=//)"), ": "),
    (re.compile(r"(?<=www)(?=\.)", re.IGNORECASE), " "),
    (re.compile(r"&(?=#?\w{1,32};)"), "& "),
)
"""With these, no link, reference, definition, HTML or autolink is one, whatever else stands there."""
_PASSES = 4
_CODES = 0x110000
_SUSPECT = re.compile(
    r"[<\[\]]|//|www\.|\.[^\W\d_]{2,24}[/?]|\b(?:javascript|vbscript|data|file|blob|tel|sms|xmpp|about|mailto)\s?:",
    re.IGNORECASE,
)
"""Without any of these, nothing above finds anything; most texts have none."""
_ACTS = frozenset("<[]/:?")
"""Without these, and "www.", nothing is suspect: that is seen at a glance."""


def neutral(text: str, hosts: Hosts = ()) -> str:
    """The text with links to `hosts` (http and https) alone, and nothing else that a renderer acts upon."""
    shown = _as_read(text)
    return "".join(_pieces(shown, hosts)) if _suspect(shown) else shown


def visible(text: str) -> str:
    """The text without characters that nobody sees: enough where nothing acts upon its markup."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def quoted(text: str, hosts: Hosts = ()) -> str:
    """The words of a document made neutral, their square brackets round: in an answer, those hold its own numbers."""
    return in_round_brackets(neutral(text, hosts))


def in_round_brackets(text: str) -> str:
    """A neutral text without square brackets and what looks like them; links stay."""
    if not _SQUARE.search(text):
        return text
    pieces = _LINK.split(text)
    return "".join(piece if place % 2 else piece.translate(_ROUND) for place, piece in enumerate(pieces))


def harmless(told: Mapping[str, Any], hosts: Hosts = ()) -> dict[str, Any]:
    """The JSON values of an item or passage with all of its words made neutral; names, tokens and concepts stay."""

    def made(name: str, value: Any) -> Any:
        if name in _NAMES:
            return value
        if name == "landing_page":
            return web_address(value)
        match value:
            case str():
                return neutral(value, hosts)
            case list():
                return [made("", each) for each in value]
            case dict():
                return {key: made(key, each) for key, each in value.items()}
        return value

    return {name: made(name, value) for name, value in told.items()}


def web_address(url: str | None) -> str | None:
    """An address that a browser may be sent to: `url` if it is plain http or https, else None."""
    return url if url is not None and _HOST.match(url) and not re.search(r"[\s<>\"\\]", url) else None


def hosts_in(texts: Iterable[str]) -> frozenset[str]:
    """The hosts of the http and https addresses in texts."""
    found = (urlsplit(each).hostname for text in texts for each in re.findall(r"https?://[A-Za-z0-9.-]{1,253}", text))
    return frozenset(host for host in found if host)


def _suspect(text: str) -> bool:
    if _ACTS.isdisjoint(text) and "www." not in text.lower():
        return False
    return _SUSPECT.search(text) is not None


def _as_read(text: str) -> str:
    """The text as a renderer shows it: references are the characters they name; escapes go where they hide a link."""
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", text)
    for _ in range(_PASSES):
        if "&" not in text or (read := _REFERENCE.sub(_character, text)) == text:
            break
        text = read
    else:  # nobody writes so by chance: what is left names nothing any more
        text = _REFERENCE.sub(lambda found: f"& {found[0][1:]}", text)
    if "\\" in text and _suspect(bare := _ESCAPE.sub("", text)):
        text = bare
    return text


def _character(reference: re.Match[str]) -> str:
    """What a reference names, no part of HTML; white space of every kind is a space."""
    if name := reference["name"]:
        named = html5.get(name, reference[0])
    else:
        code = int(reference["decimal"] or reference["hexadecimal"], 10 if reference["decimal"] else 16)
        named = chr(code) if code < _CODES and not 0xD800 <= code < 0xE000 else ""
    if named == "<":
        after = reference.string[reference.end() : reference.end() + 1]
        return "<" if after.isdigit() or after.isspace() else "< "
    return " " if named.isspace() else _INVISIBLE.sub("", named)


def _pieces(text: str, hosts: Hosts) -> Iterator[str]:
    """The text in pieces: links that stay, and what is between them without any."""
    before, place = "", 0
    for found in _KEPT.finditer(text):
        host = _HOST.match(found["target"] or found["bare"])
        if host is None or host["host"].lower() not in hosts:
            continue
        between = _without_links(text[place : found.start()])
        kept = f"[{_without_links(found['words'])}]({found['target']})" if found["target"] else found["bare"]
        last = (before + between)[-1:]
        # What was taken out before it may have kept it apart from what makes another link of it, or none.
        joined = last in "![]<(" if found["target"] else last in "/:@." or last.isalnum()
        before = f"{between}{' ' if last and joined else ''}{kept}"
        yield before
        place = found.end()
    yield _without_links(text[place:])


def _without_links(text: str) -> str:
    for _ in range(_PASSES):
        stripped = _as_read(text)
        for pattern, words in _STRIPPED:
            stripped = pattern.sub(words, stripped)
        if stripped == text:
            break
        text = stripped
    for pattern, words in _BROKEN:
        text = pattern.sub(words, text)
    return text
