"""Corrections of answers, each with the trace that it is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import concord.catalog.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "corrections",
        sa.Column("id", concord.catalog.columns.String(length=36), nullable=False),
        sa.Column("at", concord.catalog.columns.Moment(), nullable=False),
        sa.Column("principal", concord.catalog.columns.String(length=300), nullable=False),
        sa.Column(
            "trace",
            concord.catalog.columns.String(length=36),
            nullable=False,
            comment="kept as long as the correction is",
        ),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["trace"], ["traces.id"], name=op.f("fk_corrections_trace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrections_trace"), ["trace"])
        batch_op.create_index("ix_corrections_principal_at", ["principal", "at"])


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("corrections")
