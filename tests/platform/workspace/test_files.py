"""The files of a workspace: what is read, what a problem says, and the digest that names what is in force."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.workspace import Declarations, FileProblem, WorkspaceNotFound, find_workspace, read_declarations
from concord.workspace.files import MAX_FILE_BYTES, STANDARD_ENTRY
from concord_taxonomy.skos import Limits

texts = st.dictionaries(st.text("ab/.", min_size=1, max_size=4), st.text(max_size=6), max_size=4)


def test_only_the_content_layer_is_read(workspace):
    for extra in ("sources/notes.txt", "content/x.yaml", "sources/deep/a.yaml", "evals/q.jsonl", "taxonomy/a.txt"):
        workspace.write(extra, "x")
    files = read_declarations(workspace.folder).files
    assert set(files) == {
        "authority.yaml",
        "ownership.yaml",
        "principals.yaml",
        "sources/finance-policies.yaml",
        "sources/people-handbook.yaml",
        "taxonomy/shared.ttl",
        "usecases/ask-people.yaml",
    }


def test_a_folder_without_settings_is_no_workspace(tmp_path):
    with pytest.raises(WorkspaceNotFound, match="concord init") as caught:
        find_workspace(tmp_path)
    assert str(caught.value.folder) in str(caught.value)


@given(texts, texts)
def test_the_digest_is_equal_exactly_when_the_files_are(one, other):
    assert (Declarations(one).digest == Declarations(other).digest) == (one == other)


def test_the_digest_does_not_depend_on_the_order_or_on_settings(workspace):
    files = dict(read_declarations(workspace.folder).files)
    assert Declarations(dict(reversed(files.items()))).digest == Declarations(files).digest
    before = read_declarations(workspace.folder).digest
    workspace.replace("concord.yaml", "name: Small", "name: Large")
    assert read_declarations(workspace.folder).digest == before
    workspace.replace("authority.yaml", "rankings:", "rankings:  # by hand")
    assert read_declarations(workspace.folder).digest != before


def test_text_moved_between_files_changes_the_digest():
    assert Declarations({"a": "xy", "b": ""}).digest != Declarations({"a": "x", "b": "y"}).digest
    assert Declarations({"a": "x\0b\0001\0y"}).digest != Declarations({"a": "x", "b": "y"}).digest


def test_another_standard_is_part_of_what_is_in_force(workspace):
    plain = read_declarations(workspace.folder)
    older = read_declarations(workspace.folder, "0.9")
    assert (
        older.digest != plain.digest and older.standard == "0.9" and plain.changes(older) == [("added", STANDARD_ENTRY)]
    )


def test_changes_are_named():
    before = Declarations({"a": "1", "b": "1", "c": "1"})
    after = Declarations({"b": "2", "c": "1", "d": "1"})
    assert before.changes(after) == [("removed", "a"), ("changed", "b"), ("added", "d")]
    assert before.changes(before) == []


def test_a_file_that_is_not_text_is_named_with_the_place(workspace):
    (workspace.folder / "sources/people-handbook.yaml").write_bytes(b"title: caf\xe9\n")
    with pytest.raises(FileProblem, match=r"^sources/people-handbook\.yaml: not UTF-8 at byte 10$") as caught:
        read_declarations(workspace.folder)
    assert caught.value.path == "sources/people-handbook.yaml"


@pytest.mark.parametrize(
    ("path", "most"), [("sources/people-handbook.yaml", MAX_FILE_BYTES), ("taxonomy/shared.ttl", Limits().file_bytes)]
)
def test_a_file_that_is_too_large_is_named(workspace, path, most):
    with (workspace.folder / path).open("wb") as file:
        file.truncate(most + 1)
    with pytest.raises(FileProblem, match=f"^{re.escape(path)}: larger than {most // 2**20} MiB"):
        read_declarations(workspace.folder)


def test_a_link_that_leads_nowhere_is_told_of(workspace):
    (workspace.folder / "sources/gone.yaml").symlink_to("/nowhere/at/all.yaml")
    with pytest.raises(FileProblem, match=r"^sources/gone\.yaml: No such file"):
        read_declarations(workspace.folder)


def test_a_nul_is_refused_with_its_line(workspace):
    workspace.write("taxonomy/shared.ttl", "# one\n# \0 two\n")
    with pytest.raises(FileProblem, match=r"^taxonomy/shared\.ttl: line 2: a NUL character"):
        read_declarations(workspace.folder)
