"""EML (RFC 5322): the message's own text as Markdown, its headers as metadata; attachments are items of their own."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from typing import Any

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.contract import ParsedDocument
from concord_connectors.parsers.limits import Limits
from concord_connectors.parsers.mail_headers import headers
from concord_connectors.parsers.mail_parts import attachments, is_attachment, part_text, parts_of
from concord_connectors.parsers.mail_replies import own_text
from concord_connectors.parsers.quality import warning


def parse(content: bytes, limits: Limits) -> ParsedDocument:
    """Subject as heading, then the text (plain text before HTML) without the quoted rest of the thread and signature.

    What breaks the rules of mail is a warning, as long as there is
    any header or text.
    """
    message = message_from_bytes(content)
    if not message.keys():
        raise Unparsable("corrupt", "it has no header of a message; export it again as EML")
    found = metadata_of(message)
    texts, warnings = _texts(message)
    body = own_text("\n\n".join(text for text in texts if text.strip()))
    subject = found.get("subject", "")
    markdown = f"# {subject}\n\n{body}" if subject else body
    return ParsedDocument(markdown.strip(), subject or None, found, warnings=warnings)


def metadata_of(message: Message) -> dict[str, Any]:
    """The headers of a message (`mail_headers`), and as `attachments` the names of all, read or not."""
    names = [name for name, _ in attachments(message)]
    return headers(message) | ({"attachments": names} if names else {})


def _texts(message: Message) -> tuple[list[str], tuple[str, ...]]:
    """The texts of a message in their order, and warnings."""
    texts: list[str] = []
    lost = 0
    defects: set[str] = set()
    waiting = [message]
    while waiting:
        part = waiting.pop()
        defects.update(type(each).__name__ for each in part.defects)
        if part is not message and is_attachment(part):
            continue
        if part.is_multipart():
            waiting.extend(reversed(_chosen(part)))
        elif part.get_content_maintype() in ("text", "multipart"):  # a multipart without its boundary is one text
            text, undecodable = part_text(part)
            texts.append(text)
            lost += undecodable
    warnings: tuple[str, ...] = (warning("undecodable_characters", lost),) if lost else ()
    if defects:
        warnings += (warning("malformed_mail", ", ".join(sorted(defects))),)
    return texts, warnings


def _chosen(part: Message) -> list[Message]:
    """The parts to read: of alternatives the plain text where it says anything, else the last, which is the fullest."""
    parts = parts_of(part)
    if part.get_content_type() != "multipart/alternative":
        return parts
    plain = [each for each in parts if each.get_content_type() == "text/plain" and part_text(each)[0].strip()]
    return plain[:1] or parts[-1:]
