"""Vectors of whole items; the next sync makes them from the passages' vectors that are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "page_vectors",
        sa.Column("model", String(length=200), nullable=False),
        sa.Column("identifier", Text(), nullable=False),
        sa.Column(
            "vector",
            sa.LargeBinary(),
            nullable=False,
            comment="mean over the item's passages; float32, little endian",
        ),
        sa.PrimaryKeyConstraint("model", "identifier", name=op.f("pk_page_vectors")),
    )
    op.execute("INSERT INTO outbox (identifier) SELECT identifier FROM items WHERE live")


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("page_vectors")
