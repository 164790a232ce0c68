"""Whatever people try, in whatever order: no state beside the table, nobody decides on their own, all else is live."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from concord.catalog.activations import active_digest, versions
from concord.catalog.audit import events
from concord.catalog.engine import create_catalog_engine, reading, sqlite_url
from concord.catalog.migrate import migrate
from concord.catalog.proposals import Proposal, State
from concord.governance import TRANSITIONS, Act, GovernanceError, NotPossible, Proposals
from concord.governance.comparing import in_force
from concord.governance.lifecycle import BY_PROPOSER, EVENTS, step
from concord.workspace import Declarations
from concord_taxonomy.standard import Principal

MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
PEOPLE = st.sampled_from(["ann", "pat", "fay"])
PATHS = {"authority": "authority.yaml", "ownership": "ownership.yaml"}
REVIEWERS = {"ann", "pat"}
START = Declarations({"authority.yaml": "0", "ownership.yaml": "0"})
FINAL = {State.APPROVED, State.REJECTED, State.WITHDRAWN}


def principal(name: str) -> Principal:
    return Principal(name, frozenset({f"user:{name}"}))


@pytest.fixture(scope="module")
def template():
    with TemporaryDirectory(prefix="concord-", dir=MEMORY) as folder:
        file = Path(folder) / "template.db"
        engine = create_catalog_engine(sqlite_url(file))
        migrate(engine)
        Proposals(engine, automatic=True).apply(START, "local:test")
        engine.dispose()
        yield file


def machine(template: Path) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        """Compares the catalog with a model in plain values after every step."""

        @initialize()
        def open_(self) -> None:
            self.folder = TemporaryDirectory(prefix="concord-", dir=MEMORY)
            file = Path(self.folder.name) / "catalog.db"
            shutil.copy(template, file)
            self.engine = create_catalog_engine(sqlite_url(file))
            self.proposals = Proposals(self.engine, may_decide=lambda who, _change: who.id in REVIEWERS)
            self.live = dict(START.files)
            self.model: dict[int, dict] = {}

        def teardown(self) -> None:
            self.the_log_tells_of_legal_steps_alone()
            self.engine.dispose()
            self.folder.cleanup()

        def pick(self, data, states=None):
            known = sorted(number for number, each in self.model.items() if not states or each["state"] in states)
            return data.draw(st.sampled_from(known or [999]))

        @rule(who=PEOPLE, kind=st.sampled_from(sorted(PATHS)), text=st.sampled_from("0123"), submit=st.booleans())
        def propose(self, who, kind, text, submit):
            path = PATHS[kind]
            try:
                [made] = self.proposals.propose(kind, {path: text}, f"user:{who}", "why", submit=submit).proposals
            except GovernanceError:
                assert self.live[path] == text
                return
            state = State.IN_REVIEW if submit else State.DRAFT
            self.model[made.id] = {
                "state": state,
                "who": who,
                "path": path,
                "text": text,
                "base": self.live[path],
                "revision": 1,
            }

        @rule(who=PEOPLE, text=st.sampled_from("0123"))
        def edit(self, who, text):
            """An edited file revises the oldest open proposal of its kind that the person has, or makes one."""
            desired = Declarations({**self.live, "authority.yaml": text})
            outcome = self.proposals.apply(desired, f"user:{who}", "edited")
            if text == self.live["authority.yaml"]:
                assert outcome.proposals == ()
                return
            [made] = outcome.proposals
            known = self.model.setdefault(
                made.id, {"who": who, "path": "authority.yaml", "text": None, "base": None, "revision": 0}
            )
            assert known["who"] == who
            if (known["text"], known["base"]) != (text, self.live["authority.yaml"]):
                known["revision"] += 1
            known.update(text=text, base=self.live["authority.yaml"], state=State.IN_REVIEW)

        @rule(who=PEOPLE, data=st.data())
        def submit(self, who, data):
            self.by_proposer(
                Act.SUBMIT, self.pick(data), who, lambda number: self.proposals.submit(number, f"user:{who}")
            )

        @rule(who=PEOPLE, data=st.data())
        def withdraw(self, who, data):
            self.by_proposer(
                Act.WITHDRAW, self.pick(data), who, lambda number: self.proposals.withdraw(number, f"user:{who}")
            )

        def by_proposer(self, act, number, who, do):
            known = self.model.get(number)
            allowed = known is not None and known["who"] == who and (known["state"], act) in TRANSITIONS
            self.tried(lambda: do(number), allowed)
            if allowed:
                known["state"] = TRANSITIONS[known["state"], act]

        @rule(who=PEOPLE, data=st.data(), named=st.sampled_from([None, 1, 2]))
        def reject(self, who, data, named):
            number = self.pick(data, {State.IN_REVIEW, *FINAL})
            allowed = self.decidable(number, who, Act.REJECT, named)
            self.tried(lambda: self.proposals.reject((number, named), principal(who), "no"), allowed)
            if allowed:
                self.model[number]["state"] = State.REJECTED

        @rule(who=PEOPLE, data=st.data(), named=st.sampled_from([None, None, 1, 2]))
        def approve(self, who, data, named):
            number = self.pick(data, {State.IN_REVIEW})
            known = self.model.get(number)
            allowed = self.decidable(number, who, Act.APPROVE, named)
            allowed = allowed and self.live[known["path"]] in (known["base"], known["text"])
            self.tried(lambda: self.proposals.approve([(number, named)], principal(who), "yes"), allowed)
            if allowed:
                known["state"] = State.APPROVED
                self.live[known["path"]] = known["text"]

        def decidable(self, number, who, act, named):
            known = self.model.get(number)
            return (
                known is not None
                and (known["state"], act) in TRANSITIONS
                and known["who"] != who
                and who in REVIEWERS
                and (named == known["revision"] or (named is None and known["revision"] == 1))
            )

        def tried(self, do, allowed):
            if allowed:
                do()
            else:
                with pytest.raises(GovernanceError):
                    do()

        @invariant()
        def the_live_version_is_what_was_approved_last(self):
            with reading(self.engine) as connection:
                assert dict(in_force(connection).files) == self.live

        @invariant()
        def the_catalog_says_what_the_model_says(self):
            held = {each.id: each for each in self.proposals.listed(principal("ann"), list(State))}
            for number, known in self.model.items():
                kept = held[number]
                assert (kept.state, kept.revision, kept.proposer) == (
                    known["state"],
                    known["revision"],
                    f"user:{known['who']}",
                )
                assert (kept.reviewer is not None) == (kept.state in (State.APPROVED, State.REJECTED))
                assert kept.reviewer != kept.proposer

        def the_log_tells_of_legal_steps_alone(self):
            acts = {name: act for act, name in EVENTS.items()}
            states = {}
            with reading(self.engine) as connection:
                for event in events(connection):
                    if event.type == "proposal.drafted":
                        states[event.subject] = (State.DRAFT, event.actor)
                    elif event.type in acts:
                        state, proposer = states[event.subject]
                        states[event.subject] = (TRANSITIONS[state, acts[event.type]], proposer)
                        assert (event.actor == proposer) == (acts[event.type] in BY_PROPOSER)
                assert all(each.proposals for each in versions(connection))
                assert active_digest(connection) == versions(connection)[-1].digest

    return Life


def test_any_order_of_acts_keeps_the_rules(template):
    quick = settings(
        max_examples=25,
        stateful_step_count=30,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine(template), settings=quick)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_every_step_is_in_the_table_or_refused_with_what_is_possible(state, act):
    moment = None
    proposal = Proposal("authority", {}, {}, None, "user:ann", "", moment, moment, state=state, id=3)
    if (state, act) in TRANSITIONS:
        assert step(proposal, act) is TRANSITIONS[state, act]
    else:
        with pytest.raises(NotPossible, match="proposal 3 is") as caught:
            step(proposal, act)
        assert ("for good" in str(caught.value)) == (state in FINAL)
