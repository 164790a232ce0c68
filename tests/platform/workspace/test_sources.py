"""Declared sources: read in order, with fingerprints that change when something has to be done again."""

import pytest

from concord.workspace import Declarations, FileProblem
from concord.workspace.sources import read_sources

TEXT = "title: A\nconnector: files\noptions: {path: content}\nmapping: {fields: {publisher: {const: People}}}\n"


def read(text=TEXT, stem="people"):
    return read_sources(Declarations({f"sources/{stem}.yaml": text}))[stem]


def test_a_source_is_read():
    source = read()
    assert (source.id, source.title, source.connector, source.options) == ("people", "A", "files", {"path": "content"})
    assert read("connector: files").title == "people"


def test_a_source_shows_no_options_where_it_is_printed():
    assert "content" not in repr(read())


@pytest.mark.parametrize(
    ("old", "new", "crawl", "mapping"),
    [
        ("title: A", "title: B", False, False),
        ("path: content", "path: other", True, False),
        ("connector: files", "connector: git", True, False),
        ("const: People", "const: Folk", False, True),
        ("mapping:", "# a comment\nmapping:", False, False),
    ],
)
def test_fingerprints_change_with_what_they_stand_for(old, new, crawl, mapping):
    before, after = read(), read(TEXT.replace(old, new))
    assert (before.crawl_fingerprint != after.crawl_fingerprint) == crawl
    assert (before.mapping_fingerprint != after.mapping_fingerprint) == mapping


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: A", "connector: missing: name the connector"),
        ("connector: [files]", "connector: missing"),
        ("connector: files\noptions: content", "options: must be a mapping"),
        ("connector: files\nmaping: {}", "unknown key 'maping': one of connector, description, mapping"),
        ("connector: files\nmapping: {fields: {titel: {const: x}}}", "mapping: "),
        ("connector: files\noptions: {path: '${NO_SUCH_VARIABLE}'}", "NO_SUCH_VARIABLE is not set"),
        ("a: [", "line 1: "),
    ],
)
def test_what_is_wrong_is_named_with_its_file(text, told):
    with pytest.raises(FileProblem) as caught:
        read(text)
    assert str(caught.value).startswith("sources/people.yaml: ") and told in str(caught.value)


@pytest.mark.parametrize("stem", ["People", "a b", "a_b", "-a", "a.b", "ü", "a" * 64])
def test_a_source_is_named_in_plain_words(stem):
    with pytest.raises(FileProblem, match="lower-case letters, digits and hyphens"):
        read(stem=stem)
