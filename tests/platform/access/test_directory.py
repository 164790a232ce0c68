"""The directory: nested, cyclic and very many groups; too many fail closed; nobody reads as an unknown person."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from concord.access import MAX_TOKENS, Directory, TooManyTokens, UnknownPrincipal
from concord_taxonomy.standard import Principal


def directory(groups, users=({"id": "ann"},)):
    listed = [{"id": name, "members": members} for name, members in groups.items()]
    return Directory(users=users, groups=listed)


def test_a_person_holds_themselves_their_groups_and_everyone():
    people = directory({"people": ["user:ann"], "other": []}, [{"id": "ann", "name": "Ann", "department": "People"}])
    held = people.principal("user:ann")
    assert held == Principal("ann", frozenset({"everyone", "user:ann", "group:people"}), "Ann", "People")
    assert people.principal("ann") == held


def test_groups_named_by_the_person_and_by_the_group_count_alike():
    groups = [{"id": "a"}, {"id": "b", "members": ["user:ann"]}]
    people = Directory(users=[{"id": "ann", "groups": ["a"]}], groups=groups)
    assert people.principal("ann").tokens == {"everyone", "user:ann", "group:a", "group:b"}


def test_groups_are_expanded_through_groups_and_never_downwards():
    people = directory({"staff": ["group:people"], "people": ["group:team"], "team": ["user:ann"], "below": []})
    assert people.principal("ann").tokens == {"everyone", "user:ann", "group:team", "group:people", "group:staff"}
    down = directory({"staff": ["user:ann", "group:leads"], "leads": []})
    assert "group:leads" not in down.principal("ann").tokens


def test_groups_may_go_in_circles():
    people = directory({"a": ["user:ann", "group:c"], "b": ["group:a"], "c": ["group:b"], "self": ["group:self"]})
    assert people.principal("ann").tokens == {"everyone", "user:ann", "group:a", "group:b", "group:c"}


def test_a_group_of_everyone_holds_every_person():
    people = directory({"all": ["everyone"], "above": ["group:all"]}, [{"id": "ann"}, {"id": "pat"}])
    for name in ("ann", "pat"):
        assert people.principal(name).tokens >= {"group:all", "group:above"}


def test_a_thousand_tokens_are_held_and_one_more_fails_closed():
    within = {f"g{number}": ["user:ann"] for number in range(MAX_TOKENS - 2)}
    assert len(directory(within).principal("ann").tokens) == MAX_TOKENS
    with pytest.raises(TooManyTokens, match=rf"more than {MAX_TOKENS} groups: nothing can be read") as caught:
        directory({**within, "last": ["user:ann"]}).principal("ann")
    assert caught.value.name == "ann"


def test_ten_thousand_groups_are_quick_and_do_not_touch_who_is_in_few():
    groups = {f"g{number}": [f"group:g{number - 1}"] if number else ["user:ann"] for number in range(10_000)}
    people = directory({**groups, "few": ["user:pat"]}, [{"id": "ann"}, {"id": "pat"}])
    began = time.process_time()
    assert people.principal("pat").tokens == {"everyone", "user:pat", "group:few"}
    with pytest.raises(TooManyTokens):
        people.principal("ann")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["mallory", "user:mallory", "", "user:", "group:people", "everyone", "ANN", " ann"])
def test_nobody_else_is_known(name):
    with pytest.raises(UnknownPrincipal, match=r"principals\.yaml"):
        directory({"people": ["user:ann"]}).principal(name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"users": [{"id": "ann"}, {"id": "ann"}]}, "user 'ann' is declared twice"),
        ({"groups": [{"id": "a"}, {"id": "a"}]}, "group 'a' is declared twice"),
        ({"users": [{"id": "ann", "groups": ["gone"]}]}, "in group 'gone', which is not declared"),
        ({"groups": [{"id": "a", "members": ["user:gone"]}]}, "the member 'user:gone', which is not declared"),
        ({"groups": [{"id": "a", "members": ["gone"]}]}, "is no reader token"),
        ({"users": [{"id": "a:b"}]}, "pattern"),
        ({"users": [{"id": "ann", "admin": True}]}, "Extra inputs"),
    ],
)
def test_what_is_wrong_is_named(data, told):
    with pytest.raises(ValidationError, match=told):
        Directory(**data)


def test_the_tokens_that_someone_can_hold():
    assert directory({"a": []}).tokens == {"everyone", "user:ann", "group:a"}


names = st.integers(0, 11).map(lambda number: f"g{number}")


@given(st.dictionaries(names, st.lists(names | st.just("ann"), max_size=4), max_size=12))
def test_expansion_is_the_closure_of_membership(graph):
    groups = {
        name: sorted({"user:ann" if each == "ann" else f"group:{each}" for each in members if each in {"ann", *graph}})
        for name, members in graph.items()
    }
    reached = {"user:ann"}
    while more := {f"group:{name}" for name, members in groups.items() if not reached.isdisjoint(members)} - reached:
        reached |= more
    assert directory(groups).principal("ann").tokens == {"everyone", *reached}


def test_a_token_means_somebody_but_those_who_are_left_out():
    directory = Directory(users=[{"id": "ann", "groups": ["leads"]}, {"id": "pat"}], groups=[{"id": "leads"}])
    for token, but, found in (
        ("group:leads", ["user:ann"], False),
        ("group:leads", ["user:pat"], True),
        ("user:ann", ["user:ann"], False),
        ("user:ann", [], True),
        ("user:zoe", [], False),
        ("everyone", ["user:ann"], True),
    ):
        assert directory.means_another(token, but) is found, token
