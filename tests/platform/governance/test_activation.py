"""An activation is one transaction with its event; what is in force already writes nothing."""

from concord.bootstrap import Concord
from concord.catalog.activations import active, active_digest, versions
from concord.catalog.audit import events
from concord.catalog.engine import reading
from concord.governance import apply, compare


def test_an_activation_is_told_of_in_the_audit_log(workspace):
    concord = Concord.open(workspace.folder)
    first = apply(concord.engine, concord.desired().declarations, "user:ann")
    assert first.new and {kind for kind, _ in first.changes} == {"added"}
    workspace.replace("ownership.yaml", "user:fay", "user:ann")
    workspace.remove("usecases/ask-people.yaml")
    workspace.write("usecases/ask-all.yaml", "title: Ask\naudience: [everyone]\n")
    desired = concord.desired().declarations
    planned = compare(concord.engine, desired)
    with reading(concord.engine) as connection:
        assert active_digest(connection) == first.digest
    second = apply(concord.engine, desired, "user:ann")
    assert planned == second
    with reading(concord.engine) as connection:
        assert active(connection).files == desired.files
        last = list(events(connection))[-1]
        proposed = versions(connection)[-1].proposals
    assert (last.type, last.actor, last.subject) == ("workspace.applied", "user:ann", desired.digest)
    assert last.data == {
        "added": ["usecases/ask-all.yaml"],
        "changed": ["ownership.yaml"],
        "removed": ["usecases/ask-people.yaml"],
        "proposals": list(proposed),
    }
    assert len(proposed) == 2  # ownership, and use cases
    concord.close()


def test_what_is_in_force_writes_nothing(workspace):
    concord = Concord.open(workspace.folder)
    desired = concord.desired().declarations
    apply(concord.engine, desired, "user:ann")
    with reading(concord.engine) as connection:
        before = list(events(connection))
    again = apply(concord.engine, desired, "user:fay")
    assert not again.new and not again.changes
    with reading(concord.engine) as connection:
        assert list(events(connection)) == before
    concord.close()


def test_the_standard_is_applied_with_the_files(workspace):
    concord = Concord.open(workspace.folder)
    apply(concord.engine, concord.desired().declarations, "user:ann")
    concord.close()
    workspace.write("concord.yaml", 'standard: "0.9"\nembedding: {runtime: hashing}\n')
    concord = Concord.open(workspace.folder)
    planned = compare(concord.engine, concord.desired().declarations)
    assert planned.new and planned.changes == (("added", "concord.yaml (standard)"),)
    concord.close()
