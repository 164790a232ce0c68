# ruff: noqa: RUF005 - tables of fragments, joined to keep their lines short

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_connectors.contract import Failure
from concord_connectors.parsers import ParsedDocument, parse_content


def parse(text: str | bytes, name: str = "page.md") -> ParsedDocument:
    content = text if isinstance(text, bytes) else text.encode()
    document = parse_content(content, "text/markdown", name)
    assert isinstance(document, ParsedDocument), document
    return document


def reason(text: str) -> str:
    result = parse_content(text.encode(), "text/markdown", "page.md")
    assert isinstance(result, Failure), result
    return result.reason


def test_front_matter_is_metadata_and_lines_stay_the_source_s() -> None:
    document = parse("---\ntitle: Leave\nlast_reviewed_on: 2024-07-23\n---\n\n\n# Annual *leave* {#leave}\n\nText.\n")
    assert document.metadata == {"title": "Leave", "last_reviewed_on": "2024-07-23"}
    assert document.title == "Annual leave"
    assert document.markdown == "# Annual *leave*\n\nText."
    assert document.first_line == 6


def test_a_text_that_begins_with_a_rule_has_no_front_matter() -> None:
    assert parse("---\n\nJust a rule\n\n---\n\nText\n").metadata == {}
    assert parse("---\ntitle: never closed\n").metadata == {}
    assert parse("---\n---\nText\n").metadata == {}


@pytest.mark.parametrize("block", ["title: [", "title: a: b", "a: &x 1\nb: *x", "readers:\n\t- x"])
def test_front_matter_that_cannot_be_read_fails_the_page(block: str) -> None:
    assert reason(f"---\n{block}\n---\n\nText\n") == "bad_front_matter"


def test_headings_bullets_images_comments() -> None:
    source = """Title
=====

Sub
---

* one ![Alt text](a.png "t")
+ two <img src="x" alt="A picture">
  * nested [![badge](b.svg)](https://example.org)
- - -
* * *
A long paragraph
that ends in a rule
---
<!-- gone
over lines --> kept
![ref][one] and **bold** * not a bullet
### Closed ###
"""
    assert parse(source).markdown.split("\n") == [
        "# Title",
        "",
        "",
        "## Sub",
        "",
        "",
        "- one Alt text",
        "- two A picture",
        "  - nested [badge](https://example.org)",
        "- - -",
        "* * *",
        "A long paragraph",
        "that ends in a rule",
        "---",
        "",
        " kept",
        "ref and **bold** * not a bullet",
        "### Closed",
    ]


def test_code_is_left_alone() -> None:
    source = """# Code

```html
<!-- stays --> <div> ![x](y)
* stays
Title
=====
<%= stays %> {% stays "x" %}
```

Inline `<div> <!-- x --> ![a](b)` and ``two ` ticks <br>`` and <name> and cd <path>.

- ~~~
  * stays
  ~~~
> ```
> <b>stays</b>
> ```

`never closed <b>bold</b>
"""
    expected = source.replace("<b>bold</b>", "bold").strip()
    assert parse(source).markdown == expected


def test_erb_tags_leave_what_a_reader_would_see() -> None:
    source = """---
title: How we work
---
# <%= current_page.data.title %>

<% content_for :sidebar do %>
<%= partial 'partials/banner' %>
<%= warning_text('Do not share tokens.') %>
See <%= link_to 'the guide', '/guide/' %> or <%= link_to "home", root_path %>.
<%# a comment %><%% literal %>
<%= Time.current.year %><%= image_tag "x.png" %>
<%= unfinished
"""
    document = parse(source, "page.html.md.erb")
    assert document.title == "How we work"
    assert document.markdown.split("\n") == [
        "# How we work",
        "",
        "",
        "",
        "Do not share tokens.",
        "See [the guide](/guide/) or home.",
        "<% literal %>",
        "",
        "<%= unfinished",
    ]


def test_liquid_tags_leave_their_literals() -> None:
    source = """{% comment %}
gone
{% endcomment %}
[Overtime]({% page "/overtime/" %}) in {% slack_channel "leave" %}
{% alert %}Mind the gap{% endalert %}{% include "x.html" %}
{% image "a.png" "A chart" %}[Up]({{ site.baseurl }}/up)
"""
    assert parse(source).markdown.split("\n") == [
        "[Overtime](/overtime/) in #leave",
        "Mind the gap",
        "A chart[Up](/up)",
    ]


