"""Use cases: for whom, about what; one that is not yours is like one that does not exist."""

import pytest

from concord.usecases import UnknownUseCase, choose, read_use_cases
from concord.workspace import Declarations, FileProblem
from concord_taxonomy.standard import Principal

ANN = Principal("ann", frozenset({"user:ann", "group:people", "everyone"}))


def read(**texts):
    return read_use_cases(Declarations({f"usecases/{name}.yaml": text for name, text in texts.items()}))


def test_a_use_case_is_read():
    found = read(people="title: People\naudience: [group:people]\nsources: [handbook]\nanswer: {max_citations: 2}\n")
    people = found["people"]
    assert (people.id, people.title, people.sources, people.concepts) == ("people", "People", ("handbook",), ())
    assert people.answer.max_citations == 2 and people.answer.min_confidence is None


def test_the_id_is_the_name_of_the_file():
    assert read(people="title: People\nid: other\n")["people"].id == "people"


@pytest.mark.parametrize(("audience", "admitted"), [("[everyone]", True), ("[group:finance]", False), ("[]", False)])
def test_only_its_audience_may_use_it(audience, admitted):
    assert read(a=f"title: A\naudience: {audience}\n")["a"].admits(ANN) == admitted
    assert not read(a=f"title: A\naudience: {audience}\n")["a"].admits(Principal("nobody"))


def test_what_may_not_be_used_is_like_what_does_not_exist():
    found = read(mine="title: M\naudience: [everyone]\n", theirs="title: T\naudience: [group:finance]\n")
    assert choose(found, "mine", ANN) is found["mine"] and choose(found, None, ANN) is None
    told = []
    for name in ("theirs", "no-such"):
        with pytest.raises(UnknownUseCase) as caught:
            choose(found, name, ANN)
        assert caught.value.available == ["mine"]
        told.append(str(caught.value).replace(name, "NAME"))
    assert told[0] == told[1]


def test_no_use_case_is_called_as_asking_across_all_departments_is():
    with pytest.raises(FileProblem, match=r"usecases/concord.yaml: 'concord' is what asking across all departments"):
        read(concord="title: Concord itself\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("audience: [everyone]", "title: this is needed"),
        ("title: A\naudiense: []", "audiense: there is no such key"),
        ("title: A\naudience: [people]", "audience.0: "),
        ("title: A\nanswer: {max_citations: 0}", "answer.max_citations: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, told):
    with pytest.raises(FileProblem) as caught:
        read(a=text)
    assert str(caught.value).startswith(f"usecases/a.yaml: {told}")
