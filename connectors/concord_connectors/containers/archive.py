"""ZIP: what its directory lists, with names, links and packing checked before anything is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.member import Member
from concord_connectors.contract import JsonObject
from concord_connectors.errors import Unparsable
from concord_connectors.names import name_problem, plain
from concord_connectors.parsers.formats import media_type_of
from concord_connectors.safe_yaml import MetadataError
from concord_connectors.sidecar import MAX_SIDECAR_BYTES, find_sidecar, is_sidecar, read_sidecar

_ENCRYPTED_FLAG = 0x1
_SMALL = 1024 * 1024
_CHUNK = 1 << 16
_LOCAL_HEADER = 30
"""Bytes that stand before each entry's content at the least (APPNOTE 4.3.7)."""
_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"


def members(content: bytes, limits: ContainerLimits) -> Iterator[Member]:
    """The files of an archive; raises `Unparsable` for one that cannot be opened or lists too many.

    The stamp is the checksum and size that the directory gives, so that what did not change is not unpacked.
    """
    if _listed(content) > limits.members:
        raise Unparsable("too_large", f"it lists more than {limits.members:,} files; split it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError, EOFError) as error:
        raise Unparsable("corrupt", f"it cannot be opened as a ZIP ({error}); pack it again") from error
    found = {info: info.filename.replace("\\", "/") for info in archive.infolist() if not info.is_dir()}
    if len(found) > limits.members:
        raise Unparsable("too_large", f"it lists more than {limits.members:,} files; split it")
    if _overlap(archive):
        raise Unparsable("unsafe", "its entries share the same bytes, as those of bombs do; pack it again")
    times = Counter(found.values())
    by_name = {name: info for info, name in found.items()}
    for name, info in sorted(by_name.items()):
        if is_sidecar(name) or "__MACOSX" in name.split("/"):
            continue
        problem = _problem(name, info, limits)
        if times[name] > 1:
            problem = ("bad_name", "the archive holds this name twice; pack it again")
        stamp = f"{info.CRC:08x}-{info.file_size}"
        beside: JsonObject = {}
        if problem is None:
            try:
                if (path := find_sidecar(name, by_name)) is not None:
                    extra = by_name[path]
                    stamp += f"+{extra.CRC:08x}-{extra.file_size}"
                    beside = read_sidecar(path, _reader(archive, extra, MAX_SIDECAR_BYTES)())
            except (MetadataError, Unparsable) as error:
                problem = ("bad_sidecar", f"side-car: {error}")
        read = _reader(archive, info, limits.member_bytes)
        yield Member(plain(name), stamp, read, media_type_of(name), _time(info), None, beside, problem)


def _listed(content: bytes) -> int:
    """How many entries the directory has, counted before a library makes an object of each."""
    end = content.rfind(_END)
    if end < 0 or end + 16 > len(content):
        return 0
    size = struct.unpack_from("<I", content, end + 12)[0]
    return content.count(_ENTRY, max(0, end - size - 128), end)


def _overlap(archive: zipfile.ZipFile) -> bool:
    """Whether two entries lie in the same bytes, so that little content unpacks to much."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    return False


def _problem(name: str, info: zipfile.ZipInfo, limits: ContainerLimits) -> tuple[str, str] | None:
    if (problem := name_problem(name)) is not None:
        return problem
    if "\0" in info.orig_filename:  # what follows it is cut off by whoever lists the archive
        return "bad_name", "its name holds a NUL character; rename it"
    if any(part.endswith("!") for part in name.split("/")[:-1]):
        return "bad_name", "a folder's name ends in an exclamation mark; rename it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "symlink", "a symbolic link is no content; pack the file itself"
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "encrypted", "it needs a password; pack it without one"
    if info.file_size > limits.member_bytes:
        return "too_large", f"it unpacks to more than {limits.member_bytes // _SMALL} MiB; split it"
    if info.file_size > _SMALL and info.file_size > limits.ratio * max(1, info.compress_size):
        return "unsafe", f"it is packed to less than 1/{limits.ratio} of its size, as bombs are; pack it otherwise"
    return None


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> Callable[[], bytes]:
    def read() -> bytes:
        data = bytearray()
        try:
            with archive.open(info) as part:
                while chunk := part.read(_CHUNK):
                    data += chunk
                    if len(data) > most:
                        raise Unparsable("too_large", f"it unpacks to more than {most:,} bytes; split it")
        except Unparsable:
            raise
        except Exception as error:  # zlib, lzma and friends: whatever a broken stream makes of a decompressor
            raise Unparsable("corrupt", f"it cannot be unpacked ({error}); pack it again") from error
        return bytes(data)

    return read


def _time(info: zipfile.ZipInfo) -> datetime | None:
    """When the file was last changed, by a clock whose zone the archive does not tell: read as UTC."""
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