def test_html_in_markdown_keeps_its_text() -> None:
    source = """<details markdown="block">
<summary>More</summary>
<a href="https://example.org">Example</a> <a href="javascript:x()">bad</a><br/>next
10<sup>6</sup> x<style>
p {}
</style>y
</details>
{: .class}
"""
    assert [line.strip() for line in parse(source).markdown.split("\n")] == [
        "More",
        "[Example](https://example.org) bad next",
        "10^6 x",
        "",
        "y",
    ]


def test_encodings() -> None:
    assert parse("\ufeff# Größe".encode()).title == "Größe"
    assert parse("# Größe".encode("utf-16")).title == "Größe"
    guessed = parse("# Größe – 5 €".encode("cp1252"))
    assert guessed.title == "Größe – 5 €" and guessed.warnings == ("encoding_guessed_cp1252",)
    windows = parse(b"---\r\ntitle: x\r\n---\r\n\r\nText\r\nmore\r\n")
    assert windows.markdown == "Text\nmore" and windows.first_line == 4
    assert parse(b"a\rb\r").first_line is None
    assert isinstance(parse_content(b"PK\x03\x04\0\0", "text/markdown", "x.md"), Failure)


def test_nothing_to_read_is_empty() -> None:
    for text in ("", " \n", "---\ntitle: x\n---\n", "<!-- x -->\n", "---\na: b\n---\n<%= partial 'x' %>\n"):
        assert reason(text) == "empty"


PIECES = st.sampled_from(
    ["<!--", "-->", "```", "~~~", "`", "``", "<%", "%>", "{%", "%}", "{% comment %}", "{% endcomment %}", "<style>"]
    + ["</style>", "\n", "\n\n", "    ", "> ", "- ", "* ", "#", "# x", "===", "---", "![", "](", ")", "<div ", ">", "w"]
    + ["<img alt='a'>", "<a href='/x'>y</a>", "{: .x}", "word one", "\r\n", "é"]
)


@given(st.lists(PIECES, max_size=40))
def test_lines_stay_the_source_s_whatever_is_in_them(pieces: list[str]) -> None:
    """A word on a line of its own is found on the line that it has in the source, or not at all."""
    text = "MARK0\n\n" + "".join(pieces) + "\n\nMARK1\n"
    result = parse_content(text.encode(), "text/markdown", "x.md")
    assert isinstance(result, ParsedDocument)
    source, lines = text.replace("\r\n", "\n").split("\n"), result.markdown.split("\n")
    assert result.first_line == 0 and lines[0] == "MARK0"
    for index, line in enumerate(lines):
        if line == "MARK1":
            assert source[index] == "MARK1"


@pytest.mark.parametrize(
    "piece",
    ["<!--", "`", "` ", "<%", "{%", "![", "![a](", "<a ", "<a href='/x'", "<div ", " ", "#", "# a ", "[", "**a", "> "]
    + ["- ", "*", "{:", "<style", "\t", "~~~\n", "``\n", "<img alt=", "{{", "{% comment %}", "<% %>", "=\n", "é\n-\n"],
)
def test_no_repetition_makes_it_slow(piece: str) -> None:
    content = ("x" + piece * (400_000 // len(piece))).encode()
    start = time.process_time()
    parse_content(content, "text/markdown", "x.md")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "gone",
    [
        '<span style="display:none">forty days</span>',
        "<span hidden>forty days</span>",
        '<div\tclass="x" style="visibility: hidden">forty\ndays</div>',
        '<i aria-hidden="true">forty days</i>',
        "~~forty days~~",
        "<del>forty days</del>",
        "<s>forty days</s>",
    ],
)
def test_what_is_hidden_or_struck_out_is_no_text(gone: str) -> None:
    text = f"Everyone receives {gone} 27 days.\n\nLast line.\n"
    markdown = parse(text).markdown
    assert "forty" not in markdown
    assert "days</" not in markdown
    assert "27 days." in markdown
    assert markdown.count("\n") == text.count("\n") - 1


@pytest.mark.parametrize("kept", ["`~~forty days~~`", "~~ 40 days ~~", "~~forty", "<span>forty days</span>", "a<s"])
def test_what_is_neither_hidden_nor_struck_out_is_text(kept: str) -> None:
    assert kept.replace("<span>", "").replace("</span>", "") in parse(f"Everyone receives {kept} 27 days.\n").markdown
