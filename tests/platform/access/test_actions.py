"""Cedar policies: nothing is permitted by default, a forbid wins, and what cannot be evaluated denies."""

import pytest

from concord.access.actions import DEFAULT, Action, ActionPolicies
from concord.workspace import Declarations, FileProblem
from concord_taxonomy.standard import Principal

PAT = Principal("pat", frozenset({"everyone", "user:pat", "group:people"}), department="People")
ANN = Principal("ann", frozenset({"everyone", "user:ann", "group:people", "group:leads"}), department="People")


def policies(**files):
    return ActionPolicies.read(Declarations({f"policies/{name}.cedar": text for name, text in files.items()}))


def decide(made, who=PAT, action=Action.ASK, by_key=False):
    return made.decide(who, action, "Small", by_key=by_key)


def test_without_policies_everybody_does_what_is_their_own():
    made = policies()
    for action in Action:
        told = decide(made, action=action)
        assert told.allowed == (action not in {Action.READ_OTHERS_TRACES, Action.READ_METRICS, Action.READ_EVALUATIONS})
        assert told.policies == (("default.everybody",) if told.allowed else ())

    assert decide(made, action=Action.READ_METRICS, by_key=True).policies == ("default.metrics",)


def test_what_nothing_permits_is_denied():
    made = policies(a='@id("leads") permit (principal in Group::"leads", action == Action::"ask", resource);')
    assert decide(made, ANN).policies == ("leads",) and decide(made, ANN).allowed
    assert not decide(made, PAT).allowed and decide(made, PAT).policies == ()
    assert not decide(made, ANN, Action.SEARCH).allowed


def test_a_forbid_of_another_file_wins_and_is_named():
    made = policies(a=DEFAULT, b='@id("no-keys") forbid (principal, action, resource) when { context.by_key };')
    assert decide(made).allowed
    assert decide(made, by_key=True).policies == ("no-keys",) and not decide(made, by_key=True).allowed


def test_a_name_cannot_be_written_so_that_it_says_more():
    made = policies(a='permit (principal == User::"ann", action, resource);')
    for name in ('ann" || true', 'x", "ann', "ann\\", "User::ann"):
        assert not decide(made, Principal(name, frozenset({"everyone"}))).allowed


def test_what_cannot_be_evaluated_denies():
    made = ActionPolicies({"policies/a.cedar": DEFAULT + "forbid (principal, action, resource) when { context.none };"})
    assert not decide(made).allowed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("permit (", "no Cedar policy"),
        ("permit (principal, action, resource) when { context.by_kex };", "by_kex"),
        ('permit (principal, action == Action::"aks", resource);', "aks"),
        ('permit (principal in Grup::"people", action, resource);', "Grup"),
    ],
)
def test_a_policy_that_fits_no_schema_is_a_problem_of_its_file(text, told):
    with pytest.raises(FileProblem, match=told) as caught:
        policies(good=DEFAULT, wrong=text)
    assert caught.value.path == "policies/wrong.cedar"


def test_apply_refuses_it(workspace):
    workspace.write("policies/wrong.cedar", 'permit (principal, action == Action::"aks", resource);')
    done = workspace.run("apply")
    assert done.code == 2 and "policies/wrong.cedar" in done.err and "aks" in done.err
