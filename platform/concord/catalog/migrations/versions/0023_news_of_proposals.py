"""News of proposals that no case waits for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, Sequence, String

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _set_aside()
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.alter_column("case_id", existing_type=Sequence, nullable=True)
        batch_op.add_column(sa.Column("proposal_id", Sequence, comment="which is told of where no case waits for it"))
        batch_op.create_foreign_key(op.f("fk_notifications_proposal_id"), "proposals", ["proposal_id"], ["id"])
        batch_op.create_index(op.f("ix_notifications_proposal_id"), ["proposal_id"])
    _put_back()


def downgrade() -> None:
    """Go back one step: news of proposals that no case waits for are lost."""
    op.execute(
        "DELETE FROM deliveries WHERE notification IN (SELECT key FROM notifications WHERE case_id IS NULL)",
    )
    op.execute("DELETE FROM notifications WHERE case_id IS NULL")
    _set_aside()
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.drop_index(op.f("ix_notifications_proposal_id"))
        batch_op.drop_constraint(op.f("fk_notifications_proposal_id"), type_="foreignkey")
        batch_op.drop_column("proposal_id")
        batch_op.alter_column("case_id", existing_type=Sequence, nullable=False)
    _put_back()


def _set_aside() -> None:
    """Deliveries name notifications, whose table SQLite writes anew."""
    op.execute("CREATE TABLE deliveries_aside AS SELECT * FROM deliveries")
    op.drop_table("deliveries")


def _put_back() -> None:
    op.create_table(
        "deliveries",
        sa.Column("target", String(length=300), nullable=False),
        sa.Column("notification", String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", String(length=20), nullable=False, comment="sending, sent, unsure, failed, withheld"),
        sa.ForeignKeyConstraint(["notification"], ["notifications.key"], name=op.f("fk_deliveries_notification")),
        sa.PrimaryKeyConstraint("target", "notification", name=op.f("pk_deliveries")),
    )
    op.execute("INSERT INTO deliveries SELECT target, notification, at, state FROM deliveries_aside")
    op.drop_table("deliveries_aside")
