"""The conflict register: claims and the keys under which they meet, contradictions, and accepted differences.

The next sync mines it from the readings that are kept with the passages.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PLACES = ("left", "left_ordinal", "left_place", "right", "right_ordinal", "right_place")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(
            sa.Column(
                "mined",
                String(100),
                nullable=True,
                comment="what compared its claims with all others; null: not yet",
            )
        )
        batch_op.create_index("ix_items_mined", ["mined"])
    op.create_table(
        "claims",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="the passage that states it"),
        sa.Column("place", sa.Integer(), nullable=False, comment="its place among the claims of the passage's reading"),
        sa.Column("statement", String(length=16), nullable=False, comment="the same wherever the same is said"),
        sa.PrimaryKeyConstraint("identifier", "ordinal", "place", name=op.f("pk_claims")),
    )
    op.create_index("ix_claims_statement", "claims", ["statement"])
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
        sa.Column("tokens", Text(), nullable=False, comment="hashes of its words"),
        sa.PrimaryKeyConstraint("key", "statement", name=op.f("pk_slots")),
    )
    op.create_index("ix_slots_statement", "slots", ["statement"])
    op.create_table(
        "conflicts",
        sa.Column("left", Text(), nullable=False),
        sa.Column("left_ordinal", sa.Integer(), nullable=False),
        sa.Column("left_place", sa.Integer(), nullable=False),
        sa.Column("right", Text(), nullable=False),
        sa.Column("right_ordinal", sa.Integer(), nullable=False),
        sa.Column("right_place", sa.Integer(), nullable=False),
        sa.Column("left_statement", String(length=16), nullable=False),
        sa.Column("right_statement", String(length=16), nullable=False),
        sa.Column("entry", String(length=12), nullable=False, comment="the same wherever the same two things are said"),
        sa.Column("certainty", sa.Integer(), nullable=False, comment="per mille"),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(*_PLACES, name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_right", "conflicts", ["right"])
    op.create_index("ix_conflicts_entry", "conflicts", ["entry"])
    op.create_table(
        "differences",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("entry", String(length=12), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False, comment="the items between which it was accepted: [left, right]"),
        sa.Column("why", Text(), nullable=False),
        sa.Column("scope", Text(), nullable=True, comment="where each side holds, in words"),
        sa.Column("accepted_by", String(length=300), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=False),
        sa.Column("revoked_by", String(length=300), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_differences")),
    )
    op.create_index("ix_differences_entry", "differences", ["entry"])


def downgrade() -> None:
    """Go back one step: accepted differences are lost, but for the audit log."""
    for name in ("differences", "conflicts", "slots", "claims"):
        op.drop_table(name)
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_index("ix_items_mined")
        batch_op.drop_column("mined")
