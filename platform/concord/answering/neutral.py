"""Text of documents and models made harmless for whoever renders it as Markdown or HTML.

What is shown loads nothing and leads nowhere but to hosts that the workspace knows: images, HTML, reference links,
autolinks, `data:` and the like, and characters that nobody sees are gone; of a link to another host its words stay. An
image that a page or a model was made to write would otherwise carry what was asked to a stranger's server, without a
click (CVE-2025-32711).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
_PATH = r"[A-Za-z0-9._~:/?#@!$&'*+,;=%-]"
_KEPT = re.compile(
    rf"\[(?P<words>[^\[\]<>!\n]{{1,300}})\]\((?P<target>https?://{_PATH}{{1,1000}})\)"
    rf"|(?<![\w/:@.])(?P<bare>https?://{_PATH}{{1,1000}}(?=[\s)\]\"”’»]|$))"
)
_HOST = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]{1,253})(?::\d{1,5})?(?=[/?#]|$)")
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
            r"|\b(?:javascript|vbscript|data|file|blob|tel|sms|xmpp|about)\s?:(?=[^\s])[^\s<>\"\])]*"
            r"|\bwww\.[^\s<>\"\])]+"
            r"|(?<![\w/.@-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/[^\s<>\"\])]*",
            re.IGNORECASE,
        ),
        REMOVED,
    ),
)
_BROKEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\](?=[(\[:])"), "] "),
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r":(?=//)"), ": "),
)
"""Without these, no link, reference, definition, HTML or autolink is one, whatever else stands there."""
_PASSES = 4
_SUSPECT = re.compile(
    r"[<\[\]]|://|\bwww\.|\.[a-z]{2,24}/|\b(?:javascript|vbscript|data|file|blob|tel|sms|xmpp|about|mailto)\s?:",
    re.IGNORECASE,
)
"""Without any of these, nothing above finds anything; most texts have none."""


def neutral(text: str, hosts: Hosts = ()) -> str:
    """The text with links to `hosts` (http and https) alone, and nothing else that a renderer acts upon."""
    shown = _INVISIBLE.sub("", text)
    return "".join(_pieces(shown, hosts)) if _SUSPECT.search(shown) else shown


def harmless(told: Mapping[str, Any], hosts: Hosts = ()) -> dict[str, Any]:
    """The JSON values of an item or passage with its title, publisher, headings and text made neutral."""
    words: dict[str, Any] = {
        name: neutral(told[name], hosts) for name in ("title", "publisher", "text") if told.get(name)
    }
    if headings := told.get("heading_path"):
        words["heading_path"] = [neutral(each, hosts) for each in headings]
    return {**told, **words}


def web_address(url: str | None) -> str | None:
    """An address that a browser may be sent to: `url` if it is plain http or https, else None."""
    return url if url is not None and _HOST.match(url) and not re.search(r"[\s<>\"\\]", url) else None


def hosts_in(texts: Iterable[str]) -> frozenset[str]:
    """The hosts of the http and https addresses in texts."""
    found = (urlsplit(each).hostname for text in texts for each in re.findall(r"https?://[A-Za-z0-9.-]{1,253}", text))
    return frozenset(host for host in found if host)


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
        before = f"{between}{' ' if last and last in '![]<(' and kept[0] == '[' else ''}{kept}"
        yield before
        place = found.end()
    yield _without_links(text[place:])


def _without_links(text: str) -> str:
    for _ in range(_PASSES):
        stripped = text
        for pattern, words in _STRIPPED:
            stripped = pattern.sub(words, stripped)
        if stripped == text:
            break
        text = stripped
    for pattern, words in _BROKEN:
        text = pattern.sub(words, text)
    return text
