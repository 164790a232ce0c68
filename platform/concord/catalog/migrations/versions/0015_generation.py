"""A value that every writing draws anew, so that what was read can be kept in memory until then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    made = op.create_table(
        "generation",
        sa.Column("drawn", String(length=32), nullable=False, comment="random; another one after every writing"),
        sa.PrimaryKeyConstraint("drawn", name=op.f("pk_generation")),
    )
    op.bulk_insert(made, [{"drawn": "first"}])


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("generation")
