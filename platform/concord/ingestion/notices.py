"""What a document says of its own standing: banners, withdrawn layouts and tables of versions.

A document may lower its own standing and say what it replaces; it never raises it, and gives itself no authority. Who
may state a replacement is decided later (`concord.authority.links`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from concord_taxonomy.standard import ContentItem, MappingResult, Origin, Status
from concord_taxonomy.standard.dates import parse_date

_HEAD = 2_000
"""Characters at the top of a document among which a banner stands."""
_HINT = re.compile(
    r"replace[sd]|supersede[sd]|no longer|withdrawn|rescinded|revoked|retired|archived|deprecated|obsolete|out of date",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"^[\s>*_#!|:\-]*(?:\[!?\w+\]\s*)?[*_]*(?:(?:note|notice|important|warning|caution|status|attention)\b[*_]*\s*[:!–—-]*\s*)?"
    r"[*_]*\s*",
    re.IGNORECASE,
)
_THIS = (
    r"this\s+(?:\w+\s+)?(?:page|document|policy|guide|guidance|standard|procedure|version|article|notice|form|manual|"
    r"handbook|process|rule|decision)"
)
_BEEN = r"\s+(?:has|was|is)\s+(?:now\s+|been\s+|since\s+|already\s+)*"
_REPLACED = re.compile(rf"(?:{_THIS}{_BEEN})?(?:replaced|superseded)\s+by\b[\s:]*(?P<rest>.*)", re.IGNORECASE)
_REPLACES = re.compile(rf"(?:{_THIS}\s+)?(?:replaces|supersedes)\b[\s:]*(?P<rest>.*)", re.IGNORECASE)
_WITHDRAWN = re.compile(
    rf"{_THIS}{_BEEN}(?:withdrawn|rescinded|revoked|retired)\b(?!\s+(?:if|when|unless))|(?:withdrawn|rescinded|revoked)[\s.*_!:]*$",
    re.IGNORECASE,
)
_DEPRECATED = re.compile(
    rf"{_THIS}{_BEEN}(?:archived|deprecated|obsolete|superseded|out\s+of\s+date|no\s+longer\s+(?:current|valid|maintained|"
    rf"in\s+force|in\s+use|up\s+to\s+date))\b|{_THIS}\s+no\s+longer\s+applies\b|"
    r"(?:archived|deprecated|obsolete|superseded|no\s+longer\s+(?:current|valid|in\s+force))[\s.*_!:]*$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*[-*+]\s")
_THIS_ONE = re.compile(_THIS, re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*<?(?P<target>[^)\s>]+)")
_LAYOUTS = {
    "withdrawn": Status.WITHDRAWN,
    "archived": Status.DEPRECATED,
    "deprecated": Status.DEPRECATED,
    "obsolete": Status.DEPRECATED,
    "superseded": Status.DEPRECATED,
}
_LOWER = (Status.APPROVED, Status.IN_REVIEW, Status.DEPRECATED, Status.DRAFT, Status.WITHDRAWN)
_VERSIONS = re.compile(r"^[ \t]*\|?[ \t*_]*version[ \t*_]*\|.*$", re.IGNORECASE | re.MULTILINE)
_DATED = re.compile(r"\bdate\b|\bissued\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:changes?|description|comments?|author|summary|reason|amendments?|approved)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"[*_v]*(?P<number>\d+(?:\.\d+){0,3})[*_]*", re.IGNORECASE)
_MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """What a document says of itself; links are identifiers of items of its own source."""

    status: Status | None = None
    is_replaced_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    version: str | None = None
    issued: datetime | None = None


def read_notice(body: str, native_id: str, source: str, metadata: Mapping[str, Any] | None = None) -> Notice:
    """Read a document's banners at its top, its layout, and its table of versions.

    "Replaced by" with a link to a page of the same source is that link alone: whoever may not read the new page is not
    to be told of it by the status. Without one the document is deprecated.
    """
    layout = (metadata or {}).get("layout")
    status = _LAYOUTS.get(layout.strip().lower()) if isinstance(layout, str) else None
    newer: list[str] = []
    older: list[str] = []
    head = body[:_HEAD]
    for line in head.splitlines() if _HINT.search(head) else ():
        text = _MARKUP.sub("", line, count=1)
        named = bool(_THIS_ONE.match(text))
        if _BULLET.match(line) and not named:
            continue  # an entry of a list is about something of the list's
        if found := _REPLACED.match(text):
            links = _links(found["rest"], native_id, source)
            newer += links
            if not links and (named or ":" in text[: found.start("rest")]):
                status = _lower(status, Status.DEPRECATED)
        elif found := _REPLACES.match(text):
            older += _links(found["rest"], native_id, source)
        elif _WITHDRAWN.match(text):
            status = _lower(status, Status.WITHDRAWN)
        elif _DEPRECATED.match(text):
            status = _lower(status, Status.DEPRECATED)
    version, issued = _latest_version(body)
    return Notice(status, tuple(dict.fromkeys(newer)), tuple(dict.fromkeys(older)), version, issued)


def with_notice(result: MappingResult, body: str, metadata: Mapping[str, Any] | None) -> MappingResult:
    """A mapped item with what its text says of its standing; the tagger is named as who gave it.

    A status is only lowered, and never a curator's; links are added; a version stands where the mapping gives none.
    """
    item = result.item
    if item is None:
        return result
    notice = read_notice(body, item.was_derived_from.native_id, item.source, metadata)
    if notice == Notice():
        return result
    update = _update(item, notice)
    if not update:
        return result
    origins = {**item.field_origin, **dict.fromkeys(update, Origin.TAGGER)}
    made = item.model_copy(update={**update, "field_origin": origins})
    return replace(result, item=made, origins={**result.origins, **dict.fromkeys(update, Origin.TAGGER)})


def _update(item: ContentItem, notice: Notice) -> dict[str, Any]:
    update: dict[str, Any] = {}

    def curated(name: str) -> bool:
        return item.field_origin.get(name) is Origin.CURATOR

    if notice.status is not None and not curated("status"):
        lowered = _lower(item.status, notice.status)
        if lowered is not item.status:
            update["status"] = lowered
    for name in ("is_replaced_by", "replaces"):
        held = getattr(item, name)
        added = [each for each in getattr(notice, name) if each not in held and each != item.identifier]
        if added and not curated(name):
            update[name] = (*held, *added)
    if notice.version is not None and item.version is None and not curated("version"):
        update["version"] = notice.version
        if notice.issued is not None and item.issued is None and not curated("issued"):
            update["issued"] = notice.issued
    return update


def _lower(one: Status | None, other: Status) -> Status:
    return other if one is None or _LOWER.index(other) > _LOWER.index(one) else one


def _links(text: str, native_id: str, source: str) -> list[str]:
    """The pages of the same source that a text links to."""
    found = []
    for match in _LINK.finditer(text):
        target = re.split(r"[#?]", match["target"], maxsplit=1)[0]
        if not target or re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
            continue
        folder = "" if target.startswith("/") else posixpath.dirname(native_id)
        path = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
        if not path.startswith("..") and path != ".":
            found.append(f"{source}/{path}")
    return found


def _latest_version(body: str) -> tuple[str | None, datetime | None]:
    """The newest row of a document's table of versions: its version, and its date where it has one.

    A table counts that has columns of versions and dates, and one of what changed or who did: others list software.
    """
    for header in _VERSIONS.finditer(body):
        cells = _cells(header[0])
        dated = next((place for place, cell in enumerate(cells) if _DATED.search(cell)), None)
        if dated is None or not any(_CHANGED.search(cell) for cell in cells):
            continue
        rows: list[tuple[tuple[int, ...], str, datetime | None]] = []
        for line in body[header.end() :].lstrip("\n").splitlines()[:_MAX_ROWS]:
            row = _cells(line)
            if "|" not in line or not row:
                break
            number = _NUMBER.fullmatch(row[0])
            if number is not None:
                day = _date(row[dated]) if dated < len(row) else None
                rows.append((tuple(map(int, number["number"].split("."))), number["number"], day))
        if rows:
            _, version, day = max(rows, key=lambda each: each[0])
            return version, day
    return None, None


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _date(text: str) -> datetime | None:
    try:
        return parse_date(text).start
    except (ValueError, OverflowError):
        return None
