"""A page's text as HTML: safe to show whatever it says, and the passage marked where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from concord.authority.sentences import stated_sentences
from concord.service.web.document import document
from concord.service.web.forms import own_path
from concord_taxonomy.markdown import sentences

ALLOWED = {"href", "rel", "target", "class", "id", "tabindex", "role", "aria-label", "start", "style", "align"}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "![pixel](https://elsewhere.example/p.png)",
        "![pixel][p]\n\n[p]: https://elsewhere.example/p.png",
        "[run](javascript:alert(1)) [data](data:text/html,x) [file](file:///etc/passwd) <javascript:alert(1)>",
        "[here](/v1/ask) [near](//elsewhere.example/) [up](../secret.md)",
        '[a](https://ok.example/ "x\\" onclick=alert(1)")',
        '<a href="https://ok.example" onclick="x">y</a>',
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text):
    shown = html.fragment_fromstring(f"<div>{document(text).html}</div>")
    assert not list(shown.iter("img", "script", "iframe", "form", "input", "object"))
    for each in shown.iter():
        assert set(each.attrib) <= ALLOWED
        assert each.get("href", "https://").startswith(("https://", "http://", "mailto:"))


def test_a_link_leaves_nothing_behind():
    assert 'rel="noopener noreferrer nofollow"' in document("[a](https://ok.example/)").html
    assert "Image: A pixel" in document("![A pixel](https://elsewhere.example/p.png)").html


@pytest.mark.parametrize(
    ("text", "passage", "marked"),
    [
        ("You have **27 days** a year.", "You have 27 days a year.", ["You have ", "27 days", " a year."]),
        ("It costs £0.52 a mile. More.", "£0.52 a mile", ["£0.52 a mile."]),
        ("See [the *page*](https://a.example/) now", "the page now", ["the ", "page", " now"]),
    ],
)
def test_a_passage_is_marked_letter_by_letter(text, passage, marked):
    shown = document(text, passage=passage)
    found = html.fragment_fromstring(f"<div>{shown.html}</div>").findall(".//mark")
    assert shown.marked and [each.text for each in found] == marked
    assert [each.get("id") for each in found] == ["passage", *[None] * (len(marked) - 1)]


def test_a_row_of_a_table_is_found_by_its_words():
    shown = document("| | Rate |\n|---|---|\n| Private car | £0.52 a mile |", passage="Private car, Rate: £0.52 a mile")
    assert '<tr id="passage" class="passage">' in shown.html


TABLE = """Empty containers are charged 14.00 a day. Reefers are charged 31.50 a day.

| Container | Charge a day | Free days |
|---|---|---|
| Empty | £14.00 | 5 |
| **Reefer** | £31.50 | |
"""


@pytest.mark.parametrize("text", [TABLE, TABLE.split("\n\n")[1]])
@pytest.mark.parametrize(
    "passage",
    [
        *[each.text for each in sentences(TABLE) if "Container" in each.text],
        *[each.text for each in stated_sentences(TABLE) if "," in each.text],
    ],
)
def test_a_row_is_marked_as_it_is_quoted_whatever_else_says_the_same(text, passage):
    shown = html.fragment_fromstring(f"<div>{document(text, passage=passage).html}</div>")
    [row] = shown.xpath("//*[@id='passage']")
    assert row.tag == "tr" and row[0].text_content() == ("Empty" if "Empty" in passage else "Reefer")


def test_the_headings_above_it():
    text = "# Leave\n\n## Booking\n\nx\n\n## Carry over\n\n### Limits\n\nFive days are carried over.\n"
    shown = document(text, "Leave", "Five days are carried over.")
    assert shown.headings == ("Carry over", "Limits") and "<h2>Leave" not in shown.html
    assert not document(text, "Leave", "Something that does not stand there at all").marked


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_shown(text, passage):
    document(text, "title", passage)


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nSet-Cookie: x"]
)
def test_no_form_sends_anybody_elsewhere(path):
    assert own_path(path) == "/"
    assert own_path("/items/a?b=c") == "/items/a?b=c"
