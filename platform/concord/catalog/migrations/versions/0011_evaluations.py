"""Runs over golden sets, and their scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "eval_runs",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("started_by", String(length=300), nullable=False),
        sa.Column("inputs", String(length=64), nullable=False, comment="hash of what is asked, and of what"),
        sa.Column("data", sa.JSON(), nullable=False, comment="questions, fingerprints and options"),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eval_runs")),
    )
    op.create_index("ix_eval_runs_at", "eval_runs", ["at"])
    op.create_index("ix_eval_runs_inputs", "eval_runs", ["inputs"])
    op.create_table(
        "eval_scores",
        sa.Column("run", String(length=36), nullable=False),
        sa.Column("question", Text(), nullable=False, comment="its id in the golden set"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False, comment="metrics and what was cited; no answer"),
        sa.PrimaryKeyConstraint("run", "question", name=op.f("pk_eval_scores")),
    )


def downgrade() -> None:
    """Go back one step: runs are lost."""
    op.drop_table("eval_scores")
    op.drop_table("eval_runs")
