"""The headers of a message as a mapping reads them, decoded; what is malformed is left out or kept as it stands."""

from __future__ import annotations

import re
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

_ID = re.compile(r"<[^<>\s]{1,500}>")
_REPLY = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)


def headers(message: Message) -> dict[str, Any]:
    """`from`, `from_name`, `to`, `cc`, `date` (ISO 8601), `subject`, `message_id`, `in_reply_to`, `references`, `list`.

    `thread` is the id of the message that the thread began with: the first of `References`, else `In-Reply-To`, else
    the message's own (RFC 5322, section 3.6.4).
    """
    sender = _addresses(message, "from")[:1]
    own = _ids(message, "message-id")[:1]
    replied = _ids(message, "in-reply-to")[:1]
    references = _ids(message, "references")
    moment = date_of(message)
    found: dict[str, Any] = {
        "from": sender[0][1] if sender else "",
        "from_name": sender[0][0] if sender else "",
        "to": [address for _, address in _addresses(message, "to")],
        "cc": [address for _, address in _addresses(message, "cc")],
        "date": moment.isoformat() if moment else "",
        "subject": " ".join(decoded(message.get("subject")).split()),
        "message_id": own[0] if own else "",
        "in_reply_to": replied[0] if replied else "",
        "references": references,
        "thread": next(iter([*references, *replied, *own]), ""),
        "list": next(iter(_ids(message, "list-id")), ""),
    }
    return {name: value for name, value in found.items() if value}


def date_of(message: Message) -> datetime | None:
    """When the message was sent, with its zone; None where it does not say."""
    try:
        moment = parsedate_to_datetime(str(message.get("date")))
        return moment if moment.tzinfo else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def decoded(value: object) -> str:
    """A header's text with its encoded words decoded (RFC 2047); what cannot be decoded keeps a replacement mark."""
    if value is None:
        return ""
    try:
        parts = decode_header(str(value))
    except Exception:  # whatever the standard library makes of a broken header: it is shown as it stands
        return str(value)
    text = ""
    for part, charset in parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            text += part.decode(charset or "utf-8", "replace")
        except LookupError:
            text += part.decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode("utf-8")


def thread_subject(subject: str) -> str:
    """A subject without the marks of replies and forwards."""
    return _REPLY.sub("", subject)


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    values = [decoded(value) for value in message.get_all(name, [])]
    return [(label, address) for label, address in getaddresses(values) if address]


def _ids(message: Message, name: str) -> list[str]:
    return _ID.findall(decoded(message.get(name)))
