"""The conflict register follows what syncs change, whatever the order, and can be built anew."""

from datetime import UTC, datetime
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import update

from concord.authority.facts import Facts
from concord.authority.register import LEAST_SHARED, are_linked, contradictions, may_contradict, shared, within
from concord.catalog import chunks, items, register
from concord.catalog.engine import reading, writing
from concord.catalog.schema import conflicts
from concord.ingestion import mining
from concord.ingestion.mining import fingerprint, mine, statements

BORDER = "Claims are paid within {days} days of receipt."


PAIR = ("finance-policies/claims.md", "people-handbook/claims.md")


@pytest.fixture
def disputed(house):
    """Two pages that contradict each other, mined."""
    house.workspace.write("content/people/claims.md", f"# Claims\n\n{BORDER.format(days=30)}\n")
    house.workspace.write("content/finance/claims.md", f"# Claims\n\n{BORDER.format(days=60)}\n")
    house.sync()
    return house


def rows(house):
    """The register's derived rows, the dates on which they were found apart."""
    return sorted(
        ((each.entry, str(each.left), str(each.right), each.certainty) for each in found(house)), key=lambda row: row
    )


def found(house):
    """What is noted."""
    with reading(house.concord.engine) as connection:
        return register.load(connection)


def pairs(house):
    """Which pages contradict each other."""
    return [(each.left.identifier, each.right.identifier) for each in found(house)]


def test_a_contradiction_is_found_at_the_sync(disputed):
    assert PAIR in pairs(disputed)


def test_a_sync_without_changes_mines_nothing(disputed):
    before = disputed.rows()
    outcome, _ = disputed.sync()
    assert not outcome.touched and outcome.mined.items == 0
    assert disputed.rows() == before


def test_what_agrees_or_goes_leaves_the_register(disputed):
    before = {each.entry: each.since for each in found(disputed)}
    disputed.workspace.replace("content/people/claims.md", "# Claims", "# Claims\n\nNothing new.")
    disputed.sync()
    assert {each.entry: each.since for each in found(disputed)} == before
    disputed.workspace.replace("content/people/claims.md", "30 days", "60 days")
    disputed.sync()
    assert PAIR not in pairs(disputed)
    disputed.workspace.replace("content/people/claims.md", "60 days", "45 days")
    disputed.sync()
    assert PAIR in pairs(disputed)
    disputed.workspace.remove("content/finance/claims.md")
    disputed.sync()
    assert PAIR not in pairs(disputed)
    with reading(disputed.concord.engine) as connection:
        assert register.loose(connection) == 0


def test_built_anew_what_is_found_again_keeps_its_date(disputed):
    """Whatever order items come in: while one side waits, what stands between the two is left."""
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    with writing(disputed.concord.engine) as connection:
        connection.execute(update(conflicts).values(since=long_ago))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mining, "ITEMS_AT_ONCE", 1)
        disputed.concord.mine_again()
    assert {each.since for each in found(disputed)} == {long_ago}


def test_both_sides_changed_at_once_and_still_in_contradiction_keep_the_date(disputed):
    before = {each.entry: each.since for each in found(disputed)}
    for page in ("people", "finance"):
        disputed.workspace.replace(f"content/{page}/claims.md", "# Claims", "# Claims\n\nNothing new.")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mining, "ITEMS_AT_ONCE", 1)
        disputed.sync()
    assert {each.entry: each.since for each in found(disputed)} == before


def test_of_many_copies_of_a_statement_the_first_are_read(disputed):
    for number in range(6):
        disputed.workspace.write(f"content/people/c{number}/c.md", f"# Claims\n\n{BORDER.format(days=30)}\n")
    disputed.sync()
    with reading(disputed.concord.engine) as connection:
        said = sorted({at.statement for each in register.load(connection) for at in (each.left, each.right)})
        assert max(len(register.places(connection, [each], 100)) for each in said) == 7
        assert max(len(register.places(connection, [each], 4)) for each in said) == 4
        assert register.tokens(connection, [said[0], "0" * 16]).keys() == {said[0]}


