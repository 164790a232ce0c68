"""What a person gives as evidence of a correction: a page, its address, or words that stand on one.

Nothing is fetched: an address is looked up among the pages that the person may read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from sqlalchemy import Connection

from concord.catalog import chunks, items
from concord.catalog.errors import NoSuchItem
from concord.catalog.history import chosen, readable_history
from concord_feedback.corrections import MAX_EVIDENCE
from concord_taxonomy.markdown import plain
from concord_taxonomy.standard import ItemRef, Principal

QUOTES = "\"'“”„«»"
"""What a quote may stand between."""
_QUOTE_WORDS = 3
"""Words from which what names no page is a quote rather than a mistyped name."""
_PAGES = 5
"""Pages on which one quote is located at most."""
_LOOKED_AT = 500
_ITEMS = "/items/"


@dataclass(frozen=True, slots=True)
class Given:
    """Exact references (`identifier@revision`), and the quotes and addresses as they were written."""

    references: tuple[str, ...]
    quoted: tuple[str, ...]


def given(connection: Connection, who: Principal, evidence: Iterable[str]) -> Given:
    """What each piece of evidence means among what `who` may read.

    Raises `NoSuchItem` and `NoSuchRevision` for what is neither a quote nor an address, and names nothing of theirs:
    the same for what they may not read as for what is not there.
    """
    references: dict[str, None] = {}
    quoted: list[str] = []
    for each in evidence:
        text = each.strip()
        if is_address(text):
            quoted.append(text)
            references |= dict.fromkeys(_at_address(connection, who, text))
            continue
        try:
            references[_exact(connection, who, text)] = None
        except NoSuchItem:
            if not is_quote(text):
                raise
            quoted.append(text)
            references |= dict.fromkeys(_saying(connection, who, text))
    return Given(tuple(references)[:MAX_EVIDENCE], tuple(dict.fromkeys(quoted)))


def is_address(text: str) -> bool:
    """Whether it is meant as an address."""
    return text.casefold().startswith(("https://", "http://"))


def is_quote(text: str) -> bool:
    """Whether what names no page is meant as a quote."""
    return len(text.split()) >= _QUOTE_WORDS


def _at_address(connection: Connection, who: Principal, url: str) -> list[str]:
    """The item whose page is at an address, at its source or here."""
    try:
        bare, parts = urldefrag(url).url, urlsplit(url)
        parts.path.encode()
    except ValueError:
        return []
    found = items.at_addresses(connection, who, [url, bare])
    if not found and _ITEMS in parts.path:
        identifier = unquote(parts.path.partition(_ITEMS)[2])
        found = list(items.readable(connection, who, [identifier]).values())
    return [f"{item.identifier}@{item.revision}" for item in found[:_PAGES]]


def _saying(connection: Connection, who: Principal, quote: str) -> list[str]:
    """The items in which a quote stands word for word."""
    wanted = _squeezed(quote.strip(QUOTES))
    places = chunks.stating(connection, [quote, max(wanted.split(), key=len, default=wanted)], _LOOKED_AT)
    standing = dict.fromkeys(key for key, each in places if wanted and wanted in _squeezed(each.text))
    found = items.readable(connection, who, list(standing))
    return [f"{key}@{found[key].revision}" for key in standing if key in found][:_PAGES]


def _squeezed(text: str) -> str:
    return " ".join(plain(text).split()).casefold()


def _exact(connection: Connection, who: Principal, reference: str) -> str:
    """The revision that a reference means now."""
    try:
        reference.encode()
        named = ItemRef.parse(reference)
    except ValueError:
        raise NoSuchItem(reference) from None
    live = items.readable(connection, who, [reference, named.identifier])
    found = live.get(reference) or live.get(named.identifier)
    if found and (found.identifier == reference or named.covers(found.identifier, found.revision)):
        return f"{found.identifier}@{found.revision}"
    past = readable_history(connection, who, named.identifier)
    if past is None or named.revision is None:
        raise NoSuchItem(reference)
    return f"{named.identifier}@{chosen(past, named)[0].revision}"
