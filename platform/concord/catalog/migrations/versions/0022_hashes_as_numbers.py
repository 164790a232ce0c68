"""Hashes by which statements are looked up are numbers, and claims stand in the order of their items alone.

The next sync mines the register anew; contradictions stay, with the dates on which they were found.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String, Text

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _tables(sa.Integer(), sa.BigInteger(), sa.Integer(), sqlite_with_rowid=False)


def downgrade() -> None:
    """Go back one step."""
    _tables(String(length=16), String(length=16), String(length=8))


def _tables(key: Any, statement: Any, value: Any, **claims: bool) -> None:
    for name in ("slots", "claims"):
        op.drop_table(name)
    op.execute("UPDATE items SET mined = NULL")
    op.create_table(
        "claims",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="the passage that states it"),
        sa.Column("place", sa.Integer(), nullable=False, comment="its place among the claims of the passage's reading"),
        sa.Column("statement", statement, nullable=False, comment="the same wherever the same is said"),
        sa.Column("tokens", Text(), nullable=False, comment="hashes of its words"),
        sa.Column(
            "crowded", sa.Boolean(), nullable=False, comment="whether more share its words than it was compared with"
        ),
        sa.PrimaryKeyConstraint("identifier", "ordinal", "place", name=op.f("pk_claims")),
        **claims,
    )
    op.create_index("ix_claims_statement", "claims", ["statement", "identifier", "ordinal", "place"])
    op.create_table(
        "slots",
        sa.Column(
            "key",
            key,
            nullable=False,
            autoincrement=False,
            comment="hash of value type, dimension, and a word or concept",
        ),
        sa.Column("statement", statement, nullable=False, autoincrement=False),
        sa.Column("value", value, nullable=False, comment="hash of what it states of the slot"),
        sa.Column("total", sa.Integer(), nullable=False, comment="weight of all its words, in quarters"),
        sa.Column("sketch", sa.Integer(), nullable=False, comment="all its words as bits"),
        sa.PrimaryKeyConstraint("key", "statement", name=op.f("pk_slots")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_slots_statement", "slots", ["statement"])
