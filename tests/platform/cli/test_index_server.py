"""Every command on a Qdrant server instead of Qdrant Edge."""

import json
from collections.abc import Iterator

import pytest

from concord.bootstrap import Concord
from concord.index.server.standin import StandIn

KEY = "a-secret-key"
SECRET = "zanzibar"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn(api_key=KEY) as made:
        monkeypatch.setenv("CONCORD_INDEX__URL", made.url)
        monkeypatch.setenv("CONCORD_INDEX__API_KEY", KEY)
        yield made


def test_commands_give_what_they_give_on_edge(synced, server, workspace, monkeypatch):
    workspace.ready()
    questions = [
        ("search", "annual leave", "--as", "pat", "--json"),
        ("search", "zanzibar closes", "--as", "ann", "--json"),
        ("search", "zanzibar closes", "--as", "fay", "--json"),
        ("search", "leave", "--as", "carl", "--json"),
        ("search", "annual leave", "--as", "ann", "--use-case", "ask-people", "--json"),
    ]
    on_server = [json.loads(workspace.run(*each).out) for each in questions]
    answered = workspace.run("ask", "How many days of annual leave do I get?", "--as", "pat")
    status = workspace.run("status", "--as", "pat")
    assert answered.code == status.code == 0
    assert "up to date" in status.out and KEY not in status.everything
    assert not (workspace.folder / ".concord" / "index").exists()
    monkeypatch.delenv("CONCORD_INDEX__URL")
    on_edge = [json.loads(synced.run(*each).out) for each in questions]
    assert on_server == on_edge
    assert [bool(each) for each in on_edge] == [True, True, True, False, True]
    told = [SECRET in json.dumps(each).lower() for each in on_server]
    assert told == [False, True, False, False, False]


def test_a_revoked_reader_finds_nothing_after_the_next_sync(server, workspace):
    workspace.ready()
    assert "27 days" in workspace.run("search", "annual leave", "--as", "pat").out
    workspace.replace("sources/people-handbook.yaml", 'readers: {const: ["group:staff"]}', "readers: {const: []}")
    workspace.ready()
    assert "27 days" not in workspace.run("search", "annual leave", "--as", "pat").out


def test_two_catalogs_share_no_collection_whatever_their_names(server, make_workspace):
    first, second = make_workspace().ready(), make_workspace().ready()
    names = [each.name for each in server.client.get_collections().collections]
    assert len(names) == 2 and all(name.startswith("concord-small-hashing") for name in names)
    assert first.run("search", "leave", "--as", "pat").code == second.run("search", "leave", "--as", "pat").code == 0


def test_an_index_that_was_lost_on_the_server_is_built_again(server, workspace):
    workspace.ready()
    [name] = [each.name for each in server.client.get_collections().collections]
    server.client.delete_collection(name)
    told = workspace.run("status", "--as", "pat")
    assert "behind" in told.out
    done = workspace.run("sync", "--json")
    assert done.code == 0 and json.loads(done.out)["embedded"] == 0 and json.loads(done.out)["indexed"] > 0
    assert "27 days" in workspace.run("search", "annual leave", "--as", "pat").out


@pytest.mark.parametrize("key", ["", "wrong-key"])
def test_a_refused_key_is_told_on_one_line(server, workspace, monkeypatch, key):
    workspace.run("apply")
    monkeypatch.setenv("CONCORD_INDEX__API_KEY", key)
    done = workspace.run("sync")
    assert done.code == 2 and "CONCORD_INDEX__API_KEY" in done.err.splitlines()[-1]
    assert "-key" not in done.everything


def test_a_server_that_is_away_is_told_on_one_line(workspace, synced_copy, monkeypatch):
    monkeypatch.setenv("CONCORD_INDEX__URL", "http://127.0.0.1:9")
    for command in (("sync",), ("search", "leave", "--as", "pat"), ("status", "--as", "pat")):
        done = synced_copy.run(*command)
        assert done.code == 2 and done.err.splitlines()[-1].startswith("concord: the index in http://127.0.0.1:9 is")


@pytest.mark.parametrize(
    "url",
    ["localhost:6333", "ftp://host", "https://", "http://user:secret-key@host", "http://host:99999", "http://h?a=b"],
)
def test_a_url_that_is_none_is_told_without_its_secrets(workspace, monkeypatch, url):
    monkeypatch.setenv("CONCORD_INDEX__URL", url)
    done = workspace.run("status", "--as", "pat")
    assert done.code == 2 and done.err.count("\n") == 1 and "CONCORD_INDEX__URL" in done.err
    assert "secret-key" not in done.everything


def test_the_doctor_repairs_an_index_on_the_server(server, workspace):
    workspace.ready()
    assert workspace.run("doctor").code == 0
    concord = Concord.open(workspace.folder)
    concord.index.delete_item("people-handbook/leave.md")
    done = workspace.run("doctor", "--repair")
    assert done.code == 0 and "index built anew: 5 items" in done.out
    assert concord.index.item_points("people-handbook/leave.md")
    concord.close()
