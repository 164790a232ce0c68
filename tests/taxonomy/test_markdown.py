"""Blocks and sentences of Markdown, with offsets that hold."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.markdown import BlockKind, blocks, plain, sentences

TEXT = """# Leave

Staff get **27 days** ([policy](https://x.org)). Ask e.g. Dr. Lee first. It takes 2 days.

- Book it. Then tell your manager.
- Note:
  it may wait.

| Grade | Days |
|---|---|
| A | 25 |
| B |  |

```
code. More code
```
"""


def test_sentences_are_plain_and_know_their_columns():
    assert [s.text for s in sentences(TEXT)] == [
        "Staff get 27 days (policy).",
        "Ask e.g. Dr. Lee first.",
        "It takes 2 days.",
        "Book it.",
        "Then tell your manager.",
        "Note: it may wait.",
        "Grade: A; Days: 25",
        "Grade: B",
        "code. More code",
    ]


def test_blocks_know_their_headings():
    found = list(blocks("# A\n\ntext\n\n## B\n\n- x\n\nC\n===\n\ny"))
    assert [(b.kind, b.heading_path) for b in found] == [
        (BlockKind.HEADING, ("A",)),
        (BlockKind.PARAGRAPH, ("A",)),
        (BlockKind.HEADING, ("A", "B")),
        (BlockKind.LIST, ("A", "B")),
        (BlockKind.HEADING, ("C",)),
        (BlockKind.PARAGRAPH, ("C",)),
    ]


@given(st.text(alphabet=st.sampled_from("ab. #\n-|*`>1[]()A\t"), max_size=200))
def test_spans_lie_in_order_inside_the_text(text):
    end = 0
    for sentence in sentences(text):
        assert end <= sentence.start < sentence.end <= len(text)
        end = sentence.end


@given(st.text(max_size=200))
def test_plain_never_fails_and_is_one_line(text):
    assert "\n" not in plain(text)


@pytest.mark.parametrize(
    "text",
    [
        *(each * 9_000 for each in ("*a ", "**a ", "`a ", "[a](", "<a ")),
        *(each * 90_000 + "x" for each in ("[", "> ")),
        *("# a" + each * 90_000 + "x" for each in " #"),
        "a." + " " * 90_000 + "x",
    ],
    ids=lambda text: text[:5],
)
def test_no_text_takes_more_than_its_length(text: str) -> None:
    began = time.process_time()
    list(blocks(text))
    list(sentences(text))
    assert time.process_time() - began < 5, "minutes and more, where a pattern matches in many ways"
