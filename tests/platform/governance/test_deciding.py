"""Decisions of several at once, gates, and what an approval rests on: on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from concord.catalog.activations import versions
from concord.catalog.audit import events
from concord.catalog.engine import create_catalog_engine, reading
from concord.catalog.proposals import State
from concord.governance import (
    GateRefused,
    GovernanceError,
    InvalidWorkspace,
    NotAllowed,
    OutOfDate,
    Problem,
    Proposals,
    WhyNeeded,
)
from concord.governance.comparing import in_force
from concord.governance.errors import ChangedMeanwhile
from concord.workspace import Declarations
from concord_taxonomy.standard import Principal

ANN, PAT = (Principal(name, frozenset({f"user:{name}"})) for name in ("ann", "pat"))
START = Declarations({"authority.yaml": "0", "ownership.yaml": "0"})


def opened(engine, **given):
    return Proposals(engine, may_decide=lambda who, _change: True, **given)


@pytest.fixture
def proposals(engine):
    Proposals(engine, automatic=True).apply(START, "local:test")
    return opened(engine)


@pytest.fixture
def engine(new_catalog, tmp_path):
    from concord.catalog.engine import sqlite_url
    from concord.catalog.migrate import migrate

    engine = create_catalog_engine(new_catalog() or sqlite_url(tmp_path / "catalog.db"))
    migrate(engine)
    yield engine
    engine.dispose()


def made(proposals, kind, path, text, who="fay"):
    [proposal] = proposals.propose(kind, {path: text}, f"user:{who}", "why").proposals
    return proposal


def files(engine):
    with reading(engine) as connection:
        return dict(in_force(connection).files)


def test_of_several_who_decide_at_once_one_decides(proposals, engine):
    proposal = made(proposals, "authority", "authority.yaml", "1")

    def decide(number):
        own = opened(create_catalog_engine(engine.url.render_as_string(hide_password=False)))
        try:
            if number % 2:
                return own.approve([(proposal.id, None)], PAT).activation.digest
            return own.reject((proposal.id, None), ANN, "no").state
        except GovernanceError as error:
            return error
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(decide, range(6)))
    decided = [each for each in outcomes if not isinstance(each, GovernanceError)]
    assert len(decided) == 1
    with reading(engine) as connection:
        told = [each.type for each in events(connection) if each.subject == proposal.subject]
        count = len(versions(connection))
    assert len(told) == 3 and told[-1] in ("proposal.approved", "proposal.rejected")
    approved = decided[0] is not State.REJECTED
    assert (files(engine)["authority.yaml"] == "1") == approved and count == 1 + approved


def test_approvals_of_different_files_at_once_lose_nothing(proposals, engine):
    ids = [
        made(proposals, "authority", "authority.yaml", "1").id,
        made(proposals, "ownership", "ownership.yaml", "1").id,
        *(made(proposals, "source", f"sources/s{number}.yaml", "x").id for number in range(4)),
    ]

    def approve(number):
        own = opened(create_catalog_engine(engine.url.render_as_string(hide_password=False)))
        try:
            return own.approve([(number, None)], PAT).activation.digest
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(approve, ids))
    held = files(engine)
    assert held["authority.yaml"] == held["ownership.yaml"] == "1" and len(held) == 6
    with reading(engine) as connection:
        found = versions(connection)
    assert sorted(number for each in found[1:] for number in each.proposals) == ids


def test_what_was_made_from_something_else_is_out_of_date(proposals, engine):
    first, second, same = (made(proposals, "authority", "authority.yaml", text) for text in ("1", "2", "1"))
    proposals.approve([(first.id, None)], PAT)
    with pytest.raises(OutOfDate, match=rf"proposal {second.id} is out of date: authority.yaml"):
        proposals.approve([(second.id, None)], PAT)
    assert files(engine)["authority.yaml"] == "1"
    assert not proposals.approve([(same.id, None)], PAT).activation.new
    with reading(engine) as connection:
        assert len(versions(connection)) == 2


def test_what_changed_while_gates_ran_is_looked_at_anew(proposals, engine):
    """A gate sees what is put in force, though another change comes in while it looks."""
    first, other = (
        made(proposals, "authority", "authority.yaml", "1"),
        made(proposals, "ownership", "ownership.yaml", "1"),
    )
    seen = []

    class Slow:
        name = "slow"

        def refuses(self, change):
            seen.append(dict(change.after.files))
            if len(seen) == 1:
                proposals.approve([(other.id, None)], ANN)
            return

    done = opened(engine, gates=[Slow()]).approve([(first.id, None)], PAT)
    assert [each["ownership.yaml"] for each in seen] == ["0", "1"] and done.gates == ("slow",)
    assert files(engine) == {"authority.yaml": "1", "ownership.yaml": "1"}


class Refusing:
    name = "golden"

    def refuses(self, change):
        return "3 questions fail" if change.after.files["authority.yaml"] == "1" else None


class Failing:
    name = "broken"

    def refuses(self, change):
        raise ValueError("no model")


@pytest.mark.parametrize(
    ("gate", "told"), [(Refusing(), "golden refuses: 3 questions"), (Failing(), "could not be run")]
)
def test_a_gate_that_refuses_or_fails_keeps_a_change_out(proposals, engine, gate, told):
    proposal = made(proposals, "authority", "authority.yaml", "1")
    with pytest.raises(GateRefused, match=told):
        opened(engine, gates=[gate]).approve([(proposal.id, None)], PAT)
    assert files(engine) == dict(START.files)
    assert proposals.find(proposal.id, PAT).state is State.IN_REVIEW
    with pytest.raises(GateRefused):
        Proposals(engine, automatic=True, gates=[gate]).apply(Declarations({"authority.yaml": "1"}), "local:test")


def test_files_that_cannot_be_in_force_together_are_refused(proposals, engine):
    proposal = made(proposals, "authority", "authority.yaml", "1")
    strict = opened(engine, review=lambda declarations: [Problem("authority.yaml", "rules", "no such rule")])
    with pytest.raises(InvalidWorkspace, match="no such rule"):
        strict.approve([(proposal.id, None)], PAT)


def test_people_alone_propose_and_say_why(proposals):
    with pytest.raises(NotAllowed, match="--as USER"):
        proposals.propose("authority", {"authority.yaml": "1"}, "local:root", "why")
    for why in ("", "  "):
        with pytest.raises(WhyNeeded):
            proposals.propose("authority", {"authority.yaml": "1"}, "user:fay", why)
        with pytest.raises(WhyNeeded):
            proposals.apply(Declarations({"authority.yaml": "1"}), "user:fay", why)


def test_what_was_made_of_files_that_are_in_force_no_more_takes_back_no_change_of_others(proposals, engine):
    with reading(engine) as connection:
        digest = in_force(connection).digest
    other = proposals.propose("authority", {"authority.yaml": "1"}, "user:fay", "why", made_from=digest).proposals
    assert other[0].files
    with pytest.raises(ChangedMeanwhile, match="look at the change again"):
        proposals.propose("authority", {"authority.yaml": "2"}, "user:fay", "why", made_from="another")


def test_texts_of_proposals_are_kept(proposals, engine):
    from concord.catalog import texts
    from concord.catalog.engine import writing

    proposal = made(proposals, "authority", "authority.yaml", "a text that is in force nowhere")
    with writing(engine) as connection:
        texts.forget_unused(connection)
    assert proposals.files(proposal) == {"authority.yaml": "a text that is in force nowhere"}


def test_a_development_workspace_takes_what_several_apply_at_once(engine):
    """As without proposals, each of them succeeds, and one of them is in force at the end, whole."""
    wanted = [Declarations({"authority.yaml": str(number), "ownership.yaml": str(number)}) for number in range(4)]

    def apply(number):
        own = Proposals(create_catalog_engine(engine.url.render_as_string(hide_password=False)), automatic=True)
        try:
            for turn in range(4):
                own.apply(wanted[(number + turn) % 4], "local:test")
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(apply, range(4)))
    assert files(engine) in [dict(each.files) for each in wanted]
    assert opened(engine).listed(PAT) == []
