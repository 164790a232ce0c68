import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.standard.globs import check_globs, matches
from concord_taxonomy.standard.paths import look_up, split_path

RECORD = {
    "native_id": "leave/annual.md",
    "metadata": {
        "title": "Leave",
        "dc.title": "Dublin",
        "og": {"site.name": "Site"},
        "authors": [{"name": "Ann"}, {"name": "Bob"}, {"mail": "x"}],
        "tags": "single",
        "none": None,
    },
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("native_id", "leave/annual.md"),
        ("metadata.title", "Leave"),
        ("metadata.dc.title", "Dublin"),
        ("metadata.og.site.name", "Site"),
        ("metadata.authors[0].name", "Ann"),
        ("metadata.authors.1.name", "Bob"),
        ("metadata.authors[-2].name", "Bob"),
        ("metadata.authors[9].name", None),
        ("metadata.authors.*.name", ["Ann", "Bob"]),
        ("metadata.authors[*].name", ["Ann", "Bob"]),
        ("metadata.authors.*.age", None),
        ("metadata.authors.name", None),
        ("metadata.tags.*", ["single"]),
        ("metadata.tags.deeper", None),
        ("metadata.none", None),
        ("history.modified", None),
    ],
)
def test_look_up(path: str, value: object) -> None:
    assert look_up(RECORD, path) == value


@pytest.mark.parametrize("path", ["", ".", "metadata..title", "metadta.title", "metadata." + "a." * 40 + "a"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(ValueError, match=r"is no path|a record has no"):
        split_path(path)


def test_globs_are_those_of_gitignore() -> None:
    assert matches(("policies/**",), "policies/a/b.md")
    assert not matches(("policies/**",), "x/policies/a.md")
    assert matches(("*.md",), "deep/down/a.md")
    assert not matches(("*.md", "!drafts/**"), "drafts/a.md")


@pytest.mark.parametrize("globs", [[], [""], ["["], ["# comment"], ["/"], ["!"]])
def test_a_glob_that_matches_nothing_is_refused(globs: list[str]) -> None:
    with pytest.raises(ValueError, match="glob"):
        check_globs(globs)


@given(st.text())
def test_any_native_id_can_be_asked_for(path: str) -> None:
    assert matches(("leave/**",), path) in (True, False)
