"""What each report asks and says is right, by which later reports of the same find its case."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String
from concord_feedback.cases import About, Matter, Report
from concord_feedback.causes import RootCause
from concord_taxonomy.standard import ItemRef

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_reports = sa.table(
    "reports", sa.column("key"), sa.column("case_id"), sa.column("data", sa.JSON), sa.column("asks"), sa.column("says")
)
_cases = sa.table("cases", sa.column("id"), sa.column("data", sa.JSON))


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("reports") as batch_op:
        for name, of_what in (("asks", "the words asked"), ("says", "its right answer")):
            comment = f"hash of what it was filed as and of {of_what}"
            batch_op.add_column(sa.Column(name, String(length=64), comment=comment))
            batch_op.create_index(f"ix_reports_{name}", [name])
    _fill(op.get_bind())


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("reports") as batch_op:
        for name in ("asks", "says"):
            batch_op.drop_index(f"ix_reports_{name}")
            batch_op.drop_column(name)


def _fill(connection: sa.Connection) -> None:
    """Give the corrections that there are what they would be filed under; what signs are filed as is not known."""
    both = sa.select(_reports.c.key, _reports.c.data, _cases.c.data.label("case"))
    both = both.join(_cases, _cases.c.id == _reports.c.case_id).order_by(_reports.c.key).limit(_AT_ONCE)
    setting = sa.update(_reports).where(_reports.c.key == sa.bindparam("of"))
    setting = setting.values(asks=sa.bindparam("asking"), says=sa.bindparam("saying"))
    after = ""
    while rows := connection.execute(both.where(_reports.c.key > after)).all():
        after = rows[-1].key
        found = [(row.key, made) for row in rows if (made := _matter(row.data, row.case)) is not None]
        if found:
            connection.execute(setting, [{"of": key, "asking": m.asks, "saying": m.says} for key, m in found])


def _matter(data: dict[str, Any], case: dict[str, Any]) -> Matter | None:
    if data["kind"] != "correction":
        return None
    named = [*data["expected"], *data.get("cited", ())]
    place = ItemRef.parse(named[0]).identifier if named else str(case["about"]["place"])
    if not named and not place.startswith("asked:"):
        return None
    about = About(RootCause.UNDETERMINED, place, scope=data["use_case"] or "")
    given = Report("", "correction", data["at"], data["question"], right_answer=data["right_answer"])
    return Matter.of(about, given)
