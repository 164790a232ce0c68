"""Terms of passages beside their readings, to be counted without reading them. Derived: the next sync fills it in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    comment = "hashes of its stems and concepts; 8 bytes each, little endian"
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.LargeBinary(), comment=comment))


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.drop_column("terms")
