"""`concord index`: moving between the engines."""

import json
from collections.abc import Iterator

import pytest

from concord.bootstrap import Concord
from concord.index.server.standin import StandIn
from concord.ingestion import moving

SECRET = "zanzibar"


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as made:
        yield made


@pytest.fixture
def ready(synced_copy):
    """A workspace of one's own, its index on Edge."""
    assert synced_copy.run("sync").code == 0
    return synced_copy


def found(workspace, who="ann"):
    return json.loads(workspace.run("search", "annual leave closes", "--as", who, "--json").out)


def facts(workspace):
    return json.loads(workspace.run("index", "status", "--json").out)


def collections(server):
    return [each.name for each in server.client.get_collections().collections]


def encoded(monkeypatch):
    """Make any embedding an error."""

    def never(*_args):
        raise AssertionError("something was embedded")

    monkeypatch.setattr("concord.embedding.hashing_encoder.HashingEncoder.encode_passages", never)


def test_to_a_server_and_back(ready, server, monkeypatch):
    before = found(ready)
    encoded(monkeypatch)
    moved = ready.run("index", "move", "--to", server.url, "--json")
    assert moved.code == 0, moved.err
    told = json.loads(moved.out)
    assert told["points"] == facts(ready)["points"] > 3 and told["sampled"] > 3
    assert told["setting"] == {"index.url": server.url} and SECRET not in moved.everything
    assert facts(ready)["engine"] == "edge" and not facts(ready)["behind"]
    monkeypatch.setenv("CONCORD_INDEX__URL", server.url)
    assert facts(ready)["engine"] == "server" and not facts(ready)["behind"]
    assert found(ready) == before and found(ready, "carl") == []
    # Nothing is left for a sync to do.
    assert json.loads(ready.run("sync", "--json").out)["indexed"] == 0
    back = ready.run("index", "move", "--to", "edge")
    assert back.code == 0 and "take index.url out" in back.out and SECRET not in back.everything
    monkeypatch.delenv("CONCORD_INDEX__URL")
    assert found(ready) == before and not facts(ready)["behind"]


def test_what_was_synced_elsewhere_since_the_move_is_brought_when_the_engine_changes(ready, server, monkeypatch):
    assert ready.run("index", "move", "--to", server.url).code == 0
    # As many points as before, other readers: no count would tell.
    ready.replace("sources/finance-policies.yaml", 'const: ["group:finance"]', 'const: ["group:staff"]')
    ready.ready()
    ready.remove("content/people/bonus.md")
    assert ready.run("sync").code == 0
    expected = found(ready, "pat")
    monkeypatch.setenv("CONCORD_INDEX__URL", server.url)
    assert facts(ready)["missed"] and "fills it again" in ready.run("index", "status").out
    assert "behind" in ready.run("search", "annual leave", "--as", "pat").err
    encoded(monkeypatch)
    assert ready.run("sync").code == 0
    assert not facts(ready)["behind"] and facts(ready)["points"] == facts(ready)["wanted"]
    assert found(ready, "pat") == expected
    monkeypatch.delenv("CONCORD_INDEX__URL")
    # From here on it is the other that is not fed.
    assert facts(ready)["missed"]


class Stopped(Exception):
    pass


def stop(done: int, total: int) -> None:
    raise Stopped


def test_a_move_that_was_cut_short_goes_on(ready, server, monkeypatch):
    monkeypatch.setattr(moving, "ITEMS_AT_ONCE", 2)
    concord = Concord.open(ready.folder)
    with pytest.raises(Stopped):
        concord.move_index(server.url, stop)
    concord.close()
    assert len(collections(server)) == 1 and server.client.get_aliases().aliases == []
    told = json.loads(ready.run("index", "move", "--to", server.url, "--json").out)
    assert told["resumed"] == 2 and told["items"] == 5
    [alias] = server.client.get_aliases().aliases
    assert alias.collection_name.endswith("-1")


