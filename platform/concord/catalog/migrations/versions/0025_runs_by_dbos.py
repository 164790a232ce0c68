"""What `concord worker` has to do follows from its runs, and those are kept by DBOS; going back, all is due anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.drop_table("job_runs")
    op.drop_table("jobs")


def downgrade() -> None:
    """Go back one step."""
    op.create_table(
        "jobs",
        sa.Column("name", String(length=100), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="failures in a row"),
        sa.Column("run", String(length=36), comment="of job_runs: which one has it now"),
        sa.Column("held_until", Moment(), comment="whoever has it is taken for dead after that"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_due_at"), "jobs", ["due_at"])
    op.create_table(
        "job_runs",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("job", String(length=100), nullable=False),
        sa.Column("worker", String(length=300), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("state", String(length=20), nullable=False, comment="running, done, failed, skipped, lost"),
        sa.Column("detail", Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    op.create_index(op.f("ix_job_runs_started_at"), "job_runs", ["started_at"])
    op.create_index("ix_job_runs_job_started_at", "job_runs", ["job", "started_at"])
