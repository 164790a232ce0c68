"""Words of a claim stand once beside it, not under each of its keys; the next sync mines the register anew.

Contradictions stay, with the dates on which they were found.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String, Text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _drop()
    _claims(
        sa.Column("tokens", Text(), nullable=False, comment="hashes of its words"),
        sa.Column(
            "crowded", sa.Boolean(), nullable=False, comment="whether more share its words than it was compared with"
        ),
    )
    op.create_index("ix_claims_statement", "claims", ["statement", "identifier", "ordinal", "place"])
    _slots(sqlite_with_rowid=False)


def downgrade() -> None:
    """Go back one step."""
    _drop()
    _claims()
    op.create_index("ix_claims_statement", "claims", ["statement"])
    _slots(sa.Column("tokens", Text(), nullable=False, comment="hashes of its words"))


def _drop() -> None:
    for name in ("slots", "claims"):
        op.drop_table(name)
    op.execute("UPDATE items SET mined = NULL")


def _claims(*more: sa.Column[object]) -> None:
    op.create_table(
        "claims",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="the passage that states it"),
        sa.Column("place", sa.Integer(), nullable=False, comment="its place among the claims of the passage's reading"),
        sa.Column("statement", String(length=16), nullable=False, comment="the same wherever the same is said"),
        *more,
        sa.PrimaryKeyConstraint("identifier", "ordinal", "place", name=op.f("pk_claims")),
    )


def _slots(*more: sa.Column[object], **options: bool) -> None:
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
        **options,
    )
    op.create_index("ix_slots_statement", "slots", ["statement"])
