"""Who brought a correction in a file, and an index of disputes by who made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("corrections") as batch_op:
        comment = "who brought it in a file; null: the principal said it here"
        batch_op.add_column(sa.Column("imported_by", String(length=300), comment=comment))
        batch_op.create_index("ix_corrections_imported_by_at", ["imported_by", "at"])
    disputed = sa.text("type = 'case.disputed'")
    op.create_index(
        "ix_audit_events_disputed",
        "audit_events",
        ["actor", "at"],
        sqlite_where=disputed,
        postgresql_where=disputed,
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_index("ix_audit_events_disputed", "audit_events")
    with op.batch_alter_table("corrections") as batch_op:
        batch_op.drop_index("ix_corrections_imported_by_at")
        batch_op.drop_column("imported_by")
