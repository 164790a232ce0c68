"""Names, links and special files that lead elsewhere: each is a failure for its owner's eyes, and the sync goes on."""

import io
import json
import os
import socket
import stat
import subprocess
import zipfile
from pathlib import Path

GIT_SOURCE = """\
title: Tree
connector: git
options: {repository: tree}
mapping:
  fields:
    publisher: {const: People}
    authority_tier: {const: policy}
    readers: {const: ["group:staff"]}
"""
PLAIN = "# Zebra\n\nStripes of a zebra.\n"
OUTSIDE = "the word of outside is xylophone"


def held(workspace, who: str) -> dict[str, str]:
    """What `concord status` shows somebody of the quarantine: reasons by identifier."""
    done = workspace.run("status", "--as", who, "--json")
    assert done.code == 0, done.err
    entries = json.loads(done.out)["quarantine"]
    words = "".join(workspace.run("status", "--as", who).out.split())  # lines are wrapped
    for each in entries:
        assert "".join(f"{each['identifier']}: {each['reason']}: {each['detail']}".split()) in words
        assert each["stage"] == "map" or each["detail"].startswith(each["identifier"].partition("/")[2])
    return {each["identifier"]: each["reason"] for each in entries}


def shown_to_the_owner_alone(workspace, source: str, before: dict[str, str]) -> dict[str, str]:
    """What came into quarantine: Ann owns it; Pat reads the source, Fay and Carl do not, and none of them is told."""
    mine = {key: reason for key, reason in held(workspace, "ann").items() if key not in before}
    for other in ("pat", "fay", "carl"):
        assert not mine.keys() & held(workspace, other).keys()
        told = workspace.run("status", "--as", other).everything
        assert not any(key.partition("/")[2].lower() in told for key in mine)
    return {key.removeprefix(f"{source}/"): reason for key, reason in mine.items()}


def found(workspace, question: str, who: str = "pat") -> list[str]:
    """The identifiers that a search gives somebody."""
    done = workspace.run("search", question, "--as", who, "--json")
    assert done.code == 0, done.err
    return [each["identifier"] for each in json.loads(done.out)]


