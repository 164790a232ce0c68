"""Statements stand under their rarest keys only, with their words as bits; the next sync mines the register anew.

Contradictions stay, with the dates on which they were found.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _slots(sa.Column("sketch", sa.Integer(), nullable=False, comment="all its words as bits"))


def downgrade() -> None:
    """Go back one step."""
    _slots()


def _slots(*more: sa.Column[int]) -> None:
    op.drop_table("slots")
    op.execute("UPDATE items SET mined = NULL")
    op.create_table(
        "slots",
        sa.Column(
            "key",
            String(length=16),
            nullable=False,
            comment="hash of value type, dimension, and a word or concept",
        ),
        sa.Column("statement", String(length=16), nullable=False),
        sa.Column("value", String(length=8), nullable=False, comment="hash of what it states of the slot"),
        sa.Column("total", sa.Integer(), nullable=False, comment="weight of all its words, in quarters"),
        *more,
        sa.PrimaryKeyConstraint("key", "statement", name=op.f("pk_slots")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_slots_statement", "slots", ["statement"])
