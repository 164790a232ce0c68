"""Edits of YAML by text: one entry more, and nothing else is another; what cannot be edited so is refused."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from concord.workspace import FileProblem
from concord.workspace.yaml_edits import CannotEdit, insert, replace

RULE = {"match": {"native_id": "leave.md"}, "set": {"version": "1.0"}}
LINES = '- match: {native_id: leave.md}\n  set: {version: "1.0"}\n'
RULES = ("mapping", "rules")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "mapping:\n  rules:\n    - match: {native_id: leave.md}\n      set: {version: '1.0'}\n"),
        (
            "# top\ntitle: A   # a title\nmapping:\n  rules:\n    - match: {path: x}   # all of x\n"
            "      set: {title: y}\n    # the end of the rules\n\n# tail\nschedule: {every: 1h}\n",
            "# top\ntitle: A   # a title\nmapping:\n  rules:\n    - match: {path: x}   # all of x\n"
            "      set: {title: y}\n    - match: {native_id: leave.md}\n      set: {version: '1.0'}\n"
            "    # the end of the rules\n\n# tail\nschedule: {every: 1h}\n",
        ),
        (
            "mapping:\n  rules:\n  - match: {path: x}",
            "mapping:\n  rules:\n  - match: {path: x}\n  - match: {native_id: leave.md}\n    set: {version: '1.0'}\n",
        ),
        (
            "mapping:\n  rules:   # none\nz: 1\n",
            "mapping:\n  rules:   # none\n    - match: {native_id: leave.md}\n      set: {version: '1.0'}\nz: 1\n",
        ),
        (
            "mapping: {rules: [{match: {path: x}},]}\n",
            "mapping: {rules: [{match: {path: x}}, {match: {native_id: leave.md}, set: {version: '1.0'}},]}\n",
        ),
        ("mapping: {}\n", "mapping: {rules: [{match: {native_id: leave.md}, set: {version: '1.0'}}]}\n"),
    ],
)
def test_an_entry_stands_after_the_others_and_every_comment_where_it_was(text, wanted):
    assert insert("a.yaml", text, RULES, RULE) == wanted


def test_a_value_over_several_lines_ends_where_it_ends():
    rule = "    - match: {path: x}\n      set:\n        description: |\n          # no comment\n"
    text = f"mapping:\n  rules:\n{rule}\n\ntitle: A\n"
    made = insert("a.yaml", text, RULES, RULE)
    assert yaml.safe_load(made)["mapping"]["rules"][0]["set"]["description"] == "# no comment\n"
    assert made.endswith("\ntitle: A\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mapping:\n  fields: &all {a: 1}\n", "line 2 has an anchor"),
        ("a: &x [1]\nmapping:\n  rules: *x\n", "line 1 has an anchor"),
        ("mapping: []\n", "mapping is no mapping"),
        ("mapping: {rules: {}}\n", "mapping.rules is no list"),
        ("mapping: [\n", "line 2"),
        ("mapping: {rules: }\n", "rules is empty"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused_with_what_to_do(text, told):
    with pytest.raises(FileProblem) as caught:
        insert("a.yaml", text, RULES, RULE)
    assert told in str(caught.value)
    assert not isinstance(caught.value, CannotEdit) or "change the file by hand" in str(caught.value)


def test_the_values_of_a_list_are_written_over_in_the_form_that_they_have():
    first = "  - concept: x\n    sources: [a, b]   # as agreed\n"
    text = f"rankings:\n{first}  - concept: y\n    sources:\n      - a\n\n# end\n"
    flow = replace("a.yaml", text, ("rankings", 0, "sources"), ["b", "a"])
    assert flow == text.replace("[a, b]", "[b, a]")
    block = replace("a.yaml", text, ("rankings", 1, "sources"), ["b", "a"])
    assert block == text.replace("      - a\n", "      - b\n      - a\n")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@example(rest={}, held=[], entry="0[", style=True, indent=2)
@given(
    rest=st.dictionaries(WORDS.filter(lambda each: each != "rules"), VALUES, max_size=3),
    held=st.lists(VALUES, max_size=3),
    entry=VALUES,
    style=st.sampled_from([True, False, None]),
    indent=st.integers(2, 5),
)
def test_whatever_stands_in_a_file_says_the_same_afterwards(rest, held, entry, style, indent):
    text = yaml.safe_dump(rest | {"rules": held}, default_flow_style=style, indent=indent, allow_unicode=True)
    made = insert("a.yaml", text, ("rules",), entry)
    assert yaml.safe_load(made) == rest | {"rules": [*held, entry]}
