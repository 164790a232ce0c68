"""Revisions with their validity, and passages of each of them.

What was recorded before keeps its number and its text. It was not kept with what it was derived from, so only the
current revision has passages; the next sync completes it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, String, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("chunks") as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
    current = "SELECT items.revision FROM items WHERE items.identifier = chunks.identifier"
    op.execute(f"UPDATE chunks SET revision = COALESCE(({current}), 1)")  # noqa: S608  # no value from outside
    with op.batch_alter_table("chunks") as batch_op:
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_index("ix_chunks_identifier_ordinal")
        batch_op.create_index(
            "ix_chunks_identifier_revision_ordinal", ["identifier", "revision", "ordinal"], unique=True
        )
    with op.batch_alter_table("items") as batch_op:
        batch_op.create_index("ix_items_body", ["body"])
    with op.batch_alter_table("revisions") as batch_op:
        batch_op.alter_column(
            "item",
            existing_type=sa.JSON(),
            nullable=True,
            comment="the ContentItem; null where it is no longer kept, or could not be read",
        )
        batch_op.alter_column("body", existing_type=String(64), nullable=True)
        batch_op.add_column(
            sa.Column("valid_from", sa.Date(), nullable=True, comment="the first day on which the source held it")
        )
        batch_op.add_column(
            sa.Column(
                "valid_until",
                sa.Date(),
                nullable=True,
                comment="the day on which something else took over; null: it is current",
            )
        )
        batch_op.add_column(
            sa.Column(
                "lifecycle",
                sa.JSON(),
                nullable=False,
                server_default="[]",
                comment="earlier states without a change of text: [until, fields]",
            )
        )
        batch_op.add_column(sa.Column("labels", Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("record", sa.JSON(), nullable=True, comment="what it was derived from, its text apart")
        )
        batch_op.add_column(
            sa.Column(
                "versions",
                sa.JSON(),
                nullable=False,
                server_default="[]",
                comment="versions of the record, where the source gives its past",
            )
        )
        batch_op.add_column(sa.Column("context", String(64), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "reread",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="kept for references alone: its past was read anew",
            )
        )
    _date_revisions()
    with op.batch_alter_table("revisions") as batch_op:
        batch_op.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
        for name, kind in (("lifecycle", sa.JSON()), ("labels", Text()), ("versions", sa.JSON())):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch_op.alter_column("context", existing_type=String(64), existing_nullable=False, server_default=None)
        batch_op.alter_column("reread", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.create_index("ix_revisions_body", ["body"])
        batch_op.create_index("ix_revisions_valid_until", ["valid_until"])


def _date_revisions() -> None:
    """Let each revision hold from the day it was recorded until the next one was."""
    revisions = sa.table(
        "revisions",
        sa.column("identifier", Text()),
        sa.column("revision", sa.Integer()),
        sa.column("recorded_at", Moment()),
        sa.column("valid_from", sa.Date()),
        sa.column("valid_until", sa.Date()),
    )
    connection = op.get_bind()
    following: dict[str, date] = {}
    rows: list[dict[str, Any]] = []
    for row in connection.execute(sa.select(revisions).order_by(revisions.c.revision.desc())):
        begun = row.recorded_at.date()
        rows.append({"i": row.identifier, "r": row.revision, "f": begun, "u": following.get(row.identifier)})
        following[row.identifier] = begun
    if rows:
        dated = (
            sa.update(revisions)
            .where(revisions.c.identifier == sa.bindparam("i"), revisions.c.revision == sa.bindparam("r"))
            .values(valid_from=sa.bindparam("f"), valid_until=sa.bindparam("u"))
        )
        connection.execute(dated, rows)


def downgrade() -> None:
    """Go back one step: retained revisions lose their passages, and what is no longer kept goes."""
    op.execute("DELETE FROM revisions WHERE item IS NULL OR body IS NULL")
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_index("ix_items_body")
    with op.batch_alter_table("revisions") as batch_op:
        batch_op.drop_index("ix_revisions_valid_until")
        batch_op.drop_index("ix_revisions_body")
        for name in ("reread", "context", "versions", "record", "labels", "lifecycle", "valid_until", "valid_from"):
            batch_op.drop_column(name)
        batch_op.alter_column("body", existing_type=String(64), nullable=False)
        batch_op.alter_column("item", existing_type=sa.JSON(), nullable=False, comment=None)
    current = "SELECT items.revision FROM items WHERE items.identifier = chunks.identifier AND items.live"
    op.execute(f"DELETE FROM chunks WHERE revision <> COALESCE(({current}), 0)")  # noqa: S608
    with op.batch_alter_table("chunks") as batch_op:
        batch_op.drop_index("ix_chunks_identifier_revision_ordinal")
        batch_op.drop_column("revision")
        batch_op.create_index("ix_chunks_identifier_ordinal", ["identifier", "ordinal"], unique=True)
