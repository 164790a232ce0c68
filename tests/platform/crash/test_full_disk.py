"""A disk that fills up: one line that says what is full, nothing acknowledged that is not kept, and on it goes."""

import errno
import os
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from concord.bootstrap import Concord
from concord.catalog import outbox
from concord.catalog.engine import reading
from concord.cli.errors import one_line
from concord.index.edge import layout

MIB = 2**20
SIZE = 128


class Disk:
    """A file system of its own, and the file that fills it."""

    def __init__(self, folder):
        self.folder, self.filler = folder, folder / "filler"

    def fill(self, leave: int) -> None:
        """Leave so many bytes."""
        with self.filler.open("wb") as file, suppress(OSError):
            while (rest := shutil.disk_usage(self.folder).free - leave) > 0:
                file.write(b"\0" * min(rest, MIB))
                file.flush()

    def free(self) -> None:
        """Make room."""
        self.filler.unlink()


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() or not shutil.which("mount"):
        pytest.skip("a small file system can be mounted by root on Linux alone")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def full(disk, workspace):
    """A workspace on that disk."""
    folder = disk.folder / "workspace"
    shutil.copytree(workspace.folder, folder)
    made = type(workspace)(folder)
    yield disk, made
    concord = Concord.open(folder)
    if concord.index_folder.is_dir():
        concord.index.stop()
    concord.close()


def refused(workspace, command: str, what: str) -> None:
    done = workspace.run(command)
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    assert f"the disk that holds the {what}" in done.err and "free space" in done.err


def waiting(workspace) -> int:
    concord = Concord.open(workspace.folder)
    with reading(concord.engine) as connection:
        depth = outbox.depth(connection)
    concord.close()
    return depth


@pytest.mark.parametrize("left", [0, 60_000])
def test_no_room_for_the_catalog(full, left):
    disk, workspace = full
    disk.fill(left)
    refused(workspace, "apply", "catalog")
    disk.free()
    workspace.ready()
    workspace.replace("content/people/leave.md", "27 days", "28 days")
    disk.fill(0)
    refused(workspace, "sync", "catalog")
    disk.free()
    assert workspace.run("sync").code == 0
    assert "ok       index" in workspace.run("doctor").out


def test_no_room_for_the_index(full):
    disk, workspace = full
    assert workspace.run("apply").code == 0
    disk.fill(layout.LEAST_FREE // 4)
    refused(workspace, "sync", "index")
    assert waiting(workspace) == 5  # nothing is acknowledged
    disk.free()
    assert workspace.run("sync").code == 0 and waiting(workspace) == 0
    assert "5 of 5 items" in workspace.run("doctor").out


def test_no_room_while_the_index_process_runs(full):
    disk, workspace = full
    workspace.ready()
    workspace.write("content/people/parking.md", "# Parking\n\nPark behind the house.\n")
    disk.fill(layout.LEAST_FREE // 4)
    refused(workspace, "sync", "index")
    assert waiting(workspace) == 1
    assert "leave" in workspace.run("search", "annual leave", "--as", "pat").out  # reading goes on
    refused(workspace, "sync", "index")
    disk.free()
    assert workspace.run("sync").code == 0 and waiting(workspace) == 0
    assert "Parking" in workspace.run("search", "parking", "--as", "pat").out


def test_the_doctor_tells_of_it(full):
    disk, workspace = full
    workspace.ready()
    disk.fill(layout.LEAST_FREE // 4)
    done = workspace.run("doctor")
    assert done.code == 2 and "problem  disk" in done.out and "ok       index" in done.out


def test_any_other_file_that_does_not_fit_is_told_so():
    told = one_line(OSError(errno.ENOSPC, "No space left on device", "locks/x.pid"))
    assert told.startswith("the disk is full: free space") and "locks/x.pid" in told
