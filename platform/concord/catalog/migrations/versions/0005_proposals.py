"""Proposals, and which of them each activation came from; events are found by what they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, Sequence, String, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "proposals",
        sa.Column("id", Sequence, autoincrement=True, nullable=False),
        sa.Column("kind", String(length=20), nullable=False),
        sa.Column("operation", sa.JSON(none_as_null=True), comment="what it means; null: files were edited"),
        sa.Column("files", sa.JSON(), nullable=False, comment="path -> hash of the proposed text; null: no such file"),
        sa.Column(
            "base",
            sa.JSON(),
            nullable=False,
            comment="path -> hash of the text it was made from; null: no such file",
        ),
        sa.Column(
            "base_digest",
            String(length=64),
            comment="the declarations it was made from; null: nothing was in force",
        ),
        sa.Column("proposer", String(length=300), nullable=False),
        sa.Column("why", Text(), nullable=False),
        sa.Column("state", String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="counts its contents"),
        sa.Column("reviewer", String(length=300)),
        sa.Column("decided_at", Moment()),
        sa.Column("comment", Text(), comment="what the reviewer said"),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_proposals_state"), "proposals", ["state"])
    with op.batch_alter_table("activations") as table:
        table.add_column(
            sa.Column(
                "proposals",
                sa.JSON(none_as_null=True),
                comment="numbers of the approved proposals; null: before there were any",
            )
        )
    op.create_index(op.f("ix_audit_events_subject"), "audit_events", ["subject"])


def downgrade() -> None:
    """Go back one step; proposals are lost, what they put in force stays."""
    op.drop_index(op.f("ix_audit_events_subject"), table_name="audit_events")
    with op.batch_alter_table("activations") as table:
        table.drop_column("proposals")
    op.drop_index(op.f("ix_proposals_state"), table_name="proposals")
    op.drop_table("proposals")
