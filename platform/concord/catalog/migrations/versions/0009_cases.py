"""Cases with their reports, of which one is open for a fingerprint, and whom they were told to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, Sequence, String, Text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cases",
        sa.Column("id", Sequence, autoincrement=True, nullable=False),
        sa.Column(
            "fingerprint", String(length=64), nullable=False, comment="hash of root cause, place, concept and scope"
        ),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("state", String(length=20), nullable=False),
        sa.Column("cause", String(length=40), nullable=False),
        sa.Column("item", Text(), nullable=False, comment="identifier; empty where it is about none"),
        sa.Column("owner", String(length=300)),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False, comment="the Case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sqlite_autoincrement=True,
    )
    for column in ("fingerprint", "state", "item", "owner"):
        op.create_index(op.f(f"ix_cases_{column}"), "cases", [column])
    is_open = sa.text("open")
    op.create_index(
        "uq_cases_open", "cases", ["fingerprint"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "reports",
        sa.Column("key", String(length=300), nullable=False, comment="names the report for good"),
        sa.Column("case_id", Sequence, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("principal", String(length=300)),
        sa.Column("trace", String(length=36)),
        sa.Column("data", sa.JSON(), nullable=False, comment="the Report"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reports")),
    )
    for column in ("case_id", "principal", "trace"):
        op.create_index(op.f(f"ix_reports_{column}"), "reports", [column])
    op.create_table(
        "notifications",
        sa.Column("key", String(length=300), nullable=False, comment="what was told to whom is told once"),
        sa.Column("recipient", String(length=300), nullable=False),
        sa.Column("case_id", Sequence, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notifications_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notifications")),
    )
    for column in ("recipient", "case_id"):
        op.create_index(op.f(f"ix_notifications_{column}"), "notifications", [column])


def downgrade() -> None:
    """Go back one step: cases are lost, but for the audit log."""
    for name in ("notifications", "reports", "cases"):
        op.drop_table(name)
