from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_connectors.contract import Failure
from concord_connectors.parsers import ParsedDocument, parse_content

HEAD = "From: Ann <ann@example.org>\r\nSubject: Rates\r\n"


def parse(content: bytes | str) -> ParsedDocument:
    result = parse_content(content.encode() if isinstance(content, str) else content, "message/rfc822", "x.eml")
    assert isinstance(result, ParsedDocument), result
    return result


def make() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Ö <ann@example.org>"
    message["To"] = "all@example.org, bea@example.org"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    message["Subject"] = "Neue Sätze"
    message["Message-ID"] = "<3@example.org>"
    message["In-Reply-To"] = "<2@example.org>"
    message["References"] = "<1@example.org> <2@example.org>"
    message.set_content("The rate is £0.52.\n")
    message.add_alternative("<p>The rate is <b>£0.52</b>, in colour.</p>", subtype="html")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="../rates.csv")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png", cid="<1>")
    return message


def test_headers_body_and_thread() -> None:
    document = parse(make().as_bytes())
    assert document.markdown == "# Neue Sätze\n\nThe rate is £0.52."
    assert document.title == "Neue Sätze" and document.warnings == ()
    assert document.metadata == {
        "from": "ann@example.org",
        "from_name": "Ann Ö",
        "to": ["all@example.org", "bea@example.org"],
        "date": "2026-03-02T09:00:00+01:00",
        "subject": "Neue Sätze",
        "message_id": "<3@example.org>",
        "in_reply_to": "<2@example.org>",
        "references": ["<1@example.org>", "<2@example.org>"],
        "thread": "<1@example.org>",
        "attachments": ["rates.csv"],
    }


def test_html_is_read_where_there_is_no_text() -> None:
    html = "<style>x</style><p>One <a href='https://example.org'>link</a></p><p hidden>planted</p>"
    document = parse(f"{HEAD}Content-Type: text/html\r\n\r\n{html}")
    assert document.markdown == "# Rates\n\nOne [link](https://example.org)"


@pytest.mark.parametrize(
    "below",
    [
        "\nOn Mon, 2 Mar 2026 at 9:00, Bea\n<bea@example.org> wrote:\n> The limit is 10.\n> Yours\n",
        "\n-----Original Message-----\nThe limit is 10.\n",
        "\n________________\nFrom: Bea\nSent: Monday\nThe limit is 10.\n",
        "\n-- \nAnn\nThe limit is 10.\n",
    ],
)
def test_what_is_quoted_below_and_signatures_go(below: str) -> None:
    assert parse(f"{HEAD}\r\nThe limit is 12.\n{below}").markdown == "# Rates\n\nThe limit is 12."


def test_a_quote_that_is_answered_stays_and_a_mail_of_quotes_alone_too() -> None:
    assert "> Is it 10?\n\nNo, 12." in parse(f"{HEAD}\r\n> Is it 10?\n\nNo, 12.\n").markdown
    assert "> only this" in parse(f"{HEAD}\r\n> only this\n").markdown


def test_malformed_mail_gives_its_text_with_a_warning() -> None:
    broken = parse(f"{HEAD}Content-Type: multipart/mixed; boundary=missing\r\n\r\nThe text.\n")
    assert "The text." in broken.markdown
    assert broken.warnings == ("malformed_mail: MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect",)
    charset = f"{HEAD}Content-Type: text/plain; charset=klingon\r\n\r\ncaf\u00e9"
    assert parse(charset).markdown.endswith("café")
    assert parse(charset.replace("klingon", "utf-8").encode("cp1252")).markdown.endswith("café")
    undecodable = HEAD.encode() + b"Content-Type: text/plain; charset=utf-8\r\n\r\nx \x81\x8d"
    assert parse(undecodable).warnings == ("undecodable_characters: 2",)


def test_what_is_no_mail_is_corrupt() -> None:
    result = parse_content(b"\n\njust text", "message/rfc822", "x.eml")
    assert isinstance(result, Failure) and result.reason == "corrupt"


WHOLE = make().as_bytes()
"""Made once: boundaries are drawn by chance, so that no two are alike."""


@settings(max_examples=50)
@given(st.data())
def test_damage_anywhere_never_raises(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    result = parse_content(bytes(content), "message/rfc822", "x.eml")
    assert isinstance(result, ParsedDocument) or result.reason != "corrupt" or "no header" in result.detail, result