def test_a_journal_of_points_that_are_gone_is_not_believed(ready, server, monkeypatch):
    monkeypatch.setattr(moving, "ITEMS_AT_ONCE", 2)
    concord = Concord.open(ready.folder)
    with pytest.raises(Stopped):
        concord.move_index(server.url, stop)
    concord.close()
    for name in collections(server):
        server.client.delete_collection(name)
    told = json.loads(ready.run("index", "move", "--to", server.url, "--json").out)
    assert told["resumed"] == 0 and told["points"] == facts(ready)["points"]


def test_moving_again_replaces_the_collection_and_leaves_no_stale_point(ready, server):
    assert ready.run("index", "move", "--to", server.url).code == 0
    ready.remove("content/people/bonus.md")
    assert ready.run("sync").code == 0
    told = json.loads(ready.run("index", "move", "--to", server.url, "--json").out)
    assert told["points"] == facts(ready)["points"]
    [name] = collections(server)
    assert name.endswith("-2") and server.client.count(name).count == told["points"]


def test_what_lies_in_edge_from_before_is_tidied_up(ready, server, monkeypatch):
    assert ready.run("index", "move", "--to", server.url).code == 0
    monkeypatch.setenv("CONCORD_INDEX__URL", server.url)
    ready.remove("content/people/bonus.md")
    ready.replace("content/people/leave.md", "27 days", "28 days")
    assert ready.run("sync").code == 0
    told = ready.run("index", "move", "--to", "edge", "--json")
    assert told.code == 0, told.err
    monkeypatch.delenv("CONCORD_INDEX__URL")
    assert facts(ready)["points"] == json.loads(told.out)["points"]
    assert "28 days" in json.dumps(found(ready)) and not facts(ready)["behind"]


def test_a_copy_that_is_not_right_is_not_put_in_place(ready, server, monkeypatch):
    kept = server.client.upsert

    def lossy(name, points, **options):
        return kept(name, points=points[:1], **options)

    monkeypatch.setattr(server.client, "upsert", lossy)
    done = ready.run("index", "move", "--to", server.url)
    assert done.code == 2 and "is not used" in done.err and done.err.count("\n") == 1
    assert server.client.get_aliases().aliases == []


def test_vectors_that_are_not_right_are_noticed(ready, server, monkeypatch):
    kept = server.client.upsert

    def wrong(name, points, **options):
        for point in points:
            point.vector["dense"] = point.vector["dense"][::-1]
        return kept(name, points=points, **options)

    monkeypatch.setattr(server.client, "upsert", wrong)
    done = ready.run("index", "move", "--to", server.url)
    assert done.code == 2 and "by its own vector" in done.err


@pytest.mark.parametrize("to", ["nowhere", "ftp://host", "http://user:secret@host"])
def test_another_place_is_told_on_one_line(ready, to):
    done = ready.run("index", "move", "--to", to)
    assert done.code == 2 and done.err.count("\n") == 1 and "--to" in done.err and "secret" not in done.err


def test_where_it_is_already_is_told(ready, server, monkeypatch):
    done = ready.run("index", "move", "--to", "edge")
    assert done.code == 2 and "the index in use is edge:" in done.err
    monkeypatch.setenv("CONCORD_INDEX__URL", server.url)
    assert "the index in use is" in ready.run("index", "move", "--to", server.url).err


def test_a_drain_waits_for_the_move(ready, server):
    concord = Concord.open(ready.folder)
    held = []

    def watch(done: int, total: int) -> None:
        from filelock import FileLock, Timeout

        try:
            FileLock(concord.locks.folder / "_index.lock", timeout=0).acquire()
        except Timeout:
            held.append(True)

    concord.move_index(server.url, watch)
    concord.close()
    assert held == [True]


def test_the_status_is_for_operators_and_shows_no_titles(ready):
    told = ready.run("index", "status")
    assert told.code == 0 and "Qdrant Edge" in told.out and SECRET not in told.everything
