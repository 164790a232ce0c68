"""A sync embeds what is new, and lets the index follow everything else without embedding anything."""

import json
import threading
from dataclasses import asdict

import pytest
from sqlalchemy import select

from concord.catalog import items, outbox, records
from concord.catalog.engine import reading
from concord.catalog.schema import chunks
from concord.embedding import CachedEncoder
from concord.index import CURRENT, SearchFilter, SearchRequest
from concord.ingestion import sync
from concord.ingestion.indexing import drain
from concord.ingestion.mining import mine

LEAVE = "people-handbook/leave.md"
LEAVE_IRI, EXPENSES = "https://small.example/id/leave", "https://small.example/id/expenses"


def payloads(house, readers=("group:staff", "group:people-leads", "group:finance", "everyone", "user:carl")):
    """What the index holds of each item, seen through a search with all tokens and no other filter."""
    request = SearchRequest(SearchFilter(frozenset(readers)), dense=[1.0] * house.concord.encoder.dimension, limit=100)
    found = house.concord.index.search(request).dense
    return {hit.payload.identifier: hit.payload for hit in found}


def test_nothing_changed_touches_no_row_and_embeds_nothing(house):
    before = house.rows()
    outcome, encoded = house.sync()
    assert encoded == 0 and not outcome.touched
    assert house.rows() == before


def test_nothing_changed_is_nothing_changed_after_a_restart_too(house):
    before = house.rows()
    house.close()
    outcome, encoded = house.sync()
    assert encoded == 0 and not outcome.touched and house.rows() == before


def test_only_what_changed_is_embedded(house):
    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    house.workspace.write("content/people/parking.md", "# Parking\n\nPark behind the house.\n")
    outcome, encoded = house.sync()
    assert encoded == outcome.drained.embedded == 2
    # The same text under another name is the same text.
    house.workspace.write("content/people/parking-copy.md", "# Parking\n\nPark behind the house.\n")
    assert house.sync()[1] == 0
    assert "people-handbook/parking-copy.md" in house.search("parking", "pat")


SOURCE = "sources/people-handbook.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "field", "expected"),
    [
        (SOURCE, "{const: policy}", "{const: standard}", "tier", "standard"),
        (SOURCE, "{const: People}", "{const: Folk}", "publisher", "Folk"),
        (SOURCE, '["group:staff"]', '["user:carl"]', "readers", ("user:carl",)),
        (SOURCE, "  rules:", "    status: {const: deprecated}\n  rules:", "status", "deprecated"),
        ("taxonomy/shared.ttl", '"annual leave"@en', '"time off"@en', "concepts", ()),
        ("content/people/leave.md", "modified", "tags: [expenses]\nmodified", "concepts", (LEAVE_IRI, EXPENSES)),
    ],
)
def test_the_index_follows_a_change_of_description_without_embedding(house, path, old, new, field, expected):
    before = payloads(house)
    house.workspace.replace(SOURCE, "  rules:", '    keyword: {path: metadata.tags, split: ","}\n  rules:')
    house.workspace.replace(path, old, new)
    house.apply()
    _, encoded = house.sync()
    assert encoded == 0
    assert getattr(payloads(house)[LEAVE], field) == expected
    assert payloads(house).keys() == before.keys()


def test_a_reader_less_is_a_reader_less_at_once(house):
    assert LEAVE in house.search("annual leave", "fay")
    house.workspace.replace("sources/people-handbook.yaml", '["group:staff"]', '["group:people"]')
    house.apply()
    assert house.sync()[1] == 0
    assert LEAVE not in house.search("annual leave", "fay")
    assert LEAVE in house.search("annual leave", "pat")
    assert "group:staff" not in house.concord.index.tokens_in_use()


def test_a_new_word_for_a_concept_finds_its_items_without_embedding(house):
    def label_hits():
        request = SearchRequest(SearchFilter(frozenset({"group:staff"})), label_text="sabbatical")
        return {hit.payload.identifier for hit in house.concord.index.search(request).label}

    assert not label_hits()
    house.workspace.replace("taxonomy/shared.ttl", '"holiday"@en', '"holiday"@en, "sabbatical"@en')
    house.apply()
    assert house.sync()[1] == 0
    assert LEAVE in label_hits()


