"""mbox (RFC 4155): each message an item whose name comes from its Message-ID, so that a growing mailbox keeps ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.utils import getaddresses

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.errors import Unparsable
from concord_connectors.parsers.mail_headers import date_of, decoded

_START = re.compile(rb"(?:\A|(?<=\n)\r?\n)From [^\r\n]{1,1000}(?:\r?\n|\Z)")
_QUOTED = re.compile(rb"^>(>{0,50}From )", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^message-id:\s{0,10}<?([^<>\s]{1,500})>?", re.MULTILINE | re.IGNORECASE)
_HEADER_BYTES = 1 << 16
_UNSAFE = re.compile(r"[^A-Za-z0-9.@_+=-]+")
_MAX_NAME = 120
MEDIA_TYPE = "message/rfc822"


def members(content: bytes, limits: ContainerLimits) -> Iterator[Member]:
    """The messages of a mailbox; raises `Unparsable` for what is none, or holds too many."""
    content = content.lstrip(b"\r\n")
    starts = [(match.start(), match.end()) for match in _START.finditer(content)]
    if not starts or starts[0][0] != 0:
        raise Unparsable("corrupt", "it does not begin with a From line, as a mailbox (mbox) does; export it again")
    if len(starts) > limits.messages:
        raise Unparsable("too_large", f"it holds more than {limits.messages:,} messages; split it")
    used: dict[str, int] = {}
    ends = [start for start, _ in starts[1:]] + [len(content)]
    for (_, start), end in zip(starts, ends, strict=True):
        raw = content[start:end].rstrip(b"\r\n") + b"\n"  # the same for the last message once another follows it
        digest = hashlib.sha256(raw).hexdigest()
        name = _name(raw, digest)
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:  # the order of a mailbox is that of arrival, so that numbers stay
            name = f"{name}~{used[name]}"
        yield _member(f"{name}.eml", digest[:32], raw)


def _member(name: str, stamp: str, raw: bytes) -> Member:
    message = message_from_bytes(raw[:_HEADER_BYTES].partition(b"\n\n")[0])
    sender = next((label or address for label, address in getaddresses([decoded(message.get("from"))])), None)
    return Member(name, stamp, lambda: _QUOTED.sub(rb"\1", raw), MEDIA_TYPE, date_of(message), sender or None)


def _name(raw: bytes, digest: str) -> str:
    """The Message-ID as a file name, or the hash of a message without one."""
    head = raw[:_HEADER_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = _MESSAGE_ID.search(head)
    if found is None:
        return f"message-{digest[:20]}"
    own = found[1].decode("utf-8", "replace")
    name = _UNSAFE.sub("_", own)[:_MAX_NAME].lstrip(".")
    return name if name == own else f"{name}-{hashlib.sha256(found[1]).hexdigest()[:8]}"
