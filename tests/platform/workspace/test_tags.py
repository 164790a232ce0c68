"""What people decided on tags is read, and what cannot be meant is told with its place."""

import pytest

from concord.workspace import Declarations, FileProblem
from concord.workspace.tags import CuratedTags, read_tags


def read(text):
    return read_tags(Declarations({"tags.yaml": text} if text else {}))


def test_decisions_by_item():
    assert read("") == read("tags: []") == {}
    text = "tags: [{identifier: a/b, add: ['urn:x'], remove: ['urn:y'], by: 'user:ann', why: because}]"
    expected = CuratedTags(identifier="a/b", add=("urn:x",), remove=("urn:y",), by="user:ann", why="because")
    assert read(text) == {"a/b": expected}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tags: [{identifier: a, add: [u]}, {identifier: a}]", "a is there twice"),
        ("tags: [{identifier: a, add: [u], remove: [u]}]", "u is added and removed"),
        ("tags: [{add: [u]}]", "tags.0.identifier"),
        ("tags: [{identifier: a, plus: [u]}]", "tags.0.plus"),
        ("tags: 1", "tags"),
    ],
)
def test_what_cannot_be_meant(text, problem):
    with pytest.raises(FileProblem, match=problem):
        read(text)
