"""Words that come in any pieces are cut into the same whole sentences, with their citations and without thoughts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.answering.arriving import Arriving


def cut(*pieces):
    """What is told, the space around numbers of citations left aside: they are read, and written anew."""
    arriving = Arriving()
    told = [each for piece in pieces for each in arriving.feed(piece)]
    return [(between, re.sub(r"\s*(\[[^\]]*\])\s*", r" \1", said)) for between, said in told + list(arriving.end())]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One day [1]. Two days [2].", ["One day [1].", "Two days [2]."]),
        ("One day. [1] Two days.[2][3] Three", ["One day [1].", "Two days [2] [3].", "Three"]),
        ("- One day [1]\n- Two days [2]\n\nThree.", ["- One day [1]", "- Two days [2]", "Three."]),
        ("It is 1.5 days, e.g. in May [1]. Done [2]!", ["It is 1.5 days, e.g. in May [1].", "Done [2]!"]),
        ("<think>One. Two.</think>Three. Four.", ["Three.", "Four."]),
        ("One. <THINKING>Two.\n</THINKING> Three.", ["One.", "Three."]),
        ("One. <think>Two. Three.", ["One."]),
        ("Less < 5 days. More.", ["Less < 5 days.", "More."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_cut_wherever_the_pieces_end(text, sentences):
    assert [said for _, said in cut(text)] == sentences
    assert [said for _, said in cut(*text)] == sentences


def test_a_sentence_comes_once_it_is_whole():
    arriving = Arriving()
    assert list(arriving.feed("One day. ")) == []
    assert list(arriving.feed("[1")) == []
    assert list(arriving.feed("] T")) == [("", "One day [1].")]
    assert list(arriving.end()) == [(" ", "T")]


PARTS = st.lists(
    st.sampled_from(
        ["One", " day", ".", " ", "[1]", "[2, 3]", "\n", "!", "e.g.", "<think>", "</think>", "<", "x", "5.5"]
    ),
    max_size=25,
)


@given(PARTS, st.data())
def test_however_a_text_comes_it_is_cut_the_same(parts, data):
    text = "".join(parts)
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    assert cut(*pieces) == cut(text)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    said = "".join(each for _, each in cut(*text))
    assert "think>" not in said.lower() or "think>" in text.lower()


@pytest.mark.parametrize("unit", ["**", "and ", "£1", "( ", '"'])
def test_what_never_ends_is_kept_short_and_stays_too_long(unit):
    arriving = Arriving()
    assert not [each for _ in range(2_000) for each in arriving.feed(unit * 10)]
    ((_, said),) = arriving.feed("the end. Next")
    assert 1_000 < len(said) < 1_500 and said.endswith("the end.")
    assert list(arriving.end()) == [(" ", "Next")]
