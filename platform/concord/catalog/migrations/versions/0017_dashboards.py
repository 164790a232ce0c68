"""What dashboards read: who may deal with a case, what answers told, and whose pages are due for review.

Holdings are derived when they are first looked at.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, Sequence, String, Text
from concord.catalog.told import fill

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COUNTED = ("cause", "department", "use_case", "rule", "detect", "acknowledge", "fix")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("owner", String(length=300), comment="whom the item names as its owner"))
        batch_op.add_column(sa.Column("review_due", sa.Date()))
        batch_op.create_index("ix_items_owner_identifier", ["owner", "identifier"])
    field = {"sqlite": "json_extract(item, '$.{}')", "postgresql": "item ->> '{}'"}[op.get_bind().dialect.name]
    day = {"sqlite": "{}", "postgresql": "CAST({} AS date)"}[op.get_bind().dialect.name]
    due = day.format(field.format("review_due"))
    op.execute(f"UPDATE items SET owner = {field.format('contact_point')}, review_due = {due}")  # noqa: S608 - of ours
    op.create_table(
        "told",
        sa.Column("trace", String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("identifier", Text(), nullable=False),
        sa.Column(
            "sentence", String(length=16), nullable=False, comment="hash of what was quoted, or stood in a conflict"
        ),
        sa.Column("cited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("trace", "place", name=op.f("pk_told")),
    )
    fill(op.get_bind())
    op.create_index(op.f("ix_told_at"), "told", ["at"])
    op.create_index("ix_told_identifier_sentence", "told", ["identifier", "sentence"])
    op.create_index("ix_told_identifier_at", "told", ["identifier", "at"])
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(
            sa.Column("held_by", String(length=64), comment="what its holdings were derived from; null: not yet")
        )
        batch_op.create_index(op.f("ix_cases_held_by"), ["held_by"])
    op.create_table(
        "holdings",
        sa.Column(
            "token",
            String(length=300),
            nullable=False,
            comment="who may deal with the case, and read what it is about",
        ),
        sa.Column("case_id", Sequence, nullable=False),
        sa.Column(
            "mine",
            sa.Boolean(),
            nullable=False,
            comment="whether it is with them now; else they come next, or sort cases",
        ),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("state", String(length=20), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False, comment="0: the most severe"),
        sa.Column("due", Moment(), nullable=False, comment="the next deadline"),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("cause", String(length=40), nullable=False),
        sa.Column("department", String(length=200), nullable=False),
        sa.Column("use_case", String(length=200), nullable=False),
        sa.Column(
            "rule",
            String(length=40),
            nullable=False,
            comment="of authority, by which an answer told against what is right",
        ),
        sa.Column("gap", sa.Boolean(), nullable=False, comment="whether it is about what nothing answers"),
        sa.Column("asked", sa.Integer(), nullable=False, comment="answers that are reported"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("detect", sa.Integer(), comment="seconds from the first answer until it was filed"),
        sa.Column("acknowledge", sa.Integer(), comment="seconds until it was acknowledged"),
        sa.Column("fix", sa.Integer(), comment="seconds until a fix was proven"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_holdings_case_id")),
        sa.PrimaryKeyConstraint("token", "case_id", name=op.f("pk_holdings")),
    )
    op.create_index(op.f("ix_holdings_case_id"), "holdings", ["case_id"])
    op.create_index("ix_holdings_open", "holdings", ["token", "open", "due", "case_id", "mine"])
    op.create_index("ix_holdings_gap", "holdings", ["token", "gap", "open", "mine", "people", "asked", "case_id"])
    op.create_index("ix_holdings_found_on", "holdings", ["token", "found_on", "open", "reopened", "case_id"])
    for each in _COUNTED:
        op.create_index(f"ix_holdings_{each}", "holdings", ["token", each, "found_on", "open", "case_id"])


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("holdings")
    op.drop_table("told")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_index("ix_cases_held_by")
        batch_op.drop_column("held_by")
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_index("ix_items_owner_identifier")
        for each in ("review_due", "owner"):
            batch_op.drop_column(each)