def test_built_anew_or_in_another_order_it_is_the_same(disputed):
    before, engine, reader = rows(disputed), disputed.concord.engine, disputed.concord.subjects.reader
    assert before
    disputed.concord.mine_again()
    assert rows(disputed) == before
    with writing(engine) as connection:
        register.forget(connection)
    by = fingerprint(reader)
    with writing(engine) as connection:  # the last first, then the rest: a run that was killed between
        waiting = register.pending(connection, by, 100)
        mining._Batch(connection, reader, waiting[-1:]).mine(by)
    mine(engine, reader)
    assert rows(disputed) == before


def test_readings_of_another_extractor_are_mined_again(disputed):
    with reading(disputed.concord.engine) as connection:
        assert register.pending(connection, fingerprint(disputed.concord.subjects.reader), 1) == []
        assert len(register.pending(connection, "another", 100)) >= len(items.indexed_identifiers(connection))


def test_of_many_alike_some_are_compared_and_that_is_told(house, monkeypatch):
    monkeypatch.setattr(mining, "_LOOKED_AT", 3)
    for number in range(8):
        house.workspace.write(f"content/people/p{number}/p.md", f"# Passes\n\nA pass lasts {number + 2} hours.\n")
    house.sync()
    done = house.concord.mine_again()
    assert done.overflow > 0
    assert rows(house)
    with reading(house.concord.engine) as connection:
        assert register.crowded(connection) == done.overflow


def compared_all_with_all(house):
    """What every two pages contradict each other in, and every page itself, in any order and without any index."""
    reader, made = house.concord.subjects.reader, []
    with reading(house.concord.engine) as connection:
        live = items.live(connection, items.indexed_identifiers(connection))
        passages = chunks.current_chunks(connection, list(live))
    said = {each: tuple(statements(reader, item, passages.get(each, ()))) for each, item in live.items()}
    for one, other in combinations(sorted(live), 2):
        alike = any(
            shared(left.tokens, right.tokens, left.total + right.total) >= LEAST_SHARED and may_contradict(left, right)
            for left in said[one]
            for right in said[other]
        )
        linked = are_linked(Facts.of(live[one]), Facts.of(live[other]))
        made += contradictions(said[one], said[other], linked=linked) if alike else ()
    made += [each for held in said.values() for each in within(held)]
    return sorted(
        (each.entry, str(mining._place(each.left)), str(mining._place(each.right)), round(each.certainty * 1000) / 1000)
        for each in made
    )


def test_what_is_found_is_what_comparing_all_with_all_finds(house, monkeypatch):
    monkeypatch.setattr(mining, "_LOOKED_AT", 10_000)
    monkeypatch.setattr(mining, "_DOCUMENTS", 10_000)
    random = Random(4)
    words = ["locker", "parcel", "badge", "gate", "crane", "forklift", "pallet", "harbour", "visitor", "driver", "seal"]
    for number in range(60):
        lines = []
        for _ in range(3):
            first, second, third, fourth = random.sample(words, 4)
            lines.append(
                f"The {first} {second} fee of a {third} is £{random.randint(2, 9)} for each {fourth} in the {words[0]}."
            )
        house.workspace.write(f"content/people/r{number}/{random.choice(words)}.md", "# Fees\n\n" + "\n\n".join(lines))
    house.sync()
    expected = compared_all_with_all(house)
    assert len(expected) > 30
    assert rows(house) == expected
    engine, reader = house.concord.engine, house.concord.subjects.reader
    with writing(engine) as connection:
        register.forget(connection)
        waiting = register.pending(connection, fingerprint(reader), 1000)
        random.shuffle(waiting)
        for start in range(0, len(waiting), 7):
            mining._Batch(connection, reader, waiting[start : start + 7]).mine(fingerprint(reader))
    assert rows(house) == expected


def test_a_series_of_pages_is_told_from_the_whole_pages(house):
    """They share two sentences, the second of which has hardly a word of its own by which it would be met."""
    for name, title, hour, fee in (("desk", "Parcel desk", 17, 42), ("reception", "Reception", 18, 23)):
        text = f"# {title}\n\nVisitors sign in before {hour}:00.\n\nIt is £{fee} then.\n"
        house.workspace.write(f"content/people/house/{name}.md", text)
    house.sync()
    pages = ("people-handbook/house/desk.md", "people-handbook/house/reception.md")
    assert pages not in pairs(house)
    house.workspace.replace("content/people/house/desk.md", "It is £42 then.", "It is there.")
    house.sync()
    assert pages in pairs(house)
