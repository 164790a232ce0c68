"""What cannot be read or described is quarantined with its reason and owner, and no longer answered from."""

import pytest

from concord.catalog import items, quarantine
from concord.catalog.engine import reading
from concord_connectors.parsers.limits import DEFAULT_LIMITS

LEAVE = "people-handbook/leave.md"


def held(house):
    with reading(house.concord.engine) as connection:
        return {f"{each.source}/{each.native_id}": each for each in quarantine.entries(connection)}


def answered_from(house, who="ann"):
    answer = house.ask("How many days of annual leave does everyone receive?", who)
    return {citation.item.identifier for citation in answer.citations}


BAD = {
    "mapping": "---\nmodified: whenever it suits\n---\n# Annual leave\n\nEveryone receives 27 days of annual leave.\n",
    "empty": " \n\n",
}


@pytest.mark.parametrize(("reason", "text"), BAD.items())
def test_a_record_that_turns_bad_is_held_back_and_released_once_it_is_mended(house, reason, text):
    good = (house.workspace.folder / "content/people/leave.md").read_text("utf-8")
    assert LEAVE in answered_from(house)
    house.workspace.write("content/people/leave.md", text)
    outcome, encoded = house.sync()
    assert encoded == 0 and outcome.sources[1].report.quarantined == {reason: 1}
    entry = held(house)[LEAVE]
    assert (entry.reason, entry.owner) == (reason, "user:ann") and entry.detail
    assert entry.stage == ("map" if reason == "mapping" else "read")
    assert LEAVE not in answered_from(house) and LEAVE not in house.search("annual leave", "ann")
    assert house.concord.index.item_points(LEAVE) == frozenset()
    with reading(house.concord.engine) as connection:
        assert not items.readable(connection, house.principal("ann"), [LEAVE])
    # Held back, it is not read again and again.
    assert not house.sync()[0].touched and held(house)[LEAVE] == entry
    house.workspace.write("content/people/leave.md", good)
    assert house.sync()[1] <= 1
    assert LEAVE not in held(house) and LEAVE in answered_from(house)


def test_a_bad_record_that_goes_leaves_quarantine(house):
    assert "finance-policies/mileage.md" in held(house)
    for name in ("mileage.md", "empty.md"):
        house.workspace.remove(f"content/finance/{name}")
    house.sync()
    assert not any(each.startswith("finance-policies/") for each in held(house))


def test_a_mended_mapping_releases_without_reading_the_source(house):
    house.workspace.replace(
        "sources/finance-policies.yaml", "    modified: {path: metadata.modified, date: true}\n", ""
    )
    house.apply()
    outcome, _ = house.sync()
    assert "finance-policies/mileage.md" not in held(house)
    assert outcome.sources[0].report.read == 0 and outcome.sources[0].report.derived == 2
    assert "finance-policies/mileage.md" in house.search("mileage", "fay")


def test_a_broken_mapping_holds_everything_back_and_says_since_when(house):
    since = held(house)["finance-policies/mileage.md"].since
    house.workspace.replace("sources/finance-policies.yaml", "{const: policy}", "{path: metadata.tier}")
    house.workspace.replace("content/finance/travel.md", "status: Final", "status: Final\ntier: commandment")
    house.apply()
    house.sync()
    assert held(house)["finance-policies/travel.md"].reason == "mapping"
    assert "commandment" in held(house)["finance-policies/travel.md"].detail
    assert held(house)["finance-policies/mileage.md"].since == since
    assert house.search("hotels", "fay") == [] or "finance-policies/travel.md" not in house.search("hotels", "fay")


def test_the_owner_in_quarantine_follows_a_change_of_ownership(house):
    house.workspace.replace("ownership.yaml", "owner: user:fay", "owner: user:pat")
    house.apply()
    house.sync()
    entries = held(house)
    assert entries["finance-policies/mileage.md"].owner == "user:pat"
    assert entries["finance-policies/empty.md"].owner == "user:pat"
    assert not house.sync()[0].touched


def encrypted_pdf(path):
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(path), encrypt="secret")
    page.drawString(72, 700, "Nobody reads this without the password.")
    page.save()


def blank_pdf(path):
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(path))
    page.showPage()
    page.save()


def corrupt_docx(path):
    path.write_bytes(b"PK\x03\x04" + b"\x00" * 200)


def corrupt_pdf(path):
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)


def huge(path):
    with path.open("wb") as file:
        file.truncate(DEFAULT_LIMITS.bytes + 1)


def yaml_bomb(path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    path.write_text("---\n" + "\n".join(lines) + "\n---\n# Bomb\n\nText.\n", "utf-8")


def broken_yaml(path):
    path.write_text("---\nmodified: [\n---\n# Broken\n\nText.\n", "utf-8")


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("encrypted.pdf", encrypted_pdf, "encrypted"),
        ("blank.pdf", blank_pdf, "no_text"),
        ("corrupt.pdf", corrupt_pdf, "corrupt"),
        ("corrupt.docx", corrupt_docx, "corrupt"),
        ("huge.md", huge, "too_large"),
        ("bomb.md", yaml_bomb, None),
        ("broken.md", broken_yaml, None),
        ("zero.md", lambda path: path.write_bytes(b""), "empty"),
    ],
)
def test_what_cannot_be_read_is_held_back_and_the_sync_goes_on(house, name, make, reason):
    make(house.workspace.folder / "content/people" / name)
    house.workspace.write("content/people/zz-after.md", "# Zebra crossing\n\nWait for the green light.\n")
    outcome, _ = house.sync()
    assert not outcome.failed
    entry = held(house)[f"people-handbook/{name}"]
    assert entry.owner == "user:ann" and entry.detail
    if reason:
        assert (entry.stage, entry.reason) == ("read", reason)
    assert "people-handbook/zz-after.md" in house.search("zebra crossing", "pat")
    assert not house.sync()[0].touched


def test_halves_of_characters_are_replaced_and_stop_nothing(house):
    house.workspace.write("content/people/odd.md", '---\ntitle: "\\uD800 Oddity"\n---\n# Odd\n\nText.\n')
    outcome, _ = house.sync()
    assert not outcome.failed
    [found] = [
        each
        for each in house.concord.search("oddity", house.principal("pat")).passages
        if each.item.identifier == "people-handbook/odd.md"
    ]
    assert found.item.title == "\ufffd Oddity"
