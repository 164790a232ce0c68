"""What a message holds is for the message's readers, whatever its mapping, its own words or its name say."""

import json
from email.message import EmailMessage

import pytest

from concord.catalog import items, quarantine
from concord.catalog.engine import reading

MAPPING = """\
title: Mail
connector: files
options: {path: content/mail}
mapping:
  fields:
    title: [{path: document.title}]
    modified: [{path: metadata.date, date: true}, {path: container.metadata.date, date: true}]
    publisher: {const: Finance}
    authority_tier: {const: discussion}
    readers: [{path: metadata.readers}, {path: sidecar.readers}, {const: ["group:finance"]}]
  rules:
    - match: {path: "**/public/**"}
      set: {readers: [everyone], access_rights: public}
    - match: {path: "closed/**"}
      set: {readers: ["user:fay"], access_rights: restricted}
"""
OPEN = "---\nreaders: everyone\n---\n# Quokka rates\n\nThe quokka rate is 12 pounds.\n"


def message(text: str = "See the attached rates.") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Fay <fay@example.org>", "Rates"
    mail["Date"], mail["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", "<1@example.org>"
    mail.set_content(text)
    mail.add_attachment(OPEN.encode(), maintype="text", subtype="markdown", filename="rates.md")
    mail.add_attachment("café;x\na;b\n".encode("cp1252"), maintype="text", subtype="csv", filename="list.csv")
    return mail.as_bytes()


@pytest.fixture
def house(make_workspace, at_work):
    made = make_workspace({"sources/mail.yaml": MAPPING, "content/mail/public/readme.md": OPEN})
    for name in ("finance.eml", "closed/fay.eml"):
        file = made.folder / "content" / "mail" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(message())
    house = at_work(made)
    house.apply()
    house.sync()
    return house


def readers_of(house):
    with reading(house.concord.engine) as connection:
        everything = house.concord.foundation.directory.principal("fay")
        return {each.identifier: each.readers for each in items.all_readable(connection, everything)}


def item(house, identifier, who):
    return house.workspace.run("item", identifier, "--as", who, "--json")


def test_an_attachment_cannot_open_itself_to_others(house):
    found = readers_of(house)
    assert found["mail/public/readme.md"] == ("everyone",)
    for name in ("finance.eml", "finance.eml!/rates.md", "finance.eml!/list.csv"):
        assert found[f"mail/{name}"] == ("group:finance",)
    for name in ("closed/fay.eml", "closed/fay.eml!/rates.md"):
        assert found[f"mail/{name}"] == ("user:fay",)
    told = json.loads(item(house, "mail/closed/fay.eml!/rates.md", "fay").out)
    assert told["item"]["access_rights"] == "restricted" and told["item"]["modified"].startswith("2026-03-02")


@pytest.mark.parametrize("who", ["pat", "carl"])
def test_nobody_else_finds_it(house, who):
    assert set(house.search("quokka rate", "fay")) > {"mail/finance.eml!/rates.md", "mail/closed/fay.eml!/rates.md"}
    assert [each for each in house.search("quokka rate", who) if "!" in each or ".eml" in each] == []
    done = item(house, "mail/finance.eml!/rates.md", who)
    assert done.code == 2 and "quokka" not in done.everything


def test_a_message_that_cannot_be_described_holds_its_attachments_back(house):
    path = "sources/mail.yaml"
    house.workspace.replace(path, "{path: metadata.date, date: true}, ", "{path: metadata.subject, date: true}, ")
    house.apply()
    house.sync()
    assert [each for each in readers_of(house) if each.startswith("mail/")] == ["mail/public/readme.md"]
    with reading(house.concord.engine) as connection:
        held = {each.native_id: each.detail for each in quarantine.entries(connection) if each.source == "mail"}
    assert len(held) == 6
    assert "they are those of mail/finance.eml, which cannot be mapped" in held["finance.eml!/rates.md"]


def test_a_message_that_goes_takes_its_attachments_along(house):
    house.workspace.remove("content/mail/finance.eml")
    outcome, _ = house.sync()
    assert sum(each.report.removed for each in outcome.sources if each.report) == 3
    assert not [each for each in house.search("quokka rate", "fay") if "finance.eml" in each]


def test_a_sync_of_nothing_new_reads_nothing(house):
    outcome, encoded = house.sync()
    assert encoded == 0 and not outcome.touched


def test_parse_quality_is_shown_to_readers_and_counted_among_what_they_read(house):
    told = json.loads(item(house, "mail/finance.eml!/list.csv", "fay").out)
    reason = "it is not UTF-8 and was taken for Windows-1252"
    assert told["parse_quality"] == {"level": "partial", "reasons": [reason]}
    shown = house.workspace.run("item", "mail/finance.eml!/list.csv", "--as", "fay").out
    assert f"Parse quality partial: {reason}" in " ".join(shown.split())
    house.close()  # the command asks the index process, and an index has one owner

    def counted(who):
        sources = json.loads(house.workspace.run("status", "--as", who, "--json").out)["sources"]
        return {each["source"]: each["by_parse_quality"] for each in sources}

    assert counted("fay")["mail"] == {"good": 5, "partial": 2}
    assert counted("carl")["mail"] == {"good": 1}
    assert "partial 2" in " ".join(house.workspace.run("status", "--as", "fay").out.split())
    assert "partial" not in house.workspace.run("status", "--as", "carl").out
