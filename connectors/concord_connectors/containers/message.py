"""The attachments of a message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.errors import Unparsable
from concord_connectors.parsers.formats import OCTET_STREAM, format_of_type, media_type_of
from concord_connectors.parsers.mail_headers import date_of
from concord_connectors.parsers.mail_parts import attachments, parts_of


def members(content: bytes, limits: ContainerLimits) -> Iterator[Member]:
    """The attachments; their stamp is the message's, which never changes, so that a changed one is read in whole."""
    message = message_from_bytes(content)
    found = attachments(message)
    if len(found) > limits.attachments:
        raise Unparsable("too_large", f"it has {len(found)} attachments, more than {limits.attachments}; split it")
    stamp = hashlib.sha256(content).hexdigest()[:32]
    for name, part in found:
        yield Member(name, stamp, _reader(part, limits), _media_type(name, part), date_of(message))


def _media_type(name: str, part: Message) -> str:
    """By the name, as anywhere; what the sender says counts where the name says nothing."""
    by_name = media_type_of(name)
    said = part.get_content_type()
    return said if by_name == OCTET_STREAM and format_of_type(said) is not None else by_name


def _reader(part: Message, limits: ContainerLimits) -> Callable[[], bytes]:
    def read() -> bytes:
        if part.get_content_type() == "message/rfc822":
            try:
                data: object = b"".join(inner.as_bytes() for inner in parts_of(part)[:1])
            except Exception as error:  # the standard library writes no message that it could only half read
                raise Unparsable("corrupt", f"the attached message cannot be read ({error})") from error
        else:
            data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            raise Unparsable("corrupt", "the attachment cannot be decoded; ask for it again")
        if len(data) > limits.member_bytes:
            raise Unparsable("too_large", f"it has more than {limits.member_bytes:,} bytes; split it")
        return data

    return read