def test_a_folder_with_links_special_files_and_odd_names(synced_copy, tmp_path):
    before = held(synced_copy, "ann")
    folder = synced_copy.folder / "content/people"
    secret = tmp_path / "secret.md"
    secret.write_text(f"# Outside\n\n{OUTSIDE}\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more/secret.md").write_text(OUTSIDE)
    (folder / "zebra.md").write_text(PLAIN)
    (folder / "out.md").symlink_to(secret)
    (folder / "up.md").symlink_to("../../concord.yaml")
    (folder / "out").symlink_to(tmp_path / "more")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "nowhere.md").symlink_to("nothing.md")
    (folder / "inside.md").symlink_to("zebra.md")
    (folder / "round").symlink_to(".")
    os.mkfifo(folder / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket.md"))
    (folder / "device.md").symlink_to("/dev/zero")
    for name in (b"\\\\server\\share.md", b"bad-\xff\xfe.md", b"line\nbreak.md", b"bell\x07.md"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(OUTSIDE)
    deep = folder.joinpath(*["d" * 240] * 4)
    deep.mkdir(parents=True)
    (deep / f"{'n' * 100}.md").write_text(OUTSIDE)
    (folder / ".git").mkdir()
    (folder / ".git/config.md").write_text(OUTSIDE)
    reasons = {
        "out.md": "symlink",
        "up.md": "symlink",
        "out": "symlink",
        "circle.md": "symlink",
        "nowhere.md": "symlink",
        "device.md": "symlink",
        "pipe.md": "special_file",
        "socket.md": "special_file",
        "\\\\server\\share.md": "unsafe",
        "bad-\\xff\\xfe.md": "bad_name",
        "line\\x0abreak.md": "bad_name",
        "bell\\x07.md": "bad_name",
    }
    if os.geteuid() != 0:  # root may read everything
        (folder / "closed.md").write_text(OUTSIDE)
        (folder / "closed.md").chmod(0)
        reasons["closed.md"] = "unreadable"
    done = synced_copy.run("sync")
    assert done.code == 0, done.err
    told = shown_to_the_owner_alone(synced_copy, "people-handbook", before)
    [long] = told.keys() - reasons.keys()
    assert told.pop(long) == "bad_name" and long.startswith("d" * 240) and len(long.encode()) <= 1_000
    assert told == reasons
    assert "people-handbook/zebra.md" in found(synced_copy, "stripes of a zebra")
    done = synced_copy.run("search", "xylophone outside", "--as", "pat", "--json")
    assert "xylophone" not in done.out
    before |= {f"people-handbook/{key}": reason for key, reason in told.items()}
    assert synced_copy.run("sync").code == 0
    assert shown_to_the_owner_alone(synced_copy, "people-handbook", before) == {long: "bad_name"}


def test_an_archive_with_names_that_lead_elsewhere(synced_copy):
    before = held(synced_copy, "ann")
    names = {
        "../up.md": "unsafe",
        "a/../../up.md": "unsafe",
        "/etc/abs.md": "unsafe",
        "\\\\server\\share\\unc.md": "unsafe",
        "C:\\win.md": "unsafe",
        "bell\x07.md": "bad_name",
        "line\nbreak.md": "bad_name",
        f"{'n' * 2_000}.md": "bad_name",
        "cut.md\0.exe": "bad_name",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("zebra.md", PLAIN)
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as no tool writes it
            archive.writestr(info, OUTSIDE)
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../../concord.yaml")
        latin = zipfile.ZipInfo("raw-mark.md")
        archive.writestr(latin, OUTSIDE)
    content = out.getvalue().replace(b"raw-mark.md", b"raw-\xff\xfe\x07k.md")
    (synced_copy.folder / "content/people/odd.zip").write_bytes(content)
    done = synced_copy.run("sync")
    assert done.code == 0, done.err
    told = shown_to_the_owner_alone(synced_copy, "people-handbook", before)
    assert all(key.startswith("odd.zip!/") for key in told)
    assert sorted(told.values()) == sorted([*names.values(), "symlink", "bad_name"])
    assert told["odd.zip!/../up.md"] == "unsafe" and told["odd.zip!/line\\x0abreak.md"] == "bad_name"
    assert all(len(key.encode()) <= 1_000 for key in told)
    assert "people-handbook/odd.zip!/zebra.md" in found(synced_copy, "stripes of a zebra")
    assert "xylophone" not in synced_copy.run("search", "xylophone outside", "--as", "pat", "--json").out


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git there; what it wrote."""
    names = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *names, *arguments], cwd=folder, input=stdin, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().strip()


def tree(folder: Path, entries: list[tuple[str, bytes, str]]) -> str:
    """A tree of these entries (mode, name, object), whether git would write it or not."""
    raw = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(one) for mode, name, one in entries)
    return git(folder, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)


def test_a_git_tree_that_git_would_not_write(synced_copy):
    before = held(synced_copy, "ann")
    folder = synced_copy.folder / "tree"
    folder.mkdir()
    git(folder, "init", "--quiet")
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=OUTSIDE.encode())
    plain = git(folder, "hash-object", "-w", "--stdin", stdin=PLAIN.encode())
    target = git(folder, "hash-object", "-w", "--stdin", stdin=b"../../concord.yaml")
    inner = tree(folder, [("100644", b"x.md", blob)])
    deep = inner
    for _ in range(5):
        deep = tree(folder, [("40000", b"d" * 240, deep)])
    top = tree(
        folder,
        [
            ("40000", b".", inner),
            ("40000", b"..", inner),
            ("40000", b".GIT", inner),
            ("40000", b".git", inner),
            ("100644", b"\\\\server\\share.md", blob),
            ("100644", b"bad-\xff.md", blob),
            ("100644", b"bell\x07.md", blob),
            ("40000", b"deep", deep),
            ("120000", b"link.md", target),
            ("100644", b"zebra.md", plain),
        ],
    )
    commit = git(folder, "commit-tree", top, "-m", "odd")
    git(folder, "update-ref", "HEAD", commit)
    synced_copy.write("sources/tree.yaml", GIT_SOURCE)
    synced_copy.replace("ownership.yaml", "rules:\n", "rules:\n  - match: {source: tree}\n    owner: user:ann\n")
    synced_copy.replace("usecases/ask-people.yaml", "[people-handbook]", "[people-handbook, tree]")
    for command in ("apply", "sync"):
        done = synced_copy.run(command)
        assert done.code == 0, done.err
    told = shown_to_the_owner_alone(synced_copy, "tree", before)
    [long] = [key for key in told if key.startswith("deep/")]
    assert told.pop(long) == "bad_name" and len(long.encode()) <= 1_000
    assert told == {
        "./x.md": "unsafe",
        "../x.md": "unsafe",
        ".GIT/x.md": "unsafe",
        ".git/x.md": "unsafe",
        "\\\\server\\share.md": "unsafe",
        "bad-\\xff.md": "bad_name",
        "bell\\x07.md": "bad_name",
        "link.md": "symlink",
    }
    assert "tree/zebra.md" in found(synced_copy, "stripes of a zebra")
    assert "xylophone" not in synced_copy.run("search", "xylophone outside", "--as", "pat", "--json").out
    assert not (synced_copy.folder / "x.md").exists()