@pytest.mark.parametrize("given", [True, False])
def test_items_follow_a_replaced_concept_without_embedding(house, given):
    if given:  # by a person, in the mapping, and still by the old name
        house.workspace.replace(SOURCE, "  rules:", f"    subject: {{const: ['{LEAVE_IRI}']}}\n  rules:")
    house.workspace.replace(
        "taxonomy/shared.ttl", "s:leave a skos:Concept ;", "s:leave a skos:Concept ; dct:isReplacedBy s:absence ;"
    )
    house.workspace.replace(
        "taxonomy/shared.ttl", "@prefix s:", "@prefix dct: <http://purl.org/dc/terms/> .\n@prefix s:"
    )
    house.workspace.replace(
        "taxonomy/shared.ttl", "s:leave a", 's:absence a skos:Concept ; skos:prefLabel "absence"@en .\ns:leave a'
    )
    house.apply()
    assert house.sync()[1] == 0
    assert payloads(house)[LEAVE].concepts == ("https://small.example/id/absence",)
    with reading(house.concord.engine) as connection:
        (tag,) = items.item_tags(connection, LEAVE)
    assert (tag.origin, bool(tag.matched)) == (("rule", False) if given else ("tagger", True))


def test_what_a_curator_decides_stays_whatever_the_words_say(house):
    decided = f"identifier: {LEAVE}, add: ['{EXPENSES}'], remove: ['{LEAVE_IRI}'], by: 'user:ann', why: moved"
    house.workspace.write("tags.yaml", f"tags: [{{{decided}}}]\n")
    house.apply()
    assert house.sync()[1] == 0
    house.workspace.replace("content/people/leave.md", "27 days", "28 days of annual leave")
    house.sync()
    assert payloads(house)[LEAVE].concepts == (EXPENSES,)
    with reading(house.concord.engine) as connection:
        (tag,) = items.item_tags(connection, LEAVE)
        item = items.all_readable(connection, house.concord.foundation.directory.principal("user:ann"))
        origins = {each.identifier: each.field_origin.get("subject") for each in item}
    assert (tag.origin, tag.score, origins[LEAVE]) == ("curator", 1.0, "curator")
    house.workspace.write("tags.yaml", "tags: []\n")
    house.apply()
    assert house.sync()[1] == 0
    assert payloads(house)[LEAVE].concepts == (LEAVE_IRI,)


def test_a_change_of_authority_touches_neither_items_nor_index(house):
    before = house.rows()
    house.workspace.write("authority.yaml", "contested_after_days: 5\n")
    house.apply()
    outcome, encoded = house.sync()
    assert encoded == 0 and not outcome.touched
    after = house.rows()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"activations", "audit_events", "generation", "proposals", "texts"}


def found_now(house):
    """What the index itself gives of the present."""
    request = SearchRequest(SearchFilter(frozenset({"group:staff"}), at=CURRENT), dense=[1.0] * 64, text="annual leave")
    found = house.concord.index.search(request)
    return {hit.payload.identifier for hit in (*found.dense, *found.text)}


def test_a_record_that_is_gone_is_gone_from_index_and_answers(house):
    assert LEAVE in house.search("annual leave", "pat")
    house.workspace.remove("content/people/leave.md")
    outcome, encoded = house.sync()
    assert outcome.sources[1].report.removed == 1 and encoded == 0
    assert LEAVE not in found_now(house)
    assert LEAVE not in house.search("annual leave", "pat")
    with reading(house.concord.engine) as connection:
        assert not items.readable(connection, house.principal("pat"), [LEAVE])
        assert items.links(connection, [LEAVE]) == []
    # What it replaced stands again.
    answer = house.ask("How many days of annual leave are there?", "pat")
    assert [each.item.identifier for each in answer.citations] == ["people-handbook/leave-2024.md"]


def test_a_renamed_record_is_found_under_its_new_name_alone(house):
    folder = house.workspace.folder / "content/people"
    (folder / "leave.md").rename(folder / "holidays.md")
    _, encoded = house.sync()
    assert encoded == 0
    found = house.search("annual leave", "pat")
    assert "people-handbook/holidays.md" in found and LEAVE not in found
    assert LEAVE not in found_now(house)


def test_a_record_that_moves_into_a_restricted_folder_is_restricted(house):
    folder = house.workspace.folder / "content/people"
    (folder / "leave.md").rename(folder / "restricted/leave.md")
    house.sync()
    assert "people-handbook/restricted/leave.md" not in house.search("annual leave", "pat")
    assert "people-handbook/restricted/leave.md" in house.search("annual leave", "ann")


