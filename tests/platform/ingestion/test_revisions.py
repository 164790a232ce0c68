"""A revision is raised when body or title change, and only then; what is replaced is gone from the index."""

import pytest

from concord.catalog import items
from concord.catalog.engine import reading
from concord.catalog.schema import revisions

LEAVE = "people-handbook/leave.md"


def revision(house, identifier=LEAVE, who="ann"):
    with reading(house.concord.engine) as connection:
        return items.readable(connection, house.principal(who), [identifier])[identifier].revision


def kept(house):
    with reading(house.concord.engine) as connection:
        rows = connection.execute(revisions.select().where(revisions.c.identifier == LEAVE)).all()
    return {row.revision: row.item["title"] for row in rows}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("27 days", "28 days"),  # body
        ("# Annual leave", "# Leave of the year"),  # body, and the title with it
        ("modified:", "title: Leave of the year\nmodified:"),  # title alone
    ],
)
def test_body_and_title_raise_it(house, old, new):
    house.workspace.replace("content/people/leave.md", old, new)
    house.sync()
    assert revision(house) == 2 and set(kept(house)) == {1, 2}
    points = house.concord.index.item_points(LEAVE)
    found = house.concord.search("annual leave", house.principal("pat")).passages
    assert {each.item.revision for each in found if each.item.identifier == LEAVE} == {2}
    assert len(points) == 1
    house.workspace.replace("content/people/leave.md", new, old)
    house.sync()
    assert revision(house) == 3 and len(kept(house)) == 3


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/people/leave.md", "modified: 2026-02-01", "modified: 2026-03-01"),
        ("content/people/leave.md", "modified: 2026-02-01", "modified: 2026-02-01\ntags: [leave]"),
        ("content/people/leave.md", "replaces: leave-2024.md\n", ""),
        ("sources/people-handbook.yaml", "{const: policy}", "{const: guidance}"),
        ("sources/people-handbook.yaml", '"group:staff"', "everyone"),
        ("sources/people-handbook.yaml", "  rules:", "    status: {const: deprecated}\n  rules:"),
        ("taxonomy/shared.ttl", '"annual leave"@en', '"annual leave"@en ; skos:altLabel "time off"@en'),
        ("ownership.yaml", "owner: user:ann\n    backup", "owner: user:pat\n    backup"),
        ("authority.yaml", "[finance-policies, people-handbook]", "[people-handbook, finance-policies]"),
        ("concord.yaml", "name: Small", "name: Smaller"),
    ],
)
def test_nothing_else_raises_it(house, path, old, new):
    house.workspace.replace(path, old, new)
    house.apply()
    _, encoded = house.sync()
    assert encoded == 0
    assert revision(house) == 1 and set(kept(house)) == {1}


def test_a_touched_file_changes_nothing(house):
    before = house.rows()
    file = house.workspace.folder / "content/people/leave.md"
    file.touch()
    file.write_bytes(file.read_bytes())
    outcome, encoded = house.sync()
    assert not outcome.drained.items and encoded == 0
    assert house.rows()["items"] == before["items"] and house.rows()["chunks"] == before["chunks"]


def test_a_revision_goes_on_after_a_record_was_gone(house):
    house.workspace.remove("content/people/leave.md")
    house.sync()
    house.workspace.write("content/people/leave.md", "# Annual leave\n\nNobody counts days any more.\n")
    house.sync()
    assert revision(house) == 2
    assert LEAVE in house.search("who counts days of annual leave", "pat")
