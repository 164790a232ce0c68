"""What archives, mailboxes and messages hold, through both connectors."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_connectors.conformance import ConnectorContract, ConnectorWorld, crawl, entries_of, versions
from concord_connectors.containers import ContainerLimits, Opener, Unpacker, open_here, position
from concord_connectors.containment import ContainedParser, Containment
from concord_connectors.contract import Connector, Failure, SourceRecord, Tombstone
from concord_connectors.files import FilesConnector
from concord_connectors.git import GitConnector
from concord_connectors.parsers.formats import media_type_of


def packed(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 9, 0, 0)), content, compress_type=method)
    return out.getvalue()


def mail(number: int, text: str = "Text.", **attached: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.org>", f"Mail {number}"
    message["Date"], message["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", f"<{number}@example.org>"
    message.set_content(text)
    for name, content in attached.items():
        message.add_attachment(content, maintype="text", subtype="plain", filename=f"{name}.txt")
    return message.as_bytes()


def mbox(*messages: bytes) -> bytes:
    return b"".join(b"From ann Mon Mar  2 09:00:00 2026\n" + each + b"\n" for each in messages)


def unpack(
    name: str,
    content: bytes,
    known: Mapping[str, str] | None = None,
    limits: ContainerLimits | None = None,
    opener: Opener = open_here,
) -> dict[str, SourceRecord | Failure]:
    unpacker = Unpacker(lambda path: "/." not in path, known or {}, (), limits or ContainerLimits(), opener)
    record = SourceRecord(name, "v1", media_type_of(name), content, {"owner": "Ann"})
    return {entry.native_id: entry for entry in unpacker.entries(record)}


def reasons(entries: Mapping[str, SourceRecord | Failure]) -> dict[str, str]:
    return {key: entry.reason for key, entry in entries.items() if isinstance(entry, Failure)}


def test_members_of_an_archive_are_records_with_its_metadata() -> None:
    content = packed({"b/c.md": "# C", "a.txt": "A", "a.txt.meta.yaml": "status: Final", "x.exe": "x", ".h.md": "h"})
    entries = unpack("z.zip", content)
    assert list(entries) == ["z.zip!/a.txt", "z.zip!/b/c.md"]
    first = entries["z.zip!/a.txt"]
    assert isinstance(first, SourceRecord) and first.content == b"A" and first.media_type == "text/plain"
    assert first.metadata == {"owner": "Ann", "status": "Final"}
    assert first.container is not None and first.container.native_id == "z.zip"
    assert str(first.history.modified) == "2026-03-01 09:00:00+00:00"


def test_bad_members_fail_alone() -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = ("../up.md", "/abs.md", "C:/win.md", "a/../../b.md", "x!/y.md", "new\nline.md", "twice.md")
    out = io.BytesIO(packed(dict.fromkeys(names, "x") | {"good.md": "good", "secret.md": "s"}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.txt", bytes(3_000_000), zipfile.ZIP_DEFLATED)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice.md", "again")
    data = bytearray(out.getvalue())
    entry = data.index(b"secret.md", data.index(b"PK\x01\x02")) - 46
    struct.pack_into("<H", data, entry + 8, 1)
    entries = unpack("z.zip", bytes(data))
    assert reasons(entries) == {
        "z.zip!/../up.md": "unsafe",
        "z.zip!//abs.md": "unsafe",
        "z.zip!/C:/win.md": "unsafe",
        "z.zip!/a/../../b.md": "unsafe",
        "z.zip!/x!/y.md": "bad_name",
        "z.zip!/new\\x0aline.md": "bad_name",
        "z.zip!/link.md": "symlink",
        "z.zip!/bomb.txt": "unsafe",
        "z.zip!/twice.md": "bad_name",
        "z.zip!/secret.md": "encrypted",
    }
    assert isinstance(entries["z.zip!/good.md"], SourceRecord)


def test_limits_name_what_they_stop() -> None:
    many = packed({f"{number}.md": "x" for number in range(5)})
    assert reasons(unpack("z.zip", many, limits=ContainerLimits(members=4))) == {"z.zip": "too_large"}
    big = packed({"a.txt": "x" * 50, "b.txt": "y" * 50, "c.txt": "z" * 10})
    assert reasons(unpack("z.zip", big, limits=ContainerLimits(member_bytes=20))) == {
        "z.zip!/a.txt": "too_large",
        "z.zip!/b.txt": "too_large",
    }
    assert reasons(unpack("z.zip", big, limits=ContainerLimits(total_bytes=60))) == {
        "z.zip!/b.txt": "too_large",
        "z.zip!/c.txt": "too_large",
    }
    nested = many
    for _ in range(3):
        nested = packed({"in.zip": nested})
    assert reasons(unpack("z.zip", nested, limits=ContainerLimits(depth=3))) == {
        "z.zip!/in.zip!/in.zip!/in.zip": "too_large"
    }
    assert len(unpack("z.zip", nested)) == 5
    box = mbox(mail(1), mail(2))
    assert reasons(unpack("m.mbox", box, limits=ContainerLimits(messages=1))) == {"m.mbox": "too_large"}
    full = mail(1, a=b"a", b=b"b")
    assert reasons(unpack("m.eml", full, limits=ContainerLimits(attachments=1))) == {"m.eml": "too_large"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 rubbish", packed({"a.md": "a"})[:-30]])
def test_what_is_no_container_is_a_failure(content: bytes) -> None:
    assert reasons(unpack("z.zip", content)) == {"z.zip": "corrupt"}
    assert reasons(unpack("m.mbox", content)) == {"m.mbox": "corrupt"}
    assert reasons(unpack("z.zip", packed({"a.exe": "x"}))) == {"z.zip": "empty"}


def test_a_lie_about_a_size_is_found() -> None:
    data = bytearray(packed({"a.txt": bytes(100_000)}))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 10)
    assert reasons(unpack("z.zip", bytes(data))) == {"z.zip!/a.txt": "corrupt"}


def test_a_message_its_attachments_and_a_message_in_it() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Bea <bea@example.org>", "Re: Old rates/limits"
    inner.set_content("Old.")
    inner.add_attachment(b"deep", maintype="text", subtype="plain", filename="deep.txt")
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Date"] = "ann@example.org", "Rates", "Mon, 02 Mar 2026 09:00:00 +0000"
    outer.set_content("See attached.")
    outer.add_attachment(b"one", maintype="text", subtype="plain", filename="same.txt")
    outer.add_attachment(b"two", maintype="text", subtype="plain", filename="same.txt")
    outer.add_attachment(b"x", maintype="image", subtype="png", filename="photo.png")
    outer.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="scan")
    outer.add_attachment(inner)
    entries = unpack("m.eml", outer.as_bytes())
    assert list(entries) == [
        "m.eml!/Old rates-limits.eml!/deep.txt",
        "m.eml!/Old rates-limits.eml",
        "m.eml!/same (2).txt",
        "m.eml!/same.txt",
        "m.eml!/scan",
        "m.eml",
    ]
    second = entries["m.eml!/same (2).txt"]
    assert isinstance(second, SourceRecord) and second.content == b"two"
    assert second.container is not None and second.container.metadata["from"] == "ann@example.org"
    assert str(second.history.modified) == "2026-03-02 09:00:00+00:00"
    scan = entries["m.eml!/scan"]
    assert isinstance(scan, SourceRecord) and scan.media_type == "application/pdf"
    deep = entries["m.eml!/Old rates-limits.eml!/deep.txt"]
    assert isinstance(deep, SourceRecord) and deep.container is not None and deep.container.container is not None
    assert deep.container.container.native_id == "m.eml"


def test_a_mailbox_names_its_messages_by_their_ids() -> None:
    without = b"From: x@example.org\n\n>From here on.\n"
    odd = mail(1).replace(b"<1@example.org>", b"<a/b c@example.org>").replace(b"/b c", b"/../b")
    entries = unpack("m.mbox", mbox(mail(1), mail(1), odd, without))
    names = sorted(key.removeprefix("m.mbox!/") for key in entries)
    assert names[0] == "1@example.org.eml" and names[1] == "1@example.org~2.eml"
    assert names[2].startswith("a_.._b@example.org-") and names[3].startswith("message-")
    last = entries[f"m.mbox!/{names[3]}"]
    assert isinstance(last, SourceRecord) and b"\nFrom here on." in last.content
    first = entries["m.mbox!/1@example.org.eml"]
    assert isinstance(first, SourceRecord) and first.history.author == "Ann"


def test_a_growing_mailbox_gives_only_what_is_new() -> None:
    first, second = mail(1, a=b"A"), mail(2)
    known = versions(unpack("m.mbox", mbox(first, second)).values())
    grown = unpack("m.mbox", mbox(first, second, mail(3, b=b"B")), known)
    assert list(grown) == ["m.mbox!/3@example.org.eml!/b.txt", "m.mbox!/3@example.org.eml"]


def test_what_is_known_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed({"a.md": "# A", "b.md": "# B"})
    known = versions(unpack("z.zip", content).values())
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    assert unpack("z.zip", content, known) == {}


def test_other_metadata_of_the_container_reads_its_members_again() -> None:
    content = packed({"a.md": "# A"})
    known = versions(unpack("z.zip", content).values())
    unpacker = Unpacker(lambda _: True, known)
    record = SourceRecord("z.zip", "v1", media_type_of("z.zip"), content, {"owner": "Bea"})
    assert [entry.native_id for entry in unpacker.entries(record)] == ["z.zip!/a.md"]


WHOLE = {"z.zip": packed({"a.md": "# A", "m.eml": mail(1, a=b"A")}), "m.mbox": mbox(mail(1, a=b"A"))}
"""Made once: boundaries are drawn by chance, so that no two are alike."""


@settings(max_examples=40)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    for name, whole in WHOLE.items():
        content = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 20))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        for native_id in unpack(name, bytes(content)):
            assert native_id.startswith(name) and not any(ord(character) < 32 for character in native_id)


class ContainerWorld:
    """A source whose good records stand in containers, so that the whole contract holds for what they hold."""

    def __init__(self, write: Callable[[str, bytes | None], None], make: Callable[[], Connector], lose: Any) -> None:
        self._write, self.connector, self.lose = write, make, lose
        self._files: dict[str, bytes | str] = {"a.md": "# A", "b/c.md": "# C", "../up.md": "up", "d.md": "# D"}
        write("one.md", b"# One")
        write("mail.mbox", mbox(mail(1, a=b"A", b=b"B"), mail(2)))
        write("two.eml", mail(3, a=b"A"))
        write("x.zip", packed(self._files))
        write("x.zip-notes.md", b"# Notes")

    def change(self) -> str:
        self._files["b/c.md"] = "# Changed"
        self._write("x.zip", packed(self._files))
        return "x.zip!/b/c.md"

    def remove(self) -> str:
        del self._files["d.md"]
        self._write("x.zip", packed(self._files))
        return "x.zip!/d.md"


@pytest.fixture(scope="module")
def contained() -> Iterator[ContainedParser]:
    with ContainedParser(Containment(timeout_seconds=30, memory_mb=512)) as parser:
        yield parser


class TestContainersInFiles(ConnectorContract):
    """Opened in another process, as the platform has it."""

    @pytest.fixture
    def world(self, tmp_path: Path, contained: ContainedParser) -> ConnectorWorld:
        content = tmp_path / "content"
        content.mkdir()

        def lose() -> None:
            content.rename(tmp_path / "lost")

        return ContainerWorld(
            lambda name, data: (content / name).write_bytes(data or b"") and None,
            lambda: FilesConnector(base=tmp_path, path="content", batch_size=2, opener=contained.open),
            lose,
        )


class TestContainersInGit(ConnectorContract):
    @pytest.fixture
    def world(self, repository: Any) -> ConnectorWorld:
        def write(name: str, data: bytes | None) -> None:
            repository.write(name, data or b"")
            repository.commit()

        def make() -> Connector:
            return GitConnector(base=repository.path.parent, repository=repository.path.name, batch_size=2)

        return ContainerWorld(write, make, lambda: repository.path.rename(repository.path.with_name("lost")))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "content").mkdir()
    return tmp_path / "content"  # type: ignore[return-value]


def test_a_container_that_breaks_or_goes_takes_its_members_along(folder: Path) -> None:
    (folder / "a.md").write_text("# A")
    (folder / "z.zip").write_bytes(packed({"b.md": "# B"}))
    (folder / "m.eml").write_bytes(mail(1, a=b"A"))
    connector = FilesConnector(base=folder.parent, path="content")
    known = versions(entries_of(crawl(connector)))
    assert sorted(known) == ["a.md", "m.eml", "m.eml!/a.txt", "z.zip!/b.md"]
    (folder / "z.zip").write_bytes(b"broken")
    (folder / "m.eml").unlink()
    after = entries_of(crawl(connector, None, known))
    assert [type(entry) for entry in after] == [Failure, Tombstone, Tombstone, Tombstone]
    assert [entry.native_id for entry in after] == ["z.zip", "m.eml", "m.eml!/a.txt", "z.zip!/b.md"]
    mended = {"a.md": known["a.md"], "z.zip": after[0].version}  # type: ignore[union-attr]
    (folder / "z.zip").write_bytes(packed({"b.md": "# B"}))
    again = entries_of(crawl(connector, None, mended))
    assert [(type(entry), entry.native_id) for entry in again] == [(SourceRecord, "z.zip!/b.md"), (Tombstone, "z.zip")]


def test_exclude_holds_inside_and_a_clashing_folder_is_told(folder: Path) -> None:
    (folder / "z.zip").write_bytes(packed({"drafts/a.md": "# A", "b.md": "# B"}))
    connector = FilesConnector(base=folder.parent, path="content", exclude=["drafts/"])
    assert [entry.native_id for entry in entries_of(crawl(connector))] == ["z.zip!/b.md"]
    (folder / "z.zip!").mkdir()
    (folder / "z.zip!" / "b.md").write_text("# Other")
    entries = {entry.native_id: entry for entry in entries_of(crawl(connector))}
    assert reasons(entries) == {"z.zip": "bad_name"} and len(entries) == 2  # type: ignore[arg-type]


def test_a_sample_reaches_into_a_lone_mailbox(folder: Path) -> None:
    (folder / "m.mbox").write_bytes(mbox(*(mail(number) for number in range(9))))
    connector = FilesConnector(base=folder.parent, path="content")
    assert len(list(connector.sample(5))) == 5


@given(st.lists(st.sampled_from(["a.zip", "a.zip!/b", "a.zip!/b!/c", "a.zip x", "a.zip!.md", "a", "b.zip"])))
def test_a_container_s_entries_stand_together_and_it_comes_last(names: list[str]) -> None:
    ordered = sorted(set(names), key=position)
    for index, name in enumerate(ordered):
        if name == "a.zip":
            assert all(not later.startswith("a.zip!/") for later in ordered[index + 1 :])
    inside = [index for index, name in enumerate(ordered) if name.startswith("a.zip!/")]
    assert inside == list(range(inside[0], inside[0] + len(inside))) if inside else True
