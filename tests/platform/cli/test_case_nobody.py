"""Cases of no page: whoever is not there any more, or a group that nobody is in, has none of them."""

import json

import pytest

BICYCLE = "For how many hours may bicycles be parked in the shed?"


@pytest.fixture
def workspace(synced_copy):
    everything = "  - {match: {}, owner: group:ghosts, backup: user:ann}"
    synced_copy.replace("ownership.yaml", "rules:", f"rules:\n{everything}")
    synced_copy.replace("principals.yaml", "groups:\n", "groups:\n  - {id: ghosts, name: Nobody}\n")
    return synced_copy.ready()


def gap(workspace):
    for who in ("pat", "fay", "ann"):
        assert workspace.json("ask", BICYCLE, "--as", who)["abstained"]
    (found,) = workspace.json("cases", "detect")["cases"]
    return str(found["id"])


def owner(workspace, number):
    return workspace.json("cases", "show", number, "--as", "ann")["owner"]


def test_a_group_that_nobody_is_in_is_passed_over_and_cannot_be_given_it(workspace):
    number = gap(workspace)
    assert owner(workspace, number) == "user:ann"
    refused = workspace.run("cases", "assign", number, "--to", "group:ghosts", "--as", "ann")
    assert refused.code == 2 and "nobody is in it" in refused.err


def test_who_was_given_it_and_is_gone_has_it_no_more(workspace):
    number = gap(workspace)
    assert workspace.run("cases", "assign", number, "--to", "user:carl", "--as", "ann").code == 0
    workspace.replace("principals.yaml", "  - {id: carl, name: Carl Ray, department: Contractors}\n", "")
    for command in ("apply", "sync"):
        assert workspace.run(command).code == 0
    assert owner(workspace, number) == "user:ann"


def test_the_doctor_tells_of_owners_who_are_not_there(workspace):
    def level():
        told = json.loads(workspace.run("doctor", "--json").out)
        return next(each["level"] for each in told["checks"] if each["check"] == "owners")

    assert level() == "ok"
    workspace.replace("ownership.yaml", "owner: group:ghosts, backup: user:ann", "owner: group:ghosts")
    assert workspace.run("apply").code == 0 and level() == "warning"
