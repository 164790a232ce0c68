"""API keys of machines, as hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "api_keys",
        sa.Column("id", String(length=16), nullable=False),
        sa.Column("hash", String(length=64), nullable=False, comment="of the secret"),
        sa.Column("name", Text(), nullable=False),
        sa.Column("principal", String(length=300), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="actions"),
        sa.Column("created_by", String(length=300), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )


def downgrade() -> None:
    """Go back one step; keys are lost."""
    op.drop_table("api_keys")
