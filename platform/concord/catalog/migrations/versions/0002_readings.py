"""What authority reads in passages is kept with them. Derived: the next sync fills it in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reading", sa.LargeBinary(), comment="its sentences, concepts and claims"))
        comment = "fingerprint of the extractor and the taxonomy that read it"
        batch_op.add_column(sa.Column("read_by", String(length=64), comment=comment))


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.drop_column("read_by")
        batch_op.drop_column("reading")
