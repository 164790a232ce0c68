"""Passages keep headings, tables and sentences whole, and stay inside their token budget."""

from hypothesis import given
from hypothesis import strategies as st

from concord.embedding.hashing_encoder import HashingEncoder
from concord.ingestion.chunking import Chunker
from concord_taxonomy.markdown import BlockKind, blocks

COUNT = HashingEncoder().count_tokens
BODY = (
    """# Leave

Everyone has leave.

## Annual leave

Employees receive 27 days. """
    + " ".join(f"Sentence {n} says one more thing about leave." for n in range(60))
    + """

| Grade | Days |
|---|---|
| A | 25 |
| B | 27 |

## Sick leave

- Call your manager.
- Send a note after 7 days.
"""
)


def chunker(**limits):
    return Chunker(COUNT, **({"max_tokens": 60} | limits))


def test_a_word_without_end_is_cut_though_a_model_takes_it_for_one_token():
    text = "£1" * 3_000
    for words in (text, f"The list is {text} as of now."):
        parts = Chunker(lambda texts: [len(each.split()) for each in texts], max_tokens=200).chunk(
            f"# List\n\n{words}\n"
        )
        assert len(parts) >= 6 and all(len(each.text) <= 1_000 for each in parts)
        assert "".join(each.text for each in parts).replace(" ", "") == words.replace(" ", "")


def test_passages_never_cross_a_heading_and_carry_its_path():
    chunks = chunker().chunk(BODY)
    assert [c.ordinal for c in chunks] == list(range(len(chunks)))
    assert {c.heading_path for c in chunks} == {("Leave",), ("Leave", "Annual leave"), ("Leave", "Sick leave")}
    assert all("Sick" not in c.text for c in chunks if c.heading_path[-1] == "Annual leave")


def test_passages_stay_inside_the_budget_and_are_cut_between_sentences():
    chunks = chunker().chunk(BODY)
    assert all(COUNT([c.embedded_text])[0] <= 60 for c in chunks)
    assert all(c.text.rstrip().endswith((".", "|")) for c in chunks)


def test_a_passage_stands_at_its_offset():
    for chunk in chunker().chunk(BODY):
        assert BODY[chunk.start :].startswith(chunk.text.split("\n\n")[0])


def test_nothing_is_lost():
    joined = " ".join(c.text for c in chunker().chunk(BODY))
    assert all(f"Sentence {n} says" in joined for n in range(60))
    assert "| B | 27 |" in joined


def test_a_table_stays_whole_even_above_the_budget():
    table = "| Grade | Days |\n|---|---|\n" + "\n".join(f"| grade {n} | {n} days of leave |" for n in range(40))
    [chunk] = chunker().chunk(table)
    assert chunk.text == table


def test_a_table_above_its_own_limit_is_cut_between_rows_with_its_header():
    table = "| Grade | Days |\n|---|---|\n" + "\n".join(f"| grade {n} | {n} days of leave |" for n in range(40))
    chunks = chunker(max_table_tokens=64).chunk(table)
    assert len(chunks) > 3
    assert all(c.text.startswith("| Grade | Days |\n|---|---|\n") for c in chunks)
    assert sum(c.text.count("days of leave") for c in chunks) == 40


@given(st.text(alphabet=st.sampled_from("ab #\n-|.*`>1 ÿ"), max_size=300))
def test_no_word_of_any_text_is_lost(text):
    chunks = chunker().chunk(text)
    cut = " ".join(c.text for c in chunks).split()
    outside_headings = " ".join(text[b.start : b.end] for b in blocks(text) if b.kind is not BlockKind.HEADING)
    assert cut == outside_headings.split()