def test_a_source_that_is_dropped_goes_from_everything(house):
    house.workspace.remove("sources/finance-policies.yaml")
    house.workspace.replace("authority.yaml", "finance-policies, ", "")
    house.workspace.replace("ownership.yaml", "  - match: {source: finance-policies}\n    owner: user:fay\n", "")
    house.workspace.replace("ownership.yaml", "    steward: user:ann\n", "")
    assert "finance-policies/travel.md" in house.search("hotels", "fay")
    house.apply()
    outcome, encoded = house.sync()
    assert outcome.dropped.keys() == {"finance-policies"} and encoded == 0
    assert house.concord.index.item_points("finance-policies/travel.md") == frozenset()
    assert not any(each.startswith("finance-policies") for each in house.search("hotels", "fay"))
    rows = house.rows()
    for name in ("records", "quarantine", "crawls"):
        assert all(row[0] != "finance-policies" for row in rows[name])
    assert not house.sync()[0].touched


def test_a_source_that_was_dropped_can_come_back(house):
    declared = (house.workspace.folder / "sources/finance-policies.yaml").read_text("utf-8")
    kept = {name: (house.workspace.folder / name).read_text("utf-8") for name in ("authority.yaml", "ownership.yaml")}
    house.workspace.remove("sources/finance-policies.yaml")
    for name in kept:
        house.workspace.write(name, "")
    house.apply()
    house.sync()
    for name, text in {**kept, "sources/finance-policies.yaml": declared}.items():
        house.workspace.write(name, text)
    house.apply()
    house.sync()
    assert house.search("hotels", "fay")[0] == "finance-policies/travel.md"
    with reading(house.concord.engine) as connection:
        [item] = items.readable(connection, house.principal("fay"), ["finance-policies/travel.md"]).values()
    assert item.revision == 1 and item.invalidated_at is None


def test_a_lost_index_is_rebuilt_without_embedding(house):
    before = {name: asdict(payload) for name, payload in payloads(house).items()}
    folder = house.concord.index_folder
    house.close()
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    outcome, encoded = house.sync()
    assert encoded == 0 and outcome.drained.items == len(before)
    assert {name: asdict(payload) for name, payload in payloads(house).items()} == before
    with reading(house.concord.engine) as connection:
        assert outbox.depth(connection) == 0
        assert house.concord.index.count() == outbox.indexed_points(connection)


def test_every_sync_that_changed_something_is_in_the_audit_log(house):
    from concord.catalog.audit import events

    house.workspace.replace("content/people/leave.md", "27 days", "28 days")
    house.sync()
    house.sync()
    with reading(house.concord.engine) as connection:
        told = [
            (event.type, event.subject)
            for event in events(connection)
            if not event.type.startswith(("proposal.", "case."))
        ]
    assert told == [
        ("workspace.applied", told[0][1]),
        ("recipe.put_to_use", "recipe"),
        ("source.synced", "finance-policies"),
        ("source.synced", "people-handbook"),
        ("source.synced", "people-handbook"),
    ]
    assert "zanzibar" not in json.dumps(told).lower()


def test_other_parsers_read_everything_anew_and_embed_only_what_reads_otherwise(house, monkeypatch):
    house.apply()
    house.sync()
    before = house.rows()["items"]
    monkeypatch.setattr("concord.ingestion.sync.PARSERS_VERSION", 999)
    outcome, encoded = house.sync()
    assert sum(each.report.read for each in outcome.sources) > 0
    assert encoded == 0
    assert house.rows()["items"] == before
    outcome, _ = house.sync()
    assert not outcome.touched


def test_passages_are_kept_with_what_authority_reads_in_them(house):
    reader = house.concord.retriever.reader
    with reading(house.concord.engine) as connection:
        rows = connection.execute(select(chunks.c.reading, chunks.c.read_by)).all()
    assert rows and all(row.reading and row.read_by == reader.fingerprint for row in rows)


def test_a_new_word_for_a_concept_has_passages_read_anew(house):
    def read():
        with reading(house.concord.engine) as connection:
            return {row.id: row.read_by for row in connection.execute(select(chunks.c.id, chunks.c.read_by))}

    before = read()
    house.workspace.replace("taxonomy/shared.ttl", '"holiday"@en', '"holiday"@en, "shore leave"@en')
    house.apply()
    _, embedded = house.sync()
    after = read()
    assert embedded == 0 and after.keys() == before.keys()
    assert set(after.values()) == {house.concord.retriever.reader.fingerprint}
    assert set(after.values()).isdisjoint(before.values())


