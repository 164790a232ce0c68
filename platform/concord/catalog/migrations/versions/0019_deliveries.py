"""Which notification was sent where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "deliveries",
        sa.Column("target", String(length=300), nullable=False),
        sa.Column("notification", String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", String(length=20), nullable=False, comment="sending, sent, unsure, failed, withheld"),
        sa.ForeignKeyConstraint(["notification"], ["notifications.key"], name=op.f("fk_deliveries_notification")),
        sa.PrimaryKeyConstraint("target", "notification", name=op.f("pk_deliveries")),
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("deliveries")
