import time

import pytest

from concord_taxonomy.standard import patterns
from concord_taxonomy.standard.patterns import SlowPattern, check_pattern, search


@pytest.mark.parametrize(
    "pattern",
    [
        r"v(\d+(?:\.\d+)*)",
        r"LN-(\d+-\d+)",
        "withdrawn|archived",
        r"(\w+\s)+",
        r"(?:[a-z]+,)+",
        r"^\s*Version:\s*(?P<value>.+)$",
        r"(?i)owner:\s*(\S+)",
        r"(?<=v)\d+",
        r"(?:\d{3}-?)+",
    ],
)
def test_ordinary_patterns_pass(pattern: str) -> None:
    assert check_pattern(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(?:a*)*b", r"(?:\w+\s*)+", "(.*)*", "(a|b+)*", "(x+x+)+y", "((a{1,100})b?)*", r"([A-Za-z]+\d*)+$"],
)
def test_explosive_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="repeats a repetition"):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(", "[a", "(?P<value>a", "*", r"\p{L}", "(" * 400, "a" * 501])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"regular expression|nested too deeply|characters"):
        check_pattern(pattern)


def test_group_value_then_group_one_then_all() -> None:
    assert search(r"v(?P<major>\d)\.(?P<value>\d)", "v2.7") == "7"
    assert search(r"v(\d+)", "handbook-v12.md") == "12"
    assert search("v12", "handbook-v12.md") == "v12"
    assert search("v13", "handbook-v12.md") is None


def test_what_the_check_cannot_see_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.2)
    begun = time.monotonic()
    with pytest.raises(SlowPattern, match="simplify"):
        search("(?:a|a|aa)*$", "a" * 60 + "b")
    assert time.monotonic() - begun < 5


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert search("x", "a" * patterns.MAX_TEXT + "x") is None
