"""Checks of a zipped office document before any library opens it, and its core properties (ECMA-376 part 2)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.parsers import expat

from concord_connectors.errors import Unparsable
from concord_connectors.parsers.limits import Limits

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 0x1
_MAX_DEPTH = 500
_CHUNK = 1 << 16
_CORE = "docProps/core.xml"
_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
    "subject": "subject",
    "description": "description",
    "keywords": "keywords",
    "category": "category",
    "version": "version",
    "language": "language",
    "contentStatus": "status",
}


def check_office(content: bytes, limits: Limits, main: str, what: str, save_as: str) -> None:
    """Check that a file is a package whose part `main` is `what`; raises `Unparsable` for everything else."""
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise Unparsable("encrypted", "it needs a password; store it without one")
        raise Unparsable("corrupt", f"it is in a format of Office 97-2003; save it as {save_as}")
    if main not in check_package(content, limits):
        raise Unparsable("corrupt", f"it is a package without {what}; save it again")


def check_package(content: bytes, limits: Limits) -> frozenset[str]:
    """The names of the package's parts; raises `Unparsable` for what a library must not be given.

    Declared sizes are summed first, then every part is unpacked and counted, and every XML part is read for document
    types (the way to entity bombs and external entities) and for nesting that would exhaust the stack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > limits.members:
                raise Unparsable("too_large", f"its package has {len(members)} parts, more than {limits.members}")
            if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
                raise Unparsable("encrypted", "it needs a password; store it without one")
            if sum(member.file_size for member in members) > limits.unpacked_bytes:
                raise _too_big(limits)
            unpacked = 0
            for member in members:
                parser = _checker() if member.filename.endswith((".xml", ".rels")) else None
                for chunk in _chunks(package, member):
                    unpacked += len(chunk)
                    if unpacked > limits.unpacked_bytes:
                        raise _too_big(limits)
                    if parser is not None:
                        parser.Parse(chunk, False)
            return frozenset(member.filename for member in members)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Unparsable("corrupt", f"its package cannot be unpacked ({error}); save it again") from error
    except expat.ExpatError as error:
        raise Unparsable("corrupt", f"its XML is broken ({error}); save it again") from error
    except Exception as error:
        if isinstance(error, Unparsable):
            raise
        # zlib.error and friends: whatever a broken stream makes of a decompressor.
        raise Unparsable("corrupt", f"its package cannot be unpacked ({error}); save it again") from error


def core_properties(content: bytes) -> dict[str, Any]:
    """Title, author, dates and the like of a checked package; dates stay ISO 8601 text as the package has them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if _CORE not in package.namelist():
            return {}
        xml = package.read(_CORE)
    properties: dict[str, Any] = {}
    texts: list[str] = []
    parser = _checker()

    def end(name: str) -> None:
        key = _PROPERTIES.get(name.rpartition(":")[2])
        if key is not None and (value := "".join(texts).strip()):
            properties[key] = value
        texts.clear()

    parser.StartElementHandler = lambda name, attributes: texts.clear()
    parser.CharacterDataHandler = texts.append
    parser.EndElementHandler = end
    parser.Parse(xml, True)
    return properties


def _checker() -> expat.XMLParserType:
    """An XML parser that refuses document types and very deep nesting."""
    parser = expat.ParserCreate()
    depth = 0

    def doctype(*_: object) -> NoReturn:
        raise Unparsable("unsafe", "its XML declares a document type, which office documents never do; save it again")

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise Unparsable("too_large", "its XML is nested too deeply; simplify it")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return parser


def _chunks(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _too_big(limits: Limits) -> Unparsable:
    megabytes = limits.unpacked_bytes // (1024 * 1024)
    return Unparsable("too_large", f"its package unpacks to more than {megabytes} MiB; split it")
