"""Conversations and their turns: what a person asked and was told, kept for that person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "conversations",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("principal", String(length=300), nullable=False),
        sa.Column("title", Text(), nullable=False),
        sa.Column("use_case", String(length=200)),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_changed_at", "conversations", ["changed_at"])
    op.create_index("ix_conversations_principal_changed_at", "conversations", ["principal", "changed_at"])
    op.create_table(
        "turns",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("conversation", String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("question", Text(), nullable=False),
        sa.Column("as_of", sa.Date(), comment="the past date asked for"),
        sa.Column("answer", sa.JSON(), nullable=False, comment="as it was given"),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f("fk_turns_conversation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_conversation_number", "turns", ["conversation", "number"], unique=True)


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("turns")
    op.drop_table("conversations")
