"""YAML of the workspace: variables, and problems that name the file and the place."""

import pytest
from pydantic import BaseModel, ConfigDict

from concord.workspace import FileProblem
from concord.workspace.yaml import expand_variables, read_yaml, validate


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    inner: dict[str, int] = {}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "null\n"])
def test_an_empty_file_is_an_empty_mapping(text):
    assert read_yaml("a.yaml", text) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1,\nb: 2\n", "a.yaml: line 3: "),
        ("a: 1\n\tb: 2\n", "a.yaml: line 2: "),
        ("- a\n- b\n", "a.yaml: must be a mapping of names to values"),
        ("plain", "a.yaml: must be a mapping"),
        ("1: one", "a.yaml: must be a mapping of names"),
        ("a: !!python/object/apply:os.system ['true']", "a.yaml: line 1: "),
        ("a: \x00", "a.yaml: not YAML: "),
    ],
)
def test_what_is_no_mapping_is_told_with_its_line(text, told):
    with pytest.raises(FileProblem) as caught:
        read_yaml("a.yaml", text)
    assert str(caught.value).startswith(told) and "\n" not in str(caught.value).split(": ")[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "a.yaml: number: this is needed"),
        ({"number": 1, "nmuber": 2}, "a.yaml: nmuber: there is no such key: correct its spelling, or delete it"),
        ({"number": "x"}, "a.yaml: number: Input should be a valid integer"),
        ({"number": 1, "inner": {"a": "x"}}, "a.yaml: inner.a: Input should be"),
        ({"b": 1, "c": 1}, "(and 2 more)"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(data, told):
    with pytest.raises(FileProblem) as caught:
        validate("a.yaml", lambda: Model(**data))
    assert told in str(caught.value)


def test_variables_are_expanded_everywhere(monkeypatch):
    monkeypatch.setenv("FOLDER", "/data")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.setenv("EVIL", "${FOLDER}")
    value = {"a": "${FOLDER}/x", "b": ["${NO_SUCH:-y}", {"c": "${EMPTY:-z}${FOLDER}"}], "d": 5, "e": "${NO_SUCH:-}"}
    assert expand_variables("a.yaml", value) == {"a": "/data/x", "b": ["y", {"c": "z/data"}], "d": 5, "e": ""}
    # What a variable holds is not expanded again, and what is no variable stays.
    assert expand_variables("a.yaml", ["${EVIL}", "$FOLDER", "${}", "${1A}"]) == [
        "${FOLDER}",
        "$FOLDER",
        "${}",
        "${1A}",
    ]


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    with pytest.raises(FileProblem, match=r"^sources/a\.yaml: the environment variable NO_SUCH is not set"):
        expand_variables("sources/a.yaml", {"path": "${NO_SUCH}"})
