"""Containers opened in another process: the same as in this one, within limits, whatever their members do to it."""

from __future__ import annotations

import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from concord_connectors.containers import ContainerLimits, Unpacker, open_here
from concord_connectors.containers.opening import Opened
from concord_connectors.containment import ContainedParser, Containment, wire
from concord_connectors.contract import Failure, SourceRecord
from concord_connectors.errors import Unparsable
from concord_connectors.parsers.formats import media_type_of

LIMITS = ContainerLimits()


@pytest.fixture(scope="module")
def contained() -> Iterator[ContainedParser]:
    with ContainedParser(Containment(timeout_seconds=30, memory_mb=512)) as parser:
        yield parser


def packed(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann Ö <ann@example.org>", "Rates"
    message["Date"], message["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", "<1@example.org>"
    message.set_content("Text.")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="rates.csv")
    return message.as_bytes()


MAIL = mail()
ARCHIVE = packed(
    {
        "a.md": "# A",
        "../up.md": "x",
        "a.md.meta.yaml": "on: 2026-01-02\nwho: é\n",
        "m.eml": MAIL,
        "z.zip": packed({"b.md": "B"}),
    }
)
SAMPLES = {"x.zip": ARCHIVE, "x.eml": MAIL, "x.mbox": b"From ann\n" + MAIL}


def whole(opened: Opened) -> list[object]:
    found: list[object] = [opened.metadata]
    for each in opened.members:
        parts = [each.name, each.stamp, each.media_type, each.modified, each.author, each.metadata, each.problem]
        found.append([*parts, None if each.problem else each.read()])
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_a_container_is_what_it_is_in_this_process(name: str, contained: ContainedParser) -> None:
    media_type = media_type_of(name)
    with (
        open_here(media_type, SAMPLES[name], LIMITS) as here,
        contained.open(media_type, SAMPLES[name], LIMITS) as there,
    ):
        assert whole(there) == whole(here) and len(here.members) >= 1


def test_nothing_of_it_is_opened_in_this_process(contained: ContainedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    from concord_connectors.containers import opening

    monkeypatch.setattr(opening, "_MEMBERS", {})  # what a call in this process would need
    unpacker = Unpacker(lambda _: True, {}, opener=contained.open)
    entries = list(unpacker.entries(SourceRecord("x.zip", "1", media_type_of("x.zip"), ARCHIVE)))
    names = [each.native_id for each in entries if isinstance(each, SourceRecord)]
    assert names == ["x.zip!/a.md", "x.zip!/m.eml!/rates.csv", "x.zip!/m.eml", "x.zip!/z.zip!/b.md"]
    message = next(each for each in entries if each.native_id.endswith("rates.csv"))
    assert isinstance(message, SourceRecord) and message.container is not None
    assert message.container.metadata["from_name"] == "Ann Ö"


def test_processes_are_used_again(contained: ContainedParser) -> None:
    seen = set()
    for _ in range(4):
        with contained.open("application/zip", ARCHIVE, LIMITS):
            pass
        seen |= {child.pid for child in contained._children._idle}
    assert len(seen) == len(contained._children._idle)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("x.zip", b"PK rubbish", "corrupt"), ("x.mbox", b"rubbish", "corrupt"), ("x.zip", packed({}), None)],
)
def test_what_cannot_be_opened_is_told(name: str, content: bytes, reason: str, contained: ContainedParser) -> None:
    if reason is None:
        with contained.open(media_type_of(name), content, LIMITS) as opened:
            assert opened.members == ()
        return
    with pytest.raises(Unparsable) as error, contained.open(media_type_of(name), content, LIMITS):
        pass
    assert error.value.reason == reason


def test_a_member_beyond_its_bound_fails_alone(contained: ContainedParser) -> None:
    files: dict[str, bytes | str] = {"a.txt": os.urandom(3_000), "b.txt": "b"}
    with contained.open("application/zip", packed(files), LIMITS) as opened:
        assert opened.members[1].read() == b"b"
    with contained.open("application/zip", packed(files), ContainerLimits(member_bytes=1_000)) as opened:
        assert opened.members[0].problem is not None and opened.members[0].problem[0] == "too_large"
        assert opened.members[1].read() == b"b"


def test_a_process_lost_between_members_is_replaced(contained: ContainedParser) -> None:
    with contained.open("application/zip", packed({"a.md": "a", "b.md": "b"}), LIMITS) as opened:
        assert opened.members[0].read() == b"a"
        for child in contained._children._all - set(contained._children._idle):
            os.kill(child.pid, signal.SIGKILL)
        assert opened.members[1].read() == b"b"


def test_what_needs_too_much_memory_is_told_and_the_rest_is_read() -> None:
    big = packed({"a.txt": bytes(180 << 20), "b.txt": "b"})
    limits = ContainerLimits(member_bytes=400 << 20, ratio=10_000)
    small = Containment(timeout_seconds=30, memory_mb=300)
    with ContainedParser(small) as parser, parser.open("application/zip", big, limits) as opened:
        first, second = opened.members
        with pytest.raises(Unparsable) as error:
            first.read()
        assert error.value.reason == "memory" and "300 MiB" in error.value.detail
        assert second.read() == b"b"


def test_time_in_all_is_bounded() -> None:
    content = packed({f"{number}.md": "x" for number in range(50)})
    unpacker = Unpacker(lambda _: True, {}, (), ContainerLimits(seconds=1e-9))
    entries = list(unpacker.entries(SourceRecord("x.zip", "1", "application/zip", content)))
    assert len(entries) == 50
    assert all(isinstance(each, Failure) and each.reason == "timeout" for each in entries)


GOOD = ["a.md", "1", "text/markdown", None, None, {}, None]


@pytest.mark.parametrize(
    "member",
    [
        {},
        GOOD[:-1],
        ["../a.md", *GOOD[1:]],
        ["/a.md", *GOOD[1:]],
        ["a\nb.md", *GOOD[1:]],
        ["", *GOOD[1:]],
        ["x" * 2_000, *GOOD[1:]],
        ["a.md", "1", "text/markdown", "yesterday", None, {}, None],
        ["a.md", "1", "text/markdown", None, 7, {}, None],
        ["a.md", "1", "text/markdown", None, None, [], None],
        ["a.md", "1", "text/markdown", None, None, {}, ["Not A Word", "x"]],
        ["a\nb.md", "1", "text/markdown", None, None, {}, ["bad_name", "x"]],
    ],
)
def test_what_is_no_listing_is_refused(member: object) -> None:
    def unpacked(given: object) -> Opened:
        return wire.unpack_opened({"members": 1}, b"{}\n" + json.dumps(given).encode(), LIMITS)

    assert len(unpacked(GOOD).members) == 1
    with pytest.raises(wire.BrokenFrame):
        unpacked(member)


def test_listings_beyond_what_was_allowed_are_refused() -> None:
    line = b"\n" + json.dumps(GOOD).encode()
    few = ContainerLimits(members=3, messages=3, attachments=3)
    assert len(wire.unpack_opened({"members": 3}, b"{}" + line * 3, few).members) == 3
    for head, body in (({"members": 4}, b"{}" + line * 4), ({"members": 1}, b"{}" + line * 2), (None, b"")):
        with pytest.raises(wire.BrokenFrame):
            wire.unpack_opened(head, body, few)