class Killed(Exception):
    """Stands for a crash."""


def test_what_changed_behind_an_interrupted_crawl_is_seen_by_the_next_sync(house):
    """Else a revocation written after the crash, in a document read before it, would wait for the sync after."""
    house.workspace.replace(SOURCE, "content/people}", "content/people, batch_size: 1}")
    house.workspace.write("content/people/aardvark.md", "# Aardvark\n\nIt is fed at noon.\n")
    house.workspace.write("content/people/parking.md", "# Parking\n\nPark behind the house.\n")
    house.apply()

    def die(_done, _total):
        raise Killed

    with pytest.raises(Killed):
        house.concord.sync(house.concord.foundation.sources["people-handbook"]).run(die)
    with reading(house.concord.engine) as connection:
        known = records.known_versions(connection, "people-handbook")
    assert "aardvark.md" in known and "parking.md" not in known
    house.workspace.write("content/people/aardvark.md", "# Aardvark\n\nIt is fed at ten.\n")
    house.sync()
    assert "people-handbook/parking.md" in identifiers(house)
    with reading(house.concord.engine) as connection:
        assert "at ten" in items.item_body(connection, "people-handbook/aardvark.md")
    assert not house.sync()[0].touched


def test_what_comes_next_is_being_embedded_while_the_last_is_described(house, monkeypatch):
    class Meeting(type(house.concord.encoder)):
        batches_at_once = 2
        both = threading.Barrier(2)

        def encode_passages(self, passages):
            self.both.wait(30)  # breaks where one page is embedded only after the other
            return super().encode_passages(passages)

    monkeypatch.setattr(sync, "RECORDS_AT_ONCE", 1)
    for name in ("aardvark", "zebra"):
        house.workspace.write(f"content/people/{name}.md", f"# {name}\n\nIt is fed at noon.\n")
    vars(house.concord)["cached_encoder"] = CachedEncoder(Meeting(), house.concord.cached_encoder._store)
    outcome, _ = house.sync()
    assert next(each.report.embedded for each in outcome.sources if each.source == "people-handbook") == 2
    assert {"people-handbook/aardvark.md", "people-handbook/zebra.md"} <= set(identifiers(house))


def test_what_is_new_waits_for_a_model_that_fails_and_a_revocation_does_not(house, monkeypatch):
    def broken(_passages):
        raise Killed

    house.workspace.write("content/people/aardvark.md", "# Aardvark\n\nIt is fed at noon.\n")
    house.workspace.replace(SOURCE, '["group:staff"]', '["user:carl"]')
    house.apply()
    assert house.search("annual leave", "pat")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(house.concord.encoder, "encode_passages", broken)
        house.sync()
    assert not house.search("annual leave", "pat")
    assert "people-handbook/aardvark.md" not in identifiers(house)
    outcome, encoded = house.sync()
    assert encoded == 1 and next(each.report.changed for each in outcome.sources if each.source == "people-handbook")
    assert "people-handbook/aardvark.md" in house.search("aardvark", "carl")


def test_a_record_that_is_back_is_found_again(house):
    path = house.workspace.folder / "content/people/leave.md"
    held = path.read_text("utf-8")
    house.workspace.remove("content/people/leave.md")
    house.sync()
    assert "people-handbook/leave.md" not in house.search("annual leave", "pat")
    house.workspace.write("content/people/leave.md", held)
    house.sync()
    assert "people-handbook/leave.md" in house.search("annual leave", "pat")
    assert not house.sync()[0].touched


def identifiers(house):
    with reading(house.concord.engine) as connection:
        return set(items.indexed_identifiers(connection))


def test_what_a_killed_sync_left_to_tidy_is_tidied_by_one_with_nothing_to_do(house):
    house.workspace.replace("content/people/leave-2024.md", "25 days", "24 days")
    sync = house.concord.sync(house.concord.foundation.sources["people-handbook"])
    sync.settle(sync.run())
    drain(house.concord.engine, house.concord.index, house.concord.cached_encoder)
    mine(house.concord.engine, house.concord.subjects.reader)
    before = len(house.rows()["embeddings"])
    assert not house.sync()[0].touched
    assert len(house.rows()["embeddings"]) == before - 1
