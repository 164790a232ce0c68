"""What was applied comes back by value, whatever became of the files since."""

from datetime import UTC, datetime

import pytest

from concord.catalog.activations import activate, active, active_digest
from concord.catalog.engine import reading, writing
from concord.catalog.errors import NothingApplied
from concord.workspace.files import Declarations

FIRST = Declarations({"authority.yaml": "rankings: []\n", "sources/a.yaml": "connector: files\n"})
SECOND = Declarations({"authority.yaml": "rankings: []\n", "taxonomy/shared.ttl": "# grüße\n", "empty.yaml": ""})


def test_nothing_is_in_force_before_the_first(engine):
    with reading(engine) as connection:
        assert active_digest(connection) is None
        with pytest.raises(NothingApplied, match="run `concord apply`"):
            active(connection)


def test_the_last_one_is_in_force_by_value(engine):
    for declarations in (FIRST, SECOND):
        with writing(engine) as connection:
            activate(connection, declarations, "user:ann", datetime.now(UTC))
        with reading(engine) as connection:
            assert active(connection).files == declarations.files
            assert active_digest(connection) == declarations.digest == active(connection).digest


def test_what_was_in_force_before_can_be_put_in_force_again(engine):
    for declarations in (FIRST, SECOND, FIRST):
        with writing(engine) as connection:
            activate(connection, declarations, "user:ann", datetime.now(UTC))
    with reading(engine) as connection:
        assert active(connection).files == FIRST.files


def test_files_changed_on_disk_are_not_in_force(workspace):
    from concord.bootstrap import Concord

    workspace.run("apply")
    held = (workspace.folder / "authority.yaml").read_text("utf-8")
    workspace.replace("authority.yaml", "finance-policies, people-handbook", "people-handbook, finance-policies")
    concord = Concord.open(workspace.folder)
    assert concord.foundation.declarations.files["authority.yaml"] == held
    assert concord.foundation.policy.rankings[0].sources == ("finance-policies", "people-handbook")
    assert concord.files_differ()
    concord.close()
