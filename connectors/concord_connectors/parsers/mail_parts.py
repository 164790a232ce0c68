"""The parts of a message: texts with their encoding, and attachments with names that are safe to use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from email.message import Message

from concord_connectors.parsers.formats import FORMATS
from concord_connectors.parsers.mail_headers import decoded, thread_subject

_MAX_NAME = 150
_MAX_PARTS = 1_000


def is_attachment(part: Message) -> bool:
    """Whether a part is a file rather than the message's own text; an image in the text is neither."""
    if part.get_content_type() == "message/rfc822":
        return True
    if part.is_multipart() or part.get_content_maintype() == "multipart":
        return False
    return part.get_content_disposition() == "attachment" or bool(part.get_filename()) or not _is_text(part)


def attachments(message: Message) -> list[tuple[str, Message]]:
    """Name and part of each attachment, in order; images shown inside the text and signatures are left out.

    A name is the sender's, so it loses folders and control characters; a second one alike gets a number.
    """
    found: list[tuple[str, Message]] = []
    used: set[str] = set()
    for part in _leaves(message):
        if not is_attachment(part) or _is_inline_image(part):
            continue
        name = _unused(_name(part, len(found) + 1), used)
        used.add(name.casefold())
        found.append((name, part))
    return found


def parts_of(part: Message) -> list[Message]:
    """The parts of a part; none where it is broken or has none."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def part_text(part: Message) -> tuple[str, int]:
    """The text of a part and how many of its characters could not be decoded."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raw = str(part.get_payload()).encode("utf-8", "surrogateescape")
    text = _decode(raw, str(part.get_content_charset() or "utf-8"))
    lost = text.count("\ufffd")
    if part.get_content_type() == "text/html":
        from concord_connectors.parsers.html import fragment

        text = fragment(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    return "\n".join("-- " if line == "-- " else line.rstrip() for line in lines), lost


def _decode(raw: bytes, charset: str) -> str:
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except (LookupError, ValueError):  # unknown, or not what the bytes are
            continue
    return raw.decode("utf-8", "replace")


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold content, a forwarded message being one."""
    waiting = [message]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            waiting.extend(reversed(parts_of(part)))
        elif part is not message:
            yield part


def _is_text(part: Message) -> bool:
    return part.get_content_type() in ("text/plain", "text/html")


def _is_inline_image(part: Message) -> bool:
    in_text = part.get_content_disposition() == "inline" or part.get("content-id") is not None
    return part.get_content_maintype() == "image" and in_text


def _name(part: Message, number: int) -> str:
    name = decoded(part.get_filename()).replace("\\", "/").rpartition("/")[2]
    if not name and part.get_content_type() == "message/rfc822":
        subject = next((decoded(inner.get("subject")) for inner in parts_of(part)), "")
        name = thread_subject(subject).replace("/", "-")[:_MAX_NAME].strip() + ".eml"
    name = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in name)
    name = " ".join(name.split()).lstrip(".!")
    if not name:
        known = next((each for each in FORMATS if each.media_type == part.get_content_type()), None)
        name = f"part-{number}{known.extensions[-1] if known else ''}"
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: _MAX_NAME - len(extension)]}{dot}{extension}" if dot and len(extension) < 10 else name[:_MAX_NAME]


def _unused(name: str, used: set[str]) -> str:
    stem, dot, extension = name.rpartition(".") if "." in name else (name, "", "")
    number, candidate = 1, name
    while candidate.casefold() in used:
        number += 1
        candidate = f"{stem} ({number}){dot}{extension}"
    return candidate
