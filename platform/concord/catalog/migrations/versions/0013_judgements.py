"""What judges made of a run's questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import String, Text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "eval_judgements",
        sa.Column("run", String(length=36), nullable=False),
        sa.Column("judge", String(length=300), nullable=False, comment="model and temperature; empty: none was asked"),
        sa.Column("metric", String(length=100), nullable=False),
        sa.Column("question", Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True, comment="null: it could not be measured"),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("replies", sa.JSON(), nullable=False, comment="what the judge said, raw"),
        sa.PrimaryKeyConstraint("run", "judge", "metric", "question", name=op.f("pk_eval_judgements")),
    )


def downgrade() -> None:
    """Go back one step: judgements are lost."""
    op.drop_table("eval_judgements")
