from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_connectors.safe_yaml import MetadataError, load_json_mapping, load_yaml_mapping


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.10", "1.10"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("true", True),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("42", 42),
        ("-7", -7),
        ("2024-07-23", "2024-07-23"),
        ("2024-07-23T10:00:00Z", "2024-07-23T10:00:00Z"),
        ("~", None),
        ("", None),
        ("nullable", "nullable"),
        ("trueish", "trueish"),
        ("[a, 1]", ["a", 1]),
        (".inf", ".inf"),
        ("<<", "<<"),
    ],
)
def test_scalars_stay_what_their_author_wrote(text: str, value: Any) -> None:
    assert load_yaml_mapping(f"key: {text}") == {"key": value}


def test_keys_are_texts() -> None:
    assert load_yaml_mapping("1: a\ntrue: b\n~: c\n2024-01-01: d\n") == {
        "1": "a",
        "true": "b",
        "~": "c",
        "2024-01-01": "d",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x [1]\nb: *x", "alias"),
        ("[a]", "not a mapping"),
        ("a: [", "not valid YAML"),
        ("a: " + "[" * 25 + "]" * 25, "nested deeper"),
        ("a: !!python/name:os.system", "unknown kind"),
        ("a: " + "x" * 300_000, "longer than"),
        ("a: !!float nonsense", "not valid YAML"),
    ],
)
def test_what_cannot_be_trusted_is_refused(text: str, problem: str) -> None:
    with pytest.raises(MetadataError, match=problem):
        load_yaml_mapping(text)


def test_a_bomb_of_aliases_costs_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    start = time.perf_counter()
    with pytest.raises(MetadataError):
        load_yaml_mapping(bomb)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("text", ["[]", "{", "NaN", '{"a": NaN}', "[" * 100_000, '{"a":' * 30 + "1" + "}" * 30])
def test_json_is_bounded_too(text: str) -> None:
    with pytest.raises(MetadataError):
        load_json_mapping(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
def test_json_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert load_json_mapping(json.dumps(value)) == value


@given(st.text(max_size=200))
def test_no_text_does_anything_but_load_or_be_refused(text: str) -> None:
    for load in (load_yaml_mapping, load_json_mapping):
        try:
            json.dumps(load(text))
        except MetadataError:
            continue
