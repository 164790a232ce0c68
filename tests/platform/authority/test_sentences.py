from concord.authority.sentences import stated_sentences


def test_headings_and_code_state_nothing() -> None:
    text = "# Leave of 27 days\n\nIt is so. It stays so.\n\n```\n5 days\n```\n"
    assert [each.text for each in stated_sentences(text)] == ["It is so.", "It stays so."]


def test_a_list_item_knows_the_sentence_that_opens_its_list() -> None:
    text = "Reports are due:\n\n- on 30 June\n- on 1 May\n\nNothing else is.\n\n## Next\n\n- alone\n"
    found = {each.text: each.lead for each in stated_sentences(text)}
    assert found["on 30 June"] == found["on 1 May"] == "Reports are due:"
    assert found["Nothing else is."] == found["alone"] == ""


def test_a_cell_knows_its_row_and_column() -> None:
    text = "Intro.\n\n| Of | Days | Fee |\n|---|---|---|\n| 1 to 5 years | 25 days | £10 |\n| Older | 30 days | |\n"
    cells = [each for each in stated_sentences(text) if each.case]
    assert [each.text for each in cells] == [
        "1 to 5 years, Days: 25 days",
        "1 to 5 years, Fee: £10",
        "Older, Days: 30 days",
    ]
    assert [each.text[each.body :] for each in cells] == ["25 days", "£10", "30 days"]
    assert {text[each.start : each.end] for each in cells} == {
        "| 1 to 5 years | 25 days | £10 |",
        "| Older | 30 days | |",
    }
    assert [each.line for each in cells] == [4, 4, 5]


def test_spans_are_those_of_the_passage() -> None:
    text = "Ask &amp; wait  for **5 days**.\nThen go on."
    first, second = stated_sentences(text)
    assert first.text == "Ask & wait for 5 days."
    assert text[first.start : first.end] == "Ask &amp; wait  for **5 days**."
    assert (text[second.start : second.end], second.line) == ("Then go on.", 1)
