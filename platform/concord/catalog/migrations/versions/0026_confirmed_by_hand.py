"""How long it took until a person confirmed a fix, for dashboards; what they count is derived anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_INDEX = ("ix_holdings_confirm", ["token", "confirm", "found_on", "open", "case_id"])


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("holdings") as batch_op:
        comment = "seconds until a person confirmed a fix that no replay could prove"
        batch_op.add_column(sa.Column("confirm", sa.Integer(), comment=comment))
        batch_op.create_index(*_INDEX)


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("holdings") as batch_op:
        batch_op.drop_index(_INDEX[0])
        batch_op.drop_column("confirm")
